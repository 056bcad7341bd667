import { noContent, notFound, ok, refuse } from '../answers.ts'
import { filtered, moments, numbers } from '../filters.ts'
import { page } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

const REFUNDS = '/v3/orders/payment_actions/refunds'
const scope = 'store_v2_orders'

/** What was paid and given back, in the v3 form; nothing of it is a 204. */
export const paymentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: REFUNDS, scope, handle: (call) => refunds(call) },
  {
    method: 'GET',
    path: '/v3/orders/:id/payment_actions/refunds',
    scope,
    handle: (call) => all(call.state.refunds.where('order', orderId(call))),
  },
  {
    method: 'GET',
    path: '/v3/orders/:id/transactions',
    scope: 'store_v2_transactions',
    handle: (call) => all(call.state.transactions.where('order', orderId(call)).map(transactionShape)),
  },
]

const orderId = ({ state, params }: Call): number =>
  state.orders.get(Number(params['id']))?.id ??
  refuse(notFound(`An order with the id of ${params['id']} was not found.`))

const all = (rows: readonly unknown[]): Answer => (rows.length ? ok(rows) : noContent)

/** Of all orders, by ascending id. */
const refunds = (call: Call): Answer => {
  const rows = filtered<Row>(call.query, call.state.refunds.list(), {
    ...numbers<Row>('id', [':in'], ({ id }) => id),
    ...numbers<Row>('order_id', [':in'], (row) => Number(row['order_id'])),
    ...moments<Row>('created', [':min', ':max'], (row) => String(row['created']), call.now()),
  })
  return page(call, rows, (row) => row)
}

/** The number of the order is text here. */
const transactionShape = (row: Row): unknown => ({ ...row, order_id: String(row['order_id']) })
