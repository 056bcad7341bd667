import { type Control, tables as sql } from './control.ts'

export interface Settles {
  /** Every time a write was seen late, the oldest first. */
  lateSettles(): readonly LateSettle[]
  saveLateSettle(late: LateSettle): void
}

/** A write that the store showed only some time after it had said yes to it. */
export interface LateSettle {
  /** What the sync writes to, such as `skus`. */
  readonly resource: string
  /** From the end of the request to the reading that showed it, ms. */
  readonly lagMs: number
  /** How long writes to the resource are left to settle from then on, ms. */
  readonly settleMs: number
  readonly run: string
  readonly plan: string
  readonly at: string
}

/** How late the store was seen to show what was written to it. */
export const settleOf = (control: Control): Settles => ({
  lateSettles: () =>
    control
      .all(sql.selectFrom('sync_settle').selectAll().orderBy('id'))
      .map(({ lag_ms: lagMs, settle_ms: settleMs, resource, run, plan, at }) => ({
        resource,
        lagMs,
        settleMs,
        run,
        plan,
        at,
      })),
  saveLateSettle: ({ lagMs, settleMs, ...named }) => {
    control.run(sql.insertInto('sync_settle').values({ ...named, lag_ms: lagMs, settle_ms: settleMs }))
  },
})
