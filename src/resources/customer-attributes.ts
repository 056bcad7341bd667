import { defineResource, deleteOne, integer, noise, type Route, readOnly, text, timestamp } from '../model/index.ts'

const path = '/v3/customers/attributes'

const batch = { path, batch: 10, lanes: 3, body: 'rows', echo: 'rows', group: 'customers' } as const
const create: Route = { ...batch, verb: 'POST', names: [] }
const update: Route = { ...batch, verb: 'PUT', names: ['id'], fields: ['name'] }

export const customerAttributes = defineResource({
  name: 'customer_attributes',
  about: 'What a store keeps of its customers beside the usual: at most 50. Pulled only when named.',
  source: 'Customer attributes',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['name', 'id'],
  fields: {
    id: readOnly(integer()),
    name: text({ required: true, min: 1, max: 255 }),
    type: text({
      required: true,
      values: ['string', 'number', 'date'],
      about: 'Set in new rows only; values are text whatever it is.',
    }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: { by: [['name']] },
  api: {
    list: {
      path,
      paging: 'page',
      pageSize: 250,
      since: { param: 'date_modified:min', field: 'date_modified' },
      total: 'pagination',
    },
    create,
    update: [update],
    delete: deleteOne(`${path}?id:in={id}`, 'customers'),
  },
})
