import type { Clock } from '../model/index.ts'

export interface VirtualClock extends Clock {
  /** Lets time pass by itself, whoever waits. */
  advance(ms: number): void
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Time that begins at `start` and passes only when everybody waits: hours of waiting take as long as the work in between. */
export const virtualTime = (start: number): VirtualClock => {
  let passed = 0
  let isWatched = false
  const sleepers = new Set<Sleeper>()

  const watch = async (): Promise<void> => {
    if (isWatched) return
    isWatched = true
    while (sleepers.size) {
      for (let turn = 0; turn < IDLE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      let next: Sleeper | undefined
      for (const one of sleepers) if (!next || one.at < next.at) next = one
      if (!next) break
      sleepers.delete(next)
      passed = Math.max(passed, next.at)
      next.wake()
    }
    isWatched = false
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

/** Turns of the event loop after which nobody is at work any more: an answer in memory takes a few. */
const IDLE_TURNS = 12
