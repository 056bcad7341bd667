import { defineResource, flag, integer, json, readOnly, text, timestamp } from '../model/index.ts'

export const orderMessages = defineResource({
  name: 'order_messages',
  about:
    'What staff and customers wrote about an order. One request for every order; after the first pull, for those that changed since.',
  source: 'Coupons and messages',
  scope: 'store_v2_orders',
  onDemand: true,
  settleMs: 10_000,
  key: ['order_id', 'id'],
  match: ['id'],
  fields: {
    order_id: readOnly(integer({ ref: 'orders' })),
    id: readOnly(integer()),
    staff_id: readOnly(integer()),
    customer_id: readOnly(integer()),
    type: readOnly(text()),
    subject: readOnly(text({ unset: 'empty' })),
    message: readOnly(text({ unset: 'empty' })),
    status: readOnly(text({ unset: 'empty' })),
    is_flagged: readOnly(flag()),
    date_created: readOnly(timestamp()),
    customer: readOnly(json()),
  },
  moves: {
    by: [],
    refused: [{ what: 'messages of orders', instead: 'the API makes none; they stay in the old mirror' }],
  },
  api: {
    list: { path: '/v2/orders/{order_id}/messages', per: 'orders', paging: 'page', pageSize: 250 },
  },
})
