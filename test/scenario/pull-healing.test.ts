import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { checkAll, pullStore, syncOne } from '../../src/app/index.ts'
import type { PullReport } from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct } from '../support/shop-tools.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let shop: Shop
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const open = async (products: number, options: ShopOptions = {}): Promise<void> => {
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    ...options,
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
    store: { resources: ['products', 'variants'], ...options.store },
  })
  for (let at = 0; at < products; at += 1) await simpleProduct(shop, `P${at}`, 10)
  shop.clock.advance(30 * MINUTE)
}

const held = (table = 'products'): number => Number(shop.rows(`SELECT count(*) AS n FROM ${table}`)[0]?.['n'])
const first = (): number => Number(shop.emulator.state.products.list()[0]?.id)
const of = ({ resources }: PullReport, name: string) => resources.find(({ resource }) => resource === name)

type Row = Record<string, unknown>
/** Answers of a listing, other than the store's. */
const altering =
  (path: string, alter: (rows: Row[]) => Row[], isMeant: (url: string) => boolean = () => true): typeof between =>
  async (inner, url, init) => {
    const response = await inner(url, init)
    if (!url.includes(path) || !isMeant(url)) return response
    const body = JSON.parse(new TextDecoder().decode(await response.arrayBuffer()))
    body.data = alter(body.data)
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })
  }

describe('a mirror that lost a row', () => {
  const lose = async (): Promise<void> => {
    await open(20)
    await shop.pull()
    const db = new Database(join(shop.dir, '.skiff', 'main.db'))
    db.exec(`DELETE FROM variants WHERE sku IN ('P0', 'P1'); DELETE FROM products WHERE sku IN ('P0', 'P1')`)
    db.close()
  }

  it('gets it back by the next incremental pull', async () => {
    await lose()
    expect(held()).toBe(18)
    shop.clock.advance(HOUR)
    const pulled = await shop.pull()
    expect(pulled).toMatchObject({ state: 'complete', full: false })
    expect(of(pulled, 'products')).toMatchObject({ added: 2, removed: 0, complete: true })
    expect([held(), held('variants')]).toEqual([20, 20])
  })

  it('gets it back also where another row went', async () => {
    await lose()
    for (const { id } of shop.emulator.state.products.list().slice(5, 6))
      await elsewhere(shop, 'DELETE', `/v3/catalog/products/${id}`)
    shop.clock.advance(HOUR)
    await shop.pull()
    expect(shop.rows('SELECT id FROM products ORDER BY id').map(({ id }) => id)).toEqual(
      shop.emulator.state.products.list().map(({ id }) => id),
    )
  })

  it('is not green while the row that is missing cannot be read', async () => {
    await open(20)
    await shop.pull()
    const bad = await simpleProduct(shop, 'NEW', 10)
    between = altering('/v3/catalog/products?', (rows) =>
      rows.map((row) => (row['id'] === bad.id && 'price' in row ? { ...row, price: 'ten' } : row)),
    )
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ state: 'complete-with-rejects', exit: 5 })
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ state: 'complete-with-rejects', exit: 5 })
  })
})

it('orders that the mirror misses and that cannot be found by their keys make the next pull a full one', async () => {
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    emulator: { products: 10, orders: 20, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'orders'] },
  })
  shop.clock.advance(30 * MINUTE)
  await shop.pull()
  between = async (inner, url, init) => {
    const response = await inner(url, init)
    if (!url.includes('/v2/orders/count')) return response
    const body = JSON.parse(new TextDecoder().decode(await response.arrayBuffer()))
    return new Response(JSON.stringify({ ...body, count: body.count + 1 }), {
      headers: { 'Content-Type': 'application/json' },
    })
  }
  shop.clock.advance(HOUR)
  expect(of(await shop.pull(), 'orders')).toMatchObject({ complete: false })
  between = null
  shop.clock.advance(HOUR)
  const healed = await shop.pull()
  expect(healed.state).toBe('complete')
  const orders = shop.emulator.state.orders.list().filter((order) => !order['is_deleted'])
  expect(of(healed, 'orders')).toMatchObject({ rows: orders.length, complete: true })
})

describe('a pull that was cut and goes on much later', () => {
  it('loses no edit that was made in between to a row it had read before', async () => {
    await open(300)
    between = async (inner, url, init) => {
      if (url.includes('id:greater') || url.includes('id%3Agreater')) throw new Error('the line is dead')
      return inner(url, init)
    }
    await expect(shop.pull()).rejects.toMatchObject({ code: 'unavailable' })
    between = null
    expect(held()).toBe(250)
    shop.clock.advance(30 * MINUTE)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${first()}`, { price: 15 })
    shop.clock.advance(HOUR)
    await shop.pull()
    shop.clock.advance(HOUR)
    await shop.pull()
    expect(shop.rows(`SELECT price FROM products WHERE id = ${first()}`)).toEqual([{ price: 15 }])
  })
})

describe('a change that the store does not date', () => {
  const stock = (): unknown => shop.rows('SELECT inventory_level FROM skus')[0]?.['inventory_level']

  it('N45: is seen within a day, because one pull a day reads everything', async () => {
    await open(0, { emulator: { settings: { stockTouchesProduct: false } } })
    const { id } = await simpleProduct(shop, 'A', 10, { inventory_tracking: 'product', inventory_level: 5 })
    shop.clock.advance(30 * MINUTE)
    expect(await shop.pull()).toMatchObject({ full: true })
    await elsewhere(shop, 'PUT', '/v3/inventory/adjustments/absolute', {
      items: [{ location_id: 1, product_id: id, quantity: 0 }],
    })
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ full: false })
    expect(stock()).toBe(5)
    shop.clock.advance(24 * HOUR)
    expect(await shop.pull()).toMatchObject({ full: true })
    expect(stock()).toBe(0)
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ full: false })
  })
})

describe('the next pull of everything', () => {
  it('is told with its cost by every pull, and comes as often as the config says', async () => {
    await open(0, { store: { resources: ['products', 'variants'], full: '6h' } })
    const mug = await complexProduct(shop, { name: 'MUG', price: 10, sizes: ['S', 'L'] })
    shop.clock.advance(30 * MINUTE)
    const pulled = await shop.pull()
    const due = Date.parse(pulled.nextFull[0]?.due ?? '')
    expect(pulled.nextFull).toMatchObject([{ resource: 'products', requests: 1 }])
    expect(Math.abs(due - shop.clock.now() - 6 * HOUR)).toBeLessThan(MINUTE)

    shop.emulator.state.variants.update(mug.variants[0]?.id ?? 0, { price: 77 })
    shop.clock.advance(5 * HOUR)
    const between = await shop.pull()
    expect([between.full, between.nextFull]).toEqual([false, pulled.nextFull])
    expect(shop.rows('SELECT id FROM variants WHERE price = 77')).toEqual([])
    shop.clock.advance(HOUR)
    expect((await shop.pull()).full).toBe(true)
    expect(shop.rows('SELECT id FROM variants WHERE price = 77')).toHaveLength(1)
    const { findings } = await checkAll(shop.workspace, ['main'])
    expect(findings.find(({ what }) => what === 'dates')?.detail).toBe(
      'edits of variants that gave their products a new date: price 0 of 1',
    )
  })
})

describe('a listing by page numbers', () => {
  const brands = async (count: number): Promise<number> => {
    shop = openShop({
      fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
      emulator: { products: 0, plan: 'unlimited' },
      store: { resources: ['products', 'variants', 'brands'] },
    })
    for (let at = 0; at < count; at += 1) await elsewhere(shop, 'POST', '/v3/catalog/brands', { name: `b${at}` })
    shop.clock.advance(MINUTE)
    return Number(shop.emulator.state.brands.list()[0]?.id)
  }
  /** Something happens in the store after each first page, so often. */
  const afterFirstPage = (times: number, happens: (time: number) => Promise<unknown>): void => {
    let done = 0
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (url.includes('/v3/catalog/brands?') && url.includes('page=1') && done < times) {
        done += 1
        await happens(done)
      }
      return response
    }
  }
  const names = (): unknown[] => shop.rows('SELECT id FROM brands ORDER BY id').map(({ id }) => id)
  const inStore = (): unknown[] => shop.emulator.state.brands.list().map(({ id }) => id)

  it('N23: is read once more when a row went while it was read, because another may have slipped between its pages', async () => {
    const gone = await brands(300)
    afterFirstPage(1, () => elsewhere(shop, 'DELETE', `/v3/catalog/brands/${gone}`))
    const pulled = await shop.pull()
    expect(of(pulled, 'brands')).toMatchObject({ rows: inStore().length, complete: true, removed: 1 })
    expect(names()).toEqual(inStore())
  })

  it('that never stays still is not called complete, and the next pull heals it', async () => {
    await brands(300)
    afterFirstPage(9, (time) => elsewhere(shop, 'POST', '/v3/catalog/brands', { name: `new ${time}` }))
    expect(await shop.pull()).toMatchObject({ state: 'partial', exit: 1 })
    between = null
    expect(await shop.pull()).toMatchObject({ state: 'complete', exit: 0 })
    expect(names()).toEqual(inStore())
  })
})

describe('a pull that met many rows of another shape', () => {
  it('is not taken for complete: the next one reads them again', async () => {
    await open(15)
    await shop.pull()
    for (const { id } of shop.emulator.state.products.list())
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 12 })
    shop.clock.advance(MINUTE)
    between = altering('/v3/catalog/products?', (rows) =>
      rows.map((row, at) => (at < 5 ? { ...row, weight: 'heavy' } : row)),
    )
    await expect(shop.pull()).rejects.toMatchObject({ code: 'unexpected_answer' })
    between = null
    shop.clock.advance(30 * MINUTE)
    expect(await shop.pull()).toMatchObject({ state: 'complete' })
    expect(shop.rows('SELECT price, count(*) AS n FROM products GROUP BY 1')).toEqual([{ price: 12, n: 15 }])
  })
})

it('a sync whose pull left a row out ends with 5', async () => {
  await open(200)
  shop.feed([['sku', 'price'], ...Array.from({ length: 200 }, (_none, at) => [`P${at}`, 10])])
  between = altering('/v3/catalog/products?', (rows) =>
    rows.map((row) => (row['id'] === first() ? { ...row, weight: 'heavy' } : row)),
  )
  const report = await syncOne(shop.workspace, 'prices', { approvedBy: '--yes', dryRun: false, allow: [] })
  expect(report).toMatchObject({ state: 'complete-with-rejects', exit: 5 })
})

describe('an order that cannot be read', () => {
  const HOURS = [HOUR, HOUR, 25 * HOUR]
  let isSick = true
  const orders = async (sick: (row: Row) => Row): Promise<number> => {
    isSick = true
    shop = openShop({
      fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
      emulator: { products: 10, orders: 20, plan: 'unlimited' },
      store: { resources: ['products', 'variants', 'orders', 'order_lines'] },
    })
    shop.clock.advance(30 * MINUTE)
    const one = Number(shop.emulator.state.orders.list().find((order) => !order['is_deleted'])?.id)
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (!/v2\/orders[?/]/.test(url) || url.includes('/count') || response.status !== 200 || !isSick) return response
      const body = JSON.parse(new TextDecoder().decode(await response.arrayBuffer()))
      const shown = (row: Row) => (row['id'] === one ? sick(row) : row)
      return new Response(JSON.stringify(Array.isArray(body) ? body.map(shown) : shown(body)), {
        headers: { 'Content-Type': 'application/json' },
      })
    }
    return one
  }
  const SICK = (row: Row): Row => ({ ...row, total_ex_tax: 'ten' })
  const inStore = (): number => shop.emulator.state.orders.list().filter((order) => !order['is_deleted']).length

  it('counts as there: every later pull is complete, and tells it', async () => {
    const one = await orders(SICK)
    for (const wait of [0, ...HOURS]) {
      shop.clock.advance(wait)
      const pulled = await shop.pull()
      expect(pulled).toMatchObject({ state: 'complete-with-rejects', exit: 5 })
      expect(pulled.unread).toEqual([
        { resource: 'orders', key: String(one), reason: expect.stringContaining('total_ex_tax') },
      ])
      expect(of(pulled, 'orders')).toMatchObject({ complete: true, removed: 0 })
      expect(held('orders')).toBe(inStore() - 1)
    }
    expect(await pullStore(shop.workspace, 'main', { verify: true })).toMatchObject({ state: 'complete-with-rejects' })
  })

  it('comes with the next pull once it can be read, though the store gives it no new date', async () => {
    await orders(SICK)
    await shop.pull()
    isSick = false
    shop.clock.advance(HOUR)
    const pulled = await shop.pull()
    expect(pulled).toMatchObject({ state: 'complete', full: false, unread: [] })
    expect(held('orders')).toBe(inStore())
  })

  it('keeps the state that the mirror has of it, told as an older one, until it can be read', async () => {
    const one = await orders(SICK)
    isSick = false
    await shop.pull()
    isSick = true
    shop.emulator.state.orders.update(one, {
      date_modified: new Date(shop.clock.now()).toUTCString().replace('GMT', '+0000'),
    })
    for (const wait of HOURS) {
      shop.clock.advance(wait)
      const pulled = await shop.pull()
      expect(pulled.unread).toMatchObject([
        { key: String(one), reason: expect.stringMatching(/total_ex_tax.*the mirror keeps an older state of it/) },
      ])
      expect(of(pulled, 'orders')).toMatchObject({ complete: true, removed: 0 })
      expect(held('orders')).toBe(inStore())
    }
    isSick = false
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ state: 'complete', unread: [] })
  })

  it.each([HOUR, 25 * HOUR])('is told no more after it went (%d ms later)', async (wait) => {
    const one = await orders(SICK)
    await shop.pull()
    shop.emulator.state.orders.delete(one)
    shop.clock.advance(wait)
    expect(await shop.pull()).toMatchObject({ state: 'complete', unread: [] })
  })

  it('a row inside one is told too as long as it cannot be read', async () => {
    const one = await orders((row) => {
      const shown = structuredClone(row) as { consignments: { shipping: { line_items: Row[] }[] } } & Row
      const [line] = shown.consignments.shipping.flatMap(({ line_items }) => line_items)
      if (line) line['quantity'] = 'two'
      return shown
    })
    for (const wait of [0, ...HOURS]) {
      shop.clock.advance(wait)
      expect(await shop.pull()).toMatchObject({
        state: 'complete-with-rejects',
        unread: [{ resource: 'order_lines', reason: expect.stringContaining('quantity') }],
      })
    }
    isSick = false
    shop.clock.advance(HOUR)
    expect(await shop.pull()).toMatchObject({ state: 'complete', unread: [] })
    expect(held(`order_lines WHERE order_id = ${one}`)).toBe(shop.emulator.state.orderLines.where('order', one).length)
  })
})

describe('a brand that cannot be read', () => {
  it('is known by its key in a list by page numbers too, and forgotten when it went', async () => {
    await open(0, { store: { resources: ['products', 'variants', 'brands'] } })
    for (const name of ['A', 'B']) await elsewhere(shop, 'POST', '/v3/catalog/brands', { name })
    const [one] = shop.emulator.state.brands.list()
    between = altering('/v3/catalog/brands?', (rows) =>
      rows.map((row) => (row['id'] === one?.id ? { ...row, name: ['A'] } : row)),
    )
    for (let time = 0; time < 2; time += 1)
      expect(await shop.pull()).toMatchObject({
        state: 'complete-with-rejects',
        unread: [{ resource: 'brands', key: String(one?.id) }],
      })
    await elsewhere(shop, 'DELETE', `/v3/catalog/brands/${one?.id}`)
    expect(await shop.pull()).toMatchObject({ state: 'complete', unread: [] })
  })
})

it('products that cannot be read are known by counting, beside one that went', async () => {
  await open(300)
  const [sick, gone] = shop.emulator.state.products.list().slice(20, 22)
  between = altering('/v3/catalog/products?', (rows) =>
    rows.map((row) => (row['id'] === sick?.id && 'price' in row ? { ...row, price: 'ten' } : row)),
  )
  expect(await shop.pull()).toMatchObject({ state: 'complete-with-rejects' })
  await elsewhere(shop, 'DELETE', `/v3/catalog/products/${gone?.id}`)
  shop.clock.advance(HOUR)
  const pulled = await shop.pull()
  expect(pulled).toMatchObject({ state: 'complete-with-rejects', full: false, unread: [{ key: String(sick?.id) }] })
  expect(of(pulled, 'products')).toMatchObject({ removed: 1, added: 0, complete: true })
  expect(held()).toBe(298)
})
