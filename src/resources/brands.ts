import { defineResource, deleteOne, integer, json, readOnly, saveOne, text } from '../model/index.ts'

export const brands = defineResource({
  name: 'brands',
  about: 'Makers of products. They carry no dates, so each pull reads them all.',
  source: 'Brands',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    name: text({ required: true, min: 1, max: 255, unique: 'nocase' }),
    page_title: text({ max: 255, fill: '', unset: 'empty' }),
    meta_keywords: json({ fill: [] }),
    meta_description: text({ max: 65_535, fill: '', unset: 'empty' }),
    search_keywords: text({ max: 65_535, fill: '', unset: 'empty' }),
    image_url: text({ fill: '', unset: 'empty', fetched: true }),
    custom_url: json({ fill: null, granted: true }),
  },
  moves: { by: [['name']], page: { field: 'custom_url', member: 'url' } },
  api: {
    list: {
      path: '/v3/catalog/brands',
      paging: 'page',
      pageSize: 250,
      ids: 'id:in',
      only: 'include_fields',
      total: 'pagination',
    },
    create: saveOne('POST', '/v3/catalog/brands', 'catalog'),
    update: [saveOne('PUT', '/v3/catalog/brands/{id}', 'catalog')],
    delete: deleteOne('/v3/catalog/brands/{id}', 'catalog'),
  },
  older: {
    list: {
      path: '/v2/brands',
      paging: 'page',
      pageSize: 250,
      one: '/v2/brands/{id}',
      total: { path: '/v2/brands/count', at: 'count' },
    },
    // Of the picture it tells the file only, and no address.
    told: { meta_keywords: { at: 'meta_keywords', list: 'texts' }, image_url: null, custom_url: null },
  },
})
