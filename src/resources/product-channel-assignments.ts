import { defineResource, deleteOne, integer } from '../model/index.ts'

const path = '/v3/catalog/products/channel-assignments'

export const productChannelAssignments = defineResource({
  name: 'product_channel_assignments',
  about: 'Which product is sold on which channel. One that is on none is in no storefront.',
  source: 'Channel assignments',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['product_id', 'channel_id'],
  match: ['product_id', 'channel_id'],
  unit: 'product_id',
  fields: {
    product_id: integer({ required: true, min: 1, ref: 'products' }),
    channel_id: integer({ required: true, min: 1, ref: 'channels' }),
  },
  moves: { by: [['product_id', 'channel_id']] },
  api: {
    list: { path, paging: 'page', pageSize: 250, ids: 'product_id:in', total: 'pagination' },
    create: { verb: 'PUT', path, batch: 50, lanes: 1, body: 'rows', names: [], echo: 'none', group: 'catalog' },
    // Without both filters it would take away all pairs of the one. Requests must not run at the same time.
    delete: { ...deleteOne(`${path}?product_id:in={product_id}&channel_id:in={channel_id}`, 'catalog'), lanes: 1 },
  },
})
