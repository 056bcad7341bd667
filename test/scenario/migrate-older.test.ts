import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const open = (): void => {
  shops = openTwoShops({
    older: true,
    resources: ['products', 'variants', 'categories', 'brands', 'customer_groups', 'customers', 'customer_addresses'],
    old: { products: 12, customers: 14, orders: 0, seed: 5 },
  })
  // The official description of a group's create knows no rule of a price list.
  shops.old.state.customerGroups.update(1, { discount_rules: [] })
}

const same = (sql: string): void => {
  const rows = shops.rows('old', sql)
  expect(rows.length, sql).toBeGreaterThan(0)
  expect(shops.rows('new', sql), sql).toEqual(rows)
}

describe('a store with a legacy API account', () => {
  it('arrives in a new one: catalog, stock, customers and their addresses', async () => {
    open()
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(shops.old.requests.filter(({ path }) => !path.startsWith('/v2/'))).toEqual([])
    same('SELECT name, sku, price, cost_price, description, is_visible FROM products ORDER BY name')
    same('SELECT sku, price, inventory_level FROM skus ORDER BY name, sku')
    same('SELECT p.name, v.sku FROM variants v JOIN products p ON p.id = v.product_id ORDER BY 1, 2')
    same(
      'SELECT c.name, p.name AS parent FROM categories c LEFT JOIN categories p ON p.category_id = c.parent_id ORDER BY 1, 2',
    )
    same('SELECT name, meta_keywords FROM brands ORDER BY name')
    same(
      'SELECT c.email, c.phone, g.name FROM customers c LEFT JOIN customer_groups g ON g.id = c.customer_group_id ORDER BY 1',
    )
    same(
      'SELECT c.email, a.address1, a.postal_code, a.country_code FROM customer_addresses a JOIN customers c ON c.id = a.customer_id ORDER BY 1, 2',
    )
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('clears nothing that it does not tell of rows that are there and take its values', async () => {
    open()
    const [brand] = shops.old.state.brands.list()
    shops.fresh.state.brands.insert({ name: brand?.name ?? '', image_url: 'https://example.com/logo.png' } as never)
    const [customer] = shops.old.state.customers.list()
    const { id: _id, ...rest } = customer ?? { id: 0 }
    shops.fresh.state.customers.insert({ ...rest, customer_group_id: 0, phone: '1', channel_ids: [1] } as never)
    const simple = shops.old.state.products.list().find(({ base_variant_id }) => base_variant_id !== null)
    const {
      id: _product,
      categories: _in,
      brand_id: _by,
      ...product
    } = simple ?? { id: 0, categories: [], brand_id: 0 }
    const { state } = shops.fresh
    const more = { mpn: 'M-1', map_price: 5, price: 1, categories: [], brand_id: 0 }
    const { id: product_id } = state.products.insert({ ...product, ...more, base_variant_id: null } as never)
    const own = {
      product_id,
      sku: simple?.sku,
      price: null,
      sale_price: 3,
      width: 9,
      inventory_level: 0,
      option_values: [],
    }
    const { id: base_variant_id } = state.variants.insert(own as never)
    state.products.update(product_id, { base_variant_id })
    expect(await shops.migrate({ existing: 'overwrite' })).toMatchObject({ state: 'complete' })
    expect(state.products.get(product_id)).toMatchObject({ mpn: 'M-1', map_price: 5, price: simple?.price })
    expect(state.variants.get(base_variant_id)).toMatchObject({ sale_price: 3, width: 9 })
    expect(shops.fresh.state.brands.list().find(({ name }) => name === brand?.name)).toMatchObject({
      image_url: 'https://example.com/logo.png',
    })
    expect(shops.fresh.state.customers.list().find(({ email }) => email === customer?.email)).toMatchObject({
      channel_ids: [1],
      phone: customer?.['phone'],
    })
  })
})
