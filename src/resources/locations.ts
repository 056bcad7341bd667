import { createOnly, defineResource, flag, integer, json, noise, readOnly, text, timestamp } from '../model/index.ts'

const path = '/v3/inventory/locations'

export const locations = defineResource({
  name: 'locations',
  about: 'Places with stock of their own. Location 1 is the default one.',
  source: 'Locations',
  scope: 'store_locations',
  onDemand: true,
  settleMs: 60_000,
  key: ['id'],
  match: ['id', 'code', 'label'],
  called: 'label',
  fields: {
    id: readOnly(integer()),
    code: createOnly(text({ about: 'The store makes one up where it is left out.' })),
    label: createOnly(text({ required: true, min: 1 })),
    description: createOnly(text({ unset: 'empty' })),
    type_id: createOnly(text({ required: true, values: ['PHYSICAL', 'VIRTUAL'] })),
    enabled: createOnly(flag({ fill: true, about: 'Stock of a location that is not counts nowhere.' })),
    managed_by_external_source: createOnly(flag({ required: true })),
    storefront_visibility: createOnly(flag({ fill: true })),
    time_zone: createOnly(text({ required: true, min: 1 })),
    address: createOnly(json({ required: true, about: 'Street, city, state, zip, e-mail, country and coordinates.' })),
    operating_hours: createOnly(json()),
    special_hours: createOnly(json()),
    created_at: readOnly(timestamp()),
    updated_at: noise(timestamp()),
  },
  moves: {
    by: [['code'], ['label']],
    same: [1],
    stays: [
      {
        field: 'enabled',
        value: false,
        what: 'locations that are switched off, with the stock that they hold',
        instead: 'switch them on in the old store before the copy if that stock is to come along',
      },
    ],
    refused: [
      {
        what: 'later changes of a location’s name, address and hours',
        instead: 'change them in the new store, too',
      },
    ],
  },
  api: {
    list: { path, paging: 'page', pageSize: 1000, total: 'pagination' },
    // Nobody says how many it takes, and few stores have any.
    create: {
      verb: 'POST',
      path,
      batch: 1,
      lanes: 1,
      body: 'rows',
      names: [],
      echo: 'none',
      group: 'inventory',
    },
  },
})
