import { metafieldsOf } from './metafields.ts'

export const productMetafields = metafieldsOf({
  name: 'product_metafields',
  owners: 'products',
  word: 'product',
  path: '/v3/catalog/products/metafields',
  one: '/v3/catalog/products/{resource_id}/metafields/{id}',
})
