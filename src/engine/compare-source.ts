import { compareKey, fieldsOf, type KeyResult, SharedStock, type Target } from '../diff/index.ts'
import type { BaseRow } from '../mirror/index.ts'
import {
  type Change,
  type Facts,
  matchText,
  type Rejection,
  type Source,
  type SourceRow,
  type SyncSpec,
  stableJson,
  type Values,
} from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { creations } from './creations.ts'
import { passesFilter } from './filter.ts'
import { labelOf } from './label.ts'
import { removals } from './removals.ts'
import { appliedSince, currentValues } from './store-rows.ts'

/** What reading a source against the mirror found. */
export interface Found {
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejected: readonly Rejection[]
  readonly unchanged: number
  readonly firstContact: number
  readonly facts: Facts
  readonly notes: readonly string[]
  readonly agreed: readonly BaseRow[]
}

export interface Comparison {
  readonly context: Context
  readonly side: StoreSide
  readonly spec: SyncSpec
  readonly source: Source
  readonly target: Target
  /** Moment since which the mirror is true. */
  readonly asOf: string
  /** Only these keys, as people write them. */
  readonly only: readonly string[] | null
}

/** Compares every row of the source with the store's row of that key, in the order of the source. */
export const compareSource = async (comparison: Comparison): Promise<Found> => {
  const { context, side, spec, source, target, asOf } = comparison
  const fields = fieldsOf(target)
  const names = Object.keys(spec.fields)
  const lookup = side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(spec.key))
  const base = side.mirror.base(spec.name)
  const applied = appliedSince(side.mirror, context.catalog, asOf)
  const stockField = names.find((name) => fields[name]?.role === 'stock')
  const only = comparison.only && new Set(comparison.only.map((one) => one.normalize('NFC').toLowerCase()))
  const last = side.mirror.acceptedSnapshot(spec.name)

  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  const agreed: BaseRow[] = []
  const met = new Set<string>()
  const unknown: SourceRow[] = []
  const shared = new SharedStock(target, spec.fields)
  let [matched, unchanged, firstContact, inStock, baseKept, filtered] = [0, 0, 0, 0, 0, 0]

  for await (const items of source.read()) {
    stopIfAsked(context, `the plan of ${spec.name}`)
    for (const item of items) {
      if ('rejection' in item) {
        rejected.push(item.rejection)
        if (item.rejection.key) met.add(matchText(item.rejection.key))
        continue
      }
      const { row } = item
      const key = matchText(row.key)
      met.add(key)
      if (only && !only.has(key)) continue
      const rows = lookup.find(row.key)
      const [first] = rows
      if (!first) {
        unknown.push(row)
        continue
      }
      if (rows.length > 1) {
        rejected.push(doubled(spec, row, rows.length))
        continue
      }
      if (!passesFilter(spec.filter, first.values)) {
        filtered += 1
        continue
      }
      matched += 1
      const known = base.get(key)
      if (known) baseKept += 1
      const store = currentValues(target, first, names, applied)
      shared.see(row, store, first.entity)
      if (stockField && Number(store[stockField] ?? 0) > 0) inStock += 1
      const result = compareKey(
        target,
        spec.fields,
        { source: row, store, entity: first.entity, base: known?.fields, newer: newerSide(source, store) },
        labelOf(first.values),
      )
      collect(result, key, first.entity)
    }
    context.progress({
      kind: 'advance',
      what: `compare ${spec.name}`,
      done: matched + unknown.length,
      total: last?.rows ?? null,
      eta: null,
    })
  }

  function collect(result: KeyResult, key: string, entity: Values): void {
    rejected.push(...result.rejections)
    changes.push(...result.changes)
    if (!result.changes.length && !result.rejections.length) unchanged += 1
    if (result.firstContact && result.changes.length) firstContact += 1
    if (Object.keys(result.agreed).length) agreed.push({ key, entity: stableJson(entity), fields: result.agreed })
  }

  const summary = source.summary()
  const settled = shared.settle(changes)
  rejected.push(...settled.rejected)
  const created = creations(spec, target, unknown)
  const gone = only ? [] : removals(side, spec, target, met)
  const owned = isFiltered(spec) ? matched : lookup.count()
  const facts: Facts = {
    owned,
    matched,
    inStock,
    storeRows: lookup.count(),
    knownRows: matched,
    sourceRows: only ? matched : summary.rows - rejected.length - filtered,
    baseKept: only ? base.count() : baseKept + countKnown(base, rejected),
    baseKeys: base.count(),
    lastRows: only ? null : (last?.rows ?? null),
    creates: spec.create,
    identity: null,
  }
  return {
    changes: [...settled.changes, ...created.changes, ...gone],
    rejected: [...rejected, ...created.rejected],
    unchanged,
    firstContact,
    facts,
    notes: [...unknownNotes(spec, unknown), ...(filtered ? [`${filtered} rows are outside the filter`] : [])],
    agreed,
  }
}

const doubled = (spec: SyncSpec, row: SourceRow, count: number): Rejection => ({
  row: row.line,
  column: Object.values(spec.key).join(', '),
  value: Object.values(row.key).join(', '),
  reason: `the store has ${count} rows with this key`,
  key: row.key,
})

const unknownNotes = (spec: SyncSpec, unknown: readonly SourceRow[]): readonly string[] => {
  if (spec.create || !unknown.length) return []
  const names = unknown.slice(0, 3).map(({ key }) => Object.values(key).join(' / '))
  return [
    `${unknown.length} keys of the source are not in the store and "create" is off: ${names.join(', ')}${unknown.length > 3 ? ', …' : ''}`,
  ]
}

const newerSide = (source: Source, store: Values): 'source' | 'store' | undefined => {
  const [ours, theirs] = [source.modified(), store['date_modified']]
  if (typeof theirs !== 'string' || ours === null || ours === theirs) return undefined
  return ours > theirs ? 'source' : 'store'
}

const isFiltered = ({ filter }: SyncSpec): boolean => filter.sku !== undefined || Object.keys(filter.equals).length > 0

/** Keys that the source still names, if only in rows that were rejected. */
const countKnown = (base: { get(key: string): BaseRow | undefined }, rejected: readonly Rejection[]): number =>
  new Set(rejected.flatMap(({ key }) => (key && base.get(matchText(key)) ? [matchText(key)] : []))).size
