import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacer } from '../../src/store/pacer.ts'
import { type Scene, simulate } from '../support/pacing/simulate.ts'
import { skiffClient, skiffPacer } from '../support/pacing/skiff-client.ts'

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
      hourLeft: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
      refusedMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
    }),
  ),
})

const someShare = fc.double({ min: 0.01, max: 1, noNaN: true })

describe('whatever answers tell the pacer', () => {
  it('it always says a finite wait, and lets a request leave in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), someShare, fc.boolean(), (steps, share, legacy) => {
        const pacer = createPacer({ share, lanes: 16, legacy })
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

const scene: fc.Arbitrary<Scene> = fc.record({
  seed: fc.nat(),
  windows: fc.constant(20),
  quota: fc.constantFrom(60, 150, 450, 1000),
  start: fc.constantFrom('clock', 'first'),
  tripMs: fc
    .tuple(fc.integer({ min: 5, max: 400 }), fc.integer({ min: 0, max: 200 }))
    .map(([least, more]) => [least, least + more]),
  clockRate: fc.double({ min: 0.99, max: 1.01, noNaN: true }),
  resetStepMs: fc.constantFrom(1, 1000),
})

describe('whatever the store is like', () => {
  it('a pacer that is alone is never refused', () => {
    fc.assert(
      fc.property(scene, (given) => simulate(given, skiffClient()).oursRefused === 0),
      { numRuns: 60 },
    )
  })

  it('two that know nothing of each other are hardly ever refused, and leave little', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom(150, 450), (given, quota) => {
        const { oursRefused, usedPercent } = simulate({ ...given, quota, resetStepMs: 1 }, skiffClient(), skiffClient())
        expect(oursRefused).toBeLessThanOrEqual(1)
        expect(usedPercent).toBeGreaterThan(95)
      }),
      { numRuns: 40 },
    )
  })

  it('nobody goes beyond the share that was given', () => {
    const others = fc.constantFrom('none' as const, 'poisson' as const, 'bursts' as const)
    fc.assert(
      fc.property(scene, others, someShare, (given, who, share) => {
        const { mostOfOne } = simulate({ ...given, others: who }, skiffClient(skiffPacer({ share })))
        return mostOfOne <= Math.max(1, Math.floor((given.quota ?? 150) * share))
      }),
      { numRuns: 60 },
    )
  })
})
