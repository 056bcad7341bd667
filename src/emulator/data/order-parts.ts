import { type ShippedItem, shipmentRow } from '../orders/index.ts'
import { catalogTime, type State } from '../state.ts'
import type { Row } from '../table.ts'

/**
 * What hangs on orders: parcels, payments, refunds, coupons, messages. All of it follows from the orders, so that it takes nothing
 * of the chance that makes the rest of the shop.
 */
export const seedOrderParts = (state: State): void => {
  for (const order of state.orders.list()) {
    if (Number(order['items_shipped']) > 0 && order.id % 3 !== 0) seedShipment(state, order)
    if (order['payment_status'] !== '') seedTransaction(state, order)
    if (REFUNDED.has(Number(order['status_id']))) seedRefund(state, order)
    if (order.id % 20 === 0) seedCoupon(state, order)
    if (order.id % 25 === 0) seedMessage(state, order)
  }
}

/** Refunded, and partially so. */
const REFUNDED: ReadonlySet<number> = new Set([4, 14])

const seedShipment = (state: State, order: Row): void => {
  const [address] = state.consignments.where('order', order.id)
  if (!address) return
  const items = state.orderLines.where('order', order.id).map(
    (line): ShippedItem => ({
      order_product_id: line.id,
      product_id: Number(line['product_id']),
      quantity: Number(line['quantity']),
    }),
  )
  const row = shipmentRow(state, order, address, items, String(order['date_shipped']))
  state.shipments.insert({ ...row, tracking_number: `1Z${order.id}`, shipping_provider: 'ups' })
}

const seedTransaction = (state: State, order: Row): void => {
  const status = order['payment_status']
  const isCard = order['payment_method'] === 'Credit Card'
  state.transactions.insert({
    order_id: order.id,
    event: status === 'pending' ? 'authorization' : 'purchase',
    method: isCard ? 'credit_card' : 'custom',
    amount: Number(order['total_inc_tax']),
    currency: order['currency_code'],
    gateway: isCard ? 'stripe' : 'custom',
    gateway_transaction_id: `ch_${order.id}`,
    reference_transaction_id: null,
    payment_method_id: isCard ? 'stripe.card' : '',
    status: status === 'declined' ? 'error' : 'ok',
    test: false,
    fraud_review: false,
    date_created: isoOf(order['date_created']),
    offline: null,
    custom: isCard ? null : { payment_method: order['payment_method'] },
  })
}

const seedRefund = (state: State, order: Row): void => {
  const whole = Number(order['total_inc_tax'])
  const total_amount = order['status_id'] === 4 ? whole : Math.round(whole * 50) / 100
  const item = { item_type: 'ORDER', item_id: order.id, reason: '', requested_amount: total_amount, adjustments: [] }
  const payment = { id: order.id, provider_id: 'stripe', amount: total_amount, offline: false, is_declined: false }
  state.refunds.insert({
    order_id: order.id,
    user_id: 0,
    created: isoOf(order['date_modified']),
    reason: 'Not the right product.',
    total_amount,
    total_tax: 0,
    uses_merchant_override_values: false,
    items: [item],
    payments: [payment],
  })
}

/** The prices of the lines are those after the discount, so the sums of the order stay what they are. */
const seedCoupon = (state: State, order: Row): void => {
  state.orders.update(order.id, { coupon_discount: '5.0000' })
  state.orderCoupons.insert({
    coupon_id: 1,
    order_id: order.id,
    code: 'WELCOME',
    amount: '5.0000',
    type: 2,
    discount: 5,
  })
}

const seedMessage = (state: State, order: Row): void => {
  state.orderMessages.insert({
    order_id: order.id,
    staff_id: 0,
    customer_id: order['customer_id'],
    type: 'order',
    subject: 'Delivery',
    message: 'Please ring the bell twice.',
    status: 'read',
    is_flagged: false,
    date_created: order['date_created'],
    customer: { id: order['customer_id'] },
  })
}

const isoOf = (date: unknown): string => catalogTime(Date.parse(String(date)))
