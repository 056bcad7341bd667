import type { Budget } from './budget.ts'

/**
 * The limit of legacy accounts: 20,000 requests in any hour, of which each answer tells what is left (docs/bigcommerce.md, Quotas).
 * The hour moves on each minute. What others of the account use is what ours does not explain; they are expected to go on with it.
 */
export const createHour = (share: number): Budget => {
  /** Our requests by the minute in which they left. */
  const minutes = new Map<number, number>()
  let mine = 0
  let others = 0
  /** What others had used when it was first told, and when that was. */
  let first: { readonly others: number; readonly at: number } | null = null
  let heardAt = Number.NEGATIVE_INFINITY

  const forget = (now: number): void => {
    for (const [minute, count] of minutes) {
      if (minute >= Math.floor(now / MINUTE_MS) - KEPT_MINUTES) return
      minutes.delete(minute)
      mine -= count
    }
  }

  /** What others use in an hour: what they used in the last one, or more where they began meanwhile. */
  const othersPerHour = (now: number): number => {
    if (!first) return others
    const watched = Math.min(1, (now - first.at) / (KEPT_MINUTES * MINUTE_MS))
    return watched < LEAST_WATCHED ? others : Math.max(others, (others - first.others) / watched)
  }

  const left = (): number => Math.min(QUOTA - others, QUOTA * share) - mine

  const intervalMs = (now: number): number => {
    const perHour = Math.min(QUOTA * share, QUOTA - othersPerHour(now))
    const steady = ((KEPT_MINUTES + 1) * MINUTE_MS) / Math.max(1, perHour)
    return Math.max(steady, LAST_MS / Math.max(1, left()))
  }

  return {
    next: (now, lastLeft) => {
      forget(now)
      // Nobody tells what became free unless a request asks.
      if (left() < 1) return Math.max(heardAt, lastLeft) + MINUTE_MS
      return lastLeft + Math.min(MINUTE_MS, intervalMs(now))
    },
    leave: (now) => {
      const minute = Math.floor(now / MINUTE_MS)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
      mine += 1
    },
    ended: ({ backAt }, told) => {
      if (told?.hourLeft === undefined) return
      forget(backAt)
      others = Math.max(0, QUOTA - told.hourLeft - mine)
      first ??= { others, at: backAt }
      heardAt = backAt
    },
    quota: () => ({ quota: QUOTA, left: Math.max(0, QUOTA - others - mine), windowMs: 60 * MINUTE_MS, resetMs: null }),
    timeFor: (requests, now, _inFlight, unpacedMs) => requests * Math.max(unpacedMs, intervalMs(now)),
  }
}

const QUOTA = 20_000
const MINUTE_MS = 60_000
/** Minutes before the present one that may still count. */
const KEPT_MINUTES = 60
/** Time that the last requests of a full hour are spread over. */
const LAST_MS = 20_000
/** Part of an hour after which the others' pace can be told. */
const LEAST_WATCHED = 0.05
