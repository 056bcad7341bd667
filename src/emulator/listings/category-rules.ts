import { deleteMetafields } from '../delete-metafields.ts'
import { catalogTime, type NamedRow, type State } from '../state.ts'
import { bodyOf, only, type TextRule, textComplaints } from './checks.ts'
import { catalogPath } from './urls.ts'

/** What may be said of a category, in the names of the trees endpoints. */
export type CategoryBody = Readonly<Record<string, unknown>>
export type Complaints = Readonly<Record<string, string>>

/** Deepest level (docs/bigcommerce.md, Categories). */
const DEEPEST = 8

const RULES: Readonly<Record<string, TextRule>> = {
  name: { min: 1, max: 50, required: true },
  description: { max: 65_535 },
  page_title: { max: 255 },
  meta_description: { max: 65_535 },
  search_keywords: { max: 255 },
}

const SORTS = [
  'use_store_settings',
  'featured',
  'newest',
  'best_selling',
  'alpha_asc',
  'alpha_desc',
  'avg_customer_review',
  'price_asc',
  'price_desc',
]

const BLANK = {
  description: '',
  views: 0,
  sort_order: 0,
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  layout_file: 'category.html',
  image_url: '',
  is_visible: true,
  search_keywords: '',
  default_product_sort: 'use_store_settings',
}
const WRITABLE = ['name', 'parent_id', 'tree_id', ...Object.keys(BLANK)]

/** What is wrong with a category that is to be made, or changed where `row` is given; empty when nothing is. */
export const complaintsAbout = (state: State, body: CategoryBody, row?: NamedRow): Complaints => {
  const complaints: Record<string, string> = { ...textComplaints(body, RULES, row === undefined) }
  const parentId = parentOf(body, row)
  const parent = state.categories.get(parentId)
  const sort = body['default_product_sort']
  if (sort !== undefined && !SORTS.includes(String(sort)))
    complaints['default_product_sort'] = 'default_product_sort is invalid'
  if (parentId !== 0 && !parent) complaints['parent_id'] = 'Parent category does not exist.'
  else if (row && isWithin(state, parentId, row.id)) complaints['parent_id'] = 'A category cannot be moved into itself.'
  else if (depthOf(state, parentId) >= DEEPEST)
    complaints['parent_id'] = `Categories are at most ${DEEPEST} levels deep.`
  if (parentId === 0 && !row && !state.trees.has(Number(body['tree_id']))) {
    complaints['tree_id'] =
      body['tree_id'] === undefined ? "Tree Id is required and can't be empty" : 'Tree does not exist.'
  }
  const name = String(body['name'] ?? row?.name ?? '').toLowerCase()
  const treeId = parent ? parent['tree_id'] : (body['tree_id'] ?? row?.['tree_id'])
  const same = state.categories
    .where('parent', parentId)
    .some((other) => other.id !== row?.id && other['tree_id'] === treeId && other.name.toLowerCase() === name)
  if (same && !complaints['name']) complaints['name'] = 'The category name is a duplicate among its siblings.'
  return complaints
}

/** Stores a category that nothing is wrong with. */
export const createCategory = (state: State, body: CategoryBody, uuid: string): NamedRow => {
  const parent = state.categories.get(parentOf(body))
  const name = String(body['name'])
  return state.categories.insert({
    ...BLANK,
    ...only(body, WRITABLE),
    name,
    category_uuid: uuid,
    parent_id: parent?.id ?? 0,
    tree_id: parent ? parent['tree_id'] : body['tree_id'],
    url: addressOf(state, body, name, parent),
  })
}

/** Changes a category as far as the body says; a new parent in another tree takes it and all below it there. */
export const updateCategory = (state: State, row: NamedRow, body: CategoryBody): NamedRow => {
  const url = bodyOf(body['url'])['path'] === undefined ? {} : { url: addressOf(state, body, row.name, undefined) }
  const changed = state.categories.update(row.id, { ...only(body, WRITABLE), ...url })
  const parent = state.categories.get(parentOf(body, row))
  if (parent) moveTo(state, changed, Number(parent['tree_id']))
  return state.categories.get(row.id) ?? changed
}

/** Deletes a category and all below it; products stay and are listed there no more. */
export const deleteCategory = (state: State, id: number): void => {
  const gone = new Set(below(state, id))
  const date_modified = catalogTime(state.now())
  for (const { id: productId, categories } of state.products.list()) {
    const kept = categories.filter((category) => !gone.has(category))
    if (kept.length < categories.length) state.products.update(productId, { categories: kept, date_modified })
  }
  for (const one of gone) {
    deleteMetafields(state, 'category', one)
    state.categories.delete(one)
  }
}

/** The category and everything under it. */
export const below = (state: State, id: number): readonly number[] => [
  id,
  ...state.categories.where('parent', id).flatMap((child) => below(state, child.id)),
]

const parentOf = (body: CategoryBody, row?: NamedRow): number => Number(body['parent_id'] ?? row?.['parent_id'] ?? 0)

const depthOf = (state: State, id: number): number => {
  const row = state.categories.get(id)
  return row ? 1 + depthOf(state, Number(row['parent_id'])) : 0
}

const isWithin = (state: State, id: number, ancestor: number): boolean =>
  id === ancestor ||
  (state.categories.has(id) && isWithin(state, Number(state.categories.get(id)?.['parent_id']), ancestor))

const moveTo = (state: State, row: NamedRow, tree_id: number): void => {
  for (const id of below(state, row.id)) {
    if (state.categories.get(id)?.['tree_id'] !== tree_id) state.categories.update(id, { tree_id })
  }
}

/** The address that was asked for, else one made of the parent's and the name; a taken one gets a number. */
const addressOf = (state: State, body: CategoryBody, name: string, parent: NamedRow | undefined): unknown => {
  const { path, is_customized = true } = bodyOf(body['url'])
  if (typeof path === 'string') return { path, is_customized }
  const above = String(bodyOf(parent?.['url'])['path'] ?? '/')
  const wish = `${above}${catalogPath(name).slice(1)}`
  const taken = new Set(state.categories.list().map((row) => bodyOf(row['url'])['path']))
  for (let attempt = 1; ; attempt++) {
    const free = attempt === 1 ? wish : wish.replace(/\/$/, `-${attempt}/`)
    if (!taken.has(free)) return { path: free, is_customized: false }
  }
}
