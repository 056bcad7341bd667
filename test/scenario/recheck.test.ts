import { afterEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const open = (resource: string, key: string, field: string) => {
  shop = openShop({
    store: { resources: ['products', 'variants', 'inventory_items'] },
    syncs: {
      prices: {
        store: 'main',
        resource,
        source: 'feed',
        key: { [key]: 'key' },
        fields: { [field]: 'value' },
        guards: { maxChanges: false, allChanged: false, maxSourceDrop: false },
      },
    },
  })
}

describe('the check before a push reads the rows themselves', () => {
  it('of variants, whose listing is asked by product', async () => {
    open('variants', 'id', 'price')
    await shop.pull()
    const found = shop.rows('SELECT id, price FROM variants WHERE price IS NOT NULL ORDER BY id LIMIT 4')
    shop.feed([['key', 'value'], ...found.map(({ id, price }) => [Number(id), (Number(price) * 1.05).toFixed(2)])])
    const { plan } = await shop.plan()
    expect(plan.summary.update).toBe(4)
    const edit = Number((Number(found[1]!['price']) * 1.1).toFixed(2))
    const edited = shop.emulator.state.variants.get(Number(found[1]!['id']))!
    shop.emulator.state.variants.update(edited.id, { ...edited, price: edit })
    const pushed = await shop.push(plan.plan)
    expect(pushed.counts).toMatchObject({ applied: 3, skipped: 1 })
    expect(shop.emulator.state.variants.get(edited.id)?.price).toBe(edit)
    expect((await shop.plan()).plan.changes.map(({ key }) => key)).toEqual([{ id: edited.id }])
  })

  it('of stock by location, several rows of which come in one element', async () => {
    open('inventory_items', 'sku', 'total_inventory_onhand')
    await shop.pull()
    const found = shop.rows(
      'SELECT sku, variant_id, product_id, total_inventory_onhand AS stock FROM inventory_items WHERE location_id = 1 AND sku IS NOT NULL AND total_inventory_onhand > 0 ORDER BY sku LIMIT 3',
    )
    shop.feed([['key', 'value'], ...found.map(({ sku, stock }) => [String(sku), Number(stock) + 5])])
    const { plan } = await shop.plan({ allow: ['maxSourceDrop'] })
    expect(plan.rejected).toEqual([])
    expect(plan.summary.update).toBe(3)
    const pushed = await shop.push(plan.plan)
    expect(pushed.requests).toMatchObject({ write: 1 })
    expect(pushed.requests.check).toBeGreaterThan(1)
    expect(pushed.counts).toMatchObject({ applied: 3 })
    shop.clock.advance(120_000)
    await shop.pull()
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 3 })
  })

  it('B10: and leaves a row alone that goes by another key meanwhile, although its value is as planned', async () => {
    open('products', 'sku', 'price')
    await shop.pull()
    const [row] = shop.rows("SELECT id, sku, price FROM products WHERE sku <> '' ORDER BY id LIMIT 1")
    shop.feed([
      ['key', 'value'],
      [String(row!['sku']), (Number(row!['price']) * 1.05).toFixed(2)],
    ])
    const { plan } = await shop.plan()
    expect(plan.summary.update).toBe(1)
    const product = shop.emulator.state.products.get(Number(row!['id']))!
    shop.clock.advance(10_000)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product.id}`, { sku: 'ANOTHER-ONE' })
    const pushed = await shop.push(plan.plan)
    expect(pushed.rows).toMatchObject([{ state: 'skipped', reason: 'it is ANOTHER-ONE in the store now' }])
    expect(shop.emulator.state.products.get(product.id)?.price).toBe(product.price)
  })

  it('B16: and takes an edit right after a write of ours for an edit, although a reading so early says nothing of ours', async () => {
    open('products', 'sku', 'price')
    await shop.pull()
    const [row] = shop.rows("SELECT id, sku, price FROM products WHERE sku <> '' ORDER BY id LIMIT 1")
    const [sku, first, edit, second] = [
      String(row!['sku']),
      ...[1.05, 1.1, 1.15].map((by) => Number((Number(row!['price']) * by).toFixed(2))),
    ] as const
    const wish = (price: number | undefined) =>
      shop.feed([
        ['key', 'value'],
        [sku, String(price)],
      ])
    wish(first)
    await shop.push((await shop.plan()).plan.plan)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${row!['id']}`, { price: edit })
    shop.clock.advance(2000)
    await shop.pull()
    wish(second)
    expect((await shop.plan()).plan.changes[0]?.fields).toMatchObject([{ from: String(edit), to: String(second) }])
  })
})

describe('the check before a push right after a pull', () => {
  /** Somebody edits rows of different products, and a pull of all rows meets it. */
  const learn = async (
    what: 'prices' | 'stock',
    { edits = 30, ...settings }: { edits?: number; stockTouchesProduct?: boolean } = {},
  ) => {
    await open(settings)
    for (const { product_id, variant_id, sku } of rowsOf(what).slice(-edits)) {
      if (what === 'prices')
        await elsewhere(shop, 'PUT', `/v3/catalog/products/${product_id}/variants/${variant_id}`, { price: 77 })
      else
        await elsewhere(shop, 'POST', '/v3/inventory/adjustments/relative', {
          items: [{ location_id: 1, sku, quantity: 3 }],
        })
    }
    shop.clock.advance(HOUR)
    await shop.pull({ full: true })
  }
  const open = async (settings: object = {}) => {
    shop = openShop({
      emulator: { products: 120, settings: { stockDelayMs: 0, ...settings } },
      store: { resources: ['products', 'variants'] },
      syncs: {
        prices: sync({ price: 'value' }),
        stock: sync({ inventory_level: 'value' }),
      },
    })
    await shop.pull()
    shop.clock.advance(HOUR)
  }
  const sync = (fields: object) => ({
    store: 'main',
    resource: 'skus',
    source: 'feed',
    key: { variant_id: 'key' },
    fields,
    guards: { maxChanges: false, allChanged: false, maxSourceDrop: false, priceFloor: false, maxPriceChange: false },
  })
  const HOUR = 3_600_000

  const rowsOf = (what: 'prices' | 'stock') =>
    shop.rows(
      what === 'prices'
        ? 'SELECT product_id, max(variant_id) AS variant_id, sku, price AS value FROM skus WHERE NOT is_simple GROUP BY product_id'
        : `SELECT product_id, max(variant_id) AS variant_id, sku, inventory_level AS value FROM skus
           WHERE inventory_tracking = 'variant' OR (inventory_tracking = 'product' AND is_simple) GROUP BY product_id`,
    )

  /** Plans a new value for some rows, lets somebody edit the first of them, and pushes. */
  const pushAfterAnEdit = async (what: 'prices' | 'stock') => {
    const rows = rowsOf(what).slice(0, 20)
    shop.feed([['key', 'value'], ...rows.map(({ variant_id, value }) => [Number(variant_id), Number(value) + 1])])
    const { plan } = await shop.plan({ sync: what })
    shop.clock.advance(2000)
    const [{ product_id, variant_id, sku } = {}] = rows
    if (what === 'prices')
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${product_id}/variants/${variant_id}`, { price: 99 })
    else
      await elsewhere(shop, 'POST', '/v3/inventory/adjustments/relative', {
        items: [{ location_id: 1, sku, quantity: -1 }],
      })
    shop.clock.advance(2000)
    return shop.push(plan.plan, { sync: what })
  }

  it.each(['prices', 'stock'] as const)(
    'asks once what changed, where edits of %s were seen to date their products, and finds the edit',
    async (what) => {
      await learn(what)
      if (what === 'stock') await teachVariants()
      const { counts, requests } = await pushAfterAnEdit(what)
      expect(counts).toMatchObject({ applied: 19, skipped: 1 })
      expect(requests.check).toBe(2)
      expect(looked()).toContain('date_modified:min')
    },
  )

  /** How products were asked for last. */
  const looked = (): string | undefined =>
    shop.emulator.requests
      .filter(({ method, path }) => method === 'GET' && path.startsWith('/v3/catalog/products'))
      .map(({ path }) => decodeURIComponent(path))
      .at(-1)

  /** That a stock figure belongs to the row that is meant is told by the row's other fields. */
  const teachVariants = async () => {
    for (const { product_id, variant_id } of rowsOf('prices').slice(-30)) {
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${product_id}/variants/${variant_id}`, { price: 78 })
    }
    shop.clock.advance(HOUR)
    await shop.pull({ full: true })
  }

  it('reads the rows where too few moves of stock were met, each of which shows in its variant and in its product', async () => {
    await learn('stock', { edits: 12 })
    await teachVariants()
    await pushAfterAnEdit('stock')
    expect(looked()).toContain('id:in')
  })

  it('reads the rows where only what it wrote itself was met with a date', async () => {
    await open()
    const rows = rowsOf('stock').slice(-30)
    shop.feed([['key', 'value'], ...rows.map(({ variant_id, value }) => [Number(variant_id), Number(value) + 1])])
    const { plan } = await shop.plan({ sync: 'stock' })
    expect((await shop.push(plan.plan, { sync: 'stock' })).counts).toMatchObject({ applied: 30 })
    shop.clock.advance(HOUR)
    await shop.pull({ full: true })
    await teachVariants()
    await pushAfterAnEdit('stock')
    expect(looked()).toContain('id:in')
  })

  it('reads the rows where a single edit was met without a date, among many with one', async () => {
    await learn('prices')
    const edited = shop.emulator.state.variants.get(Number(rowsOf('prices').at(-1)?.['variant_id']))
    if (!edited) throw new Error('no variant')
    shop.emulator.state.variants.update(edited.id, { price: 55 })
    shop.clock.advance(HOUR)
    await shop.pull({ full: true })
    await pushAfterAnEdit('prices')
    expect(looked()).toContain('id:in')
  })

  it('reads the rows where moves of stock were met without dates, and finds the edit', async () => {
    await learn('stock', { stockTouchesProduct: false })
    await teachVariants()
    const { counts, requests } = await pushAfterAnEdit('stock')
    expect(counts).toMatchObject({ applied: 19, skipped: 1 })
    expect(requests.check).toBe(2)
    expect(looked()).toContain('id:in')
  })
})
