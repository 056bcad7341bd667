import { defineResource, flag, integer, noise, readOnly, text, timestamp } from '../model/index.ts'

export const channels = defineResource({
  name: 'channels',
  about: 'Where the store sells: storefronts, marketplaces, tills. Channel 1 is the first storefront.',
  source: 'Channels and sites',
  scope: 'store_channel_settings',
  onDemand: true,
  settleMs: 0,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    external_id: readOnly(text({ unset: 'empty' })),
    name: readOnly(text()),
    type: readOnly(text({ about: 'pos, marketplace, storefront or marketing.' })),
    platform: readOnly(text()),
    status: readOnly(text({ about: 'active and prelaunch sell from their site, connected from elsewhere.' })),
    is_visible: readOnly(flag({ about: 'Shown in the control panel.' })),
    is_listable_from_ui: readOnly(flag()),
    icon_url: readOnly(text({ unset: 'empty' })),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: { by: [['name', 'type']], same: [1] },
  api: { list: { path: '/v3/channels', paging: 'page', pageSize: 250, total: 'pagination' } },
})
