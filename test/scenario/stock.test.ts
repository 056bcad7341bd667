import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/emulator/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const open = (options: ShopOptions = {}): Shop => {
  shop = openShop({
    syncs: {
      stock: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { inventory_level: 'stock' },
      },
    },
    ...options,
  })
  return shop
}
const plan = (options: { allow?: string[] } = {}) => shop.plan({ sync: 'stock', ...options })
const push = (id: string) => shop.push(id, { sync: 'stock' })

const tracked = (): { sku: string; level: number }[] =>
  shop.rows(`SELECT sku, inventory_level AS level FROM skus
    WHERE inventory_level IS NOT NULL AND (inventory_tracking = 'variant' OR is_simple) ORDER BY sku`) as {
    sku: string
    level: number
  }[]

describe('a stock sync', () => {
  it('sets the stock of simple products and variants in one request of up to 2,000 rows', async () => {
    open()
    await shop.pull()
    const rows = tracked()
    expect(rows.length).toBeGreaterThan(60)
    shop.feed([['sku', 'stock'], ...rows.map(({ sku, level }) => [sku, level + 1])])
    const { plan: made } = await plan()
    expect(made.summary).toMatchObject({ update: rows.length, rejected: 0 })
    const from = shop.emulator.log.length
    const pushed = await push(made.plan)
    expect(pushed.counts).toMatchObject({ applied: rows.length, failed: 0, skipped: 0 })
    // The first rows are read back before the others go.
    expect(writes(shop, from).map(({ body }) => body.items.length)).toEqual([5, rows.length - 5])
    shop.clock.advance(1000)
    await shop.pull({ full: true })
    expect(tracked()).toEqual(rows.map(({ sku, level }) => ({ sku, level: level + 1 })))
  })

  it('B15, B16: N28: plans nothing right after, although a read still shows the old figure', async () => {
    open({ emulator: { settings: { stockDelayMs: 20_000 } } })
    await shop.pull()
    const rows = tracked().slice(0, 10)
    shop.feed([['sku', 'stock'], ...rows.map(({ sku, level }) => [sku, level + 5])])
    await push((await plan()).plan.plan)
    await shop.pull()
    expect(tracked().slice(0, 10)).toEqual(rows)
    const early = (await plan()).plan
    expect(early.summary).toMatchObject({ update: 0, unchanged: 10 })
    shop.clock.advance(120_000)
    await shop.pull()
    expect(tracked().slice(0, 10)).toEqual(rows.map(({ sku, level }) => ({ sku, level: level + 5 })))
    expect((await plan()).plan.summary).toMatchObject({ update: 0, unchanged: 10 })
  })

  it('N28: sees a change that somebody made after ours had settled', async () => {
    open({ emulator: { products: 0, plan: 'unlimited' } })
    await simpleProduct(shop, 'MUG', 7, { inventory_tracking: 'product', inventory_level: 10 })
    shop.clock.advance(1000)
    await shop.pull()
    shop.feed([
      ['sku', 'stock'],
      ['MUG', 12],
    ])
    await push((await plan()).plan.plan)
    shop.clock.advance(120_000)
    await shop.pull()
    const [mug] = shop.emulator.state.products.list()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${mug?.id}`, { inventory_level: 9 })
    shop.clock.advance(2000)
    await shop.pull()
    const { changes } = (await plan()).plan
    expect(changes).toHaveLength(1)
    expect(changes[0]?.fields[0]).toMatchObject({ from: 9, to: 12, base: 12, drift: true })
  })

  const ADJUST = { method: 'PUT', path: '/v3/inventory/adjustments/absolute' } as const
  it.each<[string, Fault]>([
    ['N1: after it was carried out', { kind: 'drop', ...ADJUST, times: 1 }],
    ['N2: before it was carried out', { kind: 'drop', ...ADJUST, times: 1, when: 'before' }],
    ['N3: long after its time-out', { kind: 'slow', ...ADJUST, times: 1, ms: 100_000 }],
    ['N13: by a page of HTML', { kind: 'html200', ...ADJUST, times: 1 }],
  ])('whose answer is lost %s ends with the planned stock', async (_title, fault) => {
    open({ emulator: { settings: { stockDelayMs: 5000 } } })
    await shop.pull()
    const rows = tracked().slice(0, 10)
    shop.feed([['sku', 'stock'], ...rows.map(({ sku, level }) => [sku, level + 5])])
    const { plan: made } = await plan()
    shop.emulator.faults.set([fault])
    expect(ends(await push(made.plan))).toEqual({ applied: 10 })
    shop.clock.advance(120_000)
    await shop.pull()
    expect(tracked().slice(0, 10)).toEqual(rows.map(({ sku, level }) => ({ sku, level: level + 5 })))
    expect((await plan()).plan.summary).toMatchObject({ update: 0, unchanged: 10 })
  })

  it('sees an ignored write once it must have shown: the plan has the row again', async () => {
    open({ emulator: { products: 0, plan: 'unlimited' } })
    const mug = await simpleProduct(shop, 'MUG', 7, { inventory_tracking: 'product', inventory_level: 10 })
    shop.clock.advance(1000)
    await shop.pull()
    shop.feed([
      ['sku', 'stock'],
      ['MUG', 12],
    ])
    await push((await plan()).plan.plan)
    // Somebody sets it right back, before ours was ever seen, on a store that does not date stock changes.
    shop.clock.advance(1000)
    await shop.pull({ only: ['orders'] })
    shop.emulator.state.products.update(mug.id, { inventory_level: 10 })
    shop.clock.advance(120_000)
    await shop.pull()
    expect((await plan()).plan.changes[0]?.fields[0]).toMatchObject({ from: 10, to: 12 })
  })

  it('rejects rows that the store does not track, and pushes the others', async () => {
    open({ emulator: { products: 0, plan: 'unlimited' } })
    await simpleProduct(shop, 'MUG', 7, { inventory_tracking: 'product', inventory_level: 10 })
    await simpleProduct(shop, 'GIFT', 7)
    shop.clock.advance(1000)
    shop.feed([
      ['sku', 'stock'],
      ['GIFT', 3],
      ['MUG', 11],
    ])
    await shop.pull()
    const { plan: made, state, exit } = await plan()
    expect([state, exit]).toEqual(['complete-with-rejects', 0])
    expect(made.rejected).toEqual([
      { row: 2, column: 'stock', value: '3', reason: 'its stock is not tracked in the store', key: { sku: 'GIFT' } },
    ])
    const pushed = await push(made.plan)
    expect(pushed.counts.applied).toBe(1)
    expect(writes(shop).at(-1)?.body).toEqual({ items: [expect.objectContaining({ quantity: 11, location_id: 1 })] })
  })

  it('rejects variants that share one stock figure and are given different ones', async () => {
    open({ emulator: { products: 0, plan: 'unlimited' } })
    await complexProduct(shop, {
      name: 'Tee',
      price: 20,
      sizes: ['S', 'M'],
      more: { inventory_tracking: 'product', inventory_level: 10 },
    })
    shop.clock.advance(1000)
    await shop.pull()
    shop.feed([
      ['sku', 'stock'],
      ['Tee-S', 3],
      ['Tee-M', 4],
    ])
    const { plan: made } = await plan()
    expect(made.summary).toMatchObject({ update: 0, rejected: 2 })
    expect(made.rejected.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('disagree')))
  })

  it('does not count against maxChanges, but emptying the shelves blocks', async () => {
    open()
    await shop.pull()
    const rows = tracked()
    shop.feed([['sku', 'stock'], ...rows.map(({ sku }) => [sku, 0])])
    const { plan: made, exit } = await plan()
    expect(exit).toBe(4)
    expect(made.guards.filter(({ verdict }) => verdict === 'blocked').map(({ guard }) => guard)).toEqual([
      'stockToZero',
    ])
    await expect(push(made.plan)).rejects.toMatchObject({ code: 'blocked' })
    expect(shop.emulator.log).toEqual([])
  })

  it('expires after an hour', async () => {
    open()
    await shop.pull()
    const [row] = tracked()
    shop.feed([
      ['sku', 'stock'],
      [row?.sku ?? '', 777],
    ])
    const { plan: made } = await plan()
    shop.clock.advance(3_600_001)
    await expect(push(made.plan)).rejects.toMatchObject({
      code: 'stale_plan',
      message: expect.stringContaining('expired'),
    })
  })
})
