import { afterEach, describe, expect, it } from 'vitest'
import { checkAll, syncOne } from '../../src/app/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = Array.from({ length: 80 }, (_, index) => `CUP-${100 + index}`)
const FREE = { maxChanges: false, allChanged: false }

const open = async (guards: object = {}, fetch?: ShopOptions['fetch']) => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    ...(fetch ? { fetch } : {}),
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price' },
        guards: { ...FREE, ...guards },
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  await shop.pull()
}

const feed = (price: (index: number) => number): void =>
  shop.feed([['sku', 'price'], ...SKUS.map((sku, index) => [sku, price(index)])])

describe('the canary', () => {
  it('G15: sends five rows of a large push first, reads them back, and then sends the rest', async () => {
    await open()
    feed(() => 11)
    const from = shop.emulator.log.length
    const { plan } = await shop.plan()
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 80 })
    expect(writes(shop, from).map(({ body }) => body.length)).toEqual([5, 10, 10, 10, 10, 10, 10, 10, 5])
  })

  it('G15: stops with exit 4 when the store says yes and does not keep what was written', async () => {
    await open({}, (inner) => async (url, init) => {
      if (init.method !== 'PUT') return inner(url, init)
      const rows = JSON.parse(String(init.body ?? '[]')) as object[]
      return new Response(JSON.stringify({ data: rows, meta: {} }), { status: 200 })
    })
    feed(() => 11)
    const { plan } = await shop.plan()
    const report = await shop.push(plan.plan)
    expect([report.state, report.exit, report.error?.message]).toEqual([
      'blocked',
      4,
      expect.stringMatching(/^canary: 5 of the first 5 rows do not hold what was written/),
    ])
    expect(report.error?.hint).toContain(`skiff push ${plan.plan} --allow canary`)
    expect(report.rows.filter(({ state }) => state === 'approved')).toHaveLength(75)
  })

  it('N28: waits for a store that shows writes late, and from then on leaves every write twice that time', async () => {
    await open({ maxSourceDrop: false })
    const sizes = Array.from({ length: 60 }, (_, index) => `${index}`)
    const { variants } = await complexProduct(shop, { name: 'MUG', price: 10, sizes })
    shop.clock.advance(60_000)
    await shop.pull()
    shop.feed([['sku', 'price'], ...variants.map(({ sku }, index) => [sku, (11 + index / 100).toFixed(2)])])
    const { plan } = await shop.plan()
    shop.emulator.faults.add({ kind: 'stale', probability: 1, ms: 20_000 })
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 60 })
    const { workspace } = shop
    const [late, ...others] = await workspace.withMirror('main', (mirror) => mirror.lateSettles())
    expect([late?.resource, late?.plan, others]).toEqual(['skus', plan.plan, []])
    expect(late?.lagMs).toBeGreaterThanOrEqual(20_000)
    expect(late?.settleMs).toBe(2 * (late?.lagMs ?? 0))
    shop.emulator.faults.clear()
    shop.clock.advance(600_000)
    await shop.pull()
    shop.feed([
      ['sku', 'price'],
      [variants[0]?.sku ?? '', 12],
    ])
    await shop.push((await shop.plan()).plan.plan)
    const due = await workspace.withMirror('main', (mirror) => mirror.unsettled(''))
    const waits = due.map(({ appliedAt, until }) => Date.parse(until) - Date.parse(appliedAt))
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(late?.settleMs ?? 0)
    const settle = (await checkAll(workspace, ['main'])).findings.find(({ what }) => what === 'settling')
    expect(settle?.detail).toMatch(/^skus were seen \d+ s after a write; \d+ s are waited for since p1$/)
  })
})

describe('the breaker', () => {
  it('G16: stops after five failures in a row, names the way on, and leaves the other rows as they are', async () => {
    await open({ canary: false })
    feed(() => 11)
    const { plan } = await shop.plan()
    shop.emulator.faults.add({ kind: 'status', status: 422, method: 'PUT' })
    const from = shop.emulator.log.length
    const report = await shop.push(plan.plan)
    expect([report.state, report.exit]).toEqual(['blocked', 4])
    expect(report.error?.message).toMatch(/^breaker: the push stopped, \d rows failed one after the other/)
    expect(report.counts.failed).toBeLessThan(20)
    expect(shop.emulator.log).toHaveLength(from)
    shop.emulator.faults.clear()
    const rest = await shop.push(plan.plan, { allow: ['breaker'] })
    expect(rest.counts.applied).toBe(80 - report.counts.failed)
    const overrides = shop.rows(
      `SELECT count(DISTINCT change) AS changes FROM sync_journal
         WHERE run = '${rest.run}' AND to_state = 'approved' AND evidence LIKE '%breaker%'`,
    )
    expect(overrides).toEqual([{ changes: rest.counts.applied }])
  })
})

describe('prices that change too often', () => {
  it('G17, G18: one that goes to and fro is held, and so is a seventh change in a day', async () => {
    await open({ canary: false })
    const change = async (price: number) => {
      feed((index) => (index === 0 ? price : 10))
      shop.clock.advance(600_000)
      await shop.pull()
      const { plan } = await shop.plan()
      if (plan.changes.length) await shop.push(plan.plan)
      return plan.held.map(({ guard, reason }) => `${guard}: ${reason}`)
    }
    for (const price of [11, 10, 11]) expect(await change(price)).toEqual([])
    expect(await change(10)).toEqual(['flap: price goes to and fro: 3 reversals in 24 h'])
    for (const price of [12, 13, 14]) expect(await change(price)).toEqual([])
    expect(await change(15)).toEqual(['changeRate: its price was changed 6 times in 24 h'])
    shop.clock.advance(25 * 3_600_000)
    expect(await change(15)).toEqual([])
  })
})

describe('a feed', () => {
  it('G11: without a sentinel blocks, and says which is missing where', async () => {
    await open({ sentinels: ['CUP-100', 'CUP-101'], maxSourceDrop: false })
    feed(() => 10)
    expect((await shop.plan()).state).toBe('complete')
    shop.feed([['sku', 'price'], ...SKUS.slice(1).map((sku) => [sku, 10])])
    const { plan, exit } = await shop.plan()
    expect([exit, plan.guards.find(({ verdict }) => verdict === 'blocked')]).toMatchObject([
      4,
      { guard: 'sentinels', detail: 'CUP-100 is not among the readable rows of the source' },
    ])
  })

  it('D10, D38, G12: whose price column became another one blocks', async () => {
    await open({ maxPriceChange: false, priceScale: false })
    feed((index) => 10 + index / 100)
    expect((await shop.plan()).state).toBe('complete')
    feed((index) => 1000 + index)
    const { plan } = await shop.plan({ allow: ['allChanged'] })
    const found = plan.guards.find(({ verdict }) => verdict === 'blocked')
    expect(found).toMatchObject({ guard: 'columnShape', detail: 'price: the median is 1040, 10.4 last time' })
  })
})

describe('a base that was lost', () => {
  const options = { approvedBy: 'cron', dryRun: false, allow: [] }
  const priceElsewhere = (index: number, price: number) =>
    elsewhere(shop, 'PUT', `/v3/catalog/products/${shop.emulator.state.products.list()[index]?.id}`, { price })
  const lose = async () => {
    await open({ canary: false })
    feed((index) => (index === 0 ? 11 : 10))
    expect((await syncOne(shop.workspace, 'prices', options)).state).toBe('complete')
    await shop.workspace.withStore('main', 'test', async ({ mirror }) => {
      mirror.dropBase(
        'prices',
        [...mirror.base('prices').all()].map(({ key }) => key),
      )
    })
    await priceElsewhere(5, 11)
  }

  it('U11: makes an automatic sync wait for a person', async () => {
    await lose()
    const report = await syncOne(shop.workspace, 'prices', options)
    expect([report.state, report.exit]).toEqual(['waiting', 3])
    await shop.workspace.withMirror('main', (mirror) => {
      expect(mirror.plan(report.plan)?.plan.waits).toMatch(/the base of this sync is lost/)
    })
  })

  it('U11: makes every later run wait too, until a person has pushed one of its plans', async () => {
    await lose()
    const from = shop.emulator.log.length
    for (let night = 0; night < 3; night += 1)
      expect((await syncOne(shop.workspace, 'prices', options)).state).toBe('waiting')
    expect(writes(shop, from)).toEqual([])
    const { plan } = await syncOne(shop.workspace, 'prices', options)
    expect(ends(await shop.push(plan))).toEqual({ applied: 1 })
    await priceElsewhere(6, 12)
    feed((index) => (index < 2 ? 11 : 10))
    expect((await syncOne(shop.workspace, 'prices', options)).state).not.toBe('waiting')
  })

  it('is none where a plan was approved and nothing of it was sent', async () => {
    let isAway = false
    await open({ canary: false }, (inner) => async (url, init) => {
      if (isAway && url.includes('id:in')) return new Response('<html>', { status: 200 })
      return inner(url, init)
    })
    feed(() => 11)
    const { plan } = await shop.plan()
    // An edit somewhere makes the push read its rows again before it sends any.
    await priceElsewhere(79, 12)
    isAway = true
    await expect(shop.push(plan.plan)).rejects.toThrow('with a web page instead of an answer')
    isAway = false
    await shop.workspace.withMirror('main', (mirror) => {
      expect(mirror.plan(plan.plan)?.state).toBe('approved')
    })
    feed(() => 12)
    expect((await syncOne(shop.workspace, 'prices', options)).state).not.toBe('waiting')
    expect(writes(shop).some(({ method }) => method === 'PUT')).toBe(true)
  })
})
