import { innerSyncs, namingSyncs, partSyncs } from '../engine/index.ts'
import type { Catalog, SyncSpec } from '../model/index.ts'

/** What a sync of the configuration brings with it: syncs that make the names in its cells, and that keep the parts of its rows. */
export const derivedSyncs = (catalog: Catalog, spec: SyncSpec): readonly SyncSpec[] => [
  ...namingSyncs(catalog, spec),
  ...innerSyncs(catalog, spec),
  ...partSyncs(catalog, spec),
]
