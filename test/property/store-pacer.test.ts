import fc from 'fast-check'
import { describe, it } from 'vitest'
import { createPacer } from '../../src/store/pacer.ts'

const step = fc.record({
  pauseMs: fc.integer({ min: 0, max: 40_000 }),
  tripMs: fc.integer({ min: 0, max: 20_000 }),
  told: fc.option(
    fc.record({
      facts: fc.option(
        fc.record({
          quota: fc.integer({ min: 1, max: 1000 }),
          left: fc.integer({ min: 0, max: 1000 }),
          windowMs: fc.constant(30_000),
          resetMs: fc.integer({ min: 0, max: 30_000 }),
        }),
      ),
      refusedMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
    }),
  ),
})

describe('whatever answers tell the pacer', () => {
  it('it always says a finite wait, and lets a request leave in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (steps, share) => {
        const pacer = createPacer({ share, lanes: 16 })
        let now = 0
        for (const { pauseMs, tripMs, told } of steps) {
          now += pauseMs
          const asked = now
          for (let wait = pacer.wait(now); wait > 0; wait = pacer.wait(now)) {
            if (!Number.isFinite(wait) || now - asked > 1_000_000) return false
            now += wait
          }
          pacer.leave(now)
          const leftAt = now
          now += tripMs
          pacer.ended(leftAt, now, told)
        }
        return true
      }),
    )
  })
})
