import { defineResource, integer, money, readOnly, text } from '../model/index.ts'

export const productBulkPrices = defineResource({
  name: 'product_bulk_prices',
  about: 'Bulk pricing rules: what a buyer of many saves.',
  source: 'Bulk pricing rules',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    quantity_min: readOnly(integer()),
    quantity_max: readOnly(integer({ about: '0 is without end.' })),
    type: readOnly(text({ values: ['price', 'percent', 'fixed'] })),
    amount: readOnly(money()),
  },
  api: {
    within: { parent: 'products', include: 'bulk_pricing_rules', at: 'bulk_pricing_rules[]', link: 'product_id' },
  },
})
