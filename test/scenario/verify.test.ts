import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { type VerifyStoreOptions, verifyStore } from '../../src/app/index.ts'
import type { DriftRow, VerifyReport } from '../../src/model/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const FIELDS = { price: 'price', inventory_level: 'stock' }
const PRICES = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: FIELDS }

/** Ten products whose feed says what the store says, pulled and agreed on. */
const settledShop = async (options: ShopOptions = {}): Promise<number[]> => {
  shop = openShop({ emulator: { products: 0, plan: 'pro' }, syncs: { prices: PRICES }, ...options })
  const ids: number[] = []
  for (let n = 0; n < 10; n += 1) {
    const tracked = { inventory_tracking: 'product', inventory_level: 5 }
    ids.push((await simpleProduct(shop, `S${n}`, 10 + n, tracked)).id)
  }
  await shop.clock.sleep(1000)
  feedOf()
  await shop.pull()
  await shop.plan()
  return ids
}

const feedOf = (price: (n: number) => number = (n) => 10 + n, count = 10): void =>
  shop.feed([['sku', 'price', 'stock'], ...Array.from({ length: count }, (_, n) => [`S${n}`, price(n), 5])])

const verify = (options: Partial<VerifyStoreOptions> = {}): Promise<VerifyReport> =>
  verifyStore(shop.workspace, 'main', { syncs: ['prices'], ...options })

const told = ({ rows }: VerifyReport): string[] =>
  rows.map(({ cause, key, field }: DriftRow) => [cause, ...Object.values(key), ...(field ? [field] : [])].join(' '))

/** Everything that the mirror holds, but for the list of runs. */
const contents = (): string => {
  const db = new Database(shop.workspace.settings.stores['main']?.mirror ?? '', { readonly: true })
  try {
    const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
    return JSON.stringify(
      names
        .filter((name) => name !== 'sync_run' && name !== 'sync_lease')
        .map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]),
    )
  } finally {
    db.close()
  }
}

describe('verify', () => {
  it('finds nothing where all sides agree, and leaves with 0', async () => {
    await settledShop()
    const report = await verify()
    expect(report).toMatchObject({ state: 'complete', exit: 0, drift: {}, rows: [], sampled: 10, of: 10, seed: null })
    expect(report.requests.write).toBe(0)
    expect(report.mirror).toEqual({ damage: null, altered: null, open: [] })
  })

  it('tells each difference by its cause, and writes to no side', async () => {
    const ids = await settledShop()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${ids[1]}`, { price: 99 })
    await shop.pull()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${ids[0]}`, { price: 98 })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${ids[2]}`)
    await simpleProduct(shop, 'NEW', 1)
    feedOf((n) => (n === 3 ? 77 : 10 + n))
    const before = contents()
    const writes = shop.emulator.log.length
    const report = await verify()
    expect(report).toMatchObject({ state: 'partial', exit: 5, seed: null })
    expect(told(report).sort()).toEqual([
      'mirror-stale S0 price',
      'missing-in-mirror NEW',
      'missing-in-store S2',
      'source-moved S3 price',
      'store-edited S1 price',
    ])
    expect(report.drift).toMatchObject({ 'mirror-stale': 1, 'missing-in-store': 1, 'store-edited': 1 })
    expect(report.rows.find(({ cause }) => cause === 'source-moved')).toMatchObject({
      store: '13',
      mirror: '13',
      base: '13',
      source: '77',
    })
    expect(contents()).toBe(before)
    expect(shop.emulator.log.length).toBe(writes)
  })

  it('tells both sides moved, a base that lags, and a base whose row is gone', async () => {
    const ids = await settledShop()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${ids[0]}`, { price: 98 })
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${ids[1]}`, { price: 55 })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${ids[2]}`)
    await shop.pull()
    feedOf((n) => (n === 0 ? 97 : n === 1 ? 55 : 10 + n))
    expect(told(await verify()).sort()).toEqual(['base-behind S1 price', 'base-of-gone-row s2', 'both-moved S0 price'])
  })

  it('takes what we wrote a moment ago for unsettled, and for not seen once it must show', async () => {
    await settledShop({ emulator: { products: 0, plan: 'pro', settings: { stockDelayMs: 3_600_000 } } })
    await shop.clock.sleep(4_000_000)
    await shop.pull({ full: true })
    shop.feed([['sku', 'price', 'stock'], ...Array.from({ length: 10 }, (_, n) => [`S${n}`, 10 + n, n === 4 ? 3 : 5])])
    const { plan } = await shop.plan({ allow: ['maxChanges=100%', 'stockToZero'] })
    expect((await shop.push(plan.plan)).counts.applied).toBeGreaterThan(0)
    expect(await verify()).toMatchObject({ exit: 0, drift: {}, unsettled: 1 })
    shop.clock.advance(120_000)
    const late = await verify()
    expect(told(late)).toEqual(['applied-not-seen S4 inventory_level'])
    expect(late.exit).toBe(5)
  })

  it('asks for a sample by its keys, and meets every row once in as many days as the share says', async () => {
    shop = openShop({ emulator: { products: 1500, plan: 'unlimited', orders: 0 }, syncs: { prices: PRICES } })
    shop.feed([['sku', 'price', 'stock']])
    await shop.pull({ only: ['products', 'variants'] })
    shop.feed([
      ['sku', 'price', 'stock'],
      ...shop.rows('SELECT sku FROM skus WHERE sku IS NOT NULL').map(({ sku }) => [String(sku), '', '']),
    ])
    let met = 0
    for (let seed = 100; seed < 110; seed += 1) {
      const report = await verify({ sample: '10%', seed })
      expect(report).toMatchObject({ exit: 0, seed })
      expect(report.requests.read).toBeLessThan(7)
      met += report.sampled
    }
    const { of, sampled } = await verify()
    expect(met).toBe(of)
    expect(sampled).toBe(of)
    // The day is the seed, so tonight's rows are others than last night's.
    const today = await verify({ sample: '10%' })
    expect(today).toEqual({ ...(await verify({ sample: '10%', seed: today.seed ?? 0 })), run: today.run })
    shop.clock.advance(24 * 3_600_000)
    expect((await verify({ sample: '10%' })).seed).toBe((today.seed ?? 0) + 1)
  })

  it('counts what a sample cannot name', async () => {
    shop = openShop({ emulator: { products: 1500, plan: 'unlimited', orders: 0 }, syncs: { prices: PRICES } })
    shop.feed([
      ['sku', 'price', 'stock'],
      ['X', 1, 1],
    ])
    await shop.pull()
    await simpleProduct(shop, 'NEW-1', 1)
    await simpleProduct(shop, 'NEW-2', 1)
    const report = await verify({ sample: '2%', seed: 1 })
    expect(report.drift).toEqual({ 'missing-in-mirror': 2 })
    expect(report.notes.join()).toContain('2 more products than the mirror')
  })

  it('compares every field of every resource with the mirror where no sync is asked for', async () => {
    const ids = await settledShop()
    const before = await verify({ syncs: [] })
    expect(told(before)).toEqual([])
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${ids[6]}`, { description: 'Other words' })
    const report = await verify({ syncs: [] })
    expect(report.syncs).toEqual([])
    expect(told(report)).toEqual([`mirror-stale ${ids[6]} description`])
  })

  it('compares inherited and own prices of variants as the plan does', async () => {
    await settledShop()
    const { id } = await complexProduct(shop, { name: 'Shirt', price: 20, sizes: ['S', 'M'] })
    await shop.pull()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 21 })
    expect(told(await verify())).toEqual(['mirror-stale Shirt-S price', 'mirror-stale Shirt-M price'])
  })

  it('stops before another store than the mirror’s', async () => {
    await settledShop()
    shop.emulator.state.store = { ...shop.emulator.state.store, domain: 'somebody-else.example' }
    await expect(verify()).rejects.toMatchObject({ exit: 4, message: expect.stringContaining('somebody-else') })
  })

  it('asks for a pull first where a resource was never pulled', async () => {
    await settledShop({ store: { resources: ['products', 'variants', 'brands'] } })
    await expect(verify({ syncs: [] })).resolves.toMatchObject({ exit: 0 })
    const db = new Database(shop.workspace.settings.stores['main']?.mirror ?? '')
    db.exec("DELETE FROM sync_freshness WHERE resource = 'brands'")
    db.close()
    await expect(verify({ syncs: [] })).rejects.toMatchObject({ exit: 1, hint: expect.stringContaining('skiff pull') })
  })

  it('says that the journal was altered, and leaves with 1', async () => {
    await settledShop()
    feedOf((n) => 10.5 + n)
    const { plan } = await shop.plan({ allow: ['maxChanges=100%'] })
    await shop.push(plan.plan)
    await shop.pull()
    const path = shop.workspace.settings.stores['main']?.mirror ?? ''
    const db = new Database(path)
    db.exec('DROP TRIGGER sync_journal_no_update')
    db.exec("UPDATE sync_journal SET evidence = '{}' WHERE seq = 2")
    db.close()
    expect(await verify()).toMatchObject({ exit: 1, state: 'failed', mirror: { altered: 2, damage: null } })
  })

  it('refuses a share that is none', async () => {
    await settledShop()
    expect(() => verify({ sample: '5' })).toThrow('no share of the rows')
  })
})
