import { afterEach, describe, expect, it } from 'vitest'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const RESOURCES = [
  ...['products', 'variants', 'categories', 'brands', 'product_modifiers', 'product_modifier_values'],
  ...['product_complex_rules', 'customers', 'orders', 'order_lines', 'order_addresses', 'order_shipments'],
  ...['order_messages', 'order_transactions', 'order_coupons', 'order_refunds'],
]

let asked: string[] = []
/** What the last run asked a store of single rows: their rules, parcels, payments. */
const perRow = (store: 'old' | 'fresh', of: RegExp): readonly string[] =>
  asked.filter((path) => path.includes(shops[store].storeHash) && of.test(path))

const open = (): void => {
  shops = openTwoShops({
    resources: RESOURCES,
    old: { products: 12, customers: 4, orders: 24 },
    fetch: (inner) => (url, init) => {
      if ((init?.method ?? 'GET') === 'GET') asked.push(String(url))
      return inner(url, init)
    },
  })
}

const run = async () => {
  asked = []
  await shops.clock.sleep(3_600_000)
  return shops.migrate()
}

const inOld = (method: string, path: string, body: object) => elsewhere({ emulator: shops.old }, method, path, body)
const inNew = (method: string, path: string, body: object) => elsewhere({ emulator: shops.fresh }, method, path, body)

/** Two modifiers on the first product of the old store, and a rule for a value of each. */
const ruled = async (): Promise<void> => {
  const [product] = shops.old.state.products.list()
  const path = `/v3/catalog/products/${product?.id}`
  const conditions = []
  for (const display_name of ['Lid', 'Handle']) {
    const option_values = ['Cork', 'Steel'].map((label, sort_order) => ({ label, sort_order }))
    const body = { display_name, type: 'dropdown', required: false, option_values }
    const { id, option_values: values } = await inOld('POST', `${path}/modifiers`, body)
    conditions.push({ modifier_id: id, modifier_value_id: values[0].id })
  }
  await inOld('POST', `${path}/complex-rules`, { conditions })
}

const RULES = /products\/\d+\/complex-rules/
const PARCELS = /orders\/\d+\/shipments/
const OTHERS = /orders\/\d+\/(messages|transactions|coupons)/

describe('a delta in which nothing changed', () => {
  it('asks for no list of a single product or order, but once for parcels and rules that the copy made', async () => {
    open()
    await ruled()
    const first = await run()
    expect(first.state).toBe('complete-with-rejects')
    expect(perRow('old', RULES).length).toBeGreaterThan(11)
    const parcels = new Set(shops.fresh.state.shipments.list().map(({ order_id }) => order_id))
    expect(parcels.size).toBeGreaterThan(0)

    expect(await run()).toMatchObject({ requests: { write: 0 } })
    expect([perRow('old', RULES), perRow('old', PARCELS), perRow('old', OTHERS)]).toEqual([[], [], []])
    expect(perRow('fresh', RULES)).toHaveLength(1)
    expect(perRow('fresh', PARCELS)).toHaveLength(parcels.size)
    expect(perRow('fresh', OTHERS)).toEqual([])

    const { reads, requests } = await run()
    for (const store of ['old', 'fresh'] as const)
      expect([perRow(store, RULES), perRow(store, PARCELS), perRow(store, OTHERS)]).toEqual([[], [], []])
    expect(reads.read + reads.check).toBeLessThan(25)
    expect(requests.read + requests.check).toBeLessThan(25)
  })

  it('sees rules that somebody added or edited in the new store since the copy, whose date tells it', async () => {
    open()
    await ruled()
    await run()
    const [rule] = shops.fresh.state.complexRules.list()
    if (!rule) throw new Error('no rule was copied')
    const other = shops.fresh.state.products.list().find(({ id }) => id !== rule.product_id)
    const path = `/v3/catalog/products/${other?.id}`
    const conditions = []
    await shops.clock.sleep(60_000)
    for (const display_name of ['Size', 'Ink']) {
      const option_values = ['A', 'B'].map((label, sort_order) => ({ label, sort_order }))
      const body = { display_name, type: 'dropdown', required: false, option_values }
      const { id, option_values: values } = await inNew('POST', `${path}/modifiers`, body)
      conditions.push({ modifier_id: id, modifier_value_id: values[0].id })
    }
    await inNew('POST', `${path}/complex-rules`, { conditions })
    await inNew('PUT', `/v3/catalog/products/${rule.product_id}/complex-rules/${rule.id}`, { sort_order: 7 })
    const [old] = shops.old.state.complexRules.list()
    await inOld('PUT', `/v3/catalog/products/${old?.product_id}/complex-rules/${old?.id}`, { sort_order: 3 })
    const report = await run()
    expect(report.resources.find(({ resource }) => resource === 'product_complex_rules')).toMatchObject({
      conflicts: 1,
    })
    expect(perRow('fresh', RULES)).toHaveLength(2)
    expect(shops.rows('new', 'SELECT sort_order FROM product_complex_rules ORDER BY 1')).toEqual([
      { sort_order: 0 },
      { sort_order: 7 },
    ])
  })
})
