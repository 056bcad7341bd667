import { decideField } from '../../diff/index.ts'
import type { BaseRow } from '../../mirror/index.ts'
import { type Derived, matchText, type Resource, type SourceRow, type SyncSpec } from '../../model/index.ts'
import type { Moving } from './moving.ts'
import type { Changed } from './request-counts.ts'

/** What bringing rows into step would come to. */
export interface Judged {
  /** Fields that both stores changed. */
  readonly conflicts: number
  /** Rows that would be written. */
  readonly changed: readonly Changed[]
}

/**
 * Decides rows as a plan would, without making one. Rows that were never compared take the old store's values only to overwrite.
 * @param fresh What is taken to be agreed on of rows that were never compared.
 */
export const judgeRows = (
  { to, options }: Moving,
  target: Resource | Derived,
  spec: SyncSpec,
  rows: readonly SourceRow[],
  fresh: readonly BaseRow[] = [],
): Judged => {
  const lookup = to.mirror.lookup(target, Object.keys(spec.key))
  const base = to.mirror.base(spec.name)
  const begun = new Map(fresh.map((row) => [row.key, row]))
  const changed: Changed[] = []
  let conflicts = 0
  for (const { key, values } of rows) {
    const [there] = lookup.find(key)
    if (!there) continue
    const known = begun.get(matchText(key)) ?? base.get(matchText(key))
    if (!known && options.existing !== 'overwrite') continue
    const fields = Object.entries(values).flatMap(([field, source]) => {
      const store = there.values[field] ?? null
      const agreed = known ? known.fields[field] : { store, source: store }
      const rule = spec.fields[field]
      if (!rule) return []
      const { kind } = decideField(rule, { source, store, base: agreed })
      if (kind === 'conflict') conflicts += 1
      return kind === 'update' ? [field] : []
    })
    if (fields.length) changed.push({ row: { ...there.values, ...key }, fields })
  }
  return { conflicts, changed }
}
