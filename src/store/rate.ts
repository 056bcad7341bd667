import type { Budget } from './budget.ts'

/**
 * A rate for stores that tell no quota: halved by a refusal, slowly raised by answers. It stays below 5 requests a second, the
 * smallest quota there is (docs/bigcommerce.md, Quotas: 150 in 30 s), by so much that requests which bunch on their way overfill no
 * window. Where even that was refused, it comes back to a bit below soon and goes beyond slowly.
 */
export const createRate = (share: number): Budget => {
  let perSecond = 4
  let refusedAt = Number.POSITIVE_INFINITY
  /** When the last refusal came; answers to what left before it tell nothing new. */
  let heardAt = Number.NEGATIVE_INFINITY
  let isDown = false
  const intervalMs = (): number => 1000 / (perSecond * share)

  return {
    next: (_, lastLeft) => lastLeft + intervalMs(),
    leave: () => undefined,
    ended: ({ leftAt, backAt }, told) => {
      if (!told) return
      if (told.refusedMs === null) {
        if (leftAt < heardAt) return
        isDown = false
        perSecond = Math.min(MOST, perSecond + (perSecond < refusedAt * 0.9 ? 0.02 : 0.0001))
        return
      }
      heardAt = backAt
      if (isDown) return
      isDown = true
      refusedAt = perSecond
      perSecond = Math.max(0.1, perSecond / 2)
    },
    quota: () => ({ quota: null, left: null, windowMs: null, resetMs: null }),
    timeFor: (requests, _now, _inFlight, unpacedMs) => requests * Math.max(unpacedMs, intervalMs()),
  }
}

/** Requests a second. */
const MOST = 4.9
