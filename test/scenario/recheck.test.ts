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
