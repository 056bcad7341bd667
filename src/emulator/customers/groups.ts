import { noContent, refuse, v2Error } from '../answers.ts'
import { type Filters, filtered, flags, moments, textsNoCase } from '../filters.ts'
import { refuseUnknown, v2NotFound } from '../orders/index.ts'
import { v2Page } from '../pages.ts'
import { type Body, objectOf } from '../rules.ts'
import { type NamedRow, type State, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { groupFields } from './group-rules.ts'

const path = '/v2/customer_groups'
const scope = 'store_v2_customers'
const most = { scope, concurrency: 40 }

export const groupEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, ...most, handle: (call) => list(call) },
  { method: 'POST', path, ...most, handle: (call) => create(call) },
  { method: 'GET', path: `${path}/count`, ...most, handle: ({ state }) => body({ count: state.customerGroups.size }) },
  { method: 'GET', path: `${path}/:id`, ...most, handle: (call) => body(wanted(call)) },
  { method: 'PUT', path: `${path}/:id`, ...most, handle: (call) => update(call) },
  { method: 'DELETE', path: `${path}/:id`, ...most, handle: (call) => remove(call) },
]

const PAGING = ['page', 'limit']
const RANGE = ['', ':min', ':max'] as const

const list = (call: Call): Answer => {
  const filters: Filters<NamedRow> = {
    ...textsNoCase<NamedRow>('name', ['', ':like'], ({ name }) => name),
    ...flags<NamedRow>('is_default', (row) => row['is_default'] === true),
    ...flags<NamedRow>('is_group_for_guests', (row) => row['is_group_for_guests'] === true),
    ...moments<NamedRow>('date_created', RANGE, (row) => String(row['date_created']), call.now()),
    ...moments<NamedRow>('date_modified', RANGE, (row) => String(row['date_modified']), call.now()),
  }
  refuseUnknown(call.query, [...PAGING, ...Object.keys(filters)])
  return v2Page(call, filtered(call.query, call.state.customerGroups.list(), filters, PAGING), (row) => row)
}

const create = (call: Call): Answer => {
  const { state } = call
  const fields = groupFields(objectOf(call.body))
  const { name } = fields
  if (typeof name !== 'string') return v2Error(400, "The required field 'name' was not supplied.")
  const at = zuluTime(call.now())
  const row = state.customerGroups.insert({ ...BLANK, ...fields, name, date_created: at, date_modified: at })
  return body(alone(state, row))
}

const BLANK = { is_default: false, category_access: { type: 'all' }, discount_rules: [], is_group_for_guests: false }

/** The rules of a body are the rules of the group from then on. */
const update = (call: Call): Answer => {
  const { id } = wanted(call)
  const fields = groupFields(objectOf(call.body))
  return body(
    alone(call.state, call.state.customerGroups.update(id, { ...fields, date_modified: zuluTime(call.now()) })),
  )
}

/** One group at most is where new customers come into; of guests there is one, and a second is refused. */
const alone = ({ customerGroups }: State, row: NamedRow): NamedRow => {
  const others = customerGroups.list().filter(({ id }) => id !== row.id)
  if (row['is_group_for_guests'] === true && others.some((other) => other['is_group_for_guests'] === true))
    refuse(v2Error(400, "The field 'is_group_for_guests' is invalid."))
  if (row['is_default'] === true)
    for (const other of others)
      if (other['is_default'] === true) customerGroups.update(other.id, { is_default: false } as Body)
  return row
}

/** Its customers are in no group then. */
const remove = (call: Call): Answer => {
  const { state } = call
  const { id } = wanted(call)
  for (const row of state.customers.where('group', id)) state.customers.update(row.id, { customer_group_id: 0 })
  state.customerGroups.delete(id)
  return noContent
}

const wanted = ({ state, params }: Call): NamedRow =>
  state.customerGroups.get(Number(params['id'])) ?? refuse(v2NotFound)

const body = (what: unknown): Answer => ({ status: 200, body: what })
