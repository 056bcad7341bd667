import { invalid, noContent, notFound, ok, refuse, tooManyRows } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { arrayOf, type Body, objectOf } from '../rules.ts'
import type { State } from '../state.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { listOf } from './lists.ts'
import { PRICE_PAGING, pricePage } from './pages.ts'

const PATH = '/v3/pricelists/assignments'
const scope = 'store_v2_products'

export const assignmentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, handle: (call) => list(call) },
  { method: 'POST', path: PATH, scope, handle: (call) => create(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
  { method: 'PUT', path: '/v3/pricelists/:id/assignments', scope, concurrency: 25, handle: (call) => set(call) },
]

/** Most rows of a request (docs/bigcommerce.md, Price list assignments). */
const MOST = 25

const FIELDS = ['price_list_id', 'customer_group_id', 'channel_id'] as const

const idIn = (name: string) => numbers<Row>(name, ['', ':in'], (row) => Number(row[name] ?? 0))
const FILTERS = { ...idIn('id'), ...Object.assign({}, ...FIELDS.map(idIn)) }

const list = (call: Call): Answer =>
  pricePage(call, filtered(call.query, call.state.priceAssignments.list(), FILTERS, PRICE_PAGING), (row) => row)

const create = (call: Call): Answer => {
  const rows = arrayOf(call.body)
  if (rows.length > MOST) return tooManyRows(MOST)
  for (const body of rows) {
    if (!call.state.priceLists.has(Number(body['price_list_id'])))
      refuse(invalid('The price list was not found.', { price_list_id: String(body['price_list_id']) }))
    assign(call.state, body)
  }
  return { status: 200 }
}

const set = (call: Call): Answer =>
  ok(assign(call.state, { ...objectOf(call.body), price_list_id: listOf(call, call.params['id']).id }))

/** A group has one list in a channel. */
const assign = (state: State, body: Body): Row => {
  const [price_list_id, customer_group_id, channel_id] = FIELDS.map((name) => body[name] ?? null)
  const there = state.priceAssignments
    .list()
    .find((row) => row['customer_group_id'] === customer_group_id && row['channel_id'] === channel_id)
  const row = { price_list_id, customer_group_id, channel_id }
  return there ? state.priceAssignments.update(there.id, row) : state.priceAssignments.insert(row)
}

const removeSome = (call: Call): Answer => {
  if (![...call.query.keys()].length) return notFound('A filter is needed.')
  for (const { id } of filtered(call.query, call.state.priceAssignments.list(), FILTERS, []))
    call.state.priceAssignments.delete(id)
  return noContent
}
