import { invalid, refuse, STATUS_PAGE, tooManyRows } from '../answers.ts'
import { uuid } from '../data/dice.ts'
import { filtered, flags, numbers, PAGING, texts, textsNoCase } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import type { NamedRow } from '../state.ts'
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

const PATH = '/v3/catalog/trees/categories'
const scope = 'store_v2_products'

/** Categories of all trees. Batches are saved as far as they are good. */
export const treeCategoryEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, handle: (call) => list(call) },
  { method: 'POST', path: PATH, scope, handle: (call) => createSome(call) },
  { method: 'PUT', path: PATH, scope, handle: (call) => updateSome(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
]

/** Most rows of a batch; undocumented, what public tools keep to (docs/bigcommerce.md, Categories). */
const MOST_ROWS = 50

const ids = {
  ...texts<NamedRow>('category_uuid', [':in', ':not_in'], (row) => String(row['category_uuid'])),
  ...numbers<NamedRow>('category_id', [':in', ':not_in'], ({ id }) => id),
  ...numbers<NamedRow>('tree_id', [':in', ':not_in'], (row) => Number(row['tree_id'])),
  ...numbers<NamedRow>('parent_id', [':in', ':not_in'], (row) => Number(row['parent_id'])),
}

const list = (call: Call): Answer => {
  const rows = filtered(call.query, call.state.categories.list(), {
    ...ids,
    ...textsNoCase('page_title', ['', ':like'], (row) => String(row['page_title'])),
    ...textsNoCase('name', ['', ':like'], ({ name }) => name),
    ...flags('is_visible', (row) => row['is_visible'] === true),
    keyword: (text) => (row) => `${row.name} ${row['search_keywords']}`.toLowerCase().includes(text.toLowerCase()),
  })
  const some = narrow(call.query, 'category_id')
  return page(call, rows, (row) => some(treeShape(row)))
}

/** In the order of the API; the id goes by another name here. */
const treeShape = ({ id, category_uuid, parent_id, tree_id, ...rest }: NamedRow): CategoryBody => ({
  category_id: id,
  category_uuid,
  parent_id,
  tree_id,
  ...rest,
})

const createSome = (call: Call): Answer => {
  const made: CategoryBody[] = []
  const rows = rowsOf(call.body)
  const errors = rows.flatMap((row, place) => {
    const complaints = complaintsAbout(call.state, row)
    if (Object.keys(complaints).length) return numbered(complaints, place)
    made.push(treeShape(createCategory(call.state, row, uuid(call.random))))
    return []
  })
  return outcome(rows.length, made.length, errors, { full: 201, data: made })
}

const updateSome = (call: Call): Answer => {
  const rows = rowsOf(call.body)
  let saved = 0
  const errors = rows.flatMap((body, place) => {
    const row = call.state.categories.get(Number(body['category_id']))
    const complaints = row ? complaintsAbout(call.state, body, row) : missing(body)
    if (!row || Object.keys(complaints).length) return numbered(complaints, place)
    updateCategory(call.state, row, body)
    saved += 1
    return []
  })
  return outcome(rows.length, saved, errors, { full: 200 })
}

const missing = (body: CategoryBody): Complaints => ({
  ...(body['tree_id'] === undefined && { tree_id: "Tree Id is required and can't be empty" }),
  category_id: 'Category does not exist.',
})

const numbered = (complaints: Complaints, place: number): [string, string][] =>
  Object.entries(complaints).map(([field, message]) => [`${place}.${field}`, message])

/** The whole batch, part of it (207), or none of it (422). */
const outcome = (
  total: number,
  success: number,
  errors: readonly [string, string][],
  { full, data }: { readonly full: number; readonly data?: readonly unknown[] },
): Answer => {
  const meta = { total, success, failed: total - success }
  const saved = data ? { data } : {}
  if (!errors.length) return { status: full, body: { ...saved, meta } }
  const told = Object.fromEntries(errors)
  return success > 0
    ? { status: 207, body: { ...saved, errors: told, meta } }
    : { status: 422, body: { status: 422, title: NOT_VALID, type: STATUS_PAGE, errors: told, meta } }
}

const NOT_VALID =
  'Please verify if all required fields are present in the request body and are filled with values correctly.'

const rowsOf = (body: unknown): readonly CategoryBody[] => {
  if (!Array.isArray(body)) return refuse(invalid('JSON data is missing or invalid', { obj: 'error.expected.jsarray' }))
  if (body.length > MOST_ROWS) refuse(tooManyRows(MOST_ROWS))
  return body.map(bodyOf)
}

const removeSome = (call: Call): Answer => {
  const { query, state } = call
  if (![...query.keys()].length) refuse(invalid('A filter is required to delete categories.'))
  const filters = Object.fromEntries(
    Object.entries(ids).filter(([name]) => name.endsWith(':in') && !name.includes('not')),
  )
  const rows = filtered(query, state.categories.list(), filters, PAGING)
  const gone = new Set(rows.flatMap(({ id }) => below(state, id)))
  for (const { id } of rows) deleteCategory(state, id)
  return { status: 202, body: { meta: { total: gone.size, success: gone.size, failed: 0 } } }
}
