import { createHash } from 'node:crypto'
import { type SyncSpec, stableJson, UsageError } from '../../model/index.ts'
import type { Settings } from './types.ts'

/**
 * What a plan is bound to: the sync's section and those parts of its store's that decide what a plan holds. Secrets, quota,
 * places of files and when to give up are left out, so a new token or a moved folder does not make a plan stale.
 */
export const configHash = (settings: Settings, sync: SyncSpec): string => {
  const store = settings.stores[sync.store]
  if (!store) throw new UsageError(`there is no store "${sync.store}"`)
  const { hash, origin, simplePrices, location } = store
  const { circuit: _when, ...bound } = sync
  return createHash('sha256')
    .update(stableJson({ sync: bound, store: { hash, origin, simplePrices, location } }))
    .digest('hex')
}
