import type { Quota } from './types.ts'

/** The rate headers of one answer. */
export interface QuotaFacts {
  readonly quota: number
  readonly left: number
  readonly windowMs: number
  /** Milliseconds until the window's end, as of some moment while the request was under way. */
  readonly resetMs: number
}

/** What is known of the store's current quota window, and how its remaining requests are spread. */
export interface QuotaWindow {
  /** The moment at which the next request may leave, or at which to ask again. */
  next(now: number, lastLeft: number, inFlight: number): number
  leave(): void
  ended(trip: Trip, facts: QuotaFacts | null): void
  quota(now: number): Quota
  timeFor(requests: number, now: number, inFlight: number): number
}

/** A request that came back: when it left, when it came back, and how many others are in flight then. */
export interface Trip {
  readonly leftAt: number
  readonly backAt: number
  readonly inFlight: number
}

/**
 * Starts from the first answer that carried rate headers. The window's end is known as an interval, because an answer's
 * `resetMs` is true for some moment between its leaving and its coming back; each answer narrows it.
 */
export const createQuotaWindow = (share: number, trip: Trip, facts: QuotaFacts): QuotaWindow => {
  let { quota, windowMs } = facts
  let end = endOf(facts, trip)
  let previousEnd = Number.NEGATIVE_INFINITY
  /** The window was begun by the clock; no answer has told its end yet. */
  let provisional = false
  /** Smallest number left that an answer told. */
  let left = facts.left
  /** Our requests that count for the window, or may do so while they are in flight. */
  let mine = trip.inFlight + 1
  /** What was used of the first window before our first request. It tells nothing of what others will do. */
  let before = Math.max(0, quota - left - 1)
  /** Mean of what others use in a window. */
  let others = 0
  let closed = -1

  const usedByOthers = (): number => Math.max(0, quota - left - mine - before)

  const begin = (flying: number): void => {
    closed += 1
    if (closed > 0) others += (usedByOthers() - others) / Math.min(closed, MEMORY)
    previousEnd = end.last
    left = quota
    mine = flying
    before = 0
  }

  const roll = (now: number, flying: number): void => {
    if (now < end.last + MARGIN_MS) return
    begin(flying)
    end = { first: now + windowMs, last: now + windowMs }
    provisional = true
  }

  const allowed = (): number => Math.max(1, Math.floor(quota * share))

  /** Requests that may still leave in the window. */
  const available = (now: number, flying: number): number => {
    const expected = others * Math.min(1, Math.max(0, (end.first - now) / windowMs))
    const reserve = others >= 1 || usedByOthers() >= 2 ? quota * RESERVE : 0
    return Math.min(left - flying - expected - reserve, allowed() - mine)
  }

  const learn = (trip: Trip, facts: QuotaFacts): void => {
    const told = endOf(facts, trip)
    if (told.first < previousEnd + MARGIN_MS && middle(told) < previousEnd + windowMs / 2) {
      mine -= 1
      return
    }
    quota = facts.quota
    windowMs = facts.windowMs
    const isNext = !provisional && middle(told) > middle(end) + windowMs / 2
    if (isNext) begin(trip.inFlight + 1)
    end = provisional || isNext ? told : overlap(end, told)
    provisional = false
    left = Math.min(left, facts.left)
  }

  return {
    next: (now, lastLeft, flying) => {
      roll(now, flying)
      const more = available(now, flying)
      if (more < 1) return Math.min(end.last + MARGIN_MS, now + windowMs / 100)
      const stretch = end.first - windowMs * SPARE - now
      return stretch > 0 ? lastLeft + stretch / more : now
    },
    leave: () => {
      mine += 1
    },
    ended: (trip, facts) => {
      // An answer that took half a window tells too little of when it was given.
      if (facts && trip.backAt - trip.leftAt < windowMs / 2) learn(trip, facts)
      // It may have been counted although nobody told.
      else left -= 1
    },
    quota: (now) => {
      const over = now >= end.last
      return { quota, left: over ? quota : Math.max(0, left), windowMs, resetMs: over ? 0 : Math.ceil(end.last - now) }
    },
    timeFor: (requests, now, flying) => {
      const soon = Math.max(0, now < end.last ? available(now, flying) : 0)
      const remains = Math.max(0, end.first - now)
      if (requests <= soon) return (remains * requests) / soon
      const perWindow = Math.max(1, Math.min(allowed(), quota - others))
      return remains + ((requests - soon) / perWindow) * windowMs
    },
  }
}

const MARGIN_MS = 20
/** Part of the window at its end over which nothing is spread, so that the last requests still fall into it. */
const SPARE = 0.05
/** Part of the quota that is left alone while another consumer is seen. */
const RESERVE = 0.02
/** Windows that the mean of the others' use reaches back. */
const MEMORY = 5

interface End {
  readonly first: number
  readonly last: number
}

const endOf = ({ resetMs }: QuotaFacts, { leftAt, backAt }: Trip): End => ({
  first: leftAt + resetMs,
  last: backAt + resetMs,
})

const middle = ({ first, last }: End): number => (first + last) / 2

/** Both hold; where they contradict each other the newer one counts. */
const overlap = (known: End, told: End): End => {
  const first = Math.max(known.first, told.first)
  const last = Math.min(known.last, told.last)
  return first <= last ? { first, last } : told
}
