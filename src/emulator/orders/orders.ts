import { noContent, refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { orderOf, refuseUnknown } from './answers.ts'
import { createOrder } from './create.ts'
import { matching, ORDER_FILTERS } from './filters.ts'
import { orderTime } from './formats.ts'
import { includesOf, orderShape } from './shape.ts'
import { SHIPPED, STATUSES, statusName } from './statuses.ts'

const scope = 'store_v2_orders'

export const wholeOrderEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/v2/orders', scope, handle: (call) => list(call) },
  { method: 'POST', path: '/v2/orders', scope, handle: (call) => create(call) },
  { method: 'GET', path: '/v2/orders/count', scope, handle: (call) => count(call) },
  { method: 'GET', path: '/v2/orders/:id', scope, handle: (call) => single(call, orderOf(call)) },
  { method: 'PUT', path: '/v2/orders/:id', scope, handle: (call) => update(call) },
  { method: 'DELETE', path: '/v2/orders/:id', scope, handle: (call) => archive(call) },
]

const SHOWING = ['page', 'limit', 'sort', 'include', 'consignment_structure']

const list = (call: Call): Answer => {
  const { query, state } = call
  refuseUnknown(query, [...ORDER_FILTERS, ...SHOWING])
  const includes = includesOf(query)
  return v2Page(call, sorted(query.get('sort'), matching(query, state.orders.list())), (row) =>
    orderShape(state, row, includes),
  )
}

const SORTS = ['id', 'customer_id', 'date_created', 'date_modified', 'status_id', 'channel_id', 'external_id']

const sorted = (sort: string | null, rows: readonly Row[]): readonly Row[] => {
  const [field = 'id', direction = 'asc'] = (sort ?? 'id').split(':')
  if (!(SORTS.includes(field) && (direction === 'asc' || direction === 'desc')))
    refuse(v2Error(400, "The field 'sort' is invalid."))
  const sign = direction === 'asc' ? 1 : -1
  if (field === 'id') return sign > 0 ? rows : [...rows].reverse()
  return rows
    .map((row) => ({ row, rank: field.startsWith('date_') ? Date.parse(String(row[field])) : Number(row[field] ?? 0) }))
    .sort((a, b) => sign * (a.rank - b.rank) || a.row.id - b.row.id)
    .map(({ row }) => row)
}

/** Counts every status; `count` is their sum. */
const count = ({ query, state }: Call): Answer => {
  refuseUnknown(query, ORDER_FILTERS)
  const rows = matching(query, state.orders.list())
  const statuses = STATUSES.map(({ id, name, about, order }) => ({
    id,
    name,
    system_label: name,
    custom_label: name,
    system_description: about,
    count: rows.filter((row) => row['status_id'] === id).length,
    sort_order: order,
  })).sort((a, b) => a.sort_order - b.sort_order)
  return { status: 200, body: { statuses, count: rows.length } }
}

const single = ({ query, state }: Call, row: Row): Answer => {
  refuseUnknown(query, ['include', 'consignment_structure'])
  return { status: 200, body: orderShape(state, row, includesOf(query)) }
}

/** Answers 200, and not 201. */
const create = (call: Call): Answer => single(call, createOrder(call))

const WRITABLE = ['status_id', 'staff_notes', 'customer_message', 'external_order_id', 'is_deleted']
const LONGEST = 65_535

const update = (call: Call): Answer => {
  const row = orderOf(call)
  const body = (call.body ?? {}) as Readonly<Record<string, unknown>>
  for (const name of Object.keys(body)) refuseField(name, body[name])
  const status = body['status_id'] as number | undefined
  const changes = {
    ...body,
    ...(status !== undefined && { status: statusName(status), custom_status: statusName(status) }),
    ...(status === SHIPPED && row['date_shipped'] === '' && { date_shipped: orderTime(call.now()) }),
    date_modified: orderTime(call.now()),
  }
  return single(call, call.state.orders.update(row.id, changes))
}

/** A field that only the server writes is refused by name; so is one whose effects are beyond the emulator. */
const refuseField = (name: string, value: unknown): void => {
  if (BEYOND.includes(name)) refuse(v2Error(501, `The emulator does not change the field '${name}' of an order.`))
  if (!WRITABLE.includes(name)) {
    refuse(
      v2Error(400, `The field '${name}' cannot be written to. Please remove it from your request before trying again.`),
    )
  }
  if (!isValid(name, value)) refuse(v2Error(400, `The field '${name}' is invalid.`))
}

/** Changing these re-prices the order. */
const BEYOND = ['products', 'consignments', 'shipping_addresses', 'billing_address', 'fees', 'discount_amount']

const isValid = (name: string, value: unknown): boolean => {
  if (name === 'status_id') return STATUSES.some(({ id }) => id === value)
  if (name === 'is_deleted') return typeof value === 'boolean'
  return value === null || (typeof value === 'string' && value.length <= LONGEST)
}

/** Deleting archives: the order keeps its id and can still be read by it. */
const archive = (call: Call): Answer => {
  const { id } = orderOf(call)
  call.state.orders.update(id, { is_deleted: true, date_modified: orderTime(call.now()) })
  return noContent
}
