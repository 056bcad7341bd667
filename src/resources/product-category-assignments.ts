import { defineResource, deleteOne, integer } from '../model/index.ts'

const path = '/v3/catalog/products/category-assignments'

export const productCategoryAssignments = defineResource({
  name: 'product_category_assignments',
  about:
    'Which product is listed in which category, one row for each pair: the products’ `categories`, to be changed pair by pair. A migration carries them with the products.',
  source: 'Category assignments',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['product_id', 'category_id'],
  match: ['product_id', 'category_id'],
  unit: 'product_id',
  fields: {
    product_id: integer({ required: true, min: 1, ref: 'products' }),
    category_id: integer({ required: true, min: 1, ref: 'categories' }),
  },
  api: {
    list: { path, paging: 'page', pageSize: 250, ids: 'product_id:in', total: 'pagination' },
    create: { verb: 'PUT', path, batch: 50, lanes: 1, body: 'rows', names: [], echo: 'none', group: 'catalog' },
    // Without both filters it would take away all pairs of the one.
    delete: deleteOne(`${path}?product_id:in={product_id}&category_id:in={category_id}`, 'catalog'),
  },
})
