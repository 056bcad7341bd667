import { defineResource, flag, integer, json, money, readOnly, text, timestamp } from '../model/index.ts'

export const orderRefunds = defineResource({
  name: 'order_refunds',
  about: 'What was given back, of all orders in one list. Orders themselves often say 0.',
  source: 'Refunds',
  scope: 'store_v2_orders',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  unit: 'order_id',
  fields: {
    id: readOnly(integer()),
    order_id: readOnly(integer({ ref: 'orders' })),
    user_id: readOnly(integer()),
    created: readOnly(timestamp()),
    reason: readOnly(text({ unset: 'empty' })),
    total_amount: readOnly(money()),
    total_tax: readOnly(money()),
    uses_merchant_override_values: readOnly(flag()),
    items: readOnly(json()),
    payments: readOnly(json({ about: 'Whether one was declined shows later, without a new date.' })),
  },
  moves: {
    by: [],
    refused: [
      {
        what: 'refunds',
        instead:
          'a refund needs a payment of the new store; status and totals tell of it, and the old mirror holds the rest',
      },
    ],
  },
  api: {
    list: {
      path: '/v3/orders/payment_actions/refunds',
      paging: 'page',
      pageSize: 250,
      since: { param: 'created:min', field: 'created' },
      ids: 'id:in',
      noContent: true,
    },
  },
})
