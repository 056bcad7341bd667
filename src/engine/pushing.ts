import type { Allowed, Target } from '../diff/index.ts'
import type { Plan, Source, SyncSpec } from '../model/index.ts'
import type { Breaker } from './breaker.ts'
import type { Context, StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { Pulse } from './pulse.ts'

export interface PushOptions {
  /** Who said yes: a person at the terminal, `--yes`, or the rule of a job. */
  readonly approvedBy: string
  readonly allowed: Allowed
  /** Only these keys of the plan. */
  readonly only: readonly string[] | null
  /** Where values are written back to. */
  readonly source: Source
  /** Hash of the config's sections as they are now. */
  readonly configHash: string
}

/** What writing rows of one plan, and finding out what became of them, works with. */
export interface Writing {
  readonly context: Context
  readonly side: StoreSide
  readonly plan: Plan
  readonly target: Target
  readonly ledger: Ledger
  readonly run: string
}

/** One push under way. */
export interface Pushing extends Writing {
  readonly spec: SyncSpec
  readonly options: PushOptions
  /** What the plan and the push let pass together. */
  readonly allowed: Allowed
  readonly breaker: Breaker
  readonly pulse: Pulse
}
