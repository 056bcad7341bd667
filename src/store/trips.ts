/** How long the store takes to answer, ms. */
export interface Latency {
  /** Answers that it was measured over. */
  readonly requests: number
  readonly medianMs: number
  /** 19 of 20 answers took no longer. */
  readonly p95Ms: number
}

export interface Trips {
  ended(ms: number): void
  /** Null before the first answer. */
  latency(): Latency | null
}

/** Measures round trips; of a long run the last ones count. */
export const createTrips = (): Trips => {
  const last: number[] = []
  let requests = 0
  return {
    ended: (ms) => {
      last[requests % MOST] = ms
      requests += 1
    },
    latency: () => {
      if (!requests) return null
      const sorted = last.toSorted((a, b) => a - b)
      const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
      return { requests, medianMs: at(0.5), p95Ms: at(0.95) }
    },
  }
}

const MOST = 2000
