import { metafieldsOf } from './metafields.ts'

export const brandMetafields = metafieldsOf({
  name: 'brand_metafields',
  owners: 'brands',
  word: 'brand',
  path: '/v3/catalog/brands/metafields',
  one: '/v3/catalog/brands/{resource_id}/metafields/{id}',
})
