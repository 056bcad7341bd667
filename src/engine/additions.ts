import type { Applied, Target } from '../diff/index.ts'
import type { Lookup, Mirror, MirrorRow } from '../mirror/index.ts'
import {
  type Change,
  type FieldChange,
  matchText,
  pick,
  type SyncSpec,
  stableJson,
  type Value,
} from '../model/index.ts'
import { passesFilter } from './filter.ts'
import { labelOf } from './label.ts'
import type { SourceKeys } from './source-keys.ts'
import { currentValues } from './store-rows.ts'

export interface Additions {
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly notes: readonly string[]
}

interface Looked {
  readonly mirror: Mirror
  readonly spec: SyncSpec
  readonly target: Target
  readonly lookup: Lookup
  /** Those that a whole reading of the source named. */
  readonly keys: SourceKeys
  readonly applied: Applied
  /** By another config every key may look new. */
  readonly isOther: boolean
}

/**
 * Rows that the source gets for rows of the store that it never had. One that it once had, under this key or another, left it for a
 * reason and is not brought back; neither is one whose key several rows of the store have, or anything while a line of the source
 * has no readable key, because that may be the very row.
 */
export const additions = ({ mirror, spec, target, lookup, keys, applied, isOther }: Looked): Additions => {
  const nothing = (why?: string): Additions => ({ changes: [], notes: why === undefined ? [] : [why] })
  if (!spec.insert) return nothing()
  if (isOther)
    return nothing('the config changed since the last accepted snapshot: this plan adds no rows to the source')
  if (keys.keyless) return nothing(`${keys.keyless} lines of the source have no readable key, so no row is added to it`)
  const base = mirror.base(spec.name)
  const found = new Map<string, Omit<Change, 'id'>>()
  for (const row of lookup.all()) {
    const key = pick(row.values, Object.keys(spec.key))
    const text = matchText(key)
    if (Object.values(key).some(isBlank) || keys.has(text) || base.get(text) || !passesFilter(spec.filter, row.values))
      continue
    if (lookup.find(key).length === 1) found.set(stableJson(row.entity), addition(spec, target, row, applied))
  }
  if (!found.size) return nothing()
  let renamed = 0
  for (const { entity } of base.all()) if (found.delete(entity)) renamed += 1
  return {
    changes: [...found.values()],
    notes: renamed
      ? [`${renamed} rows of the store are in the source by the key of before, and are not added to it`]
      : [],
  }
}

const isBlank = (value: Value): boolean => value === null || value === ''

const addition = (spec: SyncSpec, target: Target, row: MirrorRow, applied: Applied): Omit<Change, 'id'> => {
  const names = Object.entries(spec.fields)
    // A name of another row is no id, and a stock figure that does not say since when it is true is none.
    .filter(([, { from, names: named, asOf, writeBack }]) => from !== undefined && !named && !asOf && writeBack)
    .map(([name]) => name)
  const values = currentValues(target, row, names, applied)
  const fields = names.flatMap((field): FieldChange[] => {
    const to = values[field] ?? null
    return to === null ? [] : [{ field, from: null, to, base: null, owner: spec.fields[field]?.owner ?? 'source' }]
  })
  return {
    ...{ action: 'write-back', side: 'source', resource: target.name, key: pick(row.values, Object.keys(spec.key)) },
    ...{ fields, entity: row.entity, label: labelOf(row.values), line: null, adds: true },
  }
}
