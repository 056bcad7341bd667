import { defineResource, flag, integer, json, noise, readOnly, text, timestamp } from '../model/index.ts'

export const sites = defineResource({
  name: 'sites',
  about: 'Addresses of the channels that are storefronts. Site 1000 is the first one’s.',
  source: 'Channels and sites',
  scope: 'store_sites',
  onDemand: true,
  settleMs: 0,
  key: ['id'],
  match: ['id', 'url'],
  fields: {
    id: readOnly(integer()),
    channel_id: readOnly(integer({ ref: 'channels' })),
    url: readOnly(text()),
    urls: readOnly(json({ about: 'Each with its type: primary, canonical or checkout.' })),
    is_checkout_url_customized: readOnly(flag()),
    created_at: readOnly(timestamp()),
    updated_at: noise(timestamp()),
  },
  moves: { by: [['channel_id']], same: [1000] },
  api: { list: { path: '/v3/sites', paging: 'page', pageSize: 250, total: 'pagination' } },
})
