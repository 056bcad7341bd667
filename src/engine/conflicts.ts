import { type Allowed, fieldsOf, type Target, targetOf } from '../diff/index.ts'
import type { BaseRow, ConflictRow, Decision } from '../mirror/index.ts'
import {
  type Change,
  canonical,
  EXIT,
  type Facts,
  type FieldChange,
  isoTime,
  matchText,
  type Plan,
  type PlanReport,
  type SyncSpec,
  sameValue,
  stableJson,
  UsageError,
  type Value,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { modifiedField } from './newer-side.ts'
import { requestsSince } from './run.ts'
import { storePlan, verdictOf } from './store-plan.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** Brings the inbox up to date with what a plan of the whole source found; what it found no more is settled. */
export const keepConflicts = (
  context: Context,
  { mirror }: StoreSide,
  target: Target,
  { plan, sync, changes }: Plan,
  sourceAt: string | null,
): void => {
  const find = rowFinder(mirror, target)
  const dated = modifiedField(target)
  const rows = changes
    .filter(({ action }) => action === 'conflict')
    .flatMap((change) => {
      const storeAt = dated ? find(change.entity)?.values[dated] : null
      return change.fields.map(({ field, from, to, base }) => ({
        sync,
        resource: change.resource,
        key: change.key,
        entity: change.entity,
        label: change.label,
        line: change.line,
        field,
        base,
        store: from,
        source: to,
        storeAt: typeof storeAt === 'string' ? storeAt : null,
        sourceAt,
        plan,
      }))
    })
  mirror.saveConflicts(sync, rows, isoTime(context.clock.now()))
}

/** Who is right: a side, or another value as a person writes it. */
export type Take = 'store' | 'source' | { readonly value: string }

export interface ResolveOptions {
  readonly take: Take
  /** Who decides. */
  readonly by: string
  readonly allowed: Allowed
  readonly configHash: string
}

export interface ResolveReport extends Omit<PlanReport, 'plan'> {
  /** The plan that carries the decisions out; null when there is nothing to carry out. */
  readonly plan: Plan | null
  readonly decided: readonly { readonly conflict: string; readonly field: string; readonly value: Value }[]
}

/**
 * Decides conflicts of one sync and makes the plan that carries the decisions out. Taking the store's value where it is not written
 * back needs no plan: both sides are remembered as they are, and neither is asked about again until it moves.
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
  const before = side.store.requests()
  const target = targetOf(context.catalog, spec.resource)
  const open = ids.map((id) => openConflict(mirror.conflict(id), id, spec))
  const applied = appliedSince(mirror, context.catalog, '')
  const find = rowFinder(mirror, target)
  const changes: Omit<Change, 'id'>[] = []
  const kept: BaseRow[] = []
  const decided: ResolveReport['decided'][number][] = []
  for (const conflict of open) {
    const row = find(conflict.entity)
    const now = row && (currentValues(target, row, [conflict.field], applied)[conflict.field] ?? null)
    if (now === undefined || !sameValue(now, conflict.store)) throw moved(conflict)
    const value = takenValue(target, conflict, options.take)
    const needed = changesFor(spec, conflict, value)
    changes.push(...needed)
    if (!needed.length) kept.push(asItIs(conflict))
    decided.push({ conflict: conflict.id, field: conflict.field, value })
  }
  const origin = `resolve ${ids.join(' ')}`
  const plan = changes.length
    ? storePlan(
        context,
        side,
        { ...BARE, spec, target, changes, facts: factsOf(side, spec, target), origin },
        { ...options, automatic: false },
      )
    : null
  const at = isoTime(context.clock.now())
  const decision: Decision = { take: takeText(options.take), by: options.by, at, plan: plan?.plan ?? null }
  mirror.atOnce(() => {
    for (const conflict of open) mirror.decide(conflict.id, decision)
    mirror.saveBase(spec.name, kept, at)
  })
  const verdict = plan ? verdictOf(plan) : { state: 'complete' as const, exit: EXIT.done }
  return { run, plan, decided, requests: requestsSince(side, before), ...verdict }
}

/** A plan that no source was read for. */
export const BARE = { rejected: [], unchanged: 0, firstContact: 0, notes: [], snapshot: '' } as const

/** What the guards can know where no source was read. */
export const factsOf = (side: StoreSide, spec: SyncSpec, target: Target): Facts => {
  const rows = side.mirror
    .lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(spec.key))
    .count()
  return {
    owned: rows,
    storeRows: rows,
    matched: side.mirror.base(spec.name).count(),
    inStock: rows,
    identity: null,
    source: null,
  }
}

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

const takenValue = (target: Target, { id, field, store, source }: ConflictRow, take: Take): Value => {
  if (take === 'store') return store
  if (take === 'source') return source
  const facts = fieldsOf(target)[field]
  try {
    if (facts) return canonical(facts, take.value)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new UsageError(`${id}: ${JSON.stringify(take.value)} is ${cause.message}`, { where: field, cause })
  }
  throw new UsageError(`${id}: there is no field ${field} any more`)
}

/** What has to be written so that both sides hold the value, or the store does and the source is left as it is. */
const changesFor = (spec: SyncSpec, conflict: ConflictRow, value: Value): readonly Omit<Change, 'id'>[] => {
  const { resource, key, entity, label, line, field, base, store, source } = conflict
  const row = { resource, key, entity, label, line }
  const owner = spec.fields[field]?.owner ?? 'both'
  const back = spec.fields[field]?.writeBack ?? false
  const one = (from: Value, more: Partial<FieldChange>): FieldChange => ({
    field,
    from,
    to: value,
    base,
    owner,
    ...more,
  })
  const toStore = !sameValue(store, value)
  const toSource = !sameValue(source, value) && back
  return [
    ...(toStore
      ? [
          {
            ...row,
            action: 'update' as const,
            side: 'store' as const,
            fields: [one(store, back ? {} : { other: source })],
          },
        ]
      : []),
    ...(toSource
      ? [{ ...row, action: 'write-back' as const, side: 'source' as const, fields: [one(source, {})] }]
      : []),
  ]
}

/** Both sides stay as they are, and that is agreed. */
const asItIs = ({ key, entity, field, store, source }: ConflictRow): BaseRow => ({
  key: matchText(key),
  entity: stableJson(entity),
  fields: { [field]: { store, source, kept: true } },
})

const takeText = (take: Take): string => (typeof take === 'string' ? take : take.value)
