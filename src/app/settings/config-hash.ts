import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type SyncSpec, stableJson, UsageError } from '../../model/index.ts'
import type { Settings, TableSettings } from './types.ts'

/**
 * What a plan is bound to: the sync's section and those parts of its store's that decide what a plan holds; behind a colon, what its
 * tables hold, where they are files. Secrets, quota, places of files and when to give up are left out, so a new token or a moved
 * folder does not make a plan stale.
 */
export const configHash = (settings: Settings, sync: SyncSpec): string => {
  const store = settings.stores[sync.store]
  if (!store) throw new UsageError(`there is no store "${sync.store}"`)
  const { hash, origin, simplePrices, location } = store
  const { circuit: _when, ...bound } = sync
  const tables = (sync.tables ?? []).flatMap((name) => settings.tables[name] ?? [])
  const rules = sha256(
    stableJson({
      sync: bound,
      store: { hash, origin, simplePrices, location },
      ...(tables.length > 0 ? { tables: tables.map(({ name, key, value }) => ({ name, key, value })) } : {}),
    }),
  )
  return tables.length > 0 ? `${rules}:${sha256(stableJson(tables.map(contents)))}` : rules
}

/** A table that lies elsewhere is only read with the source. */
const contents = ({ source }: TableSettings): string | null =>
  'path' in source && existsSync(source.path) ? sha256(readFileSync(source.path)) : null

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
