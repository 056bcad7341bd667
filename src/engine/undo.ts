import { fieldsOf, type Target, targetOf } from '../diff/index.ts'
import {
  type Change,
  type FieldChange,
  matchText,
  type PlanReport,
  type Rejection,
  type SyncSpec,
  sameValue,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { BARE, factsOf } from './conflicts.ts'
import type { Context, StoreSide } from './context.ts'
import { ageText, requireFresh } from './fresh.ts'
import { requestsSince } from './run.ts'
import { type MakeOptions, storePlan, verdictOf } from './store-plan.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** The plan that a run carried out. @throws {UsageError} when it wrote nothing. */
export const planOfRun = ({ mirror }: Pick<StoreSide, 'mirror'>, runId: string): string => {
  const [first] = mirror.appliedIn(runId)
  if (first) return first.plan
  const record = mirror.run(runId)
  const dropped = mirror.prunedUntil()
  if (record && dropped !== null && record.started <= dropped) {
    throw new UsageError(`what run ${runId} wrote is no longer known: the journal goes back to ${dropped} only`, {
      hint: '"retention" in the configuration says for how long it is kept; a backup may know more',
    })
  }
  throw new UsageError(
    record ? `run ${runId} wrote nothing, so there is nothing to undo` : `there is no run ${runId}`,
    { hint: 'list them with `skiff runs`' },
  )
}

/**
 * Makes the plan that restores what a run overwrote. What others changed since is left alone and listed. Rows that it created are
 * hidden; rows that it deleted cannot be brought back. A field stays undone until its other side moves again.
 */
export const undo = (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  runId: string,
  options: MakeOptions,
  run: string,
): PlanReport => {
  const before = side.store.requests()
  const { mirror } = side
  const target = targetOf(context.catalog, spec.resource)
  const asOf = requireFresh(context, side, target, true)
  const plan = mirror.plan(planOfRun(side, runId))?.plan
  const done = new Set(mirror.appliedIn(runId).map(({ change }) => change))
  const looked = lookerAt(context, side, spec, target)
  const found = (plan?.changes ?? []).filter(({ id }) => done.has(id)).map((change) => reversed(looked, change))
  const made = {
    ...BARE,
    spec,
    target,
    changes: found.flatMap(({ change }) => change ?? []).reverse(),
    rejected: found.flatMap(({ left }) => left),
    facts: factsOf(side, spec, target),
    notes: [`undoes run ${runId} (plan ${plan?.plan})`, `mirror as of ${ageText(context, asOf)}`],
    origin: `undo ${runId}`,
  }
  const stored = storePlan(context, side, made, options)
  return { run, plan: stored, requests: requestsSince(side, before), ...verdictOf(stored) }
}

interface Reversed {
  readonly change: Omit<Change, 'id'> | undefined
  /** What is left alone, and why. */
  readonly left: readonly Rejection[]
}

interface Looker {
  readonly target: Target
  /** The row as the store holds it, with what was applied lately; undefined when it is gone. */
  now(entity: Values, fields: readonly string[]): Values | undefined
  /** What both sides last agreed on. */
  base(key: Values, field: string): { readonly store: Value; readonly source: Value } | undefined
  /** Keys of a row that was created. */
  created(key: Values): Values | undefined
}

const lookerAt = (context: Context, { mirror }: StoreSide, spec: SyncSpec, target: Target): Looker => {
  const find = rowFinder(mirror, target)
  const applied = appliedSince(mirror, context.catalog, '')
  const base = mirror.base(spec.name)
  return {
    target,
    now: (entity, fields) => {
      const row = find(entity)
      return row && currentValues(target, row, fields, applied)
    },
    base: (key, field) => base.get(matchText(key))?.fields[field],
    created: (key) => {
      const known = base.get(matchText(key))
      return known && (JSON.parse(known.entity) as Values)
    },
  }
}

const reversed = (looker: Looker, change: Change): Reversed => {
  switch (change.action) {
    case 'create':
      return hidden(looker, change)
    case 'remove':
      return left(change, '', 'deleted rows cannot be brought back; create it again from the source')
    case 'write-back':
      return putBack(looker, change)
    default:
      return restored(looker, change)
  }
}

/** The store's fields as they were, where they still hold what was written to them. */
const restored = (looker: Looker, change: Change): Reversed => {
  const { action: _action, id: _id, floor: _floor, ...row } = change
  const now = looker.now(
    change.entity,
    change.fields.map(({ field }) => field),
  )
  if (!now) return left(change, '', 'gone from the store')
  const kept: Rejection[] = []
  const fields = change.fields.flatMap((done): FieldChange[] => {
    const { field, from, to, owner } = done
    const value = now[field] ?? null
    const base = looker.base(change.key, field)
    if (sameValue(value, from)) return []
    if (!sameValue(value, to) && !sameValue(value, base?.store ?? to)) {
      kept.push(...left(change, field, `changed since: ${show(value)} now, ${show(to)} was written`).left)
      return []
    }
    return [{ field, from: value, to: from, base: value, owner, other: base ? base.source : to }]
  })
  return { change: fields.length ? { ...row, action: 'update', fields } : undefined, left: kept }
}

/** The source's cells as they were; the row itself tells while it is written whether they still are. */
const putBack = (looker: Looker, { action, id: _id, ...row }: Change): Reversed => {
  const now = looker.now(
    row.entity,
    row.fields.map(({ field }) => field),
  )
  const fields = row.fields.map(
    ({ field, from, to, owner }): FieldChange => ({
      field,
      from: to,
      to: from,
      base: to,
      owner,
      other: now?.[field] ?? to,
    }),
  )
  return { change: { ...row, action, fields }, left: [] }
}

const hidden = (looker: Looker, change: Change): Reversed => {
  const visible = Object.entries(fieldsOf(looker.target)).find(([, field]) => field.role === 'visible')?.[0]
  const entity = looker.created(change.key)
  const now = visible && entity ? looker.now(entity, [visible]) : undefined
  if (!entity || !now) return left(change, '', 'gone from the store')
  if (!visible) return left(change, '', `rows of ${change.resource} cannot be hidden`)
  if (now[visible] !== true) return { change: undefined, left: [] }
  const { id: _id, floor: _floor, ...row } = change
  const field: FieldChange = {
    field: visible,
    from: true,
    to: false,
    base: null,
    owner: 'source',
    note: 'was created by the run',
  }
  return { change: { ...row, entity, action: 'hide', fields: [field] }, left: [] }
}

const left = ({ line, key }: Change, column: string, reason: string): Reversed => ({
  change: undefined,
  left: [{ row: line ?? 0, column, value: '', reason, key }],
})

const show = (value: Value): string => (value === null ? 'not set' : JSON.stringify(value))
