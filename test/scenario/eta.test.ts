import { describe, expect, it } from 'vitest'
import { etaErrors } from '../support/pacing/eta.ts'

const WORK = [
  { kind: 'a pull', atOnce: 1 },
  { kind: 'a push', atOnce: 4 },
]
const STORES = [
  { plan: 'a standard plan', quota: 150 },
  { plan: 'a pro plan', quota: 450 },
]
const TRIPS = [[20, 20] as const, [100, 320] as const, [400, 400] as const]

const cases = WORK.flatMap((work) => STORES.flatMap((store) => TRIPS.map((tripMs) => ({ ...work, ...store, tripMs }))))

describe('the end that is foretold once a tenth is done is within a tenth of the whole', () => {
  it.each(cases)('$kind on $plan, round trips of $tripMs ms', async ({ kind: _, plan, ...work }) => {
    for (const seed of [1, 2]) {
      expect((await etaErrors({ ...work, seed, requests: 1500 })).ofAll).toBeLessThanOrEqual(0.1)
    }
  })

  // What another app does is chance: half an hour evens it out.
  it.each(cases.filter(({ tripMs: [shortest] }) => shortest === 100))(
    '$kind on $plan beside another app',
    async ({ kind: _, plan, ...work }) => {
      const requests = work.quota * 25
      expect((await etaErrors({ ...work, seed: 1, requests, others: true })).ofAll).toBeLessThanOrEqual(0.1)
    },
  )
})
