import { type Catalog, readCopyName, type Source, type SyncSpec } from '../../model/index.ts'
import { copyOf } from './copies.ts'
import { leadsSpec } from './copy-leads.ts'
import { stockSpec } from './copy-stock.ts'
import { listSource } from './list-source.ts'
import { placesOf, placesSpec } from './stock-places.ts'

/** A sync of a migration by its name, and the stores that it is between; undefined where the name is of no such sync. */
export interface MigrationSync {
  readonly from: string
  readonly to: string
  readonly spec: SyncSpec
  /** Nothing can be written back to the old store. */
  readonly source: Source
}

/** What `copyName` calls a sync is what its conflicts and plans are known by, so they can be decided and pushed by themselves. */
export const migrationSync = (catalog: Catalog, name: string): MigrationSync | undefined => {
  const read = readCopyName(name)
  if (!read) return undefined
  const { from, to, resource, step } = read
  const between = { from, to, conflict: 'ask' as const }
  const derived = catalog.derived.get(resource)
  const plain = catalog.resources.get(resource)
  const copy = plain && copyOf(catalog, plain, between)
  const places = plain && placesOf(catalog, plain)
  const spec = specOfStep()
  return spec && { from, to, spec, source: listSource(from, `store ${from}`, []) }

  function specOfStep(): SyncSpec | undefined {
    if (step === 'new') return copy?.create?.spec
    if (step === 'moved') return plain?.moves?.leads && leadsSpec(plain, plain.moves.leads, between)
    if (places) return placesSpec(places, between)
    return copy?.update ?? (derived && stockSpec(derived, between).spec)
  }
}
