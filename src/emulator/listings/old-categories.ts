import { conflict, invalid, noContent, notFound, ok, refuse } from '../answers.ts'
import { uuid } from '../data/dice.ts'
import { filtered, flags, numbers, PAGING, textsNoCase } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import type { NamedRow, State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import {
  below,
  type CategoryBody,
  type Complaints,
  complaintsAbout,
  createCategory,
  deleteCategory,
  updateCategory,
} from './category-rules.ts'
import { bodyOf } from './checks.ts'

const PATH = '/v3/catalog/categories'
const scope = 'store_v2_products'

/** The deprecated endpoints, still answering: the default storefront's tree only, under the older field names. */
export const oldCategoryEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, concurrency: 40, handle: (call) => list(call) },
  { method: 'POST', path: PATH, scope, handle: (call) => create(call) },
  { method: 'DELETE', path: PATH, scope, concurrency: 40, handle: (call) => removeSome(call) },
  {
    method: 'GET',
    path: `${PATH}/:id`,
    scope,
    concurrency: 40,
    handle: (call) => ok(narrow(call.query)(shape(wanted(call)))),
  },
  { method: 'PUT', path: `${PATH}/:id`, scope, concurrency: 40, handle: (call) => update(call) },
  { method: 'DELETE', path: `${PATH}/:id`, scope, concurrency: 40, handle: (call) => remove(call) },
]

const FIELDS = {
  ...numbers<NamedRow>('id', ['', ':in', ':not_in', ':min', ':max', ':greater', ':less'], ({ id }) => id),
  ...textsNoCase<NamedRow>('name', ['', ':like'], ({ name }) => name),
  ...numbers<NamedRow>('parent_id', ['', ':in', ':min', ':max', ':greater', ':less'], (row) =>
    Number(row['parent_id']),
  ),
  ...textsNoCase<NamedRow>('page_title', ['', ':like'], (row) => String(row['page_title'])),
  ...flags<NamedRow>('is_visible', (row) => row['is_visible'] === true),
  keyword: (text: string) => (row: NamedRow) => row.name.toLowerCase().includes(text.toLowerCase()),
}

const list = (call: Call): Answer => {
  const rows = filtered(call.query, categoriesOf(call.state), FIELDS, [...PAGING, 'sort'])
  const by = call.query.get('sort')
  const sorted = by && SORTS.includes(by) ? [...rows].sort((a, b) => compare(a[by], b[by])) : rows
  const some = narrow(call.query)
  return page(call, sorted, (row) => some(shape(row)))
}

const SORTS = ['name', 'id', 'parent_id', 'sort_order']

const compare = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1

const create = (call: Call): Answer => {
  const body = treeBody(bodyOf(call.body), defaultTree(call.state))
  check(complaintsAbout(call.state, body))
  return ok(shape(createCategory(call.state, body, uuid(call.random))))
}

const update = (call: Call): Answer => {
  const row = wanted(call)
  const body = treeBody(bodyOf(call.body), defaultTree(call.state))
  check(complaintsAbout(call.state, body, row))
  return ok(shape(updateCategory(call.state, row, body)))
}

const check = (complaints: Complaints): void => {
  if (complaints['name']?.includes('duplicate')) refuse(conflict('The category name is a duplicate', complaints))
  if (Object.keys(complaints).length) refuse(invalid('JSON data is missing or invalid', complaints))
}

const remove = (call: Call): Answer => {
  dissolve(call.state, wanted(call))
  return noContent
}

const removeSome = (call: Call): Answer => {
  if (!call.query.size) refuse(invalid('A filter is required to delete categories.'))
  const rows = filtered(call.query, categoriesOf(call.state), FIELDS, PAGING)
  for (const row of rows) if (call.state.categories.has(row.id)) dissolve(call.state, row)
  return noContent
}

/** Unlike the trees endpoint, this one does not let go of a category that products are listed in. */
const dissolve = (state: State, { id }: NamedRow): void => {
  const gone = new Set(below(state, id))
  if (state.products.list().some(({ categories }) => categories.some((category) => gone.has(category)))) {
    refuse(invalid('The category has products and cannot be deleted.', { id: 'Move its products first.' }))
  }
  deleteCategory(state, id)
}

const wanted = ({ state, params }: Call): NamedRow =>
  categoriesOf(state).find(({ id }) => id === Number(params['id'])) ??
  refuse(notFound(`A category with the id of ${params['id']} was not found.`))

const categoriesOf = (state: State): readonly NamedRow[] => {
  const tree = defaultTree(state)
  return state.categories.list().filter((row) => row['tree_id'] === tree)
}

const defaultTree = (state: State): number =>
  state.trees.list().find((tree) => (tree['channels'] as readonly number[]).includes(1))?.id ?? 1

const treeBody = ({ custom_url, ...body }: CategoryBody, tree_id: number): CategoryBody => {
  const { url, is_customized } = bodyOf(custom_url)
  return { ...body, tree_id, ...(url !== undefined && { url: { path: url, is_customized } }) }
}

const shape = ({ id, parent_id, name, category_uuid: _uuid, tree_id: _tree, url, ...rest }: NamedRow): CategoryBody => {
  const { path, is_customized } = bodyOf(url)
  return { id, parent_id, name, ...rest, custom_url: { url: path, is_customized } }
}
