import { defineResource, deleteOne, integer, readOnly, saveOne, text } from '../model/index.ts'

export const productCustomFields = defineResource({
  name: 'product_custom_fields',
  about: 'Name and value pairs shown with a product.',
  source: 'Custom fields',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'name', 'value'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    name: text({ required: true, min: 1, max: 250 }),
    value: text({
      required: true,
      min: 1,
      max: 250,
      about: 'An empty one cannot be held: to clear it is to delete the row.',
    }),
  },
  part: {
    parent: 'products',
    link: 'product_id',
    key: ['name'],
    initial: {},
    column: {
      prefix: 'custom',
      pattern: /^(?<name>.{1,250})$/,
      written: 'custom:NAME',
      absent: {},
      field: 'value',
    },
  },
  moves: {
    by: [
      ['product_id', 'name'],
      ['product_id', 'name', 'value'],
    ],
  },
  api: {
    within: { parent: 'products', include: 'custom_fields', at: 'custom_fields[]', link: 'product_id' },
    create: saveOne('POST', '/v3/catalog/products/{product_id}/custom-fields', 'catalog'),
    update: [saveOne('PUT', '/v3/catalog/products/{product_id}/custom-fields/{id}', 'catalog')],
    delete: deleteOne('/v3/catalog/products/{product_id}/custom-fields/{id}', 'catalog'),
  },
  older: {
    apart: { path: '/v2/products/{id}/custom_fields' },
    told: { value: 'text' },
  },
})
