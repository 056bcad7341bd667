import { createQuotaWindow, type QuotaFacts, type QuotaWindow } from './quota-window.ts'
import { createRate } from './rate.ts'
import type { Quota } from './types.ts'

/** What an answer tells the pacer. */
export interface Told {
  /** Its rate headers, null when it had none. */
  readonly facts: QuotaFacts | null
  /** It was a refusal for too many requests, and the store asks to wait that long (0 when it does not say), ms. */
  readonly refusedMs: number | null
}

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

/**
 * @param share part of the quota to use, above 0 and up to 1
 * @param lanes most requests in flight at once
 */
export const createPacer = ({ share, lanes }: { readonly share: number; readonly lanes: number }): Pacer => {
  const rate = createRate()
  let window: QuotaWindow | null = null
  let inFlight = 0
  let lastLeft = Number.NEGATIVE_INFINITY
  let heldUntil = Number.NEGATIVE_INFINITY
  let refusals = 0
  let tripMs: number | null = null

  const refused = (now: number, told: Told, askedMs: number): void => {
    // Requests that were in flight together are refused together: that is one refusal.
    if (now >= heldUntil) refusals += 1
    if (!told.facts) rate.refused()
    const pause = told.facts ? told.facts.resetMs : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (refusals - 1))
    heldUntil = Math.max(heldUntil, now + Math.max(pause, askedMs) + MARGIN_MS)
  }

  return {
    wait: (now) => {
      if (now < heldUntil) return heldUntil - now
      const next = window ? window.next(now, lastLeft, inFlight) : lastLeft + rate.intervalMs()
      return Math.max(0, next - now)
    },
    leave: (now) => {
      inFlight += 1
      lastLeft = now
      window?.leave()
    },
    ended: (leftAt, now, told) => {
      inFlight -= 1
      const facts = told?.facts ?? null
      const trip = { leftAt, backAt: now, inFlight }
      if (window) window.ended(trip, facts)
      else if (facts) window = createQuotaWindow(share, trip, facts)
      if (!told) return
      tripMs = tripMs === null ? now - leftAt : tripMs + (now - leftAt - tripMs) / 8
      if (told.refusedMs !== null) return refused(now, told, told.refusedMs)
      refusals = 0
      if (!facts) rate.succeeded()
    },
    quota: (now) => window?.quota(now) ?? { quota: null, left: null, windowMs: null, resetMs: null },
    eta: (requests, now) => {
      if (tripMs === null) return null
      const paced = window ? window.timeFor(requests, now, inFlight) : requests * rate.intervalMs()
      return Math.ceil(Math.max(paced, (requests * tripMs) / lanes) + Math.max(0, heldUntil - now))
    },
  }
}

/** The store's clock and ours do not tick together. */
const MARGIN_MS = 20
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 300_000
