import { defineResource, integer, readOnly } from '../model/index.ts'

export const priceListAssignments = defineResource({
  name: 'price_list_assignments',
  about: 'Which list applies to which customer group and channel.',
  source: 'Price list assignments',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id'],
  fields: {
    id: readOnly(integer()),
    price_list_id: readOnly(integer({ ref: 'price_lists' })),
    customer_group_id: readOnly(integer({ about: 'Empty where the list is for all shoppers of the channel.' })),
    channel_id: readOnly(integer({ about: 'Empty where the list is for the group in all channels.' })),
  },
  api: {
    list: { path: '/v3/pricelists/assignments', paging: 'cursor', pageSize: 250, ids: 'id:in', total: 'pagination' },
  },
})
