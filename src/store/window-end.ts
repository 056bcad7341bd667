import type { QuotaFacts, Trip } from './budget.ts'

/** The moment at which a window ends, as an interval that holds it. */
export interface End {
  readonly first: number
  readonly last: number
}

/**
 * An answer's `resetMs` is true for some moment between its leaving and its coming back, by a clock that need not tick as ours.
 * @param isCoarse the store rounds the time that it tells to seconds, up or down
 */
export const endOf = ({ resetMs }: QuotaFacts, { leftAt, backAt }: Trip, isCoarse: boolean): End => {
  const doubt = resetMs * DRIFT + (isCoarse ? 1000 : 0)
  return { first: leftAt + resetMs - doubt, last: backAt + resetMs + doubt }
}

export const middle = ({ first, last }: End): number => (first + last) / 2

/** Both hold; where they contradict each other the newer one counts. */
export const overlap = (known: End, told: End): End => {
  const first = Math.max(known.first, told.first)
  const last = Math.min(known.last, told.last)
  return first <= last ? { first, last } : told
}

/** Most that two clocks differ by in what they call a second. */
const DRIFT = 0.01
