import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import type { Plan } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = Array.from({ length: 100 }, (_, index) => `MUG-${100 + index}`)
const TRACKED = { inventory_tracking: 'product', inventory_level: 20 }

/** A hundred mugs at 10 each, 20 of each in stock. */
const open = async (guards: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price', inventory_level: 'stock' },
        guards,
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10, TRACKED)
  shop.clock.advance(60_000)
  await shop.pull()
}

const feed = (price: (index: number) => number | string, stock: (index: number) => number | string = () => 20): void =>
  shop.feed([['sku', 'price', 'stock'], ...SKUS.map((sku, index) => [sku, price(index), stock(index)])])

const same = () => 10
const verdict = ({ guards }: Plan, name: string) => guards.find(({ guard }) => guard === name)?.verdict
const blocks = ({ guards }: Plan) => guards.filter(({ verdict: one }) => one === 'blocked').map(({ guard }) => guard)

describe('a guard', () => {
  it('D19: G1: zeroPrice holds single zero prices, and the others go', async () => {
    await open()
    feed((index) => (index === 3 ? 0 : index < 6 ? 11 : 10))
    const { plan } = await shop.plan()
    expect(plan.held).toMatchObject([{ key: { sku: 'MUG-103' }, guard: 'zeroPrice' }])
    expect(plan.summary).toMatchObject({ update: 5, held: 1 })
    expect(blocks(plan)).toEqual([])
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 5 })
    expect(shop.emulator.state.products.where('sku', 'mug-103')[0]?.price).toBe(10)
  })

  it('G2: maxPriceChange holds rows beyond 30 %, and blocks when that is more than 5 % of the rows', async () => {
    await open()
    feed((index) => (index < 4 ? 14 : 10))
    expect(verdict((await shop.plan()).plan, 'maxPriceChange')).toBe('held')
    feed((index) => (index < 7 ? 14 : 10))
    const { plan, exit } = await shop.plan()
    expect([exit, blocks(plan)]).toEqual([4, ['maxPriceChange']])
    const allowed = (await shop.plan({ allow: ['maxPriceChange=50%'] })).plan
    expect(allowed.summary).toMatchObject({ update: 7, held: 0 })
  })

  it('D20, U5: G4: priceScale blocks a feed in cents', async () => {
    await open({ maxPriceChange: false })
    feed(() => 1000)
    expect(blocks((await shop.plan()).plan)).toContain('priceScale')
  })

  it('G5: maxChanges blocks above a fifth of the keys, and half of that where nobody looks', async () => {
    await open()
    feed((index) => (index < 15 ? 10.5 : 10))
    expect(blocks((await shop.plan()).plan)).toEqual([])
    expect(blocks((await shop.plan({ automatic: true })).plan)).toEqual(['maxChanges'])
    feed((index) => (index < 21 ? 10.5 : 10))
    expect(blocks((await shop.plan()).plan)).toEqual(['maxChanges'])
  })

  it('G5: a figure of the config holds as it is written, also where nobody looks', async () => {
    await open({ maxChanges: '18%' })
    feed((index) => (index < 15 ? 10.5 : 10))
    expect(blocks((await shop.plan({ automatic: true })).plan)).toEqual([])
  })

  it('G7: stockToZero blocks when 26 of a hundred in stock go to zero', async () => {
    await open()
    feed(same, (index) => (index < 25 ? 0 : 20))
    expect(blocks((await shop.plan()).plan)).toEqual([])
    feed(same, (index) => (index < 26 ? 0 : 20))
    expect(blocks((await shop.plan()).plan)).toEqual(['stockToZero'])
  })

  it('U3: leaves the base where it was when it blocks a feed, although some of its rows agree with the store', async () => {
    await open()
    feed(same)
    await shop.plan()
    const baseOf = (sku: string) =>
      JSON.parse(String(shop.rows(`SELECT fields FROM sync_base WHERE key = '${sku.toLowerCase()}'`)[0]?.['fields']))
    expect(baseOf(SKUS[0]!).price).toEqual({ store: '10', source: '10' })
    const [product] = shop.emulator.state.products.list()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product!.id}`, { price: 12 })
    shop.clock.advance(60_000)
    await shop.pull()
    shop.feed([
      ['sku', 'price', 'stock'],
      [SKUS[0]!, 12, 20],
      [SKUS[1]!, 10, 20],
    ])
    expect(blocks((await shop.plan()).plan)).toContain('maxSourceDrop')
    expect(baseOf(SKUS[0]!).price).toEqual({ store: '10', source: '10' })
  })

  it('D36, U3: G10: maxSourceDrop blocks a feed that lost a third of its rows since the last accepted one', async () => {
    await open()
    feed(same)
    expect(blocks((await shop.plan()).plan)).toEqual([])
    shop.feed([['sku', 'price', 'stock'], ...SKUS.slice(0, 66).map((sku) => [sku, 10, 20])])
    expect(blocks((await shop.plan()).plan)).toEqual(['maxSourceDrop'])
    // What was refused is not what the next one is measured by.
    expect(blocks((await shop.plan()).plan)).toEqual(['maxSourceDrop'])
  })

  it('G10: and one whose keys are mostly not the store’s', async () => {
    await open()
    shop.feed([
      ['sku', 'price', 'stock'],
      ...SKUS.slice(0, 40).map((sku, index) => [index < 20 ? sku : `X-${sku}`, 10, 20]),
    ])
    expect(blocks((await shop.plan()).plan)).toEqual(['maxSourceDrop'])
  })

  it('U6: is overridden by its name, for that run, and that is journalled', async () => {
    await open()
    feed((index) => (index < 30 ? 10.5 : 10))
    const { plan } = await shop.plan()
    await expect(shop.push(plan.plan)).rejects.toMatchObject({
      exit: 4,
      hint: expect.stringContaining('--allow maxChanges'),
    })
    await expect(shop.push(plan.plan, { allow: ['stockToZero'] })).rejects.toMatchObject({ exit: 4 })
    expect(ends(await shop.push(plan.plan, { allow: ['maxChanges'] }))).toEqual({ applied: 30 })
    const entries = await shop.workspace.withMirror('main', (mirror) => mirror.journalOf(plan.plan, 1))
    expect(entries[0]?.evidence).toMatchObject({ by: 'test', allowed: ['maxChanges', 'allChanged'] })
  })

  it('looks again at what is left when rows went stale', async () => {
    await open({ maxChanges: 15 })
    feed((index) => (index < 15 ? 10.5 : 10))
    const { plan } = await shop.plan()
    const [first] = shop.emulator.state.products.list()
    shop.emulator.state.products.update(first?.id ?? 0, { price: 10.2 })
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 14, skipped: 1 })
  })

  it('G4: blocks what is left when it looks wrong without the rows that went stale', async () => {
    await open({ maxChanges: 30 })
    feed((index) => (index < 12 ? 10.2 : index < 22 ? 12.8 : 10))
    const { plan } = await shop.plan()
    expect(blocks(plan)).toEqual([])
    const { products } = shop.emulator.state
    for (const { id } of products.list().slice(0, 4)) products.update(id, { price: 10.1 })
    const sent = shop.emulator.log.length
    const message = expect.stringMatching(/^priceScale blocks the rows that are left: median new \/ old price 1\.280/)
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ code: 'blocked', message })
    expect(shop.emulator.log).toHaveLength(sent)
  })
})

describe('a sync run by itself', () => {
  const sync = (options: { approvedBy?: string | null; dryRun?: boolean } = {}) =>
    syncOne(shop.workspace, 'prices', { approvedBy: '--yes', dryRun: false, allow: [], ...options })

  it('pulls, plans and pushes, and a second one has nothing to do', async () => {
    await open()
    feed(
      (index) => (index < 5 ? 10.5 : 10),
      (index) => 20 + (index % 3),
    )
    const first = await sync()
    expect(first).toMatchObject({ state: 'complete', exit: 0, counts: { applied: 68, failed: 0, skipped: 0 } })
    shop.clock.advance(120_000)
    expect(await sync()).toMatchObject({ state: 'complete', exit: 0, counts: { applied: 0 }, requests: { write: 0 } })
  })

  it('that is blocked writes nothing and says so', async () => {
    await open()
    feed(() => 10.5)
    expect(await sync()).toMatchObject({ state: 'blocked', exit: 4, requests: { write: 0 } })
  })

  it('without approval waits, and a dry run is done', async () => {
    await open()
    feed((index) => (index < 5 ? 10.5 : 10))
    expect(await sync({ approvedBy: null })).toMatchObject({ state: 'waiting', exit: 3, requests: { write: 0 } })
    expect(await sync({ dryRun: true })).toMatchObject({ state: 'complete', exit: 0, requests: { write: 0 } })
  })

  it('with a held row is not green', async () => {
    await open()
    feed((index) => (index === 0 ? 0 : index < 5 ? 10.5 : 10))
    expect(await sync()).toMatchObject({ state: 'partial', exit: 5, counts: { applied: 4, held: 1 } })
  })

  it('whose source is refused writes nothing', async () => {
    await open()
    shop.feed([['sku', 'cost']])
    await expect(sync()).rejects.toMatchObject({ exit: 6 })
  })
})
