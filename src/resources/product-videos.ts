import { createOnly, defineResource, deleteOne, integer, noise, readOnly, saveOne, text } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/videos'

export const productVideos = defineResource({
  name: 'product_videos',
  about: 'Videos of a product, on YouTube. Pulled only when named.',
  source: 'Videos',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'product_id', 'video_id'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    video_id: createOnly(text({ required: true, min: 1, max: 25, about: 'As YouTube calls it.' })),
    title: text({ max: 255, about: 'YouTube’s own where none is given.' }),
    description: text({ about: 'YouTube’s own where none is given.' }),
    sort_order: integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    type: createOnly(text({ values: ['youtube'], fill: 'youtube' })),
    length: noise(text()),
  },
  part: { parent: 'products', link: 'product_id', key: ['video_id'], initial: {} },
  moves: { by: [['product_id', 'video_id']] },
  api: {
    within: { parent: 'products', include: 'videos', at: 'videos[]', link: 'product_id' },
    create: saveOne('POST', path, 'catalog'),
    update: [saveOne('PUT', `${path}/{id}`, 'catalog')],
    delete: deleteOne(`${path}/{id}`, 'catalog'),
  },
})
