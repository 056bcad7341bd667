import type { Told } from './budget.ts'
import { createDemand } from './demand.ts'
import { createHour } from './hour.ts'
import { createQuotaWindow } from './quota-window.ts'
import { createRate } from './rate.ts'
import type { Quota } from './types.ts'

/**
 * Decides when the next request of a store may leave: arithmetic over moments that the caller takes from one monotonic clock,
 * in ms. With rate headers it spreads what is left of the quota over what remains of the window; without, it keeps a careful
 * rate. After a refusal nothing leaves until the window is over (docs/bigcommerce.md, Quotas).
 */
export interface Pacer {
  /** How long to wait; 0 when a request may leave now. Ask again after the wait. */
  wait(now: number): number
  /** A request leaves. */
  leave(now: number): void
  /** The end of the request that left at `leftAt`; `told` is null when no answer came. */
  ended(leftAt: number, now: number, told: Told | null): void
  quota(now: number): Quota
  /** How long that many further requests take; null before the first answer. */
  eta(requests: number, now: number): number | null
}

export interface PacerOptions {
  /** Part of the quota to use, above 0 and up to 1. */
  readonly share: number
  /** Most requests in flight at once. */
  readonly lanes: number
  /** A legacy account, which has a limit an hour. */
  readonly legacy?: boolean
}

export const createPacer = ({ share, lanes, legacy = false }: PacerOptions): Pacer => {
  const demand = createDemand()
  const firstPauseMs = legacy ? MINUTE_MS : FIRST_PAUSE_MS
  let budget = legacy ? createHour(share) : createRate(share)
  let isTold = false
  let inFlight = 0
  let lastLeft = Number.NEGATIVE_INFINITY
  let heldUntil = Number.NEGATIVE_INFINITY
  let refusals = 0
  let tripMs: number | null = null

  const refused = (now: number, told: Told, askedMs: number): void => {
    // Requests that were in flight together are refused together: that is one refusal.
    if (now >= heldUntil) refusals += 1
    const pause = told.facts ? told.facts.resetMs : Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (refusals - 1))
    heldUntil = Math.max(heldUntil, now + Math.max(pause, askedMs) + MARGIN_MS)
  }

  return {
    wait: (now) => {
      demand.asks(now)
      if (now < heldUntil) return heldUntil - now
      return Math.max(0, budget.next(now, lastLeft, inFlight) - now)
    },
    leave: (now) => {
      demand.leaves(now)
      inFlight += 1
      lastLeft = now
      budget.leave(now)
    },
    ended: (leftAt, now, told) => {
      demand.ended(now)
      inFlight -= 1
      const trip = { leftAt, backAt: now, inFlight }
      if (told?.facts && !isTold) {
        budget = createQuotaWindow(share, trip, told.facts)
        isTold = true
      } else budget.ended(trip, told)
      if (!told) return
      tripMs = tripMs === null ? now - leftAt : tripMs + (now - leftAt - tripMs) / 8
      if (told.refusedMs !== null) return refused(now, told, told.refusedMs)
      refusals = 0
    },
    quota: (now) => budget.quota(now),
    eta: (requests, now) => {
      if (tripMs === null) return null
      const unpacedMs = Math.max(1, demand.intervalMs() ?? tripMs / lanes)
      return Math.ceil(budget.timeFor(requests, now, inFlight, unpacedMs) + Math.max(0, heldUntil - now))
    },
  }
}

/** The store's clock and ours do not tick together. */
const MARGIN_MS = 20
const MINUTE_MS = 60_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 300_000
