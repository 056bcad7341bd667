import { type Allowed, decidedFields, fieldsOf, limitsOf, refuse, type Target, targetOf } from '../diff/index.ts'
import type { BaseRow, ConflictRow, Decision } from '../mirror/index.ts'
import {
  type Change,
  canonical,
  EXIT,
  isoTime,
  matchText,
  type ResolveReport,
  type SyncSpec,
  sameValue,
  stableJson,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { requestsSince } from './run.ts'
import { BARE, factsOf, storePlan, verdictOf } from './store-plan.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

export interface ResolveOptions {
  /** Who is right: `store`, `source`, or another value as a person writes it. */
  readonly take: string
  /** Who decides. */
  readonly by: string
  readonly allowed: Allowed
  readonly configHash: string
}

/**
 * Decides conflicts of one sync and makes the plan that carries out everything decided that still waits. Until it is pushed, each
 * later plan carries it too, as long as neither side moves. Taking the store's value where it is not written back needs no plan: both
 * sides are remembered as they are, and neither is asked about again until it moves.
 * @throws {UsageError} when one is unknown, settled, or no longer as it is listed.
 */
export const resolve = (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  ids: readonly string[],
  options: ResolveOptions,
  run: string,
): ResolveReport => {
  const { mirror } = side
  const target = targetOf(context.catalog, spec.resource)
  const look = lookerAt(context, side, target)
  const at = isoTime(context.clock.now())
  const now = [...new Set(ids)].map((id): Decided => {
    const conflict = openConflict(mirror.conflict(id), id, spec)
    const row = look(conflict)
    if (!isAsListed(conflict, row)) throw moved(conflict)
    const value = takenValue(target, conflict, row ?? {}, options.take)
    return { conflict, decision: { take: options.take, value, by: options.by, at, plan: null } }
  })
  const earlier = mirror.conflicts(spec.name).flatMap((conflict): Decided[] => {
    const { id, decision } = conflict
    return decision && !ids.includes(id) && isAsListed(conflict, look(conflict)) ? [{ conflict, decision }] : []
  })
  const all = [...earlier, ...now]
  const planned = all.map((one) => ({ one, changes: changesFor(spec, target, one, look(one.conflict) ?? {}) }))
  const changes = planned.flatMap((one) => one.changes)
  const kept = planned.filter(({ one, changes: made }) => now.includes(one) && !made.length).map(({ one }) => one)
  const before = side.store.requests()
  const plan = mirror.atOnce(() => {
    const made = changes.length
      ? storePlan(
          context,
          side,
          {
            ...BARE,
            ...{ spec, target, changes, facts: factsOf(side, spec, target) },
            origin: `resolve ${all.map(({ conflict }) => conflict.id).join(' ')}`,
          },
          { ...options, automatic: false },
        )
      : null
    for (const { conflict, decision } of all) mirror.decide(conflict.id, { ...decision, plan: made?.plan ?? null })
    mirror.saveBase(spec.name, kept.map(asItIs), at)
    mirror.settle(
      kept.map(({ conflict }) => conflict.id),
      at,
    )
    return made
  })
  const decided = now.map(({ conflict: { id, key, field }, decision: { value } }) => ({
    conflict: id,
    ...{ key, field, value },
  }))
  const verdict = plan ? verdictOf(plan) : { state: 'complete' as const, exit: EXIT.done }
  return { run, sync: spec.name, store: side.name, plan, decided, requests: requestsSince(side, before), ...verdict }
}

interface Decided {
  readonly conflict: ConflictRow
  readonly decision: Decision
}

/** Looks a conflict's row up as the store holds it, with what was applied lately; undefined when it is gone. */
const lookerAt = (context: Context, { mirror }: StoreSide, target: Target) => {
  const find = rowFinder(mirror, target)
  const applied = appliedSince(mirror, context.catalog, '')
  return ({ entity, field }: ConflictRow): Values | undefined => {
    const row = find(entity)
    return row && { ...row.values, ...currentValues(target, row, [field], applied) }
  }
}

const isAsListed = ({ field, store }: ConflictRow, row: Values | undefined): boolean =>
  row !== undefined && sameValue(row[field] ?? null, store)

const openConflict = (found: ConflictRow | undefined, id: string, spec: SyncSpec): ConflictRow => {
  const hint = 'list them with `skiff conflicts`'
  if (!found) throw new UsageError(`there is no conflict ${id}`, { hint })
  if (found.sync !== spec.name) {
    throw new UsageError(`${id} is a conflict of sync ${found.sync}, not of ${spec.name}`, {
      hint: 'resolve the conflicts of one sync at a time',
    })
  }
  if (found.settled) throw new UsageError(`${id} is settled since ${found.settled}`, { hint })
  return found
}

const moved = ({ id, sync }: ConflictRow): UsageError =>
  new UsageError(`${id} is no longer as it is listed: the store's value moved`, {
    hint: `run \`skiff pull\` and \`skiff plan ${sync}\`, then look at it again`,
  })

/** @throws {UsageError} when it is a value that the field cannot hold. */
const takenValue = (target: Target, { id, field, store, source }: ConflictRow, row: Values, take: string): Value => {
  if (take === 'store') return store
  const facts = fieldsOf(target)[field]
  if (!facts) throw new UsageError(`${id}: there is no field ${field} any more`)
  try {
    const value = take === 'source' ? source : canonical(facts, take)
    const reason = sameValue(value, store) ? undefined : refuse(target, row, field, value)
    if (!reason) return value
    throw new UsageError(`${id}: ${JSON.stringify(value)} is ${reason}`, { where: field })
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new UsageError(`${id}: ${JSON.stringify(take)} is ${cause.message}`, {
      where: field,
      hint: 'say `store`, `source`, or a value of the field',
      cause,
    })
  }
}

const changesFor = (
  spec: SyncSpec,
  target: Target,
  { conflict, decision }: Decided,
  held: Values,
): readonly Omit<Change, 'id'>[] => {
  const { id, resource, key, entity, label, line, field, base, store, source } = conflict
  const rule = spec.fields[field] ?? { owner: 'both', writeBack: false }
  const needed = decidedFields(rule, field, base, { id, store, source, value: decision.value })
  const row = { resource, key, entity, label, line }
  const { update, 'write-back': back } = needed
  return [
    ...(update
      ? [
          {
            ...row,
            ...limitsOf(target, held, [update]),
            action: 'update' as const,
            side: 'store' as const,
            fields: [update],
          },
        ]
      : []),
    ...(back ? [{ ...row, action: 'write-back' as const, side: 'source' as const, fields: [back] }] : []),
  ]
}

/** Both sides stay as they are, and that is agreed. */
const asItIs = ({ conflict: { key, entity, field, store, source } }: Decided): BaseRow => ({
  key: matchText(key),
  entity: stableJson(entity),
  fields: { [field]: { store, source, kept: true } },
})
