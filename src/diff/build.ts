import {
  type Binding,
  type Catalog,
  type Change,
  cellText,
  type Facts,
  type FieldRule,
  type GuardSettings,
  type Held,
  type Plan,
  type Rejection,
  stableJson,
  type Verdict,
} from '../model/index.ts'
import { applyGuards, type Recent } from './guards/apply.ts'
import { type Allowed, allowedTexts } from './guards/thresholds.ts'
import { keepPossible } from './possible.ts'
import { costOf, routeWrites } from './route.ts'
import { fieldsOf, type Target } from './target.ts'
import type { WriteContext } from './writes.ts'

export interface Draft {
  readonly sync: string
  readonly store: string
  readonly target: Target
  readonly catalog: Catalog
  readonly rules: Readonly<Record<string, FieldRule>>
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejected: readonly Rejection[]
  readonly unchanged: number
  readonly firstContact: number
  readonly facts: Facts
  /** What was written lately to the rows that change. */
  readonly recent: Recent
  readonly settings: GuardSettings
  readonly allowed: Allowed
  readonly automatic: boolean
  readonly origin?: string
  readonly waits?: string
  readonly writeContext: WriteContext
  readonly requestsPerSecond: number
  readonly notes: readonly string[]
  readonly binding: Binding
  readonly created: string
  readonly expires: string
}

/** Everything of a plan but its id and hash: numbers the rows, finds what cannot be carried out, applies the guards, counts the cost. */
export const buildPlan = (draft: Draft): Omit<Plan, 'plan' | 'hash'> => {
  const numbered = draft.changes.map((change, index): Change => ({ id: index + 1, ...change }))
  const { possible, rejected } = possibleIn(draft, numbered)
  const guarded = applyGuards({
    changes: possible,
    fields: fieldsOf(draft.target),
    settings: draft.settings,
    allowed: draft.allowed,
    automatic: draft.automatic,
    facts: draft.facts,
    recent: draft.recent,
  })
  // Held rows do not travel, so what travels is derived again: a price that all variants shared may now be some variants' own.
  const sent = possibleIn(draft, guarded.changes)
  const cost = costOf(routeWrites(draft.catalog, sent.writes), draft.requestsPerSecond)
  const all = [...draft.rejected, ...rejected, ...sent.rejected]
  return {
    sync: draft.sync,
    store: draft.store,
    created: draft.created,
    expires: draft.expires,
    binding: draft.binding,
    summary: summarise(sent.possible, guarded.held, rowsOf(all), draft.unchanged),
    matched: draft.facts.matched,
    firstContact: draft.firstContact,
    cost,
    guards: guarded.verdicts,
    facts: draft.facts,
    allowed: allowedTexts(draft.allowed),
    automatic: draft.automatic,
    ...(draft.origin === undefined ? {} : { origin: draft.origin }),
    ...(draft.waits === undefined ? {} : { waits: draft.waits }),
    notes: draft.notes,
    changes: sent.possible,
    held: guarded.held,
    rejected: all.sort((a, b) => a.row - b.row),
  }
}

/** The plan may be pushed by itself, must be looked at first, or not at all. */
export const isBlocked = (guards: readonly Verdict[]): boolean => guards.some(({ verdict }) => verdict === 'blocked')

const possibleIn = (draft: Draft, changes: readonly Change[]) => {
  const { dropped, notes, ...rest } = keepPossible(draft.target, changes, draft.writeContext)
  return {
    writes: rest.writes,
    possible: rest.changes.map((change) => annotate(change, notes.get(change.id))),
    rejected: dropped.map(({ change, field, reason }) => rejection(draft, change, field, reason)),
  }
}

/** Several cells of one row may be rejected; without a line, its key tells it from others. */
const rowsOf = (rejected: readonly Rejection[]): number =>
  new Set(rejected.map(({ row, key }) => row || stableJson(key ?? null))).size

const rejection = ({ rules }: Draft, change: Change, field: string, reason: string): Rejection => ({
  row: change.line ?? 0,
  column: rules[field]?.from ?? field,
  value: cellText(change.fields.find((one) => one.field === field)?.to ?? null),
  reason,
  key: change.key,
})

const annotate = (change: Change, notes: Readonly<Record<string, string>> | undefined): Change =>
  notes
    ? {
        ...change,
        fields: change.fields.map((field) =>
          notes[field.field] ? { ...field, note: notes[field.field] as string } : field,
        ),
      }
    : change

const summarise = (
  changes: readonly Change[],
  held: readonly Held[],
  rejected: number,
  unchanged: number,
): Plan['summary'] => {
  const count = (...actions: Change['action'][]) => changes.filter(({ action }) => actions.includes(action)).length
  return {
    create: count('create'),
    update: count('update'),
    remove: count('remove', 'hide'),
    writeBack: count('write-back'),
    conflict: count('conflict'),
    held: held.length,
    rejected,
    unchanged,
  }
}
