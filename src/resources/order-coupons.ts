import { defineResource, integer, money, readOnly, text } from '../model/index.ts'

export const orderCoupons = defineResource({
  name: 'order_coupons',
  about:
    'Coupons that took something off an order. One request for each order with a coupon discount; after the first pull, for those ' +
    'that changed since.',
  source: 'Coupons and messages',
  scope: 'store_v2_orders',
  onDemand: true,
  settleMs: 10_000,
  key: ['order_id', 'id'],
  match: ['id'],
  fields: {
    order_id: readOnly(integer({ ref: 'orders' })),
    id: readOnly(integer()),
    coupon_id: readOnly(integer()),
    code: readOnly(text({ unset: 'empty' })),
    amount: readOnly(money({ about: 'Money or percent, as `type` says.' })),
    type: readOnly(
      integer({ about: '0 off each item, 1 percent, 2 off the total, 3 off shipping, 4 free shipping, 5 promotion.' }),
    ),
    discount: readOnly(money({ about: 'What it took off.' })),
  },
  moves: {
    by: [],
    refused: [
      {
        what: 'coupons of orders',
        instead: 'what they took off is in the orders’ totals; codes stay in the old mirror',
      },
    ],
  },
  api: {
    list: {
      path: '/v2/orders/{order_id}/coupons',
      per: 'orders',
      having: 'coupon_discount',
      paging: 'page',
      pageSize: 250,
    },
  },
})
