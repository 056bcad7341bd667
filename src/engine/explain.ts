import { decideField, fieldsOf, refuse, targetOf } from '../diff/index.ts'
import type { ConflictRow, Mirror } from '../mirror/index.ts'
import {
  type FieldRule,
  keyText,
  matchText,
  type Source,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Context } from './context.ts'
import { freshnessOf } from './fresh.ts'
import { labelOf } from './label.ts'
import { type PlanStory, recentPlans } from './plan-story.ts'
import { readResolved } from './references.ts'
import { appliedSince, currentValues } from './store-rows.ts'

export interface FieldStory {
  readonly field: string
  readonly owner: string
  /** A column, or the expression that gives the value. */
  readonly column: string
  /** Cell as it stands in the source; of an expression, the cells that it reads. */
  readonly cell: string | null
  readonly mapped: Value | undefined
  readonly store: Value
  readonly base: Value | undefined
  readonly verdict: string
}

export interface ConflictStory extends Pick<ConflictRow, 'id' | 'field' | 'base' | 'since' | 'settled' | 'decision'> {
  readonly inStore: Value
  readonly inSource: Value
}

export interface Explanation {
  readonly sync: string
  readonly key: Values
  readonly line: number | null
  readonly label: string | null
  readonly fields: readonly FieldStory[]
  /** Why the row takes no part, when it does not. */
  readonly rejected: string | null
  /** What the last plans said of it and what became of that, newest first. */
  readonly recent: readonly PlanStory[]
  /** Its last conflicts, newest first, those that are settled too. */
  readonly conflicts: readonly ConflictStory[]
  readonly history: readonly {
    readonly field: string
    readonly from: Value
    readonly to: Value
    readonly at: string
    readonly run: string
  }[]
}

/** Why a key did or did not change, or null when neither side knows it. */
export const explain = async (
  context: Context,
  mirror: Mirror,
  spec: SyncSpec,
  source: Source,
  wanted: string,
): Promise<Explanation | null> => {
  const target = targetOf(context.catalog, spec.resource)
  const key = matchText({ key: wanted })
  const found = await findRow(readResolved({ catalog: context.catalog, mirror, asOf: '' }, spec, target, source), key)
  const names = Object.keys(spec.key)
  const lookup = mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, names)
  const written =
    names.length === 1 ? { [names[0] ?? '']: parseKey(wanted, fieldsOf(target)[names[0] ?? '']?.kind) } : found.key
  const row = written ? lookup.find(found.row?.key ?? written)[0] : undefined
  if (!found.row && !found.rejected && !row) return null

  const asOf =
    freshnessOf(mirror, target)
      .map((one) => one.asOf ?? '')
      .sort()[0] ?? ''
  const store = row && currentValues(target, row, Object.keys(spec.fields), appliedSince(mirror, context.catalog, asOf))
  const known = mirror.base(spec.name).get(key)
  const base = row && known?.entity === stableJson(row.entity) ? known : undefined
  const raw = found.line === null ? undefined : await source.raw(found.line)
  return {
    sync: spec.name,
    key: found.row?.key ?? written ?? {},
    line: found.line,
    label: row ? labelOf(row.values, found.row?.of) : null,
    rejected: found.rejected ?? (row ? null : 'not in the store'),
    fields: Object.entries(spec.fields).map(([field, rule]): FieldStory => {
      const mapped = found.row?.values[field]
      const theirs = store?.[field] ?? null
      const known = base?.fields[field]
      const verdict = decideField(rule, { source: mapped, store: theirs, base: known })
      const refusal =
        verdict.kind === 'update' && store && mapped !== undefined ? refuse(target, store, field, mapped) : undefined
      return {
        field,
        owner: rule.owner,
        ...cellOf(found.row?.column === undefined ? rule : { from: found.row.column }, raw),
        mapped,
        store: theirs,
        base: known?.store,
        verdict: refusal
          ? `rejected: ${refusal}`
          : found.row
            ? wording(verdict.kind === 'settled' && known?.stands ? 'stands' : verdict.kind)
            : 'the source does not name it',
      }
    }),
    recent: recentPlans(mirror, spec.name, key),
    conflicts: mirror.conflictsOfKey(spec.name, key, RECENT_CONFLICTS).map(conflictStory),
    history: row ? mirror.history(historyOf(target), Object.values(row.entity).map(String)[0] ?? '', 10) : [],
  }
}

/** The same of every part of a row that the source speaks of, by the key of that row. */
export const explainParts = async (
  context: Context,
  mirror: Mirror,
  spec: SyncSpec,
  source: Source,
  wanted: string,
): Promise<readonly Explanation[]> => {
  const target = targetOf(context.catalog, spec.resource)
  const keys: string[] = []
  for await (const items of readResolved({ catalog: context.catalog, mirror, asOf: '' }, spec, target, source)) {
    for (const item of items) {
      const isIt = 'row' in item && item.row.of && matchText(item.row.of) === matchText({ key: wanted })
      if (isIt) keys.push(keyText(item.row.key))
    }
  }
  const stories: Explanation[] = []
  for (const key of keys) {
    const story = await explain(context, mirror, spec, source, key)
    if (story) stories.push(story)
  }
  return stories
}

/** What the value is made of: a column and its cell, or an expression and the cells that it reads. */
const cellOf = (
  { from, expr, value, reads = [] }: Pick<FieldRule, 'from' | 'expr' | 'value' | 'reads'>,
  raw: Readonly<Record<string, string>> | undefined,
): Pick<FieldStory, 'column' | 'cell'> => {
  if (from !== undefined) return { column: from, cell: raw?.[from] ?? null }
  if (expr === undefined) return { column: 'constant', cell: value ?? '' }
  return { column: expr, cell: raw ? reads.map((name) => `${name}=${raw[name] ?? ''}`).join(', ') : null }
}

const findRow = async (
  items: AsyncIterable<readonly SourceItem[]>,
  key: string,
): Promise<{ row: SourceRow | null; line: number | null; rejected: string | null; key: Values | null }> => {
  let found: { row: SourceRow | null; line: number | null; rejected: string | null; key: Values | null } = {
    row: null,
    line: null,
    rejected: null,
    key: null,
  }
  for await (const batch of items) {
    for (const item of batch) {
      if ('row' in item && matchText(item.row.key) === key) {
        found = { row: item.row, line: item.row.line, rejected: null, key: item.row.key }
      } else if ('rejection' in item && item.rejection.key && matchText(item.rejection.key) === key) {
        const { row: line, column, value, reason } = item.rejection
        found = { row: null, line, rejected: `${column} ${JSON.stringify(value)}: ${reason}`, key: item.rejection.key }
      }
    }
  }
  return found
}

const parseKey = (text: string, kind: string | undefined): Value => (kind === 'integer' ? Number(text) : text)

const wording = (verdict: string): string =>
  ({
    silent: 'no opinion in the source: the store keeps its value',
    equal: 'equal on both sides',
    settled: 'differs, and both sides are as they were when that was accepted',
    stands: 'differs because a person decided so; it stands until the side that owns it moves',
    update: 'the store gets the source’s value',
    'write-back': 'the source gets the store’s value',
    keep: 'the store’s value stands',
    conflict: 'conflict: both sides changed',
  })[verdict] ?? verdict

const conflictStory = ({ id, field, base, store, source, since, settled, decision }: ConflictRow): ConflictStory => ({
  ...{ id, field, base, since, settled, decision },
  inStore: store,
  inSource: source,
})

const RECENT_CONFLICTS = 5

const historyOf = (target: ReturnType<typeof targetOf>): string =>
  target.kind === 'plain' ? target.name : target.parent.name
