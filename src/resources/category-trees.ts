import { createOnly, defineResource, ids, integer, type Route, readOnly, text } from '../model/index.ts'

const path = '/v3/catalog/trees'

/** With an id it renames a tree, without one it makes a tree. */
const upsert: Route = {
  verb: 'PUT',
  path,
  batch: 50,
  lanes: 1,
  body: 'rows',
  names: [],
  echo: 'rows',
  group: 'catalog',
}

export const categoryTrees = defineResource({
  name: 'category_trees',
  about:
    'The trees that categories hang on, one for each storefront. They are not deleted: their categories would go too.',
  source: 'Trees',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    name: text({ required: true, min: 1, max: 255 }),
    channels: createOnly(ids({ required: true, unordered: true, about: 'The one channel that shows the tree.' })),
  },
  moves: { by: [['name']], same: [1] },
  api: {
    // A store has a few trees, and no page is described.
    list: { path, paging: 'whole', pageSize: 250, ids: 'id:in' },
    create: upsert,
    update: [{ ...upsert, names: ['id'], fields: ['name'] }],
  },
})
