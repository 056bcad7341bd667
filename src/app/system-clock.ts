import { setTimeout } from 'node:timers/promises'
import type { Clock, Random } from '../model/index.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      // Node's own error says only that there was a signal.
      signal?.throwIfAborted()
      throw error
    }
  },
}

export const systemRandom: Random = Math.random
