import { type BaseField, fieldsOf, limitsOf, type Target, targetOf } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  type Change,
  type FieldChange,
  matchText,
  type PlanReport,
  pick,
  type Rejection,
  type SyncSpec,
  sameValue,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { ageText, requireFresh } from './fresh.ts'
import { requestsSince } from './run.ts'
import { BARE, factsOf, type MakeOptions, storePlan, verdictOf } from './store-plan.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'
import { writtenBy } from './written-by.ts'

/**
 * Makes the plan that restores what a run overwrote. What others changed since is left alone and listed. Rows that it created are
 * hidden; rows that it deleted cannot be brought back. A field stays undone until its other side moves again.
 * @throws {UsageError} when the run wrote nothing, or worked for another sync.
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
  const target = targetOf(context.catalog, spec.resource)
  const asOf = requireFresh(context, side, target, true)
  const { plan, changes } = writtenBy(side.mirror, runId)
  if (plan.sync !== spec.name) throw new UsageError(`run ${runId} wrote for sync ${plan.sync}, not for ${spec.name}`)
  const looked = lookerAt(context, side, spec, target, plan.origin === undefined)
  const toStore = changes.filter((change) => change.side === 'store').map((change) => reversed(looked, change))
  const inStore = new Map<string, Value>()
  for (const { change } of toStore) {
    if (change) for (const { field, to } of change.fields) inStore.set(placeOf(change, field), to)
  }
  const toSource = changes
    .filter((change) => change.side === 'source')
    .map((change) => putBack(looked, change, inStore))
  const found = [...toStore, ...toSource]
  const made = {
    ...BARE,
    spec,
    target,
    changes: found.flatMap(({ change }) => change ?? []).reverse(),
    rejected: found.flatMap(({ left }) => left),
    facts: factsOf(side, spec, target),
    notes: [`undoes run ${runId} (plan ${plan.plan})`, `mirror as of ${ageText(context, asOf)}`],
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
  /** The run did what its source asked for, not what a person did about it. */
  readonly isOfSource: boolean
  isMapped(field: string): boolean
  /** The row as the store holds it, with what was applied lately; undefined when it is gone. */
  now(entity: Values, fields: readonly string[]): Values | undefined
  /** What both sides last agreed on. */
  base(key: Values, field: string): BaseField | undefined
  /** Keys of a row that was created. */
  created(key: Values): Values | undefined
  /** Whether a row beside it was made from that already. */
  isBeside(now: Values, field: string, value: Value): boolean
}

const lookerAt = (
  context: Context,
  { mirror }: StoreSide,
  spec: SyncSpec,
  target: Target,
  isOfSource: boolean,
): Looker => {
  const find = rowFinder(mirror, target)
  const applied = appliedSince(mirror, context.catalog, '')
  const base = mirror.base(spec.name)
  return {
    target,
    isOfSource,
    isMapped: (field) => field in spec.fields,
    now: (entity, fields) => {
      const row = find(entity)
      return row && currentValues(target, row, fields, applied)
    },
    base: (key, field) => base.get(matchText(key))?.fields[field],
    created: (key) => {
      const known = base.get(matchText(key))
      return known && (JSON.parse(known.entity) as Values)
    },
    isBeside: besideOf(mirror, target),
  }
}

const besideOf = (mirror: Mirror, target: Target): Looker['isBeside'] => {
  const { part, sent } = target.kind === 'plain' ? target.resource : {}
  if (target.kind !== 'plain' || !part || !sent) return () => false
  const rows = mirror.lookup(target.resource, [part.link])
  return (now, field, value) =>
    field === sent.from &&
    rows.find(pick(now, [part.link])).some(({ values }) => sameValue(values[field] ?? null, value))
}

const reversed = (looker: Looker, change: Change): Reversed => {
  if (change.action === 'create') return hidden(looker, change)
  if (change.action === 'remove')
    return left(change, '', 'deleted rows cannot be brought back; create it again from the source')
  return restored(looker, change)
}

/** The store's fields as they were, where they still hold what was written to them. */
const restored = (looker: Looker, change: Change): Reversed => {
  const { action, id: _id, floor: _floor, paid: _paid, ...row } = change
  const now = looker.now(change.entity, Object.keys(fieldsOf(looker.target)))
  if (!now) return left(change, '', 'gone from the store')
  const kept: Rejection[] = []
  const fields = change.fields.flatMap((done): FieldChange[] => {
    const { field, from, to, owner } = done
    const value = now[field] ?? null
    if (sameValue(value, from)) return []
    if (!sameValue(value, to)) {
      kept.push(...left(change, field, `changed since: ${show(value)} now, ${show(to)} was written`).left)
      return []
    }
    if (looker.isBeside(now, field, from)) {
      kept.push(...left(change, field, `another of its ${change.resource} is ${show(from)} by now`).left)
      return []
    }
    const other = looker.isMapped(field) ? { other: looker.base(change.key, field)?.source ?? to } : {}
    return [{ field, from: value, to: from, base: value, owner, ...other }]
  })
  // The source still does not name the row, so a removal would come again as long as it counts as agreed on.
  const forget = action === 'hide' && looker.isOfSource ? { forget: true as const } : {}
  const limits = limitsOf(looker.target, now, fields)
  return { change: fields.length ? { ...row, ...limits, action: 'update', fields, ...forget } : undefined, left: kept }
}

/** The source's cells as they were; the row itself tells while it is written whether they still are. */
const putBack = (looker: Looker, change: Change, restoredTo: ReadonlyMap<string, Value>): Reversed => {
  if (change.adds) return left(change, '', 'a row that was added to the source is not taken out of it')
  const { id: _id, ...row } = change
  const now = looker.now(
    row.entity,
    row.fields.map(({ field }) => field),
  )
  const fields = row.fields.map(({ field, from, to, owner }): FieldChange => {
    const place = placeOf(row, field)
    const other = restoredTo.has(place) ? (restoredTo.get(place) ?? null) : (now?.[field] ?? to)
    return { field, from: to, to: from, base: to, owner, other }
  })
  return { change: { ...row, fields }, left: [] }
}

const placeOf = ({ key }: Pick<Change, 'key'>, field: string): string => `${matchText(key)}\n${field}`

const hidden = (looker: Looker, change: Change): Reversed => {
  const visible = Object.entries(fieldsOf(looker.target)).find(([, field]) => field.role === 'visible')?.[0]
  const entity = looker.created(change.key)
  const now = visible && entity ? looker.now(entity, [visible]) : undefined
  if (!visible) return left(change, '', `rows of ${change.resource} cannot be hidden`)
  if (!entity || !now) return left(change, '', 'gone from the store')
  if (now[visible] !== true) return { change: undefined, left: [] }
  // What was made with it is there already, and is not made again.
  const { id: _id, floor: _floor, paid: _paid, nested: _nested, follow: _follow, ...row } = change
  const agreed = looker.base(change.key, visible)
  const field: FieldChange = {
    field: visible,
    from: true,
    to: false,
    base: agreed?.store ?? null,
    owner: 'source',
    note: 'was created by the run',
    ...(agreed ? { other: agreed.source } : {}),
  }
  return { change: { ...row, entity, action: 'hide', fields: [field] }, left: [] }
}

const left = ({ line, key }: Change, column: string, reason: string): Reversed => ({
  change: undefined,
  left: [{ row: line ?? 0, column, value: '', reason, key }],
})

const show = (value: Value): string => (value === null ? 'not set' : JSON.stringify(value))
