import type { Clock } from '../../src/model/index.ts'

/** Time that passes only when somebody sleeps or the test says so. */
export interface VirtualClock extends Clock {
  advance(ms: number): void
}

export const virtualClock = (start = Date.parse('2026-03-02T09:00:00Z')): VirtualClock => {
  let passed = 0
  const sleepers: { at: number; wake: () => void }[] = []
  let scheduled = false
  // When nothing else is left to do, time jumps to the next sleeper.
  const schedule = () => {
    if (scheduled || !sleepers.length) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      sleepers.sort((a, b) => a.at - b.at)
      const next = sleepers.shift()
      if (next) {
        passed = Math.max(passed, next.at)
        next.wake()
      }
      schedule()
    })
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
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        sleepers.push({ at: passed + ms, wake: resolve })
        schedule()
      }),
  }
}
