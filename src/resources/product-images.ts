import { defineResource, flag, integer, noise, readOnly, text, timestamp } from '../model/index.ts'

export const productImages = defineResource({
  name: 'product_images',
  about: 'Pictures of a product. The API does not tell which address a picture was taken from.',
  source: 'Images',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    is_thumbnail: readOnly(flag()),
    sort_order: readOnly(integer()),
    description: readOnly(text()),
    image_file: readOnly(text()),
    url_standard: readOnly(text()),
    url_thumbnail: readOnly(text()),
    url_tiny: readOnly(text()),
    url_zoom: readOnly(text()),
    date_modified: noise(timestamp()),
  },
  api: {
    within: { parent: 'products', include: 'images', at: 'images[]', link: 'product_id' },
  },
})
