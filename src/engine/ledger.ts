import { fieldsOf, type Target, targetOf } from '../diff/index.ts'
import type { AppliedRow, BaseRow, JournalEntry } from '../mirror/index.ts'
import {
  type Change,
  type ChangeState,
  type FieldChange,
  isoTime,
  matchText,
  type Plan,
  type PushReport,
  type RowResult,
  sameValue,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

export interface Step {
  readonly change: number
  readonly to: ChangeState
  readonly evidence: Values
}

/** A field of a change that the store is proven to hold now, with the value as the store saved it. */
export interface Proven {
  readonly change: number
  readonly field: string
  readonly value: Value
  /** Keys that name the row in the store, where the change does not know them yet. */
  readonly entity?: Values
}

/**
 * Where each change of a plan stands, in step with the journal: nothing is known here that is not on disk. A change may take
 * several requests; it counts as applied once all of them are, and as failed once one of them is. The base takes in a field when,
 * and only when, the store is proven to hold it.
 */
export class Ledger {
  readonly #context: Context
  readonly #side: StoreSide
  readonly #plan: Plan
  readonly #run: string
  readonly #changes: ReadonlyMap<number, Change>
  readonly #states: Map<number, { state: ChangeState; reason: string | null }>
  /** Requests of a change that have not ended yet. */
  readonly #open = new Map<number, number>()
  /** Keys of created rows that are there, while what follows them is not. */
  readonly #made = new Map<number, Values>()
  /** Fields of a change that this push has written. */
  readonly #proven = new Map<number, Set<string>>()
  #known: Target | undefined

  constructor(context: Context, side: StoreSide, plan: Plan, run: string) {
    this.#context = context
    this.#side = side
    this.#plan = plan
    this.#run = run
    this.#changes = new Map(plan.changes.map((change) => [change.id, change]))
    this.#states = new Map(
      [...side.mirror.changeStates(plan.plan)].map(([id, { state, reason }]) => [id, { state, reason }]),
    )
  }

  state(change: number): ChangeState {
    return this.#states.get(change)?.state ?? 'planned'
  }

  /** Whether this push has written the field already. */
  isProven(change: number, field: string): boolean {
    return this.#proven.get(change)?.has(field) ?? false
  }

  /** Keys of a created row that is there, while what follows it is not. */
  made(change: number): Values | undefined {
    return isTerminal(this.state(change)) ? undefined : this.#made.get(change)
  }

  /** The writes of a round, each with the changes that it carries a part of; what earlier rounds left open counts no more. */
  expect(writes: readonly { readonly changes: readonly number[] }[]): void {
    this.#open.clear()
    for (const { changes } of writes) {
      for (const change of changes) this.#open.set(change, (this.#open.get(change) ?? 0) + 1)
    }
  }

  /**
   * Records steps in one durable transaction. A change that has ended stays as it ended, and one of which a part is made does not go
   * back: as long as the rest is missing it stays in flight, so that whoever comes next finds it.
   */
  record(all: readonly Step[]): void {
    const steps = all
      .filter(({ change }) => !isTerminal(this.state(change)))
      .map((step) => (step.to === 'approved' && this.made(step.change) ? { ...step, to: 'intent' as const } : step))
    if (!steps.length) return
    const at = isoTime(this.#context.clock.now())
    const entries = steps.map(
      ({ change, to, evidence }): JournalEntry => ({
        plan: this.#plan.plan,
        change,
        run: this.#run,
        at,
        from: this.state(change),
        to,
        evidence: this.#withProven(change, to, evidence),
      }),
    )
    this.#side.mirror.journal(entries)
    for (const { change, to, evidence } of entries) {
      this.#states.set(change, {
        state: to,
        reason: typeof evidence['reason'] === 'string' ? evidence['reason'] : null,
      })
    }
  }

  /** Takes proven values into the base; with `whole`, those changes are applied by it. One durable transaction. */
  prove(proven: readonly Proven[], whole: readonly Step[]): void {
    this.#side.mirror.atOnce(() => {
      for (const { change, field, entity } of proven) {
        this.#proven.set(change, (this.#proven.get(change) ?? new Set()).add(field))
        if (entity && this.#changes.get(change)?.follow) this.#made.set(change, entity)
      }
      this.#side.mirror.saveBase(this.#plan.sync, this.#baseRows(proven), isoTime(this.#context.clock.now()))
      this.#side.mirror.dropBase(this.#plan.sync, this.#removedKeys(whole))
      this.#side.mirror.saveApplied(this.#appliedRows(proven), isoTime(this.#context.clock.now() - DAY_MS))
      this.record(whole)
    })
  }

  /** One request of a change ended well. Returns true when it was the last one. */
  partDone(change: number): boolean {
    const left = (this.#open.get(change) ?? 1) - 1
    this.#open.set(change, left)
    return left <= 0 && !isTerminal(this.state(change))
  }

  results(changes: readonly Pick<Change, 'id' | 'key'>[]): readonly RowResult[] {
    return changes.map(({ id, key }) => ({
      id,
      key,
      state: this.state(id),
      reason: this.#states.get(id)?.reason ?? null,
    }))
  }

  counts(changes: readonly Pick<Change, 'id'>[]): PushReport['counts'] {
    const count = (...states: ChangeState[]) => changes.filter(({ id }) => states.includes(this.state(id))).length
    return {
      applied: count('applied'),
      skipped: count('skipped'),
      failed: count('failed'),
      held: count('held', 'unknown', 'intent'),
    }
  }

  /** A change of which not all fields were written by this push says which, and so does one that did not end as applied. */
  #withProven(change: number, to: ChangeState, evidence: Values): Values {
    const proven = [...(this.#proven.get(change) ?? [])]
    const isAll = this.#changes.get(change)?.fields.every(({ field }) => proven.includes(field)) ?? true
    if (!proven.length || (to === 'applied' && isAll) || to === 'intent' || to === 'unknown') return evidence
    if (to === 'applied' || to === 'approved') return { ...evidence, proven }
    return { ...evidence, proven, reason: `${String(evidence['reason'] ?? to)}; ${proven.join(', ')} applied` }
  }

  #baseRows(proven: readonly Proven[]): readonly BaseRow[] {
    const rows = new Map<number, { key: string; entity: string; fields: Record<string, BaseRow['fields'][string]> }>()
    for (const { change: id, field, value, entity } of proven) {
      const change = this.#changes.get(id)
      const planned = change?.fields.find((one) => one.field === field)
      if (!change || !planned || change.forget || !isForBase(change, planned)) continue
      const row = rows.get(id) ?? {
        key: matchText(change.key),
        entity: stableJson(entity ?? change.entity),
        fields: {},
      }
      row.fields[field] = {
        ...agreed(change.side, planned, value),
        ...(this.#isStock(change.resource, field) ? sinceWhen(planned, isoTime(this.#context.clock.now())) : {}),
      }
      rows.set(id, row)
    }
    return [...rows.values()]
  }

  /** What guards against going to and fro remember; stock does that by itself. */
  #appliedRows(proven: readonly Proven[]): readonly AppliedRow[] {
    const at = isoTime(this.#context.clock.now())
    return proven.flatMap(({ change: id, field }) => {
      const change = this.#changes.get(id)
      const planned = change?.fields.find((one) => one.field === field)
      if (change?.action !== 'update' || !planned || this.#isStock(change.resource, field)) return []
      return [{ resource: change.resource, key: matchText(change.key), field, from: planned.from, to: planned.to, at }]
    })
  }

  #isStock(resource: string, field: string): boolean {
    return fieldsOf(this.#target(resource))[field]?.role === 'stock'
  }

  #target(resource: string): Target {
    this.#known ??= targetOf(this.#context.catalog, resource)
    return this.#known
  }

  #removedKeys(whole: readonly Step[]): readonly string[] {
    return whole.flatMap(({ change: id }) => {
      const change = this.#changes.get(id)
      return change?.action === 'remove' || change?.forget ? [matchText(change.key)] : []
    })
  }
}

/** What the base takes in: usually both sides hold the new value; after a person's decision the other side keeps its own. */
const agreed = (side: Change['side'], { to, other }: FieldChange, saved: Value): BaseRow['fields'][string] => {
  const theirs = other === undefined ? to : other
  const values = side === 'store' ? { store: saved, source: theirs } : { store: theirs, source: saved }
  return sameValue(theirs, to) ? values : { ...values, stands: true }
}

/** Both sides agree on what these wrote; on what a removal wrote only where the other side's value is known. */
const isForBase = ({ action }: Change, { other }: FieldChange): boolean =>
  action === 'update' || action === 'create' || action === 'write-back' || other !== undefined

/** What was looked at before it was written stood still from the moment that its figure is of. */
const sinceWhen = (
  { asOf, moved }: FieldChange,
  at: string,
): Pick<BaseRow['fields'][string], 'at' | 'since' | 'ours'> => ({
  at,
  since: asOf !== undefined && moved === undefined ? asOf : at,
  ours: true,
})

const DAY_MS = 24 * 3_600_000

export const isTerminal = (state: ChangeState): boolean =>
  state === 'applied' || state === 'skipped' || state === 'failed'
