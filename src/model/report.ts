import type { Exit, SkiffError } from './errors.ts'
import type { Plan } from './plan.ts'
import type { Value, Values } from './value.ts'

/** How a run ended. Green is `complete` only. */
export type RunState =
  | 'complete'
  | 'complete-with-rejects'
  | 'partial'
  | 'blocked'
  | 'waiting'
  | 'interrupted'
  | 'failed'

/** Requests by purpose: `check` re-reads before and verifies after writing. */
export interface Requests {
  readonly read: number
  readonly write: number
  readonly check: number
}

export interface RunReport {
  readonly run: string
  readonly state: RunState
  readonly exit: Exit
  readonly requests: Requests
}

export interface ResourcePull {
  readonly resource: string
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly complete: boolean
  /** Rows that the store said it has; null where it does not tell. */
  readonly expected: number | null
}

export interface PullReport extends RunReport {
  readonly store: string
  /** Everything was read, because that was asked for or is due once a day, not only what changed. */
  readonly full: boolean
  readonly resources: readonly ResourcePull[]
  /** Rows of the store that could not be read when they were met last, and why. */
  readonly unread: readonly UnreadRow[]
  /** When everything is to be read again, to meet the edits that the store does not date. */
  readonly nextFull: readonly NextFull[]
}

/** A row of the store that is not as the API promises. */
export interface UnreadRow {
  readonly resource: string
  /** Several fields are joined by a tab; empty where the row does not tell it. */
  readonly key: string
  readonly reason: string
}

/** The next full pull of a listing that is pulled by changes in between. */
export interface NextFull {
  readonly resource: string
  /** The first pull from then on is a full one, UTC ISO-8601. */
  readonly due: string
  /** Requests that it takes, at the number of rows there are now. */
  readonly requests: number
}

export interface PlanReport extends RunReport {
  readonly plan: Plan
}

/** What was decided about conflicts. */
export interface ResolveReport extends RunReport {
  readonly sync: string
  readonly store: string
  /** The plan that carries it out; null when there is nothing to carry out. */
  readonly plan: Plan | null
  readonly decided: readonly {
    readonly conflict: string
    readonly key: Values
    readonly field: string
    readonly value: Value
  }[]
}

/** Where a planned change stands. `held` is open and waits for a person. */
export type ChangeState = 'planned' | 'approved' | 'intent' | 'unknown' | 'applied' | 'skipped' | 'failed' | 'held'

export interface RowResult {
  readonly id: number
  readonly key: Values
  readonly state: ChangeState
  /** Why, in words: "the store's price is 12.5 now, the plan expected 12". */
  readonly reason: string | null
}

/** Rows of a sync that are held, rejected, in conflict, failed or skipped, over all of its runs. */
export interface OpenRows {
  readonly rows: number
  /** Since when the oldest of them is, UTC ISO-8601; null when there is none. */
  readonly since: string | null
}

export interface PushReport extends RunReport {
  readonly plan: string
  readonly sync: string
  readonly store: string
  readonly counts: {
    readonly applied: number
    readonly skipped: number
    readonly failed: number
    readonly held: number
  }
  readonly rows: readonly RowResult[]
  /** What the sync has left open, rows of earlier runs included. */
  readonly open: OpenRows
  /** Why it stopped early, where it did. */
  readonly error?: ErrorReport
}

/** What a push of a plan would come to, as an emulated store with the mirror's rows answers it. Nothing was sent to the real one. */
export interface RehearsalReport extends RunReport {
  readonly plan: string
  readonly sync: string
  readonly store: string
  readonly counts: PushReport['counts']
  readonly rows: readonly RowResult[]
  readonly predicted: Prediction
  /** Why the push would stop early, where it would. */
  readonly error?: ErrorReport
  /** What may make the push come out otherwise, in sentences. */
  readonly unseen: readonly string[]
}

export interface Prediction {
  readonly requests: Requests
  readonly seconds: number
  readonly endpoints: readonly { readonly endpoint: string; readonly requests: number }[]
  /** The store's quota: requests in a window. */
  readonly quota: number
  readonly windowMs: number
  /** Requests as a part of one window's quota: 0.5 is half of it. */
  readonly quotaUsed: number
  /** Of one request. */
  readonly medianMs: number
  readonly p95Ms: number
  /** False where nothing is known of the store's pace and usual figures stand in. */
  readonly isLearned: boolean
}

export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly where: string | null
  readonly hint: string | null
}

export const errorReport = ({ code, message, where, hint }: SkiffError): ErrorReport => ({
  code,
  message,
  where: where ?? null,
  hint: hint ?? null,
})

export interface SyncReport extends PushReport {
  /** What became of the parts of its rows, one report for each child resource; absent where it has none. */
  readonly parts?: readonly SyncReport[]
  /** Null where an earlier sync of the same run has read what this one needs. */
  readonly pull: PullReport | null
  readonly summary: Plan['summary']
  readonly guards: Plan['guards']
}

/** What happens while a run goes on, for progress bars and logs. */
export type Progress =
  | { readonly kind: 'step'; readonly text: string }
  | {
      readonly kind: 'advance'
      readonly what: string
      readonly done: number
      /** Null while unknown. */
      readonly total: number | null
      /** Milliseconds that the rest will take, as the pacer reckons; null while unknown. */
      readonly eta: number | null
    }
  | { readonly kind: 'warning'; readonly text: string }

export type OnProgress = (progress: Progress) => void

/** What became of the rows of one resource in a migration. */
export interface CopyReport {
  readonly resource: string
  /** Rows of the old store. */
  readonly rows: number
  readonly created: number
  /** Rows that the new store had already and that stand for old ones from now on. */
  readonly adopted: number
  readonly updated: number
  /** Fields that both stores changed since the last copy. */
  readonly conflicts: number
  readonly failed: number
  /** Rows that stayed behind. */
  readonly left: number
}

/** A row of the old store that stayed behind, and why. */
export interface LeftBehind {
  readonly resource: string
  /** Its key, several fields joined by a tab. */
  readonly key: string
  readonly label: string | null
  readonly reason: string
}

/** What the API lets nobody carry over. */
export interface Refusal {
  readonly resource: string
  /** Rows of the old store that it concerns. */
  readonly rows: number
  readonly what: string
  /** What to do about it. */
  readonly instead: string
}

/** A name that people say rows are to have another for, and that no row of the old store has. */
export interface UnmetName {
  readonly resource: string
  readonly name: string
}

export interface MigrateReport extends RunReport {
  readonly from: string
  readonly to: string
  readonly resources: readonly CopyReport[]
  readonly left: readonly LeftBehind[]
  readonly refused: readonly Refusal[]
  readonly unmet: readonly UnmetName[]
  /** Of a copy of what changed since a time: resources that tell no time of change, and are compared as a whole. */
  readonly undated: readonly string[]
  /** Rows of the new store that could not be read, so that nothing is known of them. */
  readonly unread: readonly UnreadRow[]
  /** Requests that reading the old store took. */
  readonly reads: Requests
  /** Why it stopped early, where it did. */
  readonly error?: ErrorReport
}

/** What a migration would do to the rows of one resource. */
export interface CopyForecast {
  readonly resource: string
  readonly rows: number
  /** Rows that are copied already. */
  readonly standing: number
  /** Rows that the new store has already, by the fields that told. */
  readonly existing: Readonly<Record<string, number>>
  /** Rows to be made, those that come inside others included. */
  readonly create: number
  readonly inside: number
  readonly update: number
  readonly conflicts: number
  readonly left: number
  readonly requests: number
}

export interface MigrationPlanReport extends RunReport {
  readonly from: string
  readonly to: string
  readonly resources: readonly CopyForecast[]
  readonly left: readonly LeftBehind[]
  readonly refused: readonly Refusal[]
  readonly unmet: readonly UnmetName[]
  /** Of a copy of what changed since a time: resources that tell no time of change, and are compared as a whole. */
  readonly undated: readonly string[]
  /** Rows of the new store that could not be read, so that nothing is known of them. */
  readonly unread: readonly UnreadRow[]
  readonly reads: Requests
  /** Requests that reading the old store took, and how long its quota makes them take. */
  readonly reading: { readonly requests: number; readonly seconds: number }
  /** OAuth scopes that the new store's token needs with the right to modify, for this copy and for deltas after it. */
  readonly scopes: readonly string[]
  /** Requests that write to the new store, and how long its quota makes them take. */
  readonly cost: { readonly requests: number; readonly seconds: number }
}
