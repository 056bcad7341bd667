import { afterEach, describe, expect, it } from 'vitest'
import { pullStore } from '../../src/app/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import type { PullReport } from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, reopened } from '../support/shop-tools.ts'

let shop: Shop
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const PRODUCTS = 600

/** A store of three pages of products, pulled once. */
const ready = async (options: ShopOptions = {}): Promise<void> => {
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    ...options,
    emulator: { products: PRODUCTS, orders: 40, plan: 'unlimited', ...options.emulator },
  })
  await shop.pull()
}

const held = (): number => Number(shop.rows('SELECT count(*) AS n FROM products')[0]?.['n'])
const ids = (): unknown[] => shop.rows('SELECT id FROM products ORDER BY id').map(({ id }) => id)
const inStore = (): number[] => shop.emulator.state.products.list().map(({ id }) => id)
const of = ({ resources }: PullReport, name: string) => resources.find(({ resource }) => resource === name)
const faulty = (...faults: Fault[]): void => shop.emulator.faults.set(faults)
const LIST = { method: 'GET', path: '/v3/catalog/products' } as const

describe('a pull', () => {
  const passing: [string, Fault][] = [
    ['N5: 500', { kind: 'status', status: 500, ...LIST, times: 2 }],
    ['N6: 503', { kind: 'status', status: 503, ...LIST, times: 2 }],
    ['N7: 429', { kind: 'status', status: 429, ...LIST, times: 3 }],
    ['N8: 429 without headers', { kind: 'status', status: 429, rateHeaders: false, ...LIST, times: 2 }],
    ['N12: half an answer', { kind: 'truncate', ...LIST, times: 2 }],
    ['N13: a page of HTML with 200', { kind: 'html200', ...LIST, times: 2 }],
    ['N14: an empty body with 200', { kind: 'empty200', ...LIST, times: 2 }],
    ['N20: a dropped connection', { kind: 'drop', ...LIST, times: 2 }],
    ['N19: an answer that takes too long', { kind: 'slow', ...LIST, times: 1, ms: 300_000 }],
  ]
  it.each(passing)('%s for a while only delays it', async (_title, fault) => {
    await ready()
    faulty(fault)
    const pulled = await shop.pull({ full: true })
    expect([pulled.state, pulled.exit]).toEqual(['complete', 0])
    expect(of(pulled, 'products')).toMatchObject({ rows: PRODUCTS, complete: true, expected: PRODUCTS, removed: 0 })
    expect(ids()).toEqual(inStore())
  })

  const lasting: [string, Fault][] = [
    ['N13: HTML with 200', { kind: 'html200', ...LIST }],
    ['N14: empty bodies with 200', { kind: 'empty200', ...LIST }],
    ['N14: no data', { kind: 'status', status: 200, body: '{"data":null}', ...LIST }],
    ['N14: another shape', { kind: 'status', status: 200, body: '{}', ...LIST }],
    ['N12: half answers', { kind: 'truncate', ...LIST }],
    ['N6: maintenance', { kind: 'status', status: 503, ...LIST }],
  ]
  it.each(lasting)(
    '%s for good is a failure and no empty store: nothing is removed, nothing is planned',
    async (_title, fault) => {
      await ready()
      faulty(fault)
      await expect(shop.pull({ full: true })).rejects.toMatchObject({ exit: 1 })
      expect(held()).toBe(PRODUCTS)
      shop.feed([
        ['sku', 'price'],
        ['x', 1],
      ])
      await expect(shop.plan()).rejects.toMatchObject({
        code: 'mirror',
        message: expect.stringContaining('did not end'),
      })
      faulty()
      expect((await shop.pull({ full: true })).state).toBe('complete')
    },
  )

  it('P6: that a signal stopped goes on where it was: no page is read twice', async () => {
    await ready()
    const pages = () =>
      shop.emulator.requests.filter(({ path }) => /^\/v3\/catalog\/products\?.*include=/.test(path)).length
    const from = pages()
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (pages() === from + 2) shop.stop.abort(new Error('SIGTERM'))
      return response
    }
    await expect(shop.pull({ full: true })).rejects.toMatchObject({ exit: 8 })
    expect(pages()).toBe(from + 2)
    const pulled = await pullStore(reopened(shop), 'main', { full: true })
    expect(of(pulled, 'products')).toMatchObject({ rows: PRODUCTS, complete: true, expected: PRODUCTS })
    expect(pages()).toBe(from + 3)
  })

  it('N26: that gets fewer rows than the store says it has is not green and removes nothing', async () => {
    await ready()
    between = hiding((id) => id % 50 === 0)
    const pulled = await shop.pull({ full: true })
    expect([pulled.state, pulled.exit]).toEqual(['partial', 1])
    expect(of(pulled, 'products')).toMatchObject({ complete: false, expected: PRODUCTS, removed: 0 })
    expect(held()).toBe(PRODUCTS)
    between = null
    expect((await shop.pull({ full: true })).state).toBe('complete')
  })

  it('N23: a row that a page left out although the count agrees is asked for before it counts as removed', async () => {
    await ready()
    between = hiding((id) => id === inStore()[20], { total: PRODUCTS - 1 })
    const pulled = await shop.pull({ full: true })
    expect(of(pulled, 'products')?.removed).toBe(0)
    expect(held()).toBe(PRODUCTS)
  })

  it('N25: a list that does not go forward is a failure', async () => {
    await ready()
    let first: string | undefined
    between = async (inner, url, init) => {
      if (!url.includes('/v3/catalog/products?')) return inner(url, init)
      first ??= url
      return inner(first, init)
    }
    await expect(shop.pull({ full: true })).rejects.toMatchObject({ code: 'unexpected_answer' })
    expect(held()).toBe(PRODUCTS)
  })

  it('N17: a row with a field of another type is left out, told, and the others go on', async () => {
    await ready()
    const bad = inStore()[5]
    between = altering((row) => (row['id'] === bad ? { ...row, price: 'ten' } : row))
    const pulled = await shop.pull({ full: true })
    expect([pulled.state, pulled.exit]).toEqual(['complete-with-rejects', 5])
    expect(shop.progress.filter(({ kind }) => kind === 'warning').map((one) => 'text' in one && one.text)).toEqual([
      expect.stringMatching(/products .* was left out: .*price/),
    ])
    expect(held()).toBe(PRODUCTS)
  })

  it('N17: that meets a changed API in many rows stops', async () => {
    await ready()
    between = altering((row) => ({ ...row, price: 'ten' }))
    await expect(shop.pull({ full: true })).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  it('N16: a new field is kept', async () => {
    await ready()
    between = altering((row) => ({ ...row, shiny_new: { a: 1 } }))
    expect((await shop.pull({ full: true })).state).toBe('complete')
    const [row] = shop.rows("SELECT json_extract(extra, '$.shiny_new.a') AS a FROM products LIMIT 1")
    expect(row).toEqual({ a: 1 })
  })
})

describe('removed products', () => {
  it('are noticed by a full pull, with their variants', async () => {
    await ready()
    const gone = inStore().slice(100, 103)
    for (const id of gone) await elsewhere(shop, 'DELETE', `/v3/catalog/products/${id}`)
    const pulled = await shop.pull({ full: true })
    expect(of(pulled, 'products')).toMatchObject({ removed: 3, complete: true, rows: PRODUCTS - 3 })
    expect(ids()).toEqual(inStore())
    const list = gone.join(', ')
    expect(shop.rows(`SELECT id FROM variants WHERE product_id IN (${list})`)).toEqual([])
  })

  it('are noticed by an incremental pull, also when others were added', async () => {
    await ready()
    const [first = 0, second = 0] = inStore().slice(100, 102)
    for (const id of [first, second]) await elsewhere(shop, 'DELETE', `/v3/catalog/products/${id}`)
    await elsewhere(shop, 'POST', '/v3/catalog/products', { name: 'New', type: 'physical', weight: 1, price: 3 })
    shop.clock.advance(60_000)
    const pulled = await shop.pull()
    expect(of(pulled, 'products')).toMatchObject({ removed: 2, added: 1, complete: true })
    expect(ids()).toEqual(inStore())
  })

  it('a removed order is noticed too', async () => {
    await ready()
    const [order] = shop.emulator.state.orders.list()
    await elsewhere(shop, 'DELETE', `/v2/orders/${order?.id}`)
    await shop.pull({ full: true })
    expect(shop.rows(`SELECT id FROM orders WHERE id = ${order?.id} AND NOT coalesce(is_deleted, 0)`)).toEqual([])
  })
})

describe('an incremental pull', () => {
  it('brings a change of another app, and costs a request or two for each listing', async () => {
    await ready()
    shop.clock.advance(3_600_000)
    const [id] = inStore()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 123.45 })
    const from = shop.emulator.requests.length
    const pulled = await shop.pull()
    expect(of(pulled, 'products')).toMatchObject({ changed: 1 })
    expect(shop.rows(`SELECT price FROM products WHERE id = ${id}`)).toEqual([{ price: 123.45 }])
    const products = shop.emulator.requests.slice(from).filter(({ path }) => path.startsWith('/v3/catalog/products'))
    expect(products.length).toBeLessThanOrEqual(2)
  })

  it('N43: loses nothing when the clocks of store and machine are ten minutes apart', async () => {
    await ready()
    const [id] = inStore()
    for (const skewMs of [-600_000, 600_000]) {
      await skew(skewMs)
      await shop.pull()
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 50 + skewMs / 600_000 })
      shop.clock.advance(5000)
      await shop.pull()
      expect(shop.rows(`SELECT price FROM products WHERE id = ${id}`)).toEqual([{ price: 50 + skewMs / 600_000 }])
    }
  })
})

describe('orders', () => {
  it('come with their lines and addresses in as few requests as they have pages', async () => {
    shop = openShop({ emulator: { products: 60, orders: 600, plan: 'unlimited' } })
    const pulled = await shop.pull({ only: ['orders'] })
    const total = shop.emulator.state.orders.list().filter((order) => !order['is_deleted']).length
    expect(of(pulled, 'orders')).toMatchObject({ rows: total, complete: true })
    expect(Number(shop.rows('SELECT count(*) AS n FROM order_lines')[0]?.['n'])).toBeGreaterThan(total)
    const lists = shop.emulator.requests.filter(({ path }) => path.startsWith('/v2/orders?'))
    expect(lists).toHaveLength(Math.ceil(total / 250))
    expect(shop.emulator.requests.filter(({ path }) => /\/v2\/orders\/\d+/.test(path))).toEqual([])
  })
})

const skew = async (skewMs: number): Promise<void> => {
  await shop.emulator.fetch('http://127.0.0.1/__emulator__/clock', { method: 'PUT', body: JSON.stringify({ skewMs }) })
}

type Row = Record<string, unknown>

/** Product lists whose rows are other than the store's. */
const altering =
  (alter: (row: Row) => Row | undefined, meta: { total?: number } = {}): typeof between =>
  async (inner, url, init) => {
    const response = await inner(url, init)
    const isList = url.includes('/v3/catalog/products?') && !url.includes('id%3Ain') && !url.includes('id:in')
    if (!isList) return response
    const body = JSON.parse(new TextDecoder().decode(await response.arrayBuffer()))
    body.data = body.data.map(alter).filter((row: Row | undefined) => row !== undefined)
    if (meta.total !== undefined) body.meta.pagination.total = meta.total
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })
  }

const hiding = (isHidden: (id: number) => boolean, meta: { total?: number } = {}): typeof between =>
  altering((row) => (isHidden(Number(row['id'])) ? undefined : row), meta)
