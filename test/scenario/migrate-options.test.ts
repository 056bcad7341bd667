import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import type { Values } from '../../src/model/index.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({ ...options, old: { products: 4, customers: 0, orders: 0, ...options.old } })
}

const edited = (id: number, facts: object): void => {
  const date_modified = new Date(shops.clock.now()).toISOString().replace(/\.\d+Z$/, '+00:00')
  shops.old.state.products.update(id, { ...facts, date_modified } as never)
}
const namesThere = () =>
  shops.fresh.state.products
    .list()
    .map(({ name }) => name)
    .sort()

describe('a migration of what changed since a time', () => {
  it('makes and changes nothing that was not, and the next one without it carries over the rest', async () => {
    open()
    const [one, two, three, four] = shops.old.state.products.list()
    if (!one || !two || !three || !four) throw new Error('an empty shop')
    const since = new Date(shops.clock.now()).toISOString()
    await shops.clock.sleep(60_000)
    edited(one.id, { warranty: 'a year' })
    edited(two.id, { warranty: 'a year' })
    const first = await shops.migrate({ since })
    expect(first.resources.find(({ resource }) => resource === 'products')).toMatchObject({ rows: 4, created: 2 })
    expect(namesThere()).toEqual([one.name, two.name].sort())

    await shops.migrate()
    expect(namesThere()).toEqual([one.name, two.name, three.name, four.name].sort())
    await shops.clock.sleep(60_000)
    edited(one.id, { warranty: 'two years' })
    await shops.clock.sleep(60_000)
    const later = new Date(shops.clock.now()).toISOString()
    edited(two.id, { warranty: 'two years' })
    expect(await shops.migrate({ since: later })).toMatchObject({ state: 'complete', requests: { write: 1 } })
    const warranty = (name: string) => shops.fresh.state.products.list().find((row) => row.name === name)?.['warranty']
    expect([warranty(one.name), warranty(two.name)]).toEqual(['a year', 'two years'])
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(warranty(one.name)).toBe('two years')
  })

  it('tells which resources have no date, and compares those as a whole', async () => {
    open()
    const since = new Date(shops.clock.now() + 60_000).toISOString()
    const undated = expect.arrayContaining(['categories', 'brands', 'variants'])
    const plan = await foretellMigration(shops.workspace, 'old', 'new', { ...USUAL, since })
    expect(plan).toMatchObject({ undated })
    expect(plan.undated).not.toContain('products')
    expect(plan.undated).not.toContain('product_videos')
    const report = await shops.migrate({ since })
    expect(report.undated).toEqual(plan.undated)
    expect(report.left).toEqual([])
    for (const { resource, rows, created } of report.resources) {
      const isOfProduct = resource.startsWith('product_') || ['products', 'variants', 'skus'].includes(resource)
      expect([resource, created]).toEqual([resource, isOfProduct ? 0 : rows])
    }
    expect(await shops.migrate()).toMatchObject({ undated: [] })
  })
})

describe('a migration of some resources', () => {
  const ORDERS = ['orders', 'order_lines', 'order_addresses', 'order_shipments']
  const PRICES = ['price_lists', 'price_list_records']
  const openAll = (old: TwoShopsOptions['old'] = { customers: 4, orders: 8 }) =>
    open({
      resources: ['products', 'variants', 'categories', 'brands', 'product_metafields', ...PRICES, ...ORDERS],
      old,
    })

  const cases = [
    ['variants', /^product_id \d+: nothing stands for it among the products of the new store$/],
    ['price_list_records', /^price_list_id \d+: nothing stands for it among the price_lists of the new store$/],
    ['order_lines', /^order_id \d+: nothing stands for it among the orders of the new store$/],
    ['order_shipments', /^order_id \d+: nothing stands for it among the orders of the new store$/],
  ] as const
  it.each(cases)(
    'tells all %s of which what they belong to was never copied, in the plan as afterwards',
    async (name, reason) => {
      openAll()
      const asked = { ...USUAL, only: [name] }
      const plan = await foretellMigration(shops.workspace, 'old', 'new', asked)
      const report = await shops.migrate(asked)
      const rows = Number(shops.rows('old', `SELECT count(*) AS n FROM ${name}`)[0]?.['n'])
      for (const { left } of [plan, report]) {
        expect(left).toHaveLength(rows)
        for (const one of left) expect(one).toMatchObject({ resource: name, reason: expect.stringMatching(reason) })
      }
      expect(report).toMatchObject({ state: 'complete-with-rejects', requests: { write: 0 } })
    },
  )

  it('tells beforehand what rows are copied without, and sets it when that was copied too', async () => {
    openAll({})
    const asked = { ...USUAL, only: ['products'] }
    const { left } = await foretellMigration(shops.workspace, 'old', 'new', asked)
    const reasons = left.map(({ reason }) => reason)
    expect(reasons).toContainEqual(
      expect.stringMatching(/^copied without brand_id \d+: nothing stands for it among the brands/),
    )
    expect(await shops.migrate(asked)).toMatchObject({ state: 'complete-with-rejects', left })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    const of = 'SELECT p.name, b.name AS brand FROM products p JOIN brands b ON b.id = p.brand_id ORDER BY 1'
    expect(shops.rows('new', of)).toEqual(shops.rows('old', of))
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [], agreed: [] })
  })
})

describe('orders of which the stores\' "resources" do not name the customers', () => {
  const orders = ['orders', 'order_lines', 'order_addresses']
  it('stay behind with the reason, in the plan as afterwards, and guests go along', async () => {
    open({ resources: orders, old: { products: 4, customers: 6, orders: 20 }, isJudged: false })
    const [guest] = shops.old.state.orders.list().filter(({ status_id }) => status_id !== 0)
    shops.old.state.orders.update(guest?.id ?? 0, { customer_id: 0 })
    const of = `SELECT count(*) AS n FROM orders WHERE status_id <> 0 AND customer_id`
    const plan = await foretellMigration(shops.workspace, 'old', 'new', USUAL)
    const report = await shops.migrate()
    const [bought, guests] = ['> 0', '= 0'].map((is) => Number(shops.rows('old', `${of} ${is}`)[0]?.['n']))
    expect(guests).toBeGreaterThan(0)
    const reason = expect.stringMatching(
      /^customer_id \d+: nothing .* customers of the new store, because "resources" of old do not name them$/,
    )
    const what = expect.stringContaining('do not name customers, and customer_id is set in new rows only')
    for (const { left, refused } of [plan, report]) {
      expect(left).toHaveLength(bought ?? 0)
      for (const one of left) expect(one).toMatchObject({ resource: 'orders', reason })
      expect(refused).toContainEqual(expect.objectContaining({ resource: 'orders', rows: bought, what }))
    }
    expect(report.state).toBe('complete-with-rejects')
    const made = () => shops.rows('new', 'SELECT customer_id FROM orders').map(({ customer_id }) => customer_id)
    expect(made()).toEqual(Array(guests).fill(0))

    const transform = (resource: string, row: Values) => (resource === 'orders' ? { ...row, customer_id: 0 } : row)
    expect(await shops.migrate({ transform })).toMatchObject({ state: 'complete', left: [] })
    expect(made()).toEqual(Array((bought ?? 0) + (guests ?? 0)).fill(0))
  })
})

describe('a row of the new store that cannot be read', () => {
  it('is told by the plan and by the migration', async () => {
    shops = openTwoShops({
      old: { products: 2, customers: 0, orders: 0 },
      isJudged: false,
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        const isBrands = String(url).includes(shops.fresh.storeHash) && /brands\?/.test(String(url))
        if (!isBrands || init?.method !== 'GET') return answer
        const text = Buffer.from(await answer.arrayBuffer()).toString()
        const odd = new TextEncoder().encode(text.replace('"name":"Odd one"', '"name":{"odd":true}'))
        return { status: answer.status, headers: answer.headers, arrayBuffer: async () => odd.buffer }
      },
    })
    const odd = shops.fresh.state.brands.insert({ name: 'Odd one' } as never)
    const unread = [{ resource: 'brands', key: String(odd.id), reason: expect.stringContaining('name') }]
    expect(await foretellMigration(shops.workspace, 'old', 'new', USUAL)).toMatchObject({ unread })
    expect(await shops.migrate()).toMatchObject({ state: 'complete-with-rejects', exit: 0, unread, left: [] })
  })
})

describe('a picture of a brand or a category that the new store cannot fetch', () => {
  const DEAD = 'https://pictures.test/dead.png'
  it('keeps nothing back but itself: it is told, tried again by each run, and comes when it can be fetched', async () => {
    let isDead = true
    shops = openTwoShops({
      old: { products: 2, customers: 0, orders: 0 },
      isJudged: false,
      fetch: (inner) => async (url, init) => {
        const isSent = String(url).includes(shops.fresh.storeHash) && String(init?.body ?? '').includes(DEAD)
        if (!isSent || !isDead) return inner(url, init)
        const refusal = {
          status: 422,
          title: `The image could not be downloaded: ${DEAD}`,
          errors: { image_url: DEAD },
        }
        const body = new TextEncoder().encode(JSON.stringify(refusal))
        return { status: 422, headers: { get: () => 'application/json' }, arrayBuffer: async () => body.buffer }
      },
    })
    const [brand] = shops.old.state.brands.list()
    const [category] = shops.old.state.categories.list()
    if (!brand || !category) throw new Error('an empty shop')
    shops.old.state.brands.update(brand.id, { image_url: DEAD } as never)
    shops.old.state.categories.update(category.id, { image_url: DEAD } as never)
    const told = ['brands', 'categories'].map((resource) => ({ resource, reason: expect.stringContaining(DEAD) }))
    const left = async () => (await shops.migrate()).left.toSorted((a, b) => (a.resource < b.resource ? -1 : 1))
    const pictures = (store: 'brands' | 'categories', name: string): readonly unknown[] =>
      shops.fresh.state[store].list().flatMap((one) => (one.name === name ? [one['image_url']] : []))
    for (let run = 0; run < 2; run += 1) {
      expect(await left()).toMatchObject(told)
      const said = "SELECT DISTINCT reason FROM sync_change WHERE state = 'applied' AND reason LIKE 'sent without%'"
      const reason = expect.stringMatching(/^sent without image_url: .*dead/)
      expect(shops.rows('new', said)).toEqual([{ reason }, { reason }])
      expect([pictures('brands', brand.name), pictures('categories', category.name)]).toEqual([[''], ['']])
      await shops.clock.sleep(60_000)
    }
    isDead = false
    expect(await left()).toEqual([])
    expect([pictures('brands', brand.name), pictures('categories', category.name)]).toEqual([[DEAD], [DEAD]])
  })
})
