import { metafieldsOf } from './metafields.ts'

// The path names a product first, and the store does not look at which.
export const variantMetafields = metafieldsOf({
  name: 'variant_metafields',
  owners: 'variants',
  word: 'variant',
  path: '/v3/catalog/variants/metafields',
  one: '/v3/catalog/products/{resource_id}/variants/{resource_id}/metafields/{id}',
})
