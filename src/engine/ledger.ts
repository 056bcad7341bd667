import type { JournalEntry } from '../mirror/index.ts'
import { type Change, type ChangeState, isoTime, type PushReport, type RowResult, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

export interface Step {
  readonly change: number
  readonly to: ChangeState
  readonly evidence: Values
}

/**
 * Where each change of a plan stands, in step with the journal: nothing is known here that is not on disk. A change may take
 * several requests; it counts as applied once all of them are, and as failed once one of them is.
 */
export class Ledger {
  readonly #context: Context
  readonly #side: StoreSide
  readonly #plan: string
  readonly #run: string
  readonly #states: Map<number, { state: ChangeState; reason: string | null }>
  /** Requests of a change that have not ended yet. */
  readonly #open = new Map<number, number>()

  constructor(context: Context, side: StoreSide, plan: string, run: string) {
    this.#context = context
    this.#side = side
    this.#plan = plan
    this.#run = run
    this.#states = new Map(
      [...side.mirror.changeStates(plan)].map(([id, { state, reason }]) => [id, { state, reason }]),
    )
  }

  state(change: number): ChangeState {
    return this.#states.get(change)?.state ?? 'planned'
  }

  /** The writes of a round, each with the changes that it carries a part of; what earlier rounds left open counts no more. */
  expect(writes: readonly { readonly changes: readonly number[] }[]): void {
    this.#open.clear()
    for (const change of writes.flatMap(({ changes }) => changes)) {
      this.#open.set(change, (this.#open.get(change) ?? 0) + 1)
    }
  }

  /** Records steps in one durable transaction. A change that has ended stays as it ended. */
  record(all: readonly Step[]): void {
    const steps = all.filter(({ change }) => !isTerminal(this.state(change)))
    if (!steps.length) return
    const at = isoTime(this.#context.clock.now())
    const entries = steps.map(
      ({ change, to, evidence }): JournalEntry => ({
        plan: this.#plan,
        change,
        run: this.#run,
        at,
        from: this.state(change),
        to,
        evidence,
      }),
    )
    this.#side.mirror.journal(entries)
    for (const { change, to, evidence } of steps) {
      this.#states.set(change, {
        state: to,
        reason: typeof evidence['reason'] === 'string' ? evidence['reason'] : null,
      })
    }
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
}

export const isTerminal = (state: ChangeState): boolean =>
  state === 'applied' || state === 'skipped' || state === 'failed'
