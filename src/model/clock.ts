/** The time as a parameter. `now` is wall time and may jump; `elapsed` only grows. Both in milliseconds. */
export interface Clock {
  now(): number
  elapsed(): number
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number

/** UTC ISO-8601 to the second, the form of every time in the mirror. */
export const isoTime = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`

/** A small seeded generator (mulberry32): same seed, same numbers. Not for secrets. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
