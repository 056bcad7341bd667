import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const RESOURCES = ['products', 'variants', 'categories', 'brands', 'product_custom_fields']

/** A new store that has a third of the old one's products, made by hand, with another price and without what hangs on them. */
const open = (): { readonly there: readonly string[] } => {
  shops = openTwoShops({ resources: RESOURCES, old: { products: 12, customers: 0, orders: 0 } })
  const theirs = shops.old.state.products.list().filter(({ base_variant_id }) => base_variant_id !== null)
  const there = theirs.slice(0, 4)
  const { state } = shops.fresh
  for (const { id: _id, base_variant_id: _base, ...one } of there) {
    const { id } = state.products.insert({
      ...one,
      categories: [],
      brand_id: 0,
      price: 1.25,
      base_variant_id: null,
    } as never)
    const variant = state.variants.insert({
      product_id: id,
      sku: one.sku,
      price: null,
      sale_price: null,
      inventory_level: 0,
      option_values: [],
    } as never)
    state.products.update(id, { base_variant_id: variant.id })
  }
  return { there: there.map(({ name }) => name) }
}

const prices = (names: readonly string[]) =>
  shops.fresh.state.products.list().flatMap(({ name, price }) => (names.includes(name) ? [price] : []))
const FIELDS = `SELECT p.name, f.name AS field, f.value FROM product_custom_fields f JOIN products p ON p.id = f.product_id ORDER BY 1, 2`

describe('a store that holds a third of the products already', () => {
  it('is asked about, and nothing is made twice', async () => {
    const { there } = open()
    for (const existing of [null, 'refuse'] as const) {
      const report = await shops.migrate({ existing })
      const products = report.left.filter(({ resource }) => resource === 'products')
      expect(products.map(({ reason }) => reason)).toEqual(Array(4).fill(expect.stringContaining('has it already')))
      expect(shops.fresh.state.products.size).toBe(12)
      expect(prices(there)).toEqual([1.25, 1.25, 1.25, 1.25])
    }
  })

  it('keeps its values where rows are adopted, and gets what hangs on them', async () => {
    const { there } = open()
    const report = await shops.migrate({ existing: 'adopt' })
    expect(report.resources.find(({ resource }) => resource === 'products')).toMatchObject({ created: 8, adopted: 4 })
    expect(prices(there)).toEqual([1.25, 1.25, 1.25, 1.25])
    expect(shops.rows('new', FIELDS)).toEqual(shops.rows('old', FIELDS))
    expect(await shops.migrate({ existing: 'adopt' })).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('takes the old values where they are to be overwritten', async () => {
    const { there } = open()
    await shops.migrate({ existing: 'overwrite' })
    const sql = 'SELECT name, price FROM products ORDER BY name'
    expect(shops.rows('new', sql)).toEqual(shops.rows('old', sql))
    expect(prices(there)).not.toContain(1.25)
    expect(shops.fresh.state.products.size).toBe(12)
    expect(await shops.migrate({ existing: 'overwrite' })).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })
})

describe('a row of which the SKU is that of one row of the new store and the name that of another', () => {
  it('is never guessed: it is told, and neither of the two is touched', async () => {
    open()
    const [one, two] = shops.fresh.state.products.list()
    const theirs = shops.old.state.products.list().find(({ name }) => name === one?.name)
    if (!one || !two || !theirs) throw new Error('an empty shop')
    const twin = shops.old.state.products.list().find(({ name }) => name === two.name)
    shops.old.state.products.update(twin?.id ?? 0, { name: 'Nothing like it', sku: 'NOTHING-LIKE' })
    shops.old.state.variants.update(twin?.base_variant_id ?? 0, { sku: 'NOTHING-LIKE' })
    shops.fresh.state.products.update(one.id, { name: 'Another' })
    shops.fresh.state.products.update(two.id, { name: theirs.name })
    const { left } = await shops.migrate({ existing: 'overwrite' })
    expect(left.filter(({ resource }) => resource === 'products')).toEqual([
      {
        resource: 'products',
        key: String(theirs.id),
        label: theirs.name,
        reason: 'its sku is that of one row of the new store, its name that of another',
      },
    ])
    expect(prices(['Another', theirs.name])).toEqual([1.25, 1.25])
  })
})
