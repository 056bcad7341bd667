import { defineResource, flag, integer, json, money, readOnly, text, timestamp } from '../model/index.ts'

export const orderTransactions = defineResource({
  name: 'order_transactions',
  about:
    'Payments of an order as the gateways report them. One request for every order; after the first pull, for those that changed since.',
  source: 'Transactions',
  scope: 'store_v2_transactions',
  onDemand: true,
  settleMs: 10_000,
  key: ['order_id', 'id'],
  match: ['id'],
  fields: {
    order_id: readOnly(integer({ ref: 'orders' })),
    id: readOnly(integer()),
    event: readOnly(text()),
    method: readOnly(text()),
    amount: readOnly(money()),
    currency: readOnly(text()),
    gateway: readOnly(text()),
    gateway_transaction_id: readOnly(text({ unset: 'empty' })),
    reference_transaction_id: readOnly(integer()),
    payment_method_id: readOnly(text({ unset: 'empty' })),
    status: readOnly(text()),
    test: readOnly(flag()),
    fraud_review: readOnly(flag()),
    date_created: readOnly(timestamp()),
    offline: readOnly(json()),
    custom: readOnly(json()),
  },
  moves: { by: [], refused: [{ what: 'payments', instead: 'no gateway takes them; the old mirror holds them' }] },
  api: {
    list: {
      path: '/v3/orders/{order_id}/transactions',
      per: 'orders',
      paging: 'whole',
      pageSize: 250,
      noContent: true,
    },
  },
})
