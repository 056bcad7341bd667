import { setTimeout } from 'node:timers/promises'
import type { Clock, Random } from '../model/index.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}),
}

export const systemRandom: Random = Math.random
