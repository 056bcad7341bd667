import { afterEach, describe, expect, it } from 'vitest'
import {
  checkAll,
  configHash,
  planSync,
  pullStore,
  pushPlan,
  rehearsePlan,
  syncOne,
  verifyStore,
} from '../../src/app/index.ts'
import { push, withRun } from '../../src/engine/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { Crash, dying } from '../support/dying.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, elsewhere, ends, reopened, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
/** What lies between the client and the store. */
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const LOOSE = { maxChanges: false, allChanged: false, maxCreates: false } as const

const trade = (more: object = {}) => ({
  store: 'main',
  resource: 'price_list_records',
  source: 'feed',
  key: { price_list_id: { value: 'Trade', names: true }, sku: 'sku', currency: { value: 'EUR' } },
  fields: { price: 'price' },
  guards: LOOSE,
  ...more,
})

/** Products A, B and C at 10 each, lists Trade and Export, pulled. */
const open = async (syncs: object = { prices: trade() }, products: readonly string[] = ['A', 'B', 'C']) => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'price_lists', 'price_list_records'] },
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    syncs,
  })
  const lists: Record<string, number> = {}
  for (const name of ['Trade', 'Export']) lists[name] = (await elsewhere(shop, 'POST', '/v3/pricelists', { name })).id
  for (const sku of products) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  return lists as { Trade: number; Export: number }
}

const record = (list: number, sku: string, price: number, more: object = {}, currency = 'eur') =>
  elsewhere(shop, 'PUT', `/v3/pricelists/${list}/records`, [{ sku, currency, price, ...more }])

/** Prices by list, SKU and currency. */
const held = () =>
  Object.fromEntries(
    shop.emulator.state.priceRecords
      .list()
      .map((row) => [
        `${row.price_list_id} ${shop.emulator.state.variants.get(row.variant_id)?.sku} ${row.currency}`,
        row.price,
      ]),
  )

const recordOf = (sku: string) =>
  shop.emulator.state.priceRecords.list().find((row) => shop.emulator.state.variants.get(row.variant_id)?.sku === sku)

const pull = (options: object = {}) => pullStore(shop.workspace, 'main', options)
const sync = (name = 'prices') => syncOne(shop.workspace, name, { approvedBy: 'test', dryRun: false, allow: [] })
const upserts = (from = 0) => writes(shop, from).filter(({ path }) => path.endsWith('/records'))

describe('a pull of price lists', () => {
  it('brings every list and the records of each, page by page, and after that what changed', async () => {
    const { Trade, Export } = await open()
    await record(Trade, 'A', 8)
    await record(Trade, 'A', 9, {}, 'usd')
    await record(Export, 'B', 7, { sale_price: 6 })
    shop.clock.advance(60_000)
    expect(await pull()).toMatchObject({ state: 'complete' })
    const rows = () =>
      shop.rows('SELECT price_list_id AS list, sku, currency, price FROM price_list_records ORDER BY 1, 2, 3')
    expect(rows()).toHaveLength(3)
    expect(rows()[2]).toMatchObject({ list: Export, sku: 'B', currency: 'eur' })
    await record(Export, 'C', 5)
    shop.clock.advance(60_000)
    const second = await pull()
    expect(second.resources.find(({ resource }) => resource === 'price_list_records')).toMatchObject({ added: 1 })
    expect(rows()).toHaveLength(4)
  })

  it('removes records that a full reading of all lists no longer meets, those of a list that is gone among them', async () => {
    const { Trade, Export } = await open()
    await record(Trade, 'A', 8)
    await record(Trade, 'B', 8)
    await record(Export, 'C', 7)
    await pull()
    await elsewhere(shop, 'DELETE', `/v3/pricelists/${Trade}/records?variant_id:in=${recordOf('B')?.variant_id}`)
    await elsewhere(shop, 'DELETE', `/v3/pricelists/${Export}`)
    shop.clock.advance(60_000)
    const report = await pull({ full: true })
    expect(report).toMatchObject({ state: 'complete' })
    expect(report.resources.find(({ resource }) => resource === 'price_list_records')).toMatchObject({ removed: 2 })
    expect(shop.rows('SELECT sku FROM price_list_records')).toEqual([{ sku: 'A' }])
  })

  it('goes on with the list that was being read when it was killed, and still proves that nothing is missing', async () => {
    const skus = Array.from({ length: 6 }, (_, index) => `S${index}`)
    const { Trade, Export } = await open({ prices: trade() }, skus)
    for (const sku of skus) {
      await record(Trade, sku, 8)
      await record(Export, sku, 7)
    }
    const asked: string[] = []
    between = (inner, url, init) => {
      const { pathname, search } = new URL(String(url))
      if (/records$/.test(pathname)) asked.push(pathname.split('/').at(-2) ?? '')
      if (pathname.endsWith(`/${Export}/records`)) return Promise.resolve(new Response('{}', { status: 403 }))
      return inner(`${String(url).split('?')[0]}${search}`, init)
    }
    await expect(pull({ full: true })).rejects.toThrow()
    between = (inner, url, init) => {
      const { pathname } = new URL(String(url))
      if (/records$/.test(pathname)) asked.push(`again ${pathname.split('/').at(-2)}`)
      return inner(url, init)
    }
    expect(await pull({ full: true })).toMatchObject({ state: 'complete' })
    expect(asked).toContain(String(Trade))
    expect(asked.filter((one) => one === `again ${Export}`).length).toBeGreaterThan(0)
    const readAgain = asked.indexOf(`again ${Trade}`)
    // The finished list is only counted at the end, not read.
    expect(readAgain === -1 || readAgain > asked.indexOf(`again ${Export}`)).toBe(true)
    expect(shop.rows('SELECT count(*) AS n FROM price_list_records')).toEqual([{ n: 12 }])
  })

  it('asks for nothing of the kind where the store’s resources do not name it', async () => {
    shop = openShop({ emulator: { products: 5 }, store: { resources: undefined } })
    await pull()
    expect(shop.emulator.requests.filter(({ path }) => path.includes('pricelists'))).toEqual([])
  })
})

describe('a sync of one list and currency', () => {
  it('sets what is there, makes what is not with "create", and leaves the other lists and currencies alone', async () => {
    const { Trade, Export } = await open({ prices: trade({ create: true }) })
    await record(Trade, 'A', 8)
    await record(Trade, 'A', 9, {}, 'usd')
    await record(Export, 'A', 7)
    shop.feed([
      ['sku', 'price'],
      ['A', '8.50'],
      ['b', '4.20'],
    ])
    const mark = shop.emulator.log.length
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(held()).toEqual({
      [`${Trade} A eur`]: 8.5,
      [`${Trade} A usd`]: 9,
      [`${Export} A eur`]: 7,
      [`${Trade} B eur`]: 4.2,
    })
    expect(upserts(mark)).toHaveLength(1)
    const after = shop.emulator.log.length
    shop.clock.advance(60_000)
    expect(await sync()).toMatchObject({ state: 'complete', summary: { update: 0, create: 0, unchanged: 2 } })
    expect(shop.emulator.log).toHaveLength(after)
  })

  it('keeps everything of a record that it does not set: the API clears what a request leaves out', async () => {
    const { Trade } = await open()
    const tiers = [
      { quantity_min: 10, quantity_max: 19, type: 'percent', amount: 5 },
      { quantity_min: 20, type: 'percent', amount: 8 },
    ]
    await record(Trade, 'A', 8, { sale_price: 7, retail_price: 12, map_price: 5, bulk_pricing_tiers: tiers })
    shop.feed([
      ['sku', 'price'],
      ['A', '8.50'],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(recordOf('A')).toMatchObject({ price: 8.5, sale_price: 7, retail_price: 12, map_price: 5 })
    expect(recordOf('A')?.bulk_pricing_tiers).toMatchObject(tiers)
  })

  it('takes along what it wrote a moment ago, also while the store still answers with what was there before', async () => {
    const { Trade } = await open({ prices: trade(), sales: trade({ fields: { sale_price: 'sale' } }) })
    await record(Trade, 'A', 8)
    shop.clock.advance(60_000)
    shop.feed([
      ['sku', 'price', 'sale'],
      ['A', 9, 7],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    shop.emulator.faults.set([{ kind: 'stale', method: 'GET', path: '/v3/pricelists', ms: 30_000 }])
    expect(await sync('sales')).toMatchObject({ counts: { applied: 1 } })
    expect(recordOf('A')).toMatchObject({ price: 9, sale_price: 7 })
  })

  it('clears a sale price by leaving it out, and keeps the rest', async () => {
    const { Trade } = await open({ prices: trade({ fields: { sale_price: { from: 'sale', blank: 'clear' } } }) })
    await record(Trade, 'A', 8, { sale_price: 7, retail_price: 12 })
    shop.feed([
      ['sku', 'sale'],
      ['A', ''],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(recordOf('A')).toMatchObject({ price: 8, sale_price: null, retail_price: 12 })
  })

  it('deletes records that left the feed where the sync says so, and no others', async () => {
    const { Trade, Export } = await open({
      prices: trade({ remove: 'delete', guards: { ...LOOSE, maxDeletes: false, maxSourceDrop: false } }),
    })
    for (const sku of ['A', 'B']) await record(Trade, sku, 8)
    await record(Export, 'B', 7)
    shop.feed([
      ['sku', 'price'],
      ['A', 8],
      ['B', 8],
    ])
    await sync()
    shop.feed([
      ['sku', 'price'],
      ['A', 8],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(held()).toEqual({ [`${Trade} A eur`]: 8, [`${Export} B eur`]: 7 })
  })

  it('sends a thousand rows a request, one request at a time', async () => {
    shop = openShop({
      emulator: { products: 450, plan: 'unlimited' },
      store: { resources: ['products', 'variants', 'price_lists', 'price_list_records'] },
      syncs: { prices: trade({ create: true, guards: { ...LOOSE, canary: false } }) },
    })
    const skus = shop.emulator.state.variants
      .list()
      .map(({ sku }) => sku)
      .slice(0, 1100)
    expect(skus).toHaveLength(1100)
    shop.feed([['sku', 'price'], ...skus.map((sku) => [sku, 5])])
    const mark = shop.emulator.log.length
    const report = await sync()
    expect(report).toMatchObject({ counts: { failed: 0 } })
    expect(upserts(mark).map(({ body }) => body.length)).toEqual([1000, report.counts.applied - 1000])
    expect(shop.emulator.requests.filter(({ status }) => status === 429)).toEqual([])
  })
})

describe('lists', () => {
  it('are made, renamed and switched off by a sync of their own', async () => {
    const key = { id: 'id' }
    await open({
      made: { ...trade({ create: true }), resource: 'price_lists', key: { name: 'list' }, fields: { active: 'on' } },
      named: { ...trade(), resource: 'price_lists', key, fields: { name: 'list' } },
    })
    shop.feed([
      ['list', 'on'],
      ['trade', 'no'],
      ['Retail', 'yes'],
    ])
    expect(await sync('made')).toMatchObject({ counts: { applied: 2 } })
    const lists = () => shop.emulator.state.priceLists.list().map(({ name, active }) => [name, active])
    expect(lists()).toEqual([
      ['Trade', false],
      ['Export', true],
      ['Retail', true],
    ])
    shop.feed([
      ['id', 'list'],
      [1, 'Dealers'],
      [2, 'retail'],
    ])
    const report = await sync('named')
    expect(report).toMatchObject({ counts: { applied: 1, failed: 1 } })
    expect(lists()[0]).toEqual(['Dealers', false])
  })

  it('are what a check asks for to know that records can be read', async () => {
    await open()
    shop.feed([['sku', 'price']])
    const { findings } = await checkAll(shop.workspace, ['main'])
    expect(findings.find(({ what }) => what === 'reads price_lists')).toMatchObject({
      verdict: 'ok',
      detail: 'for pull main, sync prices',
    })
  })
})

describe('a sync of several lists', () => {
  const lists = trade({
    create: true,
    key: { price_list_id: { from: 'list', names: true }, sku: 'sku', currency: 'currency' },
  })

  it('sends one request a list, and rejects a row whose list the store does not have', async () => {
    const { Trade, Export } = await open({ prices: lists })
    shop.feed([
      ['list', 'sku', 'currency', 'price'],
      ['Trade', 'A', 'EUR', 8],
      ['export', 'A', 'USD', 7],
      ['Trade', 'B', 'eur', 6],
      ['Retail', 'C', 'EUR', 5],
      ['Trade', 'C', 'EURO', 5],
    ])
    const mark = shop.emulator.log.length
    const report = await sync()
    expect(report).toMatchObject({ counts: { applied: 3 } })
    expect(held()).toEqual({ [`${Trade} A eur`]: 8, [`${Export} A usd`]: 7, [`${Trade} B eur`]: 6 })
    expect(upserts(mark).map(({ path, body }) => [path, body.length])).toEqual([
      [`/v3/pricelists/${Trade}/records`, 2],
      [`/v3/pricelists/${Export}/records`, 1],
    ])
    const { plan } = await shop.plan()
    expect(plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])).toEqual([
      [5, 'list', 'Retail', 'no name among the price_lists of the store'],
      [6, 'currency', 'EURO', 'longer than 3 characters'],
    ])
  })

  it('removes nothing while a row’s list is not known', async () => {
    const { Trade } = await open({
      prices: { ...lists, remove: 'delete', guards: { ...LOOSE, maxDeletes: false, maxSourceDrop: false } },
    })
    shop.feed([
      ['list', 'sku', 'currency', 'price'],
      ['Trade', 'A', 'EUR', 8],
      ['Trade', 'B', 'EUR', 8],
    ])
    await sync()
    await sync()
    shop.feed([
      ['list', 'sku', 'currency', 'price'],
      ['Trade', 'A', 'EUR', 8],
      ['Trad', 'B', 'EUR', 8],
    ])
    await sync()
    expect(held()).toEqual({ [`${Trade} A eur`]: 8, [`${Trade} B eur`]: 8 })
  })
})

describe('guards of price lists', () => {
  const planned = async (price: string | number, more: object = {}, there: object = {}) => {
    const { Trade } = await open({ prices: trade(more) })
    await record(Trade, 'A', 8, there)
    await pull()
    shop.feed([
      ['sku', 'price'],
      ['A', price],
    ])
    return (await shop.plan()).plan
  }

  it('hold a price of nothing back', async () => {
    const plan = await planned(0)
    expect(plan.changes).toEqual([])
    expect(plan.held.map(({ guard }) => guard)).toEqual(['zeroPrice'])
  })

  it('hold a new record of nothing back', async () => {
    await open({ prices: trade({ create: true }) })
    await pull()
    shop.feed([
      ['sku', 'price'],
      ['A', 0],
    ])
    const { plan } = await shop.plan()
    expect(plan.changes).toEqual([])
    expect(plan.held.map(({ guard }) => guard)).toEqual(['zeroPrice'])
  })

  it('hold a price below the record’s own minimum back', async () => {
    const plan = await planned(6, { guards: { ...LOOSE, maxPriceChange: false } }, { map_price: 7 })
    expect(plan.held.map(({ guard }) => guard)).toEqual(['priceFloor'])
  })

  it('hold a price that moves too far back', async () => {
    const plan = await planned(80)
    expect(plan.held.map(({ guard }) => guard)).toEqual(['maxPriceChange'])
  })
})

describe('a push of price lists', () => {
  const ready = async (more: object = { create: true }) => {
    const lists = await open({ prices: trade(more) })
    await record(lists.Trade, 'A', 8)
    shop.clock.advance(60_000)
    await pull()
    shop.feed([
      ['sku', 'price'],
      ['A', 9],
      ['B', 6],
      ['C', 5],
    ])
    const { plan } = await planSync(shop.workspace, 'prices', { allow: [], staleOk: false, only: null })
    return { ...lists, plan, mark: shop.emulator.log.length }
  }
  const APPROVE = { approvedBy: 'test', allow: [], only: null }

  it('names the rows that the store refuses, and brings the others home', async () => {
    const { Trade, plan, mark } = await ready()
    const gone = shop.emulator.state.variants.where('sku', 'b')[0]
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${gone?.product_id}`)
    const report = await pushPlan(shop.workspace, plan.plan, APPROVE)
    expect(ends(report)).toEqual({ applied: 2, failed: 1 })
    expect(report.rows.find(({ state }) => state === 'failed')).toMatchObject({
      key: { sku: 'B' },
      reason: expect.stringContaining('The SKU was not found'),
    })
    expect(held()).toEqual({ [`${Trade} A eur`]: 9, [`${Trade} C eur`]: 5 })
    expect(upserts(mark).map(({ body }) => body.length)).toEqual([3, 2])
  })

  it('tells what the store said of the only row of a request', async () => {
    await ready()
    shop.feed([
      ['sku', 'price'],
      ['B', 6],
    ])
    const allow = ['maxSourceDrop']
    const { plan } = await planSync(shop.workspace, 'prices', { allow, staleOk: false, only: null })
    const gone = shop.emulator.state.variants.where('sku', 'b')[0]
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${gone?.product_id}`)
    const report = await pushPlan(shop.workspace, plan.plan, { ...APPROVE, allow })
    expect(report.rows).toMatchObject([{ state: 'failed', reason: expect.stringContaining('The SKU was not found') }])
  })

  it('does not write over a record that somebody made since the plan', async () => {
    const { Trade, plan } = await ready()
    await record(Trade, 'B', 99)
    const report = await pushPlan(shop.workspace, plan.plan, APPROVE)
    expect(ends(report)).toEqual({ applied: 2, skipped: 1 })
    expect(report.rows.find(({ state }) => state === 'skipped')?.reason).toMatch(/came to the store meanwhile/)
    expect(held()).toMatchObject({ [`${Trade} B eur`]: 99, [`${Trade} C eur`]: 5 })
  })

  it('finds out by reading what became of a request that was never answered, and sends nothing twice', async () => {
    const { Trade, plan, mark } = await ready()
    let lost = 0
    between = async (inner, url, init) => {
      const answer = await inner(url, init)
      if (init?.method !== 'PUT' || lost) return answer
      lost += 1
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    const report = await pushPlan(shop.workspace, plan.plan, APPROVE)
    expect(lost).toBe(1)
    expect(ends(report)).toEqual({ applied: 3 })
    expect(held()).toEqual({ [`${Trade} A eur`]: 9, [`${Trade} B eur`]: 6, [`${Trade} C eur`]: 5 })
    expect(upserts(mark).length).toBeLessThanOrEqual(2)
  })

  it('sends again what a lost request did not bring about', async () => {
    const { Trade, plan } = await ready()
    let lost = 0
    between = async (inner, url, init) => {
      if (init?.method !== 'PUT' || lost >= 2) return inner(url, init)
      lost += 1
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    expect(ends(await pushPlan(shop.workspace, plan.plan, APPROVE))).toEqual({ applied: 3 })
    expect(lost).toBe(2)
    expect(held()).toEqual({ [`${Trade} A eur`]: 9, [`${Trade} B eur`]: 6, [`${Trade} C eur`]: 5 })
  })

  it('is foretold by a rehearsal, request by request', async () => {
    const { plan } = await ready()
    const predicted = await rehearsePlan(shop.workspace, plan.plan, undefined)
    expect(predicted).toMatchObject({ state: 'complete', counts: { applied: 3 } })
    expect(held()).toMatchObject({ [`${plan.changes[0]?.key['price_list_id']} A eur`]: 8 })
  })

  it('is found by verify where the store, the mirror and the feed agree, and where somebody else changed a price', async () => {
    const { Trade, plan } = await ready()
    await pushPlan(shop.workspace, plan.plan, APPROVE)
    shop.clock.advance(60_000)
    await pull()
    await sync()
    const verify = () => verifyStore(shop.workspace, 'main', { syncs: ['prices'] })
    expect(await verify()).toMatchObject({ exit: 0, drift: {} })
    await record(Trade, 'B', 77)
    await elsewhere(shop, 'DELETE', `/v3/pricelists/${Trade}/records?sku:in=C`)
    const { rows } = await verify()
    expect(rows.map(({ cause, key, field }) => [cause, key['sku'], field])).toEqual([
      ['mirror-stale', 'B', 'price'],
      ['missing-in-store', 'C', null],
    ])
  })

  it.each([
    { moment: 'between intent and request', call: 2, when: 'after' as const },
    { moment: 'between answer and outcome', call: 3, when: 'before' as const },
  ])('settles after a crash $moment, and writes nothing twice', async ({ call, when }) => {
    const { Trade, plan, mark } = await ready()
    const { workspace } = shop
    const spec = workspace.sync('prices')
    const options = {
      ...APPROVE,
      allowed: new Map(),
      source: workspace.source(spec),
      configHash: configHash(workspace.settings, spec),
    }
    const doomed = workspace.withStore('main', 'push', (side) => {
      const doomedSide = { ...side, mirror: dying(side.mirror, call, when) }
      return withRun(workspace.context, doomedSide, 'push', plan.plan, (run) =>
        push(workspace.context, doomedSide, spec, plan.plan, options, run),
      )
    })
    await expect(doomed).rejects.toThrow(Crash)
    const before = upserts(mark).length
    expect(before).toBe(when === 'after' ? 0 : 1)
    shop.clock.advance(600_000)
    await pushPlan(reopened(shop), plan.plan, APPROVE)
    expect(upserts(mark)).toHaveLength(1)
    expect(held()).toEqual({ [`${Trade} A eur`]: 9, [`${Trade} B eur`]: 6, [`${Trade} C eur`]: 5 })
  })

  it('writes the price of one variant of several, by its SKU', async () => {
    const { Trade } = await open({ prices: trade({ create: true }) }, [])
    await complexProduct(shop, { name: 'TEE', price: 10, sizes: ['S', 'M'] })
    shop.feed([
      ['sku', 'price'],
      ['TEE-M', 4],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(held()).toEqual({ [`${Trade} TEE-M eur`]: 4 })
  })
})
