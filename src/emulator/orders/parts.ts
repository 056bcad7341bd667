import { noContent, refuse } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { orderOf, v2NotFound } from './answers.ts'
import { addressShape, consignmentsShape, lineShape } from './shape.ts'
import { STATUSES } from './statuses.ts'

const scope = 'store_v2_orders'
const get = (path: string, handle: Endpoint['handle']): Endpoint => ({ method: 'GET', path, scope, handle })

export const partEndpoints: readonly Endpoint[] = [
  get('/v2/orders/:id/products', (call) => v2Page(call, linesOf(call), lineShape)),
  get('/v2/orders/:id/products/:line', (call) => one(call, 'line', linesOf(call), lineShape)),
  // Links in orders spell the addresses without the underscore; both are served.
  ...['shipping_addresses', 'shippingaddresses'].flatMap((part) => [
    get(`/v2/orders/:id/${part}`, (call) => v2Page(call, addressesOf(call), (row) => addressShape(call.state, row))),
    get(`/v2/orders/:id/${part}/:address`, (call) =>
      one(call, 'address', addressesOf(call), (row) => addressShape(call.state, row)),
    ),
  ]),
  get('/v2/orders/:id/consignments', (call) => {
    const includesLines = call.query.get('include') === 'line_items'
    return { status: 200, body: consignmentsShape(call.state, orderOf(call).id, includesLines) }
  }),
  get('/v2/orders/:id/coupons', (call) => v2Page(call, call.state.orderCoupons.where('order', orderOf(call).id), same)),
  get('/v2/orders/:id/messages', (call) =>
    v2Page(call, call.state.orderMessages.where('order', orderOf(call).id), same),
  ),
  // Orders of the emulator never have any.
  get('/v2/orders/:id/fees', (call) => empty(call)),
  get('/v2/order_statuses', (call) => v2Page(call, STATUSES, statusShape)),
  get('/v2/order_statuses/:status', (call) => one(call, 'status', STATUSES, statusShape)),
]

const same = (row: Row): Row => row

const linesOf = (call: Call) => call.state.orderLines.where('order', orderOf(call).id)
const addressesOf = (call: Call) => call.state.consignments.where('order', orderOf(call).id)

const one = <R extends { readonly id: number }>(
  { params }: Call,
  name: string,
  rows: readonly R[],
  shape: (row: R) => unknown,
): Answer => {
  const row = rows.find(({ id }) => id === Number(params[name])) ?? refuse(v2NotFound)
  return { status: 200, body: shape(row) }
}

const empty = (call: Call): Answer => {
  orderOf(call)
  return noContent
}

const statusShape = ({ id, name, about, order }: (typeof STATUSES)[number]): unknown => ({
  id,
  name,
  system_label: name,
  custom_label: name,
  system_description: about,
  order,
})
