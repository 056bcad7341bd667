import { defineResource, integer, readOnly, text } from '../model/index.ts'

export const productCustomFields = defineResource({
  name: 'product_custom_fields',
  about: 'Name and value pairs shown with a product.',
  source: 'Custom fields',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    name: readOnly(text({ min: 1, max: 250 })),
    value: readOnly(text({ min: 1, max: 250 })),
  },
  api: {
    within: { parent: 'products', include: 'custom_fields', at: 'custom_fields[]', link: 'product_id' },
  },
})
