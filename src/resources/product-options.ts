import { defineResource, integer, json, readOnly, text } from '../model/index.ts'

export const productOptions = defineResource({
  name: 'product_options',
  about:
    'Choices of a complex product, such as Size. Asking for them caps a page at 10 products, so they are pulled only when named.',
  source: 'Options',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    display_name: readOnly(text({ min: 1, max: 255 })),
    type: readOnly(text()),
    sort_order: readOnly(integer()),
    config: readOnly(json()),
  },
  moves: {
    by: [['product_id', 'display_name']],
    refused: [
      {
        what: 'how options are shown (swatch, dropdown and the like), their order and their settings',
        instead: 'set them in the new store by hand; a request that changes an option may drop what it does not name',
      },
    ],
  },
  api: {
    within: { parent: 'products', include: 'options', at: 'options[]', link: 'product_id', pageSize: 10 },
  },
})
