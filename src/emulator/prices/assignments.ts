import { invalid, noContent, ok, tooManyRows } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { arrayOf, type Body, needFields, objectOf, readFields, whole } from '../rules.ts'
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

/** Saves the rows that are right, and says how many; the others are named by their place (docs/bigcommerce.md, Price list assignments). */
const create = (call: Call): Answer => {
  const rows = arrayOf(call.body)
  if (rows.length > MOST) return tooManyRows(MOST)
  const errors: Record<string, string> = {}
  for (const [index, body] of rows.entries()) {
    const wrong = wrongOf(call.state, body)
    if (wrong) errors[`${index}.${wrong.field}`] = wrong.message
    else call.state.priceAssignments.insert(rowOf(body))
  }
  const refused = Object.keys(errors).length
  if (!refused) return { status: 200 }
  const { status, body } = invalid('Some assignments were not saved.', errors)
  return { status, body: { ...(body as object), meta: { saved_records: rows.length - refused } }, partial: true }
}

/** What is wrong with a new assignment. A group has one list in a channel. */
const wrongOf = (state: State, body: Body): { readonly field: string; readonly message: string } | undefined => {
  const row = rowOf(body)
  for (const field of FIELDS) {
    const value = row[field]
    if (value !== null && !(Number.isSafeInteger(value) && Number(value) > 0))
      return { field, message: 'must be an id' }
  }
  if (!state.priceLists.has(Number(row.price_list_id)))
    return { field: 'price_list_id', message: 'The price list was not found.' }
  if (row.customer_group_id === null && row.channel_id === null)
    return { field: 'channel_id', message: 'A customer group or a channel is needed.' }
  return placeTaken(state, row) && { field: 'channel_id', message: 'The group has a price list in this channel.' }
}

/** Makes an assignment of the list, or gives the group in that channel this list instead of its own. */
const set = (call: Call): Answer => {
  const { id } = listOf(call, call.params['id'])
  const body = objectOf(call.body)
  needFields(body, ['customer_group_id', 'channel_id'])
  const row = rowOf({ ...readFields(body, { customer_group_id: whole(1), channel_id: whole(1) }), price_list_id: id })
  const there = placeTaken(call.state, row)
  return ok(there ? call.state.priceAssignments.update(there.id, row) : call.state.priceAssignments.insert(row))
}

const rowOf = (body: Body): Record<(typeof FIELDS)[number], unknown> => ({
  price_list_id: body['price_list_id'] ?? null,
  customer_group_id: body['customer_group_id'] ?? null,
  channel_id: body['channel_id'] ?? null,
})

const placeTaken = (state: State, { customer_group_id, channel_id }: ReturnType<typeof rowOf>): Row | undefined =>
  state.priceAssignments
    .list()
    .find((row) => row['customer_group_id'] === customer_group_id && row['channel_id'] === channel_id)

const removeSome = (call: Call): Answer => {
  if (![...call.query.keys()].length) return invalid('A filter is needed.')
  for (const { id } of filtered(call.query, call.state.priceAssignments.list(), FILTERS, []))
    call.state.priceAssignments.delete(id)
  return noContent
}
