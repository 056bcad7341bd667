import { defineResource, deleteOne, integer, noise, readOnly, saveOne, text, timestamp } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/reviews'

export const productReviews = defineResource({
  name: 'product_reviews',
  about: 'What shoppers say of a product. Pulled only when named.',
  source: 'Reviews',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'product_id', 'title', 'email'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    title: text({ required: true, max: 255 }),
    text: text({ fill: '', unset: 'empty' }),
    status: text({ values: ['approved', 'disapproved', 'pending'], fill: 'pending' }),
    rating: integer({ min: 0, max: 5, fill: 0 }),
    email: text({ fill: '', unset: 'empty', blankKey: true }),
    name: text({ max: 255, fill: '', unset: 'empty' }),
    date_reviewed: timestamp({ required: true }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  part: { parent: 'products', link: 'product_id', key: ['title', 'email'], initial: {} },
  moves: {
    by: [['product_id', 'title', 'email', 'date_reviewed']],
    refused: [
      {
        what: 'which customer wrote a review; its state is sent along, and a store may give it another one',
        instead: 'look through the reviews of the new store before it opens',
      },
    ],
  },
  api: {
    within: { parent: 'products', include: 'reviews', at: 'reviews[]', link: 'product_id' },
    create: saveOne('POST', path, 'catalog'),
    update: [{ ...saveOne('PUT', `${path}/{id}`, 'catalog'), whole: ['title', 'date_reviewed'] }],
    delete: deleteOne(`${path}/{id}`, 'catalog'),
  },
})
