import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openJobBook, pullStore, syncOne } from '../../src/app/index.ts'
import { planText } from '../../src/cli/views/plan-text.ts'
import { pullText, pushText, syncText } from '../../src/cli/views/run-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { serve } from '../../src/daemon/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import { placeOrder } from '../../src/emulator/orders/index.ts'
import { lockStore } from '../../src/mirror/index.ts'
import {
  isoTime,
  type PlanReport,
  type PullReport,
  type PushReport,
  SkiffError,
  type SyncReport,
} from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openJobShop } from '../support/job-shop.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, reopened, simpleProduct } from '../support/shop-tools.ts'

// Seventeen faults that were found while reading how other sync tools page, retry and push. Each is a story whose every report,
// as people read it, is kept in `golden/others-bugs`. Of webhooks, which do not exist yet, the last one shows what they would share
// with the pull: readings in the wrong order.
let shop: Shop
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
let story: string[] = []
afterEach(() => {
  between = null
  shop.close()
})

const MINUTE = 60_000
const SCREEN = screenOf(110, false)

const open = async (skus: readonly string[], options: ShopOptions = {}): Promise<void> => {
  story = []
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    store: { resources: ['products', 'variants', 'orders'] },
    ...options,
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
  })
  for (const sku of skus) await simpleProduct(shop, sku, 10, { inventory_tracking: 'product', inventory_level: 20 })
  shop.clock.advance(10 * MINUTE)
}

const tell = (what: string, text = ''): void => {
  story.push(`## ${what}`, text.trimEnd(), '')
}

const asPull = async (what: string, work: Promise<PullReport>): Promise<PullReport> => {
  const report = await work
  tell(what, pullText(report, SCREEN))
  return report
}
const asPlan = async (what: string, work: Promise<PlanReport>): Promise<PlanReport['plan']> => {
  const { plan } = await work
  // The guards that have nothing to say grow in number; their words are tested where they live.
  const speaking = { ...plan, guards: plan.guards.filter(({ verdict }) => verdict === 'held' || verdict === 'blocked') }
  tell(what, planText(speaking, SCREEN))
  return plan
}
const asPush = async (what: string, work: Promise<PushReport>): Promise<PushReport> => {
  const report = await work
  tell(what, pushText(report, SCREEN))
  return report
}
const asSync = async (what: string, work: Promise<SyncReport>): Promise<SyncReport> => {
  const report = await work
  tell(what, syncText(report, SCREEN))
  return report
}
const asRefusal = async (what: string, work: Promise<unknown>): Promise<SkiffError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof SkiffError)) throw new Error(`${what}: ended well, or with ${error}`)
  tell(what, `exit ${error.exit} ${error.code}: ${error.message}\n  ${error.hint ?? ''}`.replaceAll(shop.dir, '.'))
  return error
}

const golden = (name: string): Promise<void> =>
  expect(`${story.join('\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, `golden/others-bugs/${name}.txt`))

const count = (table: string): number => Number(shop.rows(`SELECT count(*) AS n FROM ${table}`)[0]?.['n'])
const priceOf = (sku: string): number | undefined =>
  shop.emulator.state.products.list().find((product) => product.sku === sku)?.price
const skus = (many: number): string[] =>
  Array.from({ length: many }, (_, at) => `SKU-${String(at + 1).padStart(3, '0')}`)
const sync = (what: string) =>
  asSync(what, syncOne(shop.workspace, 'prices', { approvedBy: 'test', dryRun: false, allow: [] }))

describe('what other tools got wrong', () => {
  it('1: two rows of one second around a checkpoint are both read', async () => {
    await open(skus(3))
    await asPull('the first pull', shop.pull())
    const [one, two] = shop.emulator.state.products.list()
    shop.clock.advance(MINUTE)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${one?.id}`, { price: 11 })
    await asPull('a pull in the second of an edit', shop.pull())
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${two?.id}`, { price: 12 })
    await asPull('another row was edited in the same second', shop.pull())
    expect(shop.rows('SELECT sku, price FROM products ORDER BY sku')).toMatchObject([
      { price: 11 },
      { price: 12 },
      { price: 10 },
    ])
    await golden('01-same-second')
  })

  it('2: a 429 in mid-pull makes no row twice', async () => {
    await open(skus(30))
    shop.emulator.faults.set([{ kind: 'status', status: 429, method: 'GET', path: '/v3/catalog/products', times: 2 }])
    const pulled = await asPull('a pull that is throttled twice', shop.pull())
    expect(pulled.resources.find(({ resource }) => resource === 'products')).toMatchObject({ rows: 30, added: 30 })
    await golden('02-throttled-pull')
  })

  it('3: products edited and deleted between pages leave no gap', async () => {
    await open([], { emulator: { products: 600, orders: 0 } })
    let pages = 0
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (init.method === 'GET' && url.includes('/catalog/products?')) pages += 1
      if (pages === 2) {
        pages += 1
        const [first, second] = shop.emulator.state.products.list()
        await elsewhere(shop, 'DELETE', `/v3/catalog/products/${first?.id}`)
        await elsewhere(shop, 'PUT', `/v3/catalog/products/${second?.id}`, { name: 'Edited between pages' })
      }
      return response
    }
    await shop.pull()
    between = null
    shop.clock.advance(MINUTE)
    await shop.pull()
    shop.clock.advance(MINUTE)
    await asPull('after a pull during which a product went and another changed', shop.pull())
    expect(count('products')).toBe(599)
    expect(shop.rows(`SELECT count(*) AS n FROM products WHERE name = 'Edited between pages'`)).toEqual([{ n: 1 }])
    await golden('03-moving-list')
  })

  it('4: a last page that is exactly full ends the list, and a total that falls in mid-list removes only what is gone', async () => {
    await open([], { emulator: { products: 500, orders: 0 } })
    const pulled = await asPull('two pages of exactly 250', shop.pull())
    expect(pulled.resources.find(({ resource }) => resource === 'products')).toMatchObject({
      rows: 500,
      complete: true,
    })
    const gone = shop.emulator.state.products.list()[0]?.id
    let pages = 0
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (init.method === 'GET' && url.includes('/catalog/products?')) pages += 1
      if (pages === 1) {
        pages += 1
        await elsewhere(shop, 'DELETE', `/v3/catalog/products/${gone}`)
      }
      return response
    }
    await asPull('the total falls by one behind the first page', shop.pull({ full: true }))
    between = null
    shop.clock.advance(MINUTE)
    await asPull('and once more', shop.pull())
    expect(shop.rows('SELECT id FROM products ORDER BY id')).toEqual(
      shop.emulator.state.products.list().map(({ id }) => ({ id })),
    )
    await golden('04-full-last-page')
  })

  it('5: a variant edited without a new date of its product is found by the daily full pull', async () => {
    await open([])
    const mug = await complexProduct(shop, { name: 'MUG', price: 10, sizes: ['S', 'L'] })
    shop.clock.advance(10 * MINUTE)
    await asPull('the first pull', shop.pull())
    shop.emulator.state.variants.update(mug.variants[0]?.id ?? 0, { price: 12.5 })
    shop.clock.advance(25 * 60 * MINUTE)
    const pulled = await asPull('a day later', shop.pull())
    expect(pulled.full).toBe(true)
    expect(shop.rows(`SELECT price FROM skus WHERE sku = 'MUG-S'`)).toEqual([{ price: 12.5 }])
    await golden('05-silent-variant')
  })

  it('6: a token without a scope is refused by name, and nothing is skipped in silence', async () => {
    await open([], { emulator: { products: 3, scopes: ['store_v2_information', 'store_v2_products_read_only'] } })
    const error = await asRefusal('a pull of orders with a token for products', shop.pull())
    expect(error.exit).toBe(7)
    expect(error.hint).toContain('store_v2_orders')
    await golden('06-missing-scope')
  })

  it('7: a run that a signal cut is not green, and its watermark does not move', async () => {
    await open([], { emulator: { products: 600, orders: 0 } })
    await shop.pull()
    const before = shop.rows('SELECT watermark FROM sync_freshness ORDER BY resource')
    shop.clock.advance(60 * MINUTE)
    let pages = 0
    between = (inner, url, init) => {
      pages += 1
      if (pages === 3) shop.stop.abort()
      return inner(url, init)
    }
    const error = await asRefusal('a full pull that is stopped after two pages', shop.pull({ full: true }))
    between = null
    expect(error.exit).toBe(8)
    expect(shop.rows('SELECT watermark FROM sync_freshness ORDER BY resource')).toEqual(before)
    await asPull('the same pull again', pullStore(reopened(shop), 'main', { full: true }))
    expect(count('products')).toBe(600)
    await golden('07-cut-run')
  })

  it('8: an empty v2 answer is no order, and dates of both kinds are read', async () => {
    await open(skus(1))
    const pulled = await asPull('a store without an order', shop.pull())
    expect(pulled.resources.find(({ resource }) => resource === 'orders')).toMatchObject({ rows: 0, complete: true })
    buy(1)
    shop.clock.advance(MINUTE)
    await asPull('and with one', shop.pull())
    expect(shop.rows('SELECT date_created FROM orders')).toEqual([
      { date_created: expect.stringMatching(/^2026-03-02T09:1\d:00Z$/) },
    ])
    await golden('08-empty-v2')
  })

  it('9: two workers that create the same product make one', async () => {
    await open([], { syncs: GOODS })
    await shop.pull()
    shop.feed([HEAD, ['NEW-1', 'New one', 'physical', 1, 20]])
    const plan = await asPlan('the plan', shop.plan({ sync: 'goods' }))
    await simpleProduct(shop, 'NEW-1', 20, { name: 'New one' })
    const pushed = await asPush('another worker was first', shop.push(plan.plan, { sync: 'goods' }))
    expect(pushed.counts).toMatchObject({ applied: 0 })
    expect(shop.emulator.state.products.list()).toHaveLength(1)
    await golden('09-two-creators')
  })

  it('10: one bad row of a batch that nobody names is found, and the others go through', async () => {
    await open(skus(8), { syncs: pricesOf('products', { name: 'name' }) })
    await shop.pull()
    shop.feed([['sku', 'name'], ...skus(8).map((sku, at) => [sku, at === 5 ? 'Taken' : `New ${sku}`])])
    const plan = await asPlan('the plan', shop.plan({ allow: ['maxChanges'] }))
    await simpleProduct(shop, 'ELSEWHERE', 10, { name: 'Taken' })
    const pushed = await asPush('one name was taken meanwhile', shop.push(plan.plan, { allow: ['maxChanges'] }))
    expect(pushed.counts).toMatchObject({ applied: 7, failed: 1 })
    await golden('10-unnamed-bad-row')
  })

  it('11: a create whose answer is lost is found, not repeated', async () => {
    await open([], { syncs: GOODS })
    await shop.pull()
    shop.feed([HEAD, ['NEW-1', 'New one', 'physical', 1, 20]])
    const plan = await asPlan('the plan', shop.plan({ sync: 'goods' }))
    shop.emulator.faults.set([{ kind: 'drop', method: 'POST', path: '/v3/catalog/products', times: 1 } satisfies Fault])
    await asPush('the answer is lost', shop.push(plan.plan, { sync: 'goods' }))
    expect(shop.emulator.state.products.list()).toHaveLength(1)
    await golden('11-lost-create')
  })

  it('12: an empty feed, half a feed, a feed in cents, and GTINs in scientific notation change nothing', async () => {
    await open(skus(40))
    await shop.pull()
    shop.feed([['sku', 'price'], ...skus(40).map((sku) => [sku, 10])])
    await sync('the feed as it should be')
    const mark = shop.emulator.log.length
    shop.feed([['sku', 'price']])
    await asRefusal('an empty feed', shop.plan())
    shop.feed([['sku', 'price'], ...skus(20).map((sku) => [sku, 10])])
    await asPlan('half a feed', shop.plan())
    shop.feed([['sku', 'price'], ...skus(40).map((sku) => [sku, 1000])])
    await asPlan('a feed in cents', shop.plan())
    shop.feed([['sku', 'price'], ...skus(40).map((_, at) => [`4.01235E+1${at % 10}`, 10])])
    await asPlan('keys in scientific notation', shop.plan())
    expect(shop.emulator.log).toHaveLength(mark)
    await golden('12-broken-feeds')
  })

  it('13: an edit after the plan was made is not overwritten, and an edit on both sides is a conflict', async () => {
    await open(skus(8), {
      syncs: pricesOf('products', { price: 'price', name: { from: 'name', owner: 'both', writeBack: false } }),
    })
    await shop.pull()
    const feed = (name: string, price: number) =>
      shop.feed([
        ['sku', 'price', 'name'],
        ...skus(8).map((sku, at) => [sku, at === 0 ? price : 10, at === 1 ? name : sku]),
      ])
    feed(skus(2)[1] ?? '', 10)
    await asPlan('at rest', shop.plan())
    feed('Name from the feed', 11)
    const plan = await asPlan('the feed changes a price and a name', shop.plan({ allow: ['maxChanges'] }))
    const [first, second] = shop.emulator.state.products.list()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${first?.id}`, { price: 12.5 })
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${second?.id}`, { name: 'Name from the shop' })
    await asPush('both were edited in the shop meanwhile', shop.push(plan.plan))
    expect(priceOf('SKU-001')).toBe(12.5)
    shop.clock.advance(MINUTE)
    await shop.pull()
    const after = await asPlan('the next plan', shop.plan())
    expect(after.summary.conflict).toBe(1)
    await golden('13-edited-meanwhile')
  })

  it('14: a sale during a stock push is not undone', async () => {
    await open(skus(8), { syncs: pricesOf('skus', { inventory_level: { from: 'stock', asOf: 'counted' } }) })
    await shop.pull()
    const counted = isoTime(shop.clock.now())
    shop.feed([['sku', 'stock', 'counted'], ...skus(8).map((sku) => [sku, 25, counted])])
    const plan = await asPlan('the plan', shop.plan({ allow: ['maxChanges'] }))
    buy(3)
    shop.clock.advance(MINUTE)
    const pushed = await asPush('three were sold meanwhile', shop.push(plan.plan, { allow: ['maxChanges'] }))
    expect(pushed.counts).toMatchObject({ applied: 7, skipped: 1 })
    expect(shop.emulator.state.products.list()[0]).toMatchObject({ inventory_level: 17 })
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    const again = await asPlan('the same figures, which do not know of the sale', shop.plan())
    expect(again).toMatchObject({ changes: [], held: [{ guard: 'staleStock' }] })
    await golden('14-sale-during-push')
  })

  it('15: a lock is never stolen from a slow holder, and goes with a dead one', async () => {
    await open(skus(2))
    const path = join(shop.dir, '.skiff', 'main.db')
    const lock = lockStore(path, { pid: 4711, host: 'shop-server', since: '2026-03-02T09:00:00Z', work: 'push p7' })
    shop.clock.advance(24 * 60 * MINUTE)
    const error = await asRefusal('a pull while another process has held the store for a day', shop.pull())
    expect(error.exit).toBe(9)
    lock.release()
    await asPull('once it has ended', shop.pull())
    await golden('15-lock')
  })

  it('16: a job runs once for each instant, over a night of daylight saving and after the machine has slept', async () => {
    const nightly = { cron: '30 2 * * *', timezone: 'America/New_York', steps: ['pull main'] }
    const jobs = openJobShop({ nightly }, { emulator: { products: 0, plan: 'unlimited' } })
    shop = jobs
    story = []
    const serveUntil = async (what: string, runs: number): Promise<void> => {
      const stop = new AbortController()
      const book = openJobBook(shop.workspace.settings, 'nightly')
      await serve({
        open: (progress) => jobs.open({ progress, signal: stop.signal }),
        host: 'test',
        log: (_level, text) => {
          if (text.startsWith('ended') && book.runs().length >= runs) stop.abort()
        },
      })
      const lines = [...book.runs()]
        .reverse()
        .map(({ scheduled, started, state }) => `${scheduled}  ran at ${started}: ${state}`)
      tell(what, lines.join('\n'))
    }
    await serveUntil('a week of nights, one of which has no 02:30', 7)
    shop.clock.advance(80 * 60 * MINUTE)
    await serveUntil('the machine slept for more than three days', 8)
    await golden('16-schedule')
  })

  it('17: an older reading after a newer one changes nothing', async () => {
    await open(skus(3))
    await shop.pull()
    const [product] = shop.emulator.state.products.list()
    shop.clock.advance(MINUTE)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product?.id}`, { price: 11 })
    shop.clock.advance(MINUTE)
    await asPull('the edit is read', shop.pull())
    shop.emulator.faults.set([{ kind: 'stale', ms: 90_000 }])
    await asPull('a replica answers that has not seen it', shop.pull({ full: true }))
    expect(shop.rows(`SELECT price FROM products WHERE sku = 'SKU-001'`)).toEqual([{ price: 11 }])
    await golden('17-older-reading')
  })
})

const HEAD = ['SKU', 'Name', 'Type', 'Weight', 'Price']
const GOODS = {
  goods: {
    store: 'main',
    source: 'feed',
    resource: 'products',
    key: { sku: 'SKU' },
    fields: { name: 'Name', type: 'Type', weight: 'Weight', price: 'Price' },
    create: true,
    createDefaults: { is_visible: false, categories: [], channels: 'default' },
  },
}
const pricesOf = (resource: string, fields: object): object => ({
  prices: { store: 'main', resource, source: 'feed', key: { sku: 'sku' }, fields },
})

/** A shopper buys some of the first product. */
const buy = (quantity: number): void => {
  const { state } = shop.emulator
  const product = state.products.list()[0]
  const variant = state.variants.list()[0]
  if (!product || !variant) throw new Error('nothing to buy')
  placeOrder(state, {
    created: shop.clock.now(),
    statusId: 11,
    customerId: 0,
    address: ADDRESS,
    lines: [{ product, variant, quantity }],
    paymentMethod: 'Cash',
    shipping: 0,
  })
  state.products.update(product.id, { inventory_level: product.inventory_level - quantity })
}

const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Byron',
  company: '',
  street_1: '1 High Street',
  street_2: '',
  city: 'Austin',
  state: 'Texas',
  zip: '78701',
  country: 'United States',
  country_iso2: 'US',
  phone: '',
  email: 'ada@example.com',
}
