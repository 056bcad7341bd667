import { type Control, tables as sql } from './control.ts'

export interface Paces {
  /** How fast the store was last seen to answer; null before that. */
  pace(): Pace | null
  savePace(pace: Pace): void
}

/** How fast a store answers, and how much it lets us ask. */
export interface Pace {
  /** Requests in a window; null where the store does not tell. */
  readonly quota: number | null
  readonly windowMs: number | null
  readonly medianMs: number
  readonly p95Ms: number
  /** Answers that it was measured over. */
  readonly requests: number
  readonly at: string
}

/** How fast the store was seen to answer. */
export const paceOf = (control: Control): Paces => ({
  pace: () => {
    const found = control.first(sql.selectFrom('sync_pace').selectAll().where('id', '=', 1))
    if (!found) return null
    const { quota, window_ms: windowMs, median_ms: medianMs, p95_ms: p95Ms, requests, at } = found
    return { quota, windowMs, medianMs, p95Ms, requests, at }
  },
  savePace: ({ quota, windowMs, medianMs, p95Ms, requests, at }) => {
    const row = { quota, window_ms: windowMs, median_ms: medianMs, p95_ms: p95Ms, requests, at }
    control.run(
      sql
        .insertInto('sync_pace')
        .values({ id: 1, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row)),
    )
  },
})
