import PQueue from 'p-queue'
import type { Line } from '../../../test/support/pacing/simulate.ts'
import type { Timeline } from '../../../test/support/pacing/timeline.ts'

/**
 * p-queue itself with its `intervalCap`, which is told no header. After a 429 it waits for the window's end as `after429` does.
 * Its timers are the timeline's as long as `restore` is not called.
 */
export const pQueue = (cap: { readonly intervalCap: number; readonly interval: number }) => {
  let restore = (): void => undefined
  return {
    client: (line: Line, timeline: Timeline): void => {
      restore = timersOf(timeline)
      const queue = new PQueue({ ...cap, concurrency: 10 })
      let heldUntil = 0
      const request = (): Promise<void> =>
        new Promise((resolve) => {
          const leave = (): void => {
            const wait = heldUntil - line.now()
            if (wait > 0) line.later(wait, leave)
            else
              line.send((_, { facts, refusedMs }) => {
                if (refusedMs !== null) heldUntil = Math.max(heldUntil, line.now() + (facts?.resetMs ?? 1000))
                resolve()
              })
          }
          leave()
        })
      const more = (): void => void queue.add(request).then(more)
      for (let nth = 0; nth < 20; nth += 1) more()
    },
    restore: () => restore(),
  }
}

/** Lets the machine's timers run on the timeline. Returns what gives them back. */
const timersOf = (timeline: Timeline): (() => void) => {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
  const { now } = Date
  const stop = (timer: unknown): void => (timer as Timer | undefined)?.stop()
  const timers = {
    setTimeout: (run: () => void, ms = 0): Timer => ({ stop: timeline.at(timeline.now() + ms, run) }),
    clearTimeout: stop,
    setInterval: (run: () => void, ms: number): Timer => {
      const timer = { stop: () => {} }
      const tick = (): void => {
        timer.stop = timeline.at(timeline.now() + ms, tick)
        run()
      }
      timer.stop = timeline.at(timeline.now() + ms, tick)
      return timer
    },
    clearInterval: stop,
  }
  Object.assign(globalThis, timers)
  Date.now = () => Math.floor(timeline.now())
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval })
    Date.now = now
  }
}

interface Timer {
  readonly stop: () => void
}
