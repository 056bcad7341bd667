import { createOnly, defineResource, deleteOne, integer, type Route, readOnly, text } from '../model/index.ts'

const path = '/v3/storefront/redirects'

/** Site and path name the row; it is made where it is not there, and overwritten as a whole where it is. */
const upsert: Route = {
  verb: 'PUT',
  path,
  batch: 50,
  lanes: 1,
  body: 'rows',
  names: [],
  whole: ['site_id', 'from_path', 'to_type', 'to_entity_id', 'to_url'],
  echo: 'rows',
  group: 'storefront',
}

export const redirects = defineResource({
  name: 'redirects',
  about: 'Old paths of a site, and where they lead.',
  source: 'Redirects',
  scope: 'store_v2_content',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['from_path', 'site_id', 'id'],
  fields: {
    id: readOnly(integer()),
    site_id: createOnly(integer({ required: true, min: 1, ref: 'sites', about: '1000 is the first storefront’s.' })),
    from_path: createOnly(
      text({ required: true, min: 1, path: true, about: 'A slash at its end makes no difference.' }),
    ),
    to_type: text({ at: 'to.type', required: true, values: ['product', 'brand', 'category', 'page', 'post', 'url'] }),
    to_entity_id: integer({
      at: 'to.entity_id',
      refBy: { field: 'to_type', of: { product: 'products', category: 'categories', brand: 'brands' } },
      min: 1,
      nullable: true,
      about: 'Id of what `to_type` says; empty for a url.',
    }),
    to_url: text({ at: 'to.url', max: 2048, nullable: true, about: 'Path or address for the type url; else empty.' }),
  },
  moves: {
    by: [['site_id', 'from_path']],
    // The first storefront's site.
    leads: { from: 'from_path', type: 'to_type', to: 'to_entity_id', given: { site_id: 1000 } },
    refused: [
      {
        what: 'redirects to pages and posts, whose ids no resource tells',
        instead: 'make them anew, as redirects to a url, when the pages are there',
      },
    ],
  },
  api: {
    list: {
      path,
      paging: 'keyset',
      pageSize: 250,
      query: { sort: 'id', direction: 'asc' },
      keyset: { param: 'id:min', inclusive: true, upTo: 'id:max' },
      ids: 'id:in',
      total: 'pagination',
    },
    create: upsert,
    update: [upsert],
    delete: deleteOne(`${path}?id:in={id}`, 'storefront'),
  },
})
