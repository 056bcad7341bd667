import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const PEOPLE = [
  'customers',
  'customer_addresses',
  'customer_attributes',
  'customer_attribute_values',
  'customer_groups',
  'customer_form_fields',
]
const CATALOG = ['products', 'variants', 'categories', 'brands', 'price_lists']

const written = (path: RegExp, method = 'POST') =>
  shops.fresh.log.filter((one) => one.method === method && path.test(one.path))

describe('customers', () => {
  it('arrive with groups, addresses and attributes, ten to a request, and a second run sends nothing', async () => {
    shops = openTwoShops({ old: { products: 20, customers: 25 }, resources: [...CATALOG, ...PEOPLE] })
    const report = await shops.migrate()
    expect(report.error).toBeUndefined()
    expect(report).toMatchObject({ state: 'complete', left: [] })
    const sql = `SELECT c.email, c.first_name, c.company, c.notes, g.name AS "group",
      (SELECT count(*) FROM customer_addresses a WHERE a.customer_id = c.id) AS addresses,
      (SELECT json_group_array(a.name || v.attribute_value) FROM customer_attribute_values v JOIN customer_attributes a ON a.id = v.attribute_id WHERE v.customer_id = c.id) AS attributes
      FROM customers c LEFT JOIN customer_groups g ON g.id = c.customer_group_id ORDER BY 1`
    expect(shops.rows('new', sql)).toEqual(shops.rows('old', sql))
    expect(written(/\/customers$/)).toHaveLength(3)
    expect(written(/customers\/(addresses|attribute-values)$/)).toHaveLength(0)
    expect(report.refused.map(({ what }) => what).join()).toMatch(/passwords/)
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('orders', () => {
  it('arrive as history: dates, sums, addresses and lines kept, no stock taken, the old number told, and a second run sends nothing', async () => {
    shops = openTwoShops({
      old: { products: 20, customers: 10, orders: 15 },
      resources: [...CATALOG, ...PEOPLE, 'orders'],
    })
    const report = await shops.migrate()
    expect(report.error).toBeUndefined()
    expect(report).toMatchObject({ left: [] })
    const stock = 'SELECT sku, inventory_level FROM skus ORDER BY 1'
    const sums = (id: string) =>
      `SELECT ${id} AS number, date_created, total_inc_tax, total_ex_tax, status_id, discount_amount FROM orders WHERE status_id <> 0 AND NOT is_deleted ORDER BY 1`
    expect(shops.rows('new', sums('CAST(external_order_id AS INTEGER)'))).toEqual(shops.rows('old', sums('id')))
    expect(shops.rows('new', stock)).toEqual(shops.rows('old', stock))
    expect(shops.rows('new', 'SELECT DISTINCT external_source FROM orders')).toEqual([{ external_source: 'M-MIG' }])
    expect(shops.rows('new', 'SELECT count(*) AS n FROM order_lines WHERE product_id > 0')).toEqual([{ n: 0 }])
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('pages that the new store shows elsewhere', () => {
  it('are led to from where the old store showed them, once', async () => {
    shops = openTwoShops({ old: { products: 12 }, resources: [...CATALOG, 'channels', 'sites', 'redirects'] })
    await shops.migrate()
    const [one] = shops.old.state.products.list()
    if (!one) throw new Error('no product')
    const path = { url: '/moved-in-the-new-store/', is_customized: true }
    const there = shops.fresh.state.products.list().find(({ name }) => name === one.name)
    shops.fresh.state.products.update(there?.id ?? 0, {
      custom_url: path,
      date_modified: 'Fri, 01 Jan 2027 00:00:00 +0000',
    } as never)
    await shops.clock.sleep(60_000)
    const report = await shops.migrate()
    expect(report.error).toBeUndefined()
    const { url } = one['custom_url'] as { readonly url: string }
    const led = shops.fresh.state.redirects.list().find((row) => row['from_path'] === url.replace(/\/$/, ''))
    expect(led?.['to']).toMatchObject({ type: 'product', entity_id: there?.id })
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})
