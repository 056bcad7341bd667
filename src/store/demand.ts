/** How fast requests would leave if no limit held them: one follows the other, or several lanes ask at once. */
export interface Demand {
  /** A request asks to leave; repeated asking does not count. */
  asks(now: number): void
  leaves(now: number): void
  ended(now: number): void
  /** Mean time from a request's leaving until the next one asks, ms; null while unknown. */
  intervalMs(): number | null
}

export const createDemand = (): Demand => {
  let askedAt: number | null = null
  let leftAt: number | null = null
  let endedAt = Number.NEGATIVE_INFINITY
  let count = 0
  let mean = 0
  /** The same of the last few. */
  let lately = 0

  const learn = (interval: number): void => {
    count += 1
    mean += (interval - mean) / Math.min(count, LONG)
    lately += (interval - lately) / Math.min(count, SHORT)
    // Other work has begun.
    if (count < SHORT || (lately <= 2 * mean && mean <= 2 * lately)) return
    mean = lately
    count = SHORT
  }

  return {
    asks: (now) => {
      askedAt ??= now
    },
    leaves: (now) => {
      // Who paused to do something else tells nothing of the pace.
      const isBusy = askedAt !== null && leftAt !== null && askedAt - Math.max(leftAt, endedAt) < PAUSE_MS
      if (isBusy && askedAt !== null && leftAt !== null) learn(askedAt - leftAt)
      askedAt = null
      leftAt = now
    },
    ended: (now) => {
      endedAt = now
    },
    intervalMs: () => (count ? mean : null),
  }
}

/** Requests that the means reach back. */
const LONG = 500
const SHORT = 20
const PAUSE_MS = 1000
