import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../../test/support/shop.ts'
import type { Counted } from '../counted.ts'

/** A feed, the sync that takes it, and the least requests that carry what it changes; each part is rounded up to whole ones. */
interface Work {
  readonly what: string
  readonly sync: string
  readonly feed: readonly Row[]
  readonly parts: readonly number[]
}

type Row = readonly (number | string)[]

/** Counts the requests of pushes right after a pull against an emulated store, in its own time. */
export const countPushes = async ({ scale }: { scale: number }): Promise<readonly Counted[]> => {
  const size = (full: number): number => Math.max(10, Math.round(full * scale))
  const shop = shopOf(size(170_000))
  try {
    await shop.pull()
    const simple = pricesOf(shop, 'is_simple AND own_price IS NULL', size(100_000))
    const complex = pricesOf(shop, 'NOT is_simple', size(100_000))
    const mixed = [...dearer(simple.slice(0, size(50_000))), ...dearer(complex.slice(0, size(50_000)))]
    const stock = stockOf(shop, size(100_000))
    const texts = textsOf(shop, size(10_000))
    const half = mixed.length / 2
    return [
      await pushed(shop, { what: 'simple prices', sync: 'prices', feed: simple, parts: [simple.length / PRODUCTS] }),
      await pushed(shop, { what: 'variant prices', sync: 'prices', feed: complex, parts: [complex.length / VARIANTS] }),
      await pushed(shop, {
        what: 'mixed prices',
        sync: 'prices',
        feed: mixed,
        parts: [half / PRODUCTS, half / VARIANTS],
      }),
      await pushed(shop, { what: 'stock figures', sync: 'stock', feed: stock, parts: [stock.length / STOCK] }),
      await pushed(shop, {
        what: 'mixed product fields',
        sync: 'texts',
        feed: texts,
        parts: [texts.length / PRODUCTS],
      }),
      await cheapPrices(size(170_000), size(100_000)),
      await creates(size(1000)),
    ]
  } finally {
    shop.close()
  }
}

/** Rows in one request (docs/bigcommerce.md, Batches). */
const PRODUCTS = 10
const VARIANTS = 50
const STOCK = 2000

const shopOf = (products: number, store: object = {}): Shop =>
  openShop({
    // Not judged by the official files, which costs time.
    catalog,
    emulator: { products, orders: 0, plan: 'pro' },
    store: { resources: ['products', 'variants'], ...store },
    syncs: SYNCS,
  })

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
  maxCreates: false,
}
const sync = (resource: string, key: string, fields: object) => ({
  store: 'main',
  source: 'feed',
  resource,
  key: { [key]: 'id' },
  fields,
  guards,
})
const SYNCS = {
  prices: sync('skus', 'variant_id', { price: 'value' }),
  stock: sync('skus', 'variant_id', { inventory_level: 'value' }),
  texts: sync('products', 'id', { search_keywords: 'value', sort_order: 'order' }),
  catalog: {
    store: 'main',
    source: 'feed',
    resource: 'products',
    key: { name: 'id' },
    fields: { description: 'option' },
    group: { by: 'id', options: [{ name: 'option', value: 'value' }], variants: { sku: 'sku', price: 'order' } },
    create: true,
    createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
    guards,
  },
}

const pushed = async (shop: Shop, { what, sync: name, feed, parts }: Work, rows = feed.length): Promise<Counted> => {
  shop.clock.advance(HOUR)
  await shop.pull()
  shop.feed([['id', 'value', 'order', 'option', 'sku'], ...feed.map((row) => [...row, '', ''].slice(0, 5))])
  const { plan } = await shop.plan({ sync: name })
  const { requests, counts } = await shop.push(plan.plan, { sync: name })
  if (counts.applied !== rows) throw new Error(`${what}: ${counts.applied} of ${rows} rows were applied`)
  const minimum = parts.reduce((sum, part) => sum + Math.ceil(part), 0)
  return { what: `${rows} ${what}`, kind: 'push', minimum, requests }
}

const HOUR = 3_600_000

/** SKUs with a new price each; siblings get different ones, so that no product price can stand for them. */
const pricesOf = (shop: Shop, condition: string, most: number): readonly Row[] => {
  const sql = `SELECT variant_id, price FROM skus WHERE ${condition} ORDER BY variant_id LIMIT ${most}`
  const rows = shop.rows(sql) as { variant_id: number; price: number }[]
  return rows.map(({ variant_id, price }, at) => [variant_id, distinct(price * 1.03 + 0.1, at), ''])
}

const dearer = (rows: readonly Row[]): readonly Row[] =>
  rows.map(([id = 0, price = 0], at) => [id, distinct(Number(price) * 1.05 + 0.1, at), ''])

/** No two of ten neighbours end alike. */
const distinct = (amount: number, at: number): number => Math.round(Math.round(amount * 10) * 10 + (at % 10)) / 100

const stockOf = (shop: Shop, most: number): readonly Row[] => {
  const own = `inventory_tracking = 'variant' OR (inventory_tracking = 'product' AND is_simple)`
  const rows = shop.rows(`SELECT variant_id, inventory_level FROM skus WHERE ${own} LIMIT ${most}`)
  return rows.map((row) => [Number(row['variant_id']), Number(row['inventory_level']) + 3, ''])
}

/** Every other row changes one field, the rest two. */
const textsOf = (shop: Shop, most: number): readonly Row[] =>
  shop
    .rows(`SELECT id, sort_order FROM products ORDER BY id LIMIT ${most}`)
    .map((row, at) => [Number(row['id']), `fresh, ${at}`, at % 2 ? 40 : Number(row['sort_order'])])

/** Simple products where the config lets their prices go to the base variants. */
const cheapPrices = async (products: number, most: number): Promise<Counted> => {
  const shop = shopOf(products, { simplePrices: 'variant' })
  try {
    await shop.pull()
    const feed = pricesOf(shop, 'is_simple AND own_price IS NULL', most)
    const what = 'simple prices with "simplePrices": "variant"'
    return await pushed(shop, { what, sync: 'prices', feed, parts: [feed.length / VARIANTS] })
  } finally {
    shop.close()
  }
}

/** New products with ten variants each, in an empty store. */
const creates = async (products: number): Promise<Counted> => {
  const shop = shopOf(0)
  try {
    const feed = Array.from({ length: products * 10 }, (_none, at) => {
      const product = Math.floor(at / 10) + 1
      return [`Shirt ${product}`, `Size ${at % 10}`, 20 + (at % 10), 'Size', `S${product}-${at % 10}`]
    })
    return await pushed(
      shop,
      { what: 'new products with 10 variants each', sync: 'catalog', feed, parts: [products] },
      products,
    )
  } finally {
    shop.close()
  }
}
