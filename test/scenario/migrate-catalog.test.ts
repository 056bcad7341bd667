import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const CATALOG = ['products', 'variants', 'categories', 'brands']
const MODIFIERS = ['product_modifiers', 'product_modifier_values', 'product_complex_rules']

type Row = { readonly id: number } & Readonly<Record<string, unknown>>

const call = async (store: 'old' | 'fresh', method: string, path: string, body?: object): Promise<Row> => {
  const emulator = shops[store]
  const answer = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300)
  return text === '' ? { id: 0 } : (JSON.parse(text) as { data: Row }).data
}

const open = (resources: readonly string[], products = 3): void => {
  shops = openTwoShops({ old: { products, orders: 0 }, resources: [...CATALOG, ...resources] })
}

/** Both stores answer the same to a question without ids. */
const same = (sql: string): void => {
  const rows = shops.rows('old', sql)
  expect(rows.length, sql).toBeGreaterThan(0)
  expect(shops.rows('new', sql)).toEqual(rows)
}

const writes = (path: RegExp) => shops.fresh.log.filter((one) => one.method !== 'GET' && path.test(one.path))

const again = async (options: Parameters<TwoShops['migrate']>[0] = {}): Promise<void> => {
  const report = await shops.migrate(options)
  expect(report).toMatchObject({ state: 'complete', requests: { write: 0 } })
}

const size = (label: string) => [{ option_display_name: 'Size', label }]
const mug = (more: object = {}): Promise<Row> =>
  call('old', 'POST', '/catalog/products', {
    name: 'Mug',
    type: 'physical',
    weight: 1,
    price: 9,
    variants: ['Large', 'Small'].map((label) => ({ sku: `MUG-${label}`, option_values: size(label) })),
    ...more,
  })

describe('modifiers', () => {
  it('come with their values in one request each, a checkbox’s get what they do to the price, and rules find the new ids', async () => {
    open(MODIFIERS)
    const [other] = shops.old.state.products.list()
    const { id } = await mug()
    const path = `/catalog/products/${id}`
    const wrap = await call('old', 'POST', `${path}/modifiers`, {
      display_name: 'Gift wrap',
      type: 'checkbox',
      required: false,
      config: { checkbox_label: 'Yes, please' },
    })
    const [yes] = wrap['option_values'] as Row[]
    const adjusters = { price: { adjuster: 'relative', adjuster_value: 2.5 } }
    await call('old', 'PUT', `${path}/modifiers/${wrap.id}/values/${yes?.id}`, {
      label: 'Yes',
      sort_order: 0,
      adjusters,
    })
    const lid = await call('old', 'POST', `${path}/modifiers`, {
      display_name: 'Lid',
      type: 'product_list',
      required: true,
      option_values: [
        { label: 'None', sort_order: 0 },
        { label: 'Cork', sort_order: 1, value_data: { product_id: other?.id }, adjusters },
      ],
    })
    const [, cork] = lid['option_values'] as Row[]
    const [large] = shops.old.state.variants.where('product', id)
    const both = { modifier_id: lid.id, modifier_value_id: cork?.id }
    await call('old', 'POST', `${path}/complex-rules`, {
      price_adjuster: { adjuster: 'relative', adjuster_value: 1 },
      conditions: [both, { modifier_id: wrap.id, modifier_value_id: yes?.id }],
    })
    await call('old', 'POST', `${path}/complex-rules`, {
      purchasing_disabled: true,
      conditions: [both, { variant_id: large?.id }],
    })
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    same(
      `SELECT p.name, m.display_name, m.type, m.required, m.config, m.sort_order FROM product_modifiers m JOIN products p ON p.id = m.product_id ORDER BY 1, 2`,
    )
    same(`SELECT m.display_name, v.label, v.sort_order, v.is_default, v.adjusters, p.name FROM product_modifier_values v
      JOIN product_modifiers m ON m.id = v.modifier_id LEFT JOIN products p ON p.id = v.value_data ->> 'product_id' ORDER BY 1, 2`)
    same(`SELECT r.price_adjuster, r.purchasing_disabled, m.display_name, v.label, a.sku FROM product_complex_rules r, json_each(r.conditions) c
      LEFT JOIN product_modifiers m ON m.id = c.value ->> 'modifier_id' LEFT JOIN product_modifier_values v ON v.id = c.value ->> 'modifier_value_id'
      LEFT JOIN variants a ON a.id = c.value ->> 'variant_id' ORDER BY 1, 2, 3`)
    expect(writes(/modifiers$/)).toHaveLength(2)
    expect(writes(/modifiers\/\d+\/values/)).toHaveLength(1)
    expect(writes(/complex-rules/)).toHaveLength(2)
    await again()
  })
})

describe('what belongs to modifiers', () => {
  it('comes with them, also where only they are named: the same answer holds their values', async () => {
    open(['product_modifiers'])
    const { id } = await mug()
    const option_values = ['Cork', 'Steel'].map((label, sort_order) => ({ label, sort_order }))
    const lid = { display_name: 'Lid', type: 'dropdown', required: false, option_values }
    await call('old', 'POST', `/catalog/products/${id}/modifiers`, lid)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    const values =
      'SELECT m.display_name, v.label FROM product_modifier_values v JOIN product_modifiers m ON m.id = v.modifier_id ORDER BY 1, 2'
    same(values)
    expect(shops.fresh.state.log.filter(({ path }) => /modifiers$/.test(path))).toHaveLength(1)
    await again()
  })

  it('is sent once, also where the answer was lost, and follows the old store', async () => {
    const lost: string[] = []
    shops = openTwoShops({
      old: { products: 1, orders: 0 },
      resources: [...CATALOG, ...MODIFIERS],
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        const path = /modifiers$|complex-rules$/.exec(String(url))?.[0]
        if (init?.method !== 'POST' || path === undefined || lost.includes(path)) return answer
        lost.push(path)
        throw new TypeError('fetch failed')
      },
    })
    const { id } = await mug()
    const path = `/catalog/products/${id}`
    const made: Row[] = []
    for (const display_name of ['Lid', 'Handle']) {
      const option_values = ['Cork', 'Steel'].map((label, sort_order) => ({ label, sort_order }))
      const body = { display_name, type: 'dropdown', required: false, option_values }
      made.push(await call('old', 'POST', `${path}/modifiers`, body))
    }
    const conditions = (at: number) =>
      made.map((one) => ({ modifier_id: one.id, modifier_value_id: (one['option_values'] as Row[])[at]?.id }))
    const rule = await call('old', 'POST', `${path}/complex-rules`, { conditions: conditions(0) })
    await call('old', 'POST', `${path}/complex-rules`, { conditions: conditions(1), stop: true })
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await shops.migrate()
    expect(lost).toEqual(['modifiers', 'complex-rules'])
    const all = [
      'SELECT m.display_name, v.label, v.adjusters FROM product_modifier_values v JOIN product_modifiers m ON m.id = v.modifier_id ORDER BY 1, 2',
      "SELECT r.stop, r.enabled, v.label FROM product_complex_rules r, json_each(r.conditions) c JOIN product_modifier_values v ON v.id = c.value ->> 'modifier_value_id' ORDER BY 1, 2, 3",
    ]
    for (const sql of all) same(sql)
    await shops.clock.sleep(60_000)
    await again()

    await shops.clock.sleep(60_000)
    const adjusters = { price: { adjuster: 'percentage', adjuster_value: 5 } }
    await call('old', 'POST', `${path}/modifiers/${made[0]?.id}/values`, { label: 'Gold', sort_order: 2, adjusters })
    await call('old', 'PUT', `${path}/complex-rules/${rule.id}`, { enabled: false })
    await shops.migrate()
    for (const sql of all) same(sql)
    await shops.clock.sleep(60_000)
    await again()
  })
})

describe('what else belongs to products', () => {
  it('comes once: custom fields of one name, bulk prices and related products with them, reviews and metafields after them', async () => {
    const metafields = ['product_metafields', 'variant_metafields', 'category_metafields', 'brand_metafields']
    open(['product_reviews', ...metafields])
    const [one, two] = shops.old.state.products.list()
    const { id } = await mug({
      custom_fields: [
        { name: 'Fits', value: 'a shelf' },
        { name: 'Fits', value: 'a machine' },
      ],
      bulk_pricing_rules: [{ quantity_min: 5, quantity_max: 0, type: 'fixed', amount: 8 }],
      related_products: [two?.id, one?.id],
    })
    await call('old', 'PUT', `/catalog/products/${one?.id}`, { related_products: [id] })
    const review = { date_reviewed: '2026-01-02T03:04:05Z', rating: 5, status: 'approved', text: 'Warm.' }
    await call('old', 'POST', `/catalog/products/${id}/reviews`, { ...review, title: 'Good', email: 'a@example.com' })
    await call('old', 'POST', `/catalog/products/${id}/reviews`, { ...review, title: 'Good', name: 'Somebody' })
    const [variant] = shops.old.state.variants.where('product', id)
    const [category] = shops.old.state.categories.list()
    const [brand] = shops.old.state.brands.list()
    const note = { namespace: 'erp', permission_set: 'read', value: 'x' }
    const owners = { products: id, variants: variant?.id, categories: category?.id, brands: brand?.id }
    for (const [owner, resource_id] of Object.entries(owners)) {
      const rows = ['a', 'b'].map((key) => ({ ...note, key, resource_id }))
      await call('old', 'POST', `/catalog/${owner}/metafields`, rows)
    }
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    same(
      'SELECT p.name, f.name, f.value FROM product_custom_fields f JOIN products p ON p.id = f.product_id ORDER BY 1, 2, 3',
    )
    same(
      'SELECT p.name, b.quantity_min, b.quantity_max, b.type, b.amount FROM product_bulk_prices b JOIN products p ON p.id = b.product_id ORDER BY 1, 2',
    )
    same(
      'SELECT p.name, o.name FROM products p, json_each(p.related_products) r JOIN products o ON o.id = r.value ORDER BY p.name, r.key',
    )
    same(
      'SELECT p.name, r.title, r.email, r.name, r.rating, r.status, r.text, r.date_reviewed FROM product_reviews r JOIN products p ON p.id = r.product_id ORDER BY 1, 2, 3',
    )
    const of = {
      product: 'products p ON p.id',
      variant: 'variants p ON p.id',
      category: 'categories p ON p.category_id',
      brand: 'brands p ON p.id',
    }
    for (const [owner, join] of Object.entries(of))
      same(
        `SELECT ${owner === 'variant' ? 'p.sku' : 'p.name'}, namespace, key, value, permission_set FROM ${owner}_metafields m JOIN ${join} = m.resource_id ORDER BY 1, 2, 3`,
      )
    expect(writes(/custom-fields|bulk-pricing/)).toHaveLength(0)
    expect(writes(/\/metafields$/)).toHaveLength(4)
    await again()

    await shops.clock.sleep(60_000)
    await call('old', 'POST', `/catalog/products/${id}/custom-fields`, { name: 'Fits', value: 'a pocket' })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 1 } })
    same(
      'SELECT p.name, f.name, f.value FROM product_custom_fields f JOIN products p ON p.id = f.product_id ORDER BY 1, 2, 3',
    )
    await again()
  })
})

describe('price lists', () => {
  it('come whole, with prices by quantity, for the groups and channels they were for', async () => {
    open([
      'price_lists',
      'price_list_records',
      'price_list_assignments',
      'customer_groups',
      'channels',
      'product_channel_assignments',
    ])
    const { id } = await mug()
    const [large, small] = shops.old.state.variants.where('product', id)
    const list = await call('old', 'POST', '/pricelists', { name: 'Friends', active: true })
    await call('old', 'PUT', `/pricelists/${list.id}/records`, [
      {
        variant_id: large?.id,
        currency: 'usd',
        price: 7,
        bulk_pricing_tiers: [{ quantity_min: 10, quantity_max: 99, type: 'fixed', amount: 6 }],
      } as never,
      { variant_id: small?.id, currency: 'usd', price: 5, sale_price: 4 } as never,
    ])
    const group = shops.old.state.customerGroups.list().at(-1)
    await call('old', 'POST', '/pricelists/assignments', [
      { price_list_id: list.id, customer_group_id: group?.id } as never,
    ])
    await call('old', 'PUT', '/catalog/products/channel-assignments', [{ product_id: id, channel_id: 1 }])
    const first = await shops.migrate({ existing: 'adopt' })
    expect(first).toMatchObject({ state: 'complete', left: [] })
    same(
      'SELECT l.name, l.active, r.sku, r.currency, r.price, r.sale_price, r.bulk_pricing_tiers FROM price_list_records r JOIN price_lists l ON l.id = r.price_list_id ORDER BY 1, 3, 4',
    )
    same(
      'SELECT l.name, g.name, a.channel_id FROM price_list_assignments a JOIN price_lists l ON l.id = a.price_list_id LEFT JOIN customer_groups g ON g.id = a.customer_group_id ORDER BY 1, 2',
    )
    same(
      'SELECT p.name, a.channel_id FROM product_channel_assignments a JOIN products p ON p.id = a.product_id ORDER BY 1, 2',
    )
    await again()
  })
})

describe('variants', () => {
  it('that the old store gets later come with their new option value', async () => {
    open([])
    const { id } = await mug()
    await shops.migrate()
    await shops.clock.sleep(60_000)
    const [option] = shops.old.state.options.where('product', id)
    const value = await call('old', 'POST', `/catalog/products/${id}/options/${option?.id}/values`, {
      label: 'Tiny',
      sort_order: 2,
    })
    const option_values = [{ id: value.id, option_id: option?.id }]
    await call('old', 'POST', `/catalog/products/${id}/variants`, { sku: 'MUG-Tiny', price: 4, option_values })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 2 } })
    same("SELECT v.sku, v.price, c.value ->> 'label' FROM variants v, json_each(v.option_values) c ORDER BY 1")
    await again()
  })

  it('without a SKU are told and made as soon as they have one, and a product that has no others waits', async () => {
    open([])
    const { id } = await mug()
    const cup = await mug({ name: 'Cup', variants: [{ sku: 'CUP-1', option_values: size('One') }] })
    const small = shops.old.state.variants.list().find(({ sku }) => sku === 'MUG-Small')
    const only = shops.old.state.variants.list().find(({ sku }) => sku === 'CUP-1')
    const named = (mugs: string, cups: string) => {
      shops.old.state.variants.update(small?.id ?? 0, { sku: mugs })
      shops.old.state.variants.update(only?.id ?? 0, { sku: cups })
    }
    named('', '')
    const first = await shops.migrate()
    expect(first.left.map(({ resource, key, reason }) => [resource, key, reason.split(';')[0]])).toEqual([
      ['products', String(cup.id), 'its variants have no sku'],
      ['variants', String(small?.id), 'it has no sku'],
    ])
    expect(shops.fresh.state.products.list().map(({ name }) => name)).not.toContain('Cup')
    await shops.clock.sleep(60_000)
    named('MUG-Small', 'CUP-1')
    for (const one of [id, cup.id]) await call('old', 'PUT', `/catalog/products/${one}`, { warranty: 'a year' })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    same("SELECT v.sku, v.price, c.value ->> 'label' FROM variants v, json_each(v.option_values) c ORDER BY 1")
    await again()
  })
})
