import { defineResource, integer, readOnly, text } from '../model/index.ts'

export const orderStatuses = defineResource({
  name: 'order_statuses',
  about: 'The statuses of orders, with the names that the merchant gave them.',
  source: 'Order statuses',
  scope: 'store_v2_orders',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    name: readOnly(text()),
    system_label: readOnly(text()),
    custom_label: readOnly(text()),
    system_description: readOnly(text()),
  },
  api: {
    list: { path: '/v2/order_statuses', paging: 'whole', pageSize: 15 },
  },
})
