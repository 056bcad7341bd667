import type { ChangeState, RunReport } from './report.ts'
import type { Value, Values } from './value.ts'

/** Ways in which store, mirror, base and source can disagree: what each means, and what to do about it. */
export const DRIFT = {
  'mirror-stale': {
    means: 'the store holds another value than the mirror: it was edited since the pull',
    next: 'skiff pull; if it stays, skiff pull --full',
  },
  'missing-in-mirror': {
    means: 'the store has a row that the mirror lacks',
    next: 'skiff pull; if it stays, skiff pull --full',
  },
  'missing-in-store': { means: 'the mirror has a row that is gone from the store', next: 'skiff pull' },
  'applied-not-seen': {
    means: 'Skiff wrote a value, and the store still shows the old one after it must have settled',
    next: 'look at the row in the store, then skiff pull and skiff plan',
  },
  'store-edited': {
    means: 'the store moved away from what both sides last agreed on',
    next: 'skiff plan shows who wins',
  },
  'source-moved': {
    means: 'the source moved on from what both sides last agreed on',
    next: 'skiff plan, then skiff push',
  },
  'both-moved': {
    means: 'store and source moved to different values',
    next: 'skiff plan shows who wins, or the conflict',
  },
  'never-agreed': { means: 'store and source differ and never agreed', next: 'skiff plan' },
  'base-behind': {
    means: 'both sides agree on another value than what is remembered of them',
    next: 'nothing; the next plan takes note of it',
  },
  'base-of-gone-row': {
    means: 'something is remembered of a row that the store has no more',
    next: 'skiff plan tells whether the source still names it',
  },
  'open-change': {
    means: 'a push was cut, and nobody knows yet what became of the row',
    next: 'the next push or sync looks it up',
  },
} as const satisfies Record<string, { readonly means: string; readonly next: string }>

export type DriftCause = keyof typeof DRIFT

/** One row, or one field of it, on which the sides disagree. A side that was not asked, or says nothing, is left out. */
export interface DriftRow {
  readonly cause: DriftCause
  /** Null where a resource was compared for no sync. */
  readonly sync: string | null
  readonly resource: string
  readonly key: Values
  readonly label: string | null
  /** Null where it is the whole row. */
  readonly field: string | null
  readonly store?: Value
  readonly mirror?: Value
  readonly base?: Value
  readonly source?: Value
}

export interface VerifyReport extends RunReport {
  readonly store: string
  readonly syncs: readonly string[]
  /** Rows that were compared, and all that the mirror has of the same kind. */
  readonly sampled: number
  readonly of: number
  /** What gives the same sample again; null where every row was compared. */
  readonly seed: number | null
  /** Fields, or whole rows, by cause. */
  readonly drift: Readonly<Partial<Record<DriftCause, number>>>
  /** The first of them. */
  readonly rows: readonly DriftRow[]
  /** Fields that Skiff wrote so lately that a reading says nothing about them. */
  readonly unsettled: number
  readonly mirror: MirrorState
  readonly notes: readonly string[]
}

/** Whether the mirror itself can be trusted. */
export interface MirrorState {
  /** What is wrong with the file; null when it is sound. */
  readonly damage: string | null
  /** The first entry of the journal that was altered; null when it is whole. */
  readonly altered: number | null
  readonly open: readonly { readonly plan: string; readonly change: number; readonly state: ChangeState }[]
}
