import { createOnly, defineResource, deleteOne, integer, readOnly } from '../model/index.ts'

const path = '/v3/pricelists/assignments'

/** As a key both are given, and one of them may hold nothing. A group has one list in a channel. */
const place = { min: 1, blankKey: true } as const

export const priceListAssignments = defineResource({
  name: 'price_list_assignments',
  about: 'Which list applies to which customer group and channel.',
  source: 'Price list assignments',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['customer_group_id', 'channel_id', 'id'],
  oneOf: ['customer_group_id', 'channel_id'],
  fields: {
    id: readOnly(integer()),
    price_list_id: integer({ required: true, min: 1, ref: 'price_lists' }),
    customer_group_id: createOnly(
      integer({ ...place, ref: 'customer_groups', about: 'Empty where the list is for all shoppers of the channel.' }),
    ),
    channel_id: createOnly(
      integer({ ...place, ref: 'channels', about: 'Empty where the list is for the group in all channels.' }),
    ),
  },
  moves: { by: [['customer_group_id', 'channel_id']] },
  api: {
    list: { path, paging: 'cursor', pageSize: 250, ids: 'id:in', total: 'pagination' },
    // Nobody says whether it writes over what is there, so that is looked for first.
    create: {
      verb: 'POST',
      path,
      batch: 25,
      lanes: 1,
      body: 'rows',
      names: [],
      whole: [],
      echo: 'none',
      group: 'prices',
    },
    update: [
      {
        verb: 'PUT',
        path: '/v3/pricelists/{price_list_id}/assignments',
        batch: 1,
        lanes: 4,
        fields: ['price_list_id'],
        body: 'row',
        names: [],
        whole: ['customer_group_id', 'channel_id'],
        needs: ['customer_group_id', 'channel_id'],
        echo: 'row',
        group: 'prices',
      },
    ],
    delete: deleteOne(`${path}?id={id}`, 'prices'),
  },
})
