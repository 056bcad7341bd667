import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/model/index.ts'
import { etaErrors } from '../support/pacing/eta.ts'
import { openShop } from '../support/shop.ts'

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

  // The reading before it goes one by one, and tells nothing of how fast several leave at once.
  it.each([
    ['standard', 400],
    ['pro', 400],
  ] as const)('a push that follows a pull on the %s plan, answers after %d ms', async (plan, latencyMs) => {
    const guards = Object.fromEntries(OPEN.map((name) => [name, false]))
    const prices = { store: 'main', resource: 'skus', source: 'feed', key: { variant_id: 'id' }, guards }
    const shop = openShop({
      emulator: { products: 2500, orders: 0, plan, settings: { latencyMs } },
      store: { resources: ['products', 'variants'], quotaShare: 1 },
      syncs: { prices: { ...prices, fields: { price: 'price' } } },
    })
    const told: (Extract<Progress, { kind: 'advance' }> & { readonly at: number })[] = []
    shop.progress.push = (...events) => {
      for (const one of events) if (one.kind === 'advance') told.push({ ...one, at: shop.clock.elapsed() })
      return told.length
    }
    try {
      await shop.pull()
      const rows = shop.rows('SELECT variant_id, price FROM skus WHERE is_simple AND own_price IS NULL LIMIT 1500')
      shop.feed([['id', 'price'], ...rows.map((row) => [Number(row['variant_id']), Number(row['price']) + 1])])
      await shop.push((await shop.plan()).plan.plan)
      const pushed = told.filter(({ what }) => what === 'push prices')
      const [first, last] = [pushed[0]!, pushed.at(-1)!]
      expect(pushed.length).toBeGreaterThan(100)
      for (const { done, total, at, eta } of pushed.filter(({ done }) => done >= pushed.length / 10)) {
        const off = Math.abs(at + (eta ?? 0) - last.at) / (last.at - first.at)
        expect(off, `${done} of ${total}`).toBeLessThanOrEqual(0.1)
      }
    } finally {
      shop.close()
    }
  })
})

const OPEN = ['maxChanges', 'allChanged', 'canary', 'maxSourceDrop', 'priceScale', 'maxPriceChange', 'priceFloor']
