import { afterEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../../src/emulator/index.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const RESOURCES = [
  'products',
  'variants',
  'categories',
  'brands',
  'customer_groups',
  'customers',
  'orders',
  'order_lines',
]
const WINDOW = 30_000

/** Requests of each window of a store's quota. */
const byWindow = ({ requests }: Emulator, from: number): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (const { at } of requests) {
    const window = Math.floor((at - from) / WINDOW)
    counts.set(window, (counts.get(window) ?? 0) + 1)
  }
  return counts
}

describe('the quotas of both stores', () => {
  it('are used at once: the new store is written to while the old one is read, each as fast as its own quota lets it', async () => {
    const quota = { old: 30, fresh: 60 }
    shops = openTwoShops({
      old: { products: 60, orders: 240, customers: 80, plan: { requests: quota.old, windowMs: WINDOW } },
      fresh: { plan: { requests: quota.fresh, windowMs: WINDOW } },
      resources: [...RESOURCES, 'order_addresses', 'order_shipments'],
      isJudged: false,
    })
    // There are no price lists for it to name.
    shops.old.state.customerGroups.update(1, { discount_rules: [] })
    const begun = shops.clock.now()
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    const refused = [...shops.old.requests, ...shops.fresh.requests].filter(({ status }) => status === 429)
    expect(refused).toEqual([])
    const [old, fresh] = [byWindow(shops.old, begun), byWindow(shops.fresh, begun)]
    const both = [...old.keys()].filter(
      (window) => (old.get(window) ?? 0) >= quota.old * 0.8 && (fresh.get(window) ?? 0) >= quota.fresh * 0.8,
    )
    expect(both.length).toBeGreaterThanOrEqual(2)
    const lastRead = shops.old.requests.at(-1)?.at ?? 0
    const products = shops.fresh.log.filter(({ path }) => path === '/v3/catalog/products')
    expect(products.length).toBeGreaterThanOrEqual(60)
    expect(products.every(({ at }) => at < lastRead)).toBe(true)
  })
})

describe('a reading of the old store that breaks off', () => {
  it('ends the copy at what hangs on it, with what came before it, and the next run goes on', async () => {
    let isDown = true
    shops = openTwoShops({
      old: { products: 6, orders: 12 },
      resources: [...RESOURCES, 'order_addresses', 'order_shipments'],
      fetch: (inner) => (url, init) => {
        if (isDown && /emu_1\/v2\/orders\/\d+\/shipments/.test(String(url))) throw new TypeError('fetch failed')
        return inner(url, init)
      },
    })
    // The official description of a group's create knows no rule of a price list.
    shops.old.state.customerGroups.update(1, { discount_rules: [] })
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('fetch failed') } })
    expect(first.resources.find(({ resource }) => resource === 'products')).toMatchObject({ created: 6 })
    expect(first.resources.map(({ resource }) => resource)).not.toContain('order_shipments')
    isDown = false
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })
})
