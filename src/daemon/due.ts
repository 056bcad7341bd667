import type { Schedule } from './schedule.ts'

/** What a look at the clock says of one job. */
export type Due =
  /** Nothing is due; `last` stays. */
  | { readonly kind: 'not-yet' }
  /** An instant has passed that nothing was run for; however many there were, the latest stands for all. */
  | { readonly kind: 'due'; readonly instant: number }
  /** The last instant lies so far ahead that the clock must have been wrong when it was written; it begins anew from now. */
  | { readonly kind: 'clock-was-ahead' }

/**
 * Whether a job is due.
 * @param last The latest instant that was run, or passed over, ms. A clock that is set back a little does not reach it again
 * before its time, so nothing runs twice.
 */
export const dueNow = (schedule: Schedule, last: number, now: number): Due => {
  if (last > now + AHEAD_MS) return { kind: 'clock-was-ahead' }
  const instant = schedule.latest(last, now)
  return instant === null ? { kind: 'not-yet' } : { kind: 'due', instant }
}

/** A day and an hour: a clock that was a day off and put right is the same mistake undone. */
const AHEAD_MS = 25 * 3_600_000
