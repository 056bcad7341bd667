import type { Clock } from '../../src/model/index.ts'

/** Time that passes only when everybody waits, or when the test says so. */
export interface VirtualClock extends Clock {
  advance(ms: number): void
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Turns of the event loop without a new sleeper before time jumps to the next one: answers in memory take a few. */
const IDLE_TURNS = 12

export const virtualClock = (start = Date.parse('2026-03-02T09:00:00Z')): VirtualClock => {
  let passed = 0
  let watching = false
  const sleepers = new Set<Sleeper>()

  const watch = async (): Promise<void> => {
    if (watching) return
    watching = true
    while (sleepers.size) {
      for (let turn = 0; turn < IDLE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      const [next] = [...sleepers].sort((a, b) => a.at - b.at)
      if (!next) break
      sleepers.delete(next)
      passed = Math.max(passed, next.at)
      next.wake()
    }
    watching = false
  }

  return {
    now: () => start + passed,
    elapsed: () => passed,
    advance: (ms) => {
      passed += ms
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          at: passed + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(sleeper)
        void watch()
      }),
  }
}
