import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { rehearsePlan } from '../../src/app/index.ts'
import type { PushReport, RehearsalReport } from '../../src/model/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' } }
const NAMES = {
  store: 'main',
  resource: 'products',
  source: 'feed',
  key: { sku: 'sku' },
  create: true,
  createDefaults: { is_visible: false, categories: [], channels: 'default' },
}
const OFF = {
  maxPriceChange: false,
  maxChanges: false,
  allChanged: false,
  priceScale: false,
  priceFloor: false,
  maxCreates: false,
  maxSourceDrop: false,
  columnShape: false,
  stockToZero: false,
}

const open = async (fields: object, options: ShopOptions & { sync?: object } = {}): Promise<void> => {
  shop = openShop({
    syncs: { prices: { ...SKUS, fields, guards: OFF, ...options.sync } },
    ...options,
    emulator: { products: 0, plan: 'pro', settings: { latencyMs: 120 }, ...options.emulator },
  })
}

const rehearse = (plan: string): Promise<RehearsalReport> => rehearsePlan(shop.workspace, plan, undefined)

/** Outcome and words of each row, in the order of the plan. */
const outcomes = ({ rows }: PushReport | RehearsalReport): unknown[] =>
  rows.map(({ id, state, reason }) => [id, state, reason])

/** The mirror's tables but for the list of runs. */
const contents = (): string => {
  const db = new Database(shop.workspace.settings.stores['main']?.mirror ?? '', { readonly: true })
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  const hash = createHash('sha256')
  for (const name of names.filter((one) => one !== 'sync_run' && one !== 'sync_lease'))
    hash.update(JSON.stringify([name, db.prepare(`SELECT * FROM "${name}"`).all()]))
  db.close()
  return hash.digest('hex')
}

describe('a rehearsal', () => {
  it('predicts each row, the requests and about the time of the push that follows, and touches neither store nor mirror', async () => {
    await open({ price: 'price', inventory_level: 'stock' }, { emulator: { products: 120 } })
    await shop.pull()
    const skus = shop.rows('SELECT sku, price, inventory_tracking AS tracking FROM skus WHERE sku IS NOT NULL')
    shop.feed([
      ['sku', 'price', 'stock'],
      ...skus.map(({ sku, price, tracking }, n) => [
        String(sku),
        (Number(price) * (n % 3 ? 1.05 : 1)).toFixed(2),
        tracking === 'none' ? '' : 7,
      ]),
    ])
    const { plan } = await shop.plan()
    const before = contents()
    const seen = shop.emulator.requests.length
    const predicted = await rehearse(plan.plan)
    expect(shop.emulator.requests.length).toBe(seen)
    expect(contents()).toBe(before)

    const from = shop.clock.elapsed()
    const report = await shop.push(plan.plan)
    const seconds = (shop.clock.elapsed() - from) / 1000
    expect(report.counts.applied).toBeGreaterThan(100)
    expect(outcomes(predicted)).toEqual(outcomes(report))
    expect(predicted).toMatchObject({
      state: report.state,
      exit: 0,
      counts: report.counts,
      requests: { read: 0, write: 0, check: 0 },
    })
    expect(predicted.predicted.requests).toEqual(report.requests)
    expect(predicted.predicted).toMatchObject({
      quota: 450,
      windowMs: 30_000,
      medianMs: 120,
      p95Ms: 120,
      isLearned: true,
    })
    expect(predicted.predicted.seconds).toBeGreaterThan(seconds * 0.8)
    expect(predicted.predicted.seconds).toBeLessThan(seconds * 1.25)
    const sent = predicted.predicted.endpoints.reduce((sum, { requests }) => sum + requests, 0)
    expect(predicted.predicted.endpoints.map(({ endpoint }) => endpoint)).toContain(
      'PUT /v3/inventory/adjustments/absolute',
    )
    expect(sent / 450).toBeCloseTo(predicted.predicted.quotaUsed, 2)
  })

  it('predicts in the API’s own words that a duplicate name and a taken SKU are refused', async () => {
    await open(
      {},
      {
        syncs: {
          prices: { ...NAMES, fields: { name: 'name', price: 'price', weight: 'weight', type: 'type' }, guards: OFF },
        },
      },
    )
    for (const n of [1, 2, 3]) await simpleProduct(shop, `N${n}`, 10)
    await complexProduct(shop, { name: 'Shirt', price: 10, sizes: ['S'] })
    await shop.pull()
    shop.feed([
      ['sku', 'name', 'price', 'weight', 'type'],
      ['N1', 'n2', 10, 1, 'physical'],
      ['N2', 'N2', 12, 1, 'physical'],
      ['N3', 'N3', 10, 1, 'physical'],
      ['N4', 'N3', 10, 1, 'physical'],
      ['N5', 'Fresh', 10, 1, 'physical'],
      ['Shirt-S', 'Shirt in S', 10, 1, 'physical'],
    ])
    const { plan } = await shop.plan()
    const predicted = await rehearse(plan.plan)
    expect(predicted).toMatchObject({ exit: 5, state: 'partial', counts: { applied: 2, failed: 3 } })
    const failed = predicted.rows.filter(({ state }) => state === 'failed')
    expect(failed.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('The product name is a duplicate'),
      expect.stringContaining('The product name is a duplicate'),
      expect.stringContaining('Sku Shirt-S is not unique'),
    ])
    expect(outcomes(predicted)).toEqual(outcomes(await shop.push(plan.plan)))
  })

  it('predicts a value that the store refuses although the definition lets it pass', async () => {
    await open({ price: 'price' })
    await simpleProduct(shop, 'A', 10)
    await simpleProduct(shop, 'B', 10)
    await shop.pull()
    shop.feed([
      ['sku', 'price'],
      ['A', '99999999999'],
      ['B', 11],
    ])
    const { plan } = await shop.plan()
    const predicted = await rehearse(plan.plan)
    expect(predicted.counts).toMatchObject({ applied: 1, failed: 1 })
    expect(predicted.rows[0]?.reason).toContain('must be between 0 and 9999999999')
    expect(outcomes(predicted)).toEqual(outcomes(await shop.push(plan.plan)))
  })

  it('knows nothing of an edit that was made meanwhile, and says so', async () => {
    await open({ price: 'price' })
    const { id } = await simpleProduct(shop, 'A', 10)
    await shop.pull()
    shop.feed([
      ['sku', 'price'],
      ['A', 11],
    ])
    const { plan } = await shop.plan()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 12 })
    const predicted = await rehearse(plan.plan)
    expect(predicted.counts.applied).toBe(1)
    expect(predicted.unseen[0]).toContain('edits made in the store since')
    expect((await shop.push(plan.plan)).counts.skipped).toBe(1)
  })

  it('holds what was written a moment ago for what the store has, though no reading has shown it', async () => {
    await open({ inventory_level: 'stock' })
    for (const n of [1, 2])
      await simpleProduct(shop, `T${n}`, 10, { inventory_tracking: 'product', inventory_level: 5 })
    await shop.clock.sleep(1000)
    await shop.pull()
    shop.feed([
      ['sku', 'stock'],
      ['T1', 3],
      ['T2', 4],
    ])
    await shop.push((await shop.plan()).plan.plan)
    shop.feed([
      ['sku', 'stock'],
      ['T1', 9],
      ['T2', 4],
    ])
    const { plan } = await shop.plan()
    expect(plan.changes[0]?.fields[0]).toMatchObject({ from: 3, to: 9 })
    const predicted = await rehearse(plan.plan)
    expect(predicted.counts).toMatchObject({ applied: 1, skipped: 0 })
    await shop.clock.sleep(1000)
    expect(outcomes(predicted)).toEqual(outcomes(await shop.push(plan.plan)))
  })

  it('refuses what a push refuses: a blocked plan with 4, one that was pushed with 1', async () => {
    await open({ price: 'price' }, { sync: { guards: {} } })
    for (let n = 0; n < 30; n += 1) await simpleProduct(shop, `A${n}`, 10)
    await shop.pull()
    shop.feed([['sku', 'price'], ...Array.from({ length: 30 }, (_, n) => [`A${n}`, 10.5])])
    const blocked = await shop.plan()
    await expect(rehearse(blocked.plan.plan)).rejects.toMatchObject({ exit: 4 })
    const { plan } = await shop.plan({ allow: ['maxChanges=100%'] })
    await shop.push(plan.plan)
    await expect(rehearse(plan.plan)).rejects.toMatchObject({
      exit: 1,
      message: expect.stringContaining('pushed already'),
    })
    expect(shop.rows("SELECT verb, exit FROM sync_run WHERE verb = 'rehearse' ORDER BY number")).toEqual([
      { verb: 'rehearse', exit: 4 },
      { verb: 'rehearse', exit: 1 },
    ])
  })

  it('writes back into a copy of the file', async () => {
    await open(
      {},
      {
        sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
        syncs: { prices: { ...NAMES, create: false, fields: { name: { from: 'name', owner: 'both' } }, guards: OFF } },
      },
    )
    const { id } = await simpleProduct(shop, 'A', 10)
    await shop.pull()
    shop.feed([
      ['sku', 'name'],
      ['A', 'A'],
    ])
    await shop.plan()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { name: 'Renamed' })
    await shop.pull()
    const { plan } = await shop.plan()
    expect(plan.summary.writeBack).toBe(1)
    const before = readFileSync(join(shop.dir, 'feed.csv'), 'utf8')
    const predicted = await rehearse(plan.plan)
    expect(predicted.counts.applied).toBe(1)
    expect(readFileSync(join(shop.dir, 'feed.csv'), 'utf8')).toBe(before)
    expect(outcomes(predicted)).toEqual(outcomes(await shop.push(plan.plan)))
    expect(readFileSync(join(shop.dir, 'feed.csv'), 'utf8')).toContain('Renamed')
  })

  it('takes references for right where what they refer to is not mirrored, and says so', async () => {
    await open(
      {},
      {
        store: { resources: ['products', 'variants'] },
        syncs: { prices: { ...NAMES, create: false, fields: { price: 'price', categories: 'cats' }, guards: OFF } },
        emulator: { products: 5 },
      },
    )
    await shop.pull()
    const rows = shop.rows("SELECT sku, price, categories FROM products WHERE sku IS NOT NULL AND sku <> ''")
    const [category] = shop.emulator.state.categories.list()
    shop.feed([
      ['sku', 'price', 'cats'],
      ...rows.map(({ sku, price }) => [String(sku), Number(price) + 1, `[${category?.id}]`]),
    ])
    const { plan } = await shop.plan()
    const predicted = await rehearse(plan.plan)
    expect(predicted.counts).toMatchObject({ applied: plan.changes.length, failed: 0 })
    expect(predicted.unseen.join('\n')).toMatch(/categories, brands: not mirrored|brands, categories: not mirrored/)
  })
})
