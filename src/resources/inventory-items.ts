import { defineResource, flag, integer, type Route, readOnly, text } from '../model/index.ts'

/** It sets a figure, also where none was ever set. */
const absolute: Route = {
  verb: 'PUT',
  path: '/v3/inventory/adjustments/absolute',
  batch: 2000,
  lanes: 1,
  body: { wrap: 'items' },
  names: { always: ['location_id'], oneOf: ['variant_id', 'product_id'] },
  echo: 'none',
  group: 'inventory',
}

export const inventoryItems = defineResource({
  name: 'inventory_items',
  about:
    'Stock by location. Writes are applied some time after the answer, so a read right after one shows the old figure.',
  source: 'Inventory',
  scope: 'store_inventory',
  settleMs: 60_000,
  key: ['location_id', 'product_id', 'variant_id'],
  match: ['sku'],
  unit: 'product_id',
  fields: {
    location_id: readOnly(integer({ ref: 'locations' })),
    product_id: readOnly(integer({ at: '^identity.product_id', ref: 'products' })),
    variant_id: readOnly(
      integer({ at: '^identity.variant_id', ref: 'variants', about: '0 of a product that is counted as a whole.' }),
    ),
    sku: readOnly(text({ at: '^identity.sku', unset: 'empty' })),
    location_code: readOnly(text()),
    location_name: readOnly(text()),
    location_enabled: readOnly(flag()),
    available_to_sell: readOnly(integer()),
    total_inventory_onhand: integer({ role: 'stock', min: 0, max: 2_147_483_647, writeAs: 'quantity' }),
    safety_stock: readOnly(integer({ at: 'settings.safety_stock' })),
    is_in_stock: readOnly(flag({ at: 'settings.is_in_stock' })),
    warning_level: readOnly(integer({ at: 'settings.warning_level' })),
    bin_picking_number: readOnly(text({ at: 'settings.bin_picking_number', unset: 'empty' })),
  },
  moves: { by: [] },
  api: {
    list: {
      path: '/v3/inventory/items',
      paging: 'page',
      pageSize: 1000,
      ids: 'product_id:in',
      total: 'pagination',
      rows: 'locations[]',
    },
    // A figure that came meanwhile is looked for before one is set anew.
    create: { ...absolute, whole: [] },
    update: [absolute],
  },
})
