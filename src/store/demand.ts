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
  let last: readonly number[] = []

  const learn = (interval: number): void => {
    count += 1
    mean += (interval - mean) / Math.min(count, LONG)
    last = [...last, interval].slice(-SHORT)
    const lately = last.reduce((sum, one) => sum + one, 0) / last.length
    if (last.length < SHORT || (lately * FASTER > mean && lately < mean * SLOWER)) return
    // Other work has begun.
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

/** Requests that the mean reaches back, and those that tell of a change. */
const LONG = 500
const SHORT = 12
/** Changes that are none by chance: now and then some answers are late, and none is early. */
const FASTER = 1.6
const SLOWER = 2.2
const PAUSE_MS = 1000
