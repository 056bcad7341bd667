import type { Clock } from '../../src/model/index.ts'

/** Virtual time that passes only while a drive is under way and everybody waits, so a seed decides what happens when. */
export interface SimClock extends Clock {
  advance(ms: number): void
  /**
   * Runs `work` to its end, letting time jump from one sleeper to the next.
   * @throws {Error} when it takes more than `mostMs` of virtual time, or waits for nothing at all.
   */
  drive<T>(work: Promise<T>, mostMs: number): Promise<T>
}

interface Sleeper {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

const START = Date.parse('2026-03-02T09:00:00Z')
/** Turns of the event loop in which work in memory may go on by itself: streams of CSV records take one or two. */
const TURNS = 3
const MOST_IDLE_TURNS = 2000

export const simClock = (): SimClock => {
  let passed = 0
  let order = 0
  const sleepers = new Set<Sleeper>()
  const turn = () => new Promise((resolve) => setImmediate(resolve))

  const wakeNext = (): boolean => {
    let next: Sleeper | undefined
    for (const one of sleepers) {
      if (!next || one.at < next.at || (one.at === next.at && one.order < next.order)) next = one
    }
    if (!next) return false
    sleepers.delete(next)
    passed = Math.max(passed, next.at)
    next.wake()
    return true
  }

  return {
    now: () => START + passed,
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
          at: passed + Math.max(0, ms),
          order: order++,
          wake: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(sleeper)
      }),
    drive: async (work, mostMs) => {
      const limit = passed + mostMs
      let ended = false
      const watched = work.finally(() => {
        ended = true
      })
      watched.catch(() => undefined)
      for (let idle = 0; !ended; ) {
        for (let turns = 0; turns < TURNS && !ended; turns += 1) await turn()
        if (ended) break
        idle = wakeNext() ? 0 : idle + 1
        if (idle > MOST_IDLE_TURNS) throw new Error('I26: it waits for something that never comes')
        if (passed > limit) throw new Error(`I26: it takes more than ${mostMs / 3_600_000} h of virtual time`)
      }
      return watched
    },
  }
}
