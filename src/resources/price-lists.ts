import { defineResource, deleteOne, flag, integer, noise, readOnly, saveOne, text, timestamp } from '../model/index.ts'

export const priceLists = defineResource({
  name: 'price_lists',
  about: 'Named lists of prices for channels and customer groups. They are few, so each pull reads them all.',
  source: 'Price lists',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    name: text({ required: true, min: 1, unique: 'nocase' }),
    active: flag({ fill: true, about: 'Prices of a list that is not active are not used.' }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: { by: [['name']] },
  api: {
    list: { path: '/v3/pricelists', paging: 'cursor', pageSize: 250, ids: 'id:in', total: 'pagination' },
    create: saveOne('POST', '/v3/pricelists', 'prices'),
    // The description asks for the name in each update.
    update: [{ ...saveOne('PUT', '/v3/pricelists/{id}', 'prices'), whole: ['name', 'active'] }],
    delete: { ...deleteOne('/v3/pricelists/{id}', 'prices'), lanes: 1 },
  },
})
