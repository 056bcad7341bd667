import type { Quota } from './types.ts'

/** The rate headers of one answer. */
export interface QuotaFacts {
  readonly quota: number
  readonly left: number
  readonly windowMs: number
  /** Milliseconds until the window's end, as of some moment while the request was under way. */
  readonly resetMs: number
}

/** What an answer tells the pacer. */
export interface Told {
  /** Its rate headers, null when it had none. */
  readonly facts: QuotaFacts | null
  /** Requests that a legacy account has left in the hour. */
  readonly hourLeft?: number | undefined
  /** It was a refusal for too many requests, and the store asks to wait that long (0 when it does not say), ms. */
  readonly refusedMs: number | null
}

/** A request that came back: when it left, when it came back, and how many others are in flight then. */
export interface Trip {
  readonly leftAt: number
  readonly backAt: number
  readonly inFlight: number
}

/** What is known of a limit on requests, and how those that it leaves are spread. All moments in ms of one clock. */
export interface Budget {
  /** The moment at which the next request may leave, or at which to ask again. */
  next(now: number, lastLeft: number, inFlight: number): number
  leave(now: number): void
  /** `told` is null when no answer came. */
  ended(trip: Trip, told: Told | null): void
  quota(now: number): Quota
  /** How long that many further requests take, when without a limit one would leave each `unpacedMs`. */
  timeFor(requests: number, now: number, inFlight: number, unpacedMs: number): number
}
