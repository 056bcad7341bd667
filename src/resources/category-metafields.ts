import { metafieldsOf } from './metafields.ts'

export const categoryMetafields = metafieldsOf({
  name: 'category_metafields',
  owners: 'categories',
  word: 'category',
  path: '/v3/catalog/categories/metafields',
  one: '/v3/catalog/categories/{resource_id}/metafields/{id}',
})
