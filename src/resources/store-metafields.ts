import { defineResource, integer, noise, readOnly, text, timestamp } from '../model/index.ts'

export const storeMetafields = defineResource({
  name: 'store_metafields',
  about: 'Values that programs keep with the store itself, by namespace and key.',
  source: 'Store metafields',
  scope: 'store_v2_information',
  onDemand: true,
  settleMs: 0,
  key: ['id'],
  match: ['id', 'namespace', 'key'],
  fields: {
    id: readOnly(integer()),
    namespace: readOnly(text()),
    key: readOnly(text()),
    value: readOnly(text()),
    permission_set: readOnly(text()),
    description: readOnly(text({ unset: 'empty' })),
    owner_client_id: noise(text({ unset: 'empty', about: 'The API account that made it.' })),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: {
    by: [],
    refused: [
      {
        what: 'values that programs keep with the store',
        instead: 'each program writes its own in the new store; the old mirror holds them',
      },
    ],
  },
  api: { list: { path: '/v3/store/metafields', paging: 'cursor', pageSize: 250, total: 'pagination' } },
})
