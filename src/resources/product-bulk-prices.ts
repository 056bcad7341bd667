import { defineResource, deleteOne, integer, money, readOnly, saveOne, text } from '../model/index.ts'

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
    quantity_min: integer({ required: true, min: 0, about: 'From 2 on for a fixed price.' }),
    quantity_max: integer({ required: true, min: 0, about: '0 is without end.' }),
    type: text({
      required: true,
      values: ['price', 'percent', 'fixed'],
      about: '`price` takes the amount off each one.',
    }),
    amount: money({ required: true, min: 0, role: 'price' }),
  },
  part: {
    parent: 'products',
    link: 'product_id',
    key: ['quantity_min'],
    initial: {},
    column: {
      prefix: 'bulk',
      // What number means a percentage is not told well enough to write one.
      pattern: /^(?<quantity_min>[2-9]|[1-9]\d{1,8})(?:-(?<quantity_max>[1-9]\d{0,8}))?(?: (?<type>fixed|price))?$/,
      written: 'bulk:FROM-TO',
      absent: { quantity_max: 0, type: 'fixed' },
      field: 'amount',
    },
  },
  moves: { by: [['product_id', 'quantity_min']] },
  api: {
    within: { parent: 'products', include: 'bulk_pricing_rules', at: 'bulk_pricing_rules[]', link: 'product_id' },
    create: saveOne('POST', '/v3/catalog/products/{product_id}/bulk-pricing-rules', 'catalog'),
    update: [
      {
        ...saveOne('PUT', '/v3/catalog/products/{product_id}/bulk-pricing-rules/{id}', 'catalog'),
        whole: ['quantity_min', 'quantity_max', 'type', 'amount'],
      },
    ],
    delete: deleteOne('/v3/catalog/products/{product_id}/bulk-pricing-rules/{id}', 'catalog'),
  },
  older: {
    apart: { path: '/v2/products/{id}/discount_rules' },
    told: { quantity_min: 'min', quantity_max: 'max', amount: 'type_value' },
  },
})
