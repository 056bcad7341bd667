import type { Requests } from '../../src/model/index.ts'
import { openShop, type Shop } from '../../test/support/shop.ts'
import { elsewhere } from '../../test/support/shop-tools.ts'

export interface Counted {
  readonly what: string
  readonly kind: 'pull' | 'push'
  /** What arithmetic asks for at least. */
  readonly minimum: number
  readonly requests: Requests
}

/** Counts the requests of pulls and pushes against an emulated store, in its own time. */
export const countRequests = async ({ scale }: { scale: number }): Promise<readonly Counted[]> => {
  const size = (full: number): number => Math.max(10, Math.round(full * scale))
  const shop = openShop({ ...SETTINGS, emulator: storeOf(size(4000)) })
  try {
    const pulls = [await firstPull(shop), await quietPull(shop), await changedPull(shop, size(40))]
    const simple = pricesOf(shop, 'is_simple AND own_price IS NULL', size(2000))
    const complex = pricesOf(shop, 'NOT is_simple', size(2000))
    const mixed = [...dearer(simple.slice(0, size(1000))), ...dearer(complex.slice(0, size(1000)))]
    return [
      ...pulls,
      await pushed(shop, 'simple prices', 'prices', simple, [simple.length / PRODUCTS]),
      await pushed(shop, 'variant prices', 'prices', complex, [complex.length / VARIANTS]),
      await pushed(shop, 'mixed prices', 'prices', mixed, [mixed.length / 2 / PRODUCTS, mixed.length / 2 / VARIANTS]),
      await pushed(shop, 'stock', 'stock', ...stockOf(shop, size(5000))),
      await pushed(shop, 'product fields', 'texts', ...textsOf(shop, size(500))),
      await cheapPrices(size(4000), size(2000)),
    ]
  } finally {
    shop.close()
  }
}

/** Rows in one request (docs/bigcommerce.md, Batches). */
const PAGE = 250
const PRODUCTS = 10
const VARIANTS = 50
const STOCK = 2000

/** How many rows there are: what tells that some are gone. A page of the newest rows tells it along with them. */
const TOTAL = 1

type Row = readonly (number | string)[]

const storeOf = (products: number) => ({ products, orders: 0, plan: 'pro' as const })

// A scenario changes more at once than the guards would let pass; they cost no request either way.
const guards = {
  maxChanges: false,
  allChanged: false,
  priceFloor: false,
  canary: false,
  maxSourceDrop: false,
  priceScale: false,
  stockToZero: false,
  maxPriceChange: false,
}
const sync = (resource: string, key: string, fields: object) => ({
  store: 'main',
  source: 'feed',
  resource,
  key: { [key]: 'id' },
  fields,
  guards,
})
const SETTINGS = {
  store: { resources: ['products', 'variants'] },
  syncs: {
    prices: sync('skus', 'variant_id', { price: 'value' }),
    stock: sync('skus', 'variant_id', { inventory_level: 'value' }),
    texts: sync('products', 'id', { search_keywords: 'value', sort_order: 'order' }),
  },
}

const firstPull = async (shop: Shop): Promise<Counted> => {
  const { requests } = await shop.pull()
  const pages = Math.ceil(shop.emulator.state.products.size / PAGE)
  return { what: 'first pull', kind: 'pull', minimum: pages, requests }
}

const quietPull = async (shop: Shop): Promise<Counted> => {
  shop.clock.advance(HOUR)
  const { requests } = await shop.pull()
  return { what: 'pull of nothing new', kind: 'pull', minimum: 1, requests }
}

const changedPull = async (shop: Shop, changed: number): Promise<Counted> => {
  shop.clock.advance(HOUR)
  for (const { id } of shop.emulator.state.products.list().slice(0, changed)) {
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sort_order: 7 })
  }
  const { requests } = await shop.pull()
  const minimum = Math.ceil(changed / PAGE) + (changed < PAGE ? 0 : TOTAL)
  return { what: 'pull with 1 % of the products changed', kind: 'pull', minimum, requests }
}

const HOUR = 3_600_000

/** Feeds some rows right after a pull, and pushes what follows; each part of the minimum is rounded up to whole requests. */
const pushed = async (
  shop: Shop,
  what: string,
  syncName: string,
  rows: readonly Row[],
  parts: readonly number[],
): Promise<Counted> => {
  shop.clock.advance(HOUR)
  await shop.pull()
  shop.feed([['id', 'value', 'order'], ...rows])
  const { plan } = await shop.plan({ sync: syncName })
  const { requests, counts } = await shop.push(plan.plan, { sync: syncName })
  if (counts.applied !== rows.length) throw new Error(`${what}: ${counts.applied} of ${rows.length} rows were applied`)
  const minimum = parts.reduce((sum, part) => sum + Math.ceil(part), 0)
  return { what: `${rows.length} ${what}`, kind: 'push', minimum, requests }
}

/** SKUs with a new price each; siblings get different ones, so that no product price can stand for them. */
const pricesOf = (shop: Shop, condition: string, most: number): readonly Row[] => {
  const sql = `SELECT variant_id, price FROM skus WHERE ${condition} ORDER BY variant_id LIMIT ${most}`
  const rows = shop.rows(sql) as { variant_id: number; price: number }[]
  return rows.map(({ variant_id, price }, at) => [variant_id, cents(price * 1.03 + 0.05 + (at % 10) / 100), ''])
}

const dearer = (rows: readonly Row[]): readonly Row[] =>
  rows.map(([id = 0, price = 0]) => [id, cents(Number(price) * 1.05 + 0.05), ''])

const cents = (amount: number): number => Math.round(amount * 100) / 100

const stockOf = (shop: Shop, most: number): [readonly Row[], readonly number[]] => {
  const own = `inventory_tracking = 'variant' OR (inventory_tracking = 'product' AND is_simple)`
  const rows = shop.rows(`SELECT variant_id, inventory_level FROM skus WHERE ${own} LIMIT ${most}`)
  const feed = rows.map((row) => [Number(row['variant_id']), Number(row['inventory_level']) + 3, ''])
  return [feed, [feed.length / STOCK]]
}

/** Every other row changes one field, the rest two. */
const textsOf = (shop: Shop, most: number): [readonly Row[], readonly number[]] => {
  const rows = shop.rows(`SELECT id, sort_order FROM products ORDER BY id LIMIT ${most}`)
  const feed = rows.map((row, at) => [Number(row['id']), `fresh, ${at}`, at % 2 ? 40 : Number(row['sort_order'])])
  return [feed, [feed.length / PRODUCTS]]
}

/** The same simple products where the config lets their prices go to the base variants. */
const cheapPrices = async (products: number, most: number): Promise<Counted> => {
  const store = { ...SETTINGS.store, simplePrices: 'variant' }
  const shop = openShop({ ...SETTINGS, store, emulator: storeOf(products) })
  try {
    await shop.pull()
    const rows = pricesOf(shop, 'is_simple AND own_price IS NULL', most)
    return await pushed(shop, 'simple prices with "simplePrices": "variant"', 'prices', rows, [rows.length / VARIANTS])
  } finally {
    shop.close()
  }
}
