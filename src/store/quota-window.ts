import type { Budget, QuotaFacts, Trip } from './budget.ts'
import { endOf, middle, overlap } from './window-end.ts'

/**
 * Starts from the first answer that carried rate headers. The window's end is known as an interval, which each answer narrows.
 * What others will use until then is foretold from what they used before, and left to them.
 */
export const createQuotaWindow = (share: number, trip: Trip, facts: QuotaFacts): Budget => {
  let { quota, windowMs } = facts
  /** All times told so far are whole seconds, so the store may round them. */
  let isCoarse = isWhole(facts)
  let end = endOf(facts, trip, isCoarse)
  let previousEnd = Number.NEGATIVE_INFINITY
  /** The window was begun by the clock; no answer has told its end yet. */
  let provisional = false
  /** Smallest number left that an answer told, and when it was. */
  let left = facts.left
  let seenAt = trip.backAt
  /** Since when others' use of this window is known. */
  let watchedFrom = trip.backAt
  /** Our requests that count for the window, or may do so while they are in flight. */
  let mine = trip.inFlight + 1
  /** What was used of the first window before our first request. It tells nothing of what others will do. */
  let before = Math.max(0, quota - left - 1)
  /** What others used in the windows before, and how many windows that were; older ones count less. */
  let past = { used: 0, windows: 0 }
  let tripMs = trip.backAt - trip.leftAt

  const usedByOthers = (): number => Math.max(0, quota - left - mine - before)

  const watched = (): number => Math.max(0, seenAt - watchedFrom) / windowMs

  /** Mean of what others use in a window. */
  const others = (): number => (past.used + usedByOthers()) / Math.max(LEAST_WATCHED, past.windows + watched())

  const begin = (now: number, flying: number): void => {
    past = { used: past.used * KEPT + usedByOthers(), windows: past.windows * KEPT + watched() }
    previousEnd = end.last
    left = quota
    seenAt = now
    watchedFrom = now
    mine = flying
    before = 0
  }

  const roll = (now: number, flying: number): void => {
    if (now < end.last + MARGIN_MS) return
    begin(now, flying)
    end = { first: now + windowMs, last: now + windowMs }
    provisional = true
  }

  const allowed = (): number => Math.max(1, Math.floor(quota * share))

  /** Requests that may still leave in the window. */
  const available = (flying: number): number => {
    const expected = (others() * Math.max(0, end.first - seenAt)) / windowMs
    const more = Math.min(left - flying - expected, allowed() - mine)
    // Where others seem to take everything, one request tells whether they still do.
    return mine === 0 && left >= 1 ? Math.max(1, more) : more
  }

  /** Time over which what may still leave is spread. */
  const stretchAt = (now: number): number => Math.max(0, end.first - tripMs * LEAD_TRIPS - windowMs * SPARE - now)

  const learn = (trip: Trip, facts: QuotaFacts): void => {
    isCoarse &&= isWhole(facts)
    const told = endOf(facts, trip, isCoarse)
    if (told.first < previousEnd + MARGIN_MS && middle(told) < previousEnd + windowMs / 2) {
      mine -= 1
      return
    }
    quota = facts.quota
    windowMs = facts.windowMs
    const isNext = !provisional && middle(told) > middle(end) + windowMs / 2
    if (isNext) begin(trip.leftAt, trip.inFlight + 1)
    end = provisional || isNext ? told : overlap(end, told)
    provisional = false
    if (facts.left >= left) return
    left = facts.left
    seenAt = trip.leftAt
  }

  return {
    next: (now, lastLeft, flying) => {
      roll(now, flying)
      const more = available(flying)
      if (more < 1) return Math.min(end.last + MARGIN_MS, now + windowMs / 100)
      const stretch = stretchAt(now)
      return stretch > 0 ? lastLeft + stretch / more : now
    },
    leave: () => {
      mine += 1
    },
    ended: (trip, told) => {
      const facts = told?.facts
      tripMs += (trip.backAt - trip.leftAt - tripMs) / 8
      // An answer that took half a window tells too little of when it was given.
      if (facts && trip.backAt - trip.leftAt < windowMs / 2) learn(trip, facts)
      // It may have been counted although nobody told.
      else left -= 1
    },
    quota: (now) => {
      const over = now >= middle(end)
      return {
        quota,
        left: over ? quota : Math.max(0, left),
        windowMs,
        resetMs: over ? 0 : Math.ceil(middle(end) - now),
      }
    },
    timeFor: (requests, now, flying, unpacedMs) => {
      const remains = Math.max(0, end.first - now)
      const soon = Math.min(Math.max(0, available(flying)), remains / unpacedMs)
      if (requests <= soon) return Math.max(requests * unpacedMs, (stretchAt(now) * requests) / Math.max(1, soon))
      const perWindow = Math.min(allowed(), quota - others(), windowMs / unpacedMs)
      return remains + ((requests - soon) * windowMs) / Math.max(1, perWindow)
    },
  }
}

const MARGIN_MS = 20
/** Part of the window at its end over which nothing is spread, so that the last requests still fall into it. */
const SPARE = 0.02
/** The same in round trips: what leaves late leaves on old news. */
const LEAD_TRIPS = 3
/** How much a window counts less with each one after it. */
const KEPT = 0.9
/** Others are not judged by less than so much of a window. */
const LEAST_WATCHED = 0.1

const isWhole = ({ resetMs }: QuotaFacts): boolean => resetMs % 1000 === 0
