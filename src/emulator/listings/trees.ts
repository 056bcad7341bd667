import { invalid, noContent, notFound, ok, refuse, STATUS_PAGE } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { page } from '../pages.ts'
import type { NamedRow, State } from '../state.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { deleteCategory } from './category-rules.ts'
import { bodyOf } from './checks.ts'

const PATH = '/v3/catalog/trees'
const scope = 'store_v2_products'

export const treeEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, handle: (call) => list(call) },
  { method: 'PUT', path: PATH, scope, handle: (call) => upsert(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
  { method: 'GET', path: `${PATH}/:id/categories`, scope, concurrency: 1, handle: (call) => wholeTree(call) },
]

const MOST_ROWS = 50

const list = (call: Call): Answer => {
  const rows = filtered(call.query, call.state.trees.list(), {
    ...numbers<Row>('id', [':in'], ({ id }) => id),
    'channel_id:in': (text) => {
      const wanted = new Set(text.split(',').map(Number))
      return (row) => (row['channels'] as readonly number[]).some((channel) => wanted.has(channel))
    },
  })
  return page(call, rows, shape)
}

const shape = ({ id, name, channels }: Row): unknown => ({ id, name, channels })

/** A row with an id changes a tree's name, one without makes a tree for exactly one channel. */
const upsert = (call: Call): Answer => {
  if (!Array.isArray(call.body)) return invalid('JSON data is missing or invalid', { obj: 'error.expected.jsarray' })
  if (call.body.length > MOST_ROWS) return { status: 413, body: TOO_MANY }
  const rows = call.body.map(bodyOf)
  const errors = Object.fromEntries(rows.flatMap((row, place) => complaints(call.state, row, place)))
  if (Object.keys(errors).length) refuse(invalid(NOT_VALID, errors))
  const saved = rows.map((row) =>
    row['id'] === undefined
      ? call.state.trees.insert({ name: String(row['name']), channels: row['channels'] })
      : call.state.trees.update(Number(row['id']), row['name'] === undefined ? {} : { name: row['name'] }),
  )
  return ok(saved.map(shape), { total: saved.length, success: saved.length, failed: 0 })
}

const TOO_MANY = {
  status: 413,
  title: 'The request payload is too large. The maximum trees allowed in the array is 50.',
  type: STATUS_PAGE,
  errors: {},
}
const NOT_VALID =
  'Please verify if all required fields are present in the request body and are filled with values correctly.'

const complaints = (state: State, row: Readonly<Record<string, unknown>>, place: number): [string, string][] => {
  const { id, name, channels } = row
  if (id !== undefined) {
    if (!state.trees.has(Number(id))) return [[`${place}.tree_id`, 'Tree does not exist.']]
    return channels === undefined ? [] : [[`${place}.channels`, 'Channels cannot be changed.']]
  }
  if (typeof name !== 'string' || name === '') return [[`${place}.name`, "Name is required and can't be empty"]]
  return Array.isArray(channels) && channels.length === 1
    ? []
    : [[`${place}.channels`, 'Exactly one channel is required.']]
}

const removeSome = (call: Call): Answer => {
  if (!call.query.has('id:in')) refuse(invalid('A filter is required to delete trees.'))
  const { state } = call
  for (const tree of filtered(
    call.query,
    state.trees.list(),
    numbers<Row>('id', [':in'], ({ id }) => id),
    [],
  )) {
    const top = state.categories.where('parent', 0).filter((row) => row['tree_id'] === tree.id)
    for (const { id } of top) deleteCategory(state, id)
    state.trees.delete(tree.id)
  }
  return noContent
}

/** Everything at once, nested, as deep as `depth` asks. */
const wholeTree = (call: Call): Answer => {
  const { state, params, query } = call
  const tree = state.trees.get(Number(params['id']))
  if (!tree) return notFound(`Entity with id tree [${params['id']}] was not found `)
  const depth = Number(query.get('depth') ?? Number.POSITIVE_INFINITY)
  const top = state.categories.where('parent', 0).filter((row) => row['tree_id'] === tree.id)
  return ok(top.map((row) => node(state, row, [], depth)))
}

const node = (state: State, row: NamedRow, above: readonly number[], depth: number): unknown => ({
  id: row.id,
  parent_id: row['parent_id'],
  depth: above.length,
  path: above,
  name: row.name,
  is_visible: row['is_visible'],
  url: bodyOf(row['url'])['path'],
  children:
    above.length < depth
      ? state.categories.where('parent', row.id).map((child) => node(state, child, [...above, row.id], depth))
      : [],
})
