import { defineResource, deleteOne, flag, integer, noise, readOnly, saveOne, text, timestamp } from '../model/index.ts'

const LEAST = -2_147_483_648
const MOST = 2_147_483_647

export const productImages = defineResource({
  name: 'product_images',
  about: 'Pictures of a product. The API does not tell which address a picture was taken from.',
  source: 'Images',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'image_url'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    is_thumbnail: flag({ about: 'One picture of a product has it; setting it clears the others.' }),
    sort_order: integer({ min: LEAST, max: MOST }),
    description: text({ about: 'Alternative text.' }),
    image_url: text({
      required: true,
      min: 1,
      max: 255,
      untold: true,
      about: 'The address that we had it taken from, or path and hash of the file; empty where somebody else added it.',
    }),
    image_file: readOnly(text()),
    url_standard: readOnly(text()),
    url_thumbnail: readOnly(text()),
    url_tiny: readOnly(text()),
    url_zoom: readOnly(text()),
    date_modified: noise(timestamp()),
  },
  part: { parent: 'products', link: 'product_id', key: ['id'], initial: {} },
  sent: {
    from: 'image_url',
    file: 'image_file',
    place: 'sort_order',
    first: 'is_thumbnail',
    alt: 'description',
    upload: 'image_file',
    shown: 'url_zoom',
  },
  moves: {
    by: [
      ['product_id', 'image_file'],
      ['product_id', 'image_url'],
    ],
    takes: { image_url: 'url_zoom' },
  },
  api: {
    within: { parent: 'products', include: 'images', at: 'images[]', link: 'product_id' },
    create: saveOne('POST', '/v3/catalog/products/{product_id}/images', 'catalog'),
    update: [saveOne('PUT', '/v3/catalog/products/{product_id}/images/{id}', 'catalog')],
    delete: deleteOne('/v3/catalog/products/{product_id}/images/{id}', 'catalog'),
  },
  older: {
    apart: { path: '/v2/products/{id}/images' },
    told: {
      image_url: null,
      url_standard: 'standard_url',
      url_thumbnail: 'thumbnail_url',
      url_tiny: 'tiny_url',
      url_zoom: 'zoom_url',
      date_modified: null,
    },
  },
})
