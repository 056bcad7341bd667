import { describe, expect, it } from 'vitest'
import { newProduct, type Shop, shop } from './core-support.ts'

const path = '/v3/catalog/products'

const add = async ({ call }: Shop, name: string, more: object = {}) =>
  (await call('POST', path, newProduct(name, more))).body.data

const ids = async ({ call }: Shop, query: string): Promise<number[]> =>
  (await call('GET', `${path}?${query}`)).body.data.map(({ id }: { id: number }) => id)

describe('creating a product', () => {
  it('fills in what was left out, in the order of the API, and gives it a base variant of the same SKU', async () => {
    const store = shop()
    const product = await add(store, 'Tote', { sku: 'T-1' })
    expect(product).toMatchObject({
      id: 77,
      sale_price: 0,
      inventory_tracking: 'none',
      availability: 'available',
      condition: 'New',
      related_products: [-1],
      custom_url: { url: '/tote/', is_customized: false },
      base_variant_id: 300,
      date_modified: '2025-01-15T10:30:00+00:00',
    })
    expect(Object.keys(product).slice(0, 6)).toEqual(['id', 'name', 'type', 'sku', 'description', 'weight'])
    const { body } = await store.call('GET', `${path}/77/variants`)
    expect(body.data).toMatchObject([
      { id: 300, sku: 'T-1', sku_id: null, price: null, calculated_price: 10, option_values: [] },
    ])
  })

  it('keeps four decimals, rounded half up, and reads numbers sent as text', async () => {
    const store = shop()
    const price = async (sent: unknown) => (await add(store, `at ${sent}`, { price: sent })).price
    expect([await price(10.99999), await price(10.99994), await price('7.1'), await price(0.00005)]).toEqual([
      11, 10.9999, 7.1, 0.0001,
    ])
  })

  it('names every missing and every bad field', async () => {
    const { call } = shop()
    const missing = (await call('POST', path, { name: 'A' })).body
    expect([missing.status, missing.title, Object.keys(missing.errors)]).toEqual([
      422,
      'Missing Required Fields',
      ['type', 'weight', 'price'],
    ])
    const bad = (await call('POST', path, newProduct('x'.repeat(251), { price: -1, sale_price: null }))).body
    expect([bad.status, Object.keys(bad.errors)]).toEqual([422, ['name', 'price', 'sale_price']])
  })

  it('refuses a name or SKU that another product or variant has, ignoring case', async () => {
    const store = shop()
    await add(store, 'Tote', { sku: 'T-1' })
    await add(store, 'Shirt', {
      variants: [{ sku: 'S-1', option_values: [{ option_display_name: 'Size', label: 'S' }] }],
    })
    const again = async (name: string, sku: string) => (await store.call('POST', path, newProduct(name, { sku }))).body
    expect(await again('TOTE', 'new')).toMatchObject({ status: 409, title: 'The product name is a duplicate' })
    expect(await again('Bag', 't-1')).toMatchObject({ status: 409, title: 'Sku t-1 is not unique' })
    expect(await again('Bag', 's-1')).toMatchObject({ status: 409 })
    await store.call('DELETE', `${path}/77`)
    expect(await again('TOTE', 't-1')).toMatchObject({ data: { sku: 't-1' } })
  })

  it('refuses a category or brand that does not exist with 409', async () => {
    const { call } = shop()
    expect((await call('POST', path, newProduct('A', { categories: [9] }))).status).toBe(409)
    expect((await call('POST', path, newProduct('A', { brand_id: 9 }))).status).toBe(409)
  })

  it('finds the brand of a name whatever its case, or makes it', async () => {
    const store = shop()
    const first = await add(store, 'A', { brand_name: 'Acme' })
    const second = await add(store, 'B', { brand_name: 'ACME' })
    expect(first.brand_id).toBeGreaterThan(0)
    expect(second.brand_id).toBe(first.brand_id)
    expect(first).not.toHaveProperty('brand_name')
  })

  it('makes options and values of the labels of inline variants', async () => {
    const store = shop()
    const sizes = ['S', 'M'].map((label) => ({
      sku: `X-${label}`,
      option_values: [{ option_display_name: 'Size', label }],
    }))
    const product = await add(store, 'Shirt', { sku: 'X', variants: sizes })
    expect(product.base_variant_id).toBeNull()
    const { data } = (await store.call('GET', `${path}/77?include=options,variants`)).body
    expect(data.options).toMatchObject([{ display_name: 'Size', option_values: [{ label: 'S' }, { label: 'M' }] }])
    expect(data.variants).toMatchObject([{ sku: 'X-S' }, { sku: 'X-M' }])
    expect(data.variants[0].option_values[0].id).toBe(data.options[0].option_values[0].id)
  })

  it('saves nothing of a product whose parts are refused', async () => {
    const store = shop()
    const brands = store.emulator.state.brands.size
    const twice = [
      { name: 'Colour', value: 'red' },
      { name: 'Colour', value: 'red' },
    ]
    expect((await store.call('POST', path, newProduct('A', { custom_fields: twice, brand_name: 'Acme' }))).status).toBe(
      422,
    )
    expect([store.emulator.state.products.size, store.emulator.state.customFields.size]).toEqual([0, 0])
    expect(store.emulator.state.brands.size).toBe(brands)
    expect(store.emulator.log).toEqual([])
  })

  it('saves the product without a custom address that is taken, and says so with 207', async () => {
    const store = shop()
    const wish = { custom_url: { url: '/here/', is_customized: true } }
    await add(store, 'A', wish)
    const second = await store.call('POST', path, newProduct('B', wish))
    expect([second.status, second.body.data.custom_url.url]).toEqual([207, '/here-1/'])
    expect(second.body.errors.errors).toHaveProperty('custom_url')
  })
})

describe('changing products', () => {
  it('changes what was sent and the date, and nothing else', async () => {
    const store = shop()
    const before = await add(store, 'A', { description: 'old' })
    await store.clock.advance(60_000)
    const after = (await store.call('PUT', `${path}/77`, { price: 12.5 })).body.data
    expect(after).toEqual({
      ...before,
      price: 12.5,
      calculated_price: 12.5,
      date_modified: '2025-01-15T10:31:00+00:00',
    })
  })

  it('takes ten at once and refuses eleven with 413', async () => {
    const store = shop()
    for (let count = 1; count <= 11; count++) await add(store, `P${count}`)
    const rows = Array.from({ length: 11 }, (_, index) => ({ id: 77 + index, price: 20 }))
    expect((await store.call('PUT', path, rows)).body).toMatchObject({
      status: 413,
      title: 'The request payload is too large. The maximum items allowed in the array is 10.',
    })
    const { body } = await store.call('PUT', path, rows.slice(1))
    expect(body.data.map((row: { id: number }) => row.id)).toEqual(rows.slice(1).map(({ id }) => id))
  })

  it('saves none of a batch that holds a bad row', async () => {
    const store = shop()
    await add(store, 'A')
    await add(store, 'B')
    const send = async (second: object) => (await store.call('PUT', path, [{ id: 77, price: 99 }, second])).status
    expect(await send({ id: 999, price: 1 })).toBe(404)
    expect(await send({ id: 78, name: 'a' })).toBe(409)
    expect(await send({ id: 78, price: 'dear' })).toBe(422)
    expect(store.emulator.state.products.get(77)?.price).toBe(10)
  })

  it('checks uniqueness row by row, so two SKUs cannot be swapped in one batch', async () => {
    const store = shop()
    await add(store, 'A', { sku: 'ONE' })
    await add(store, 'B', { sku: 'TWO' })
    expect(
      (
        await store.call('PUT', path, [
          { id: 77, sku: 'TWO' },
          { id: 78, sku: 'ONE' },
        ])
      ).status,
    ).toBe(409)
  })

  it('replaces categories as a whole, but changes nested lists row by row', async () => {
    const store = shop({ products: 1 })
    const [first, second] = store.emulator.state.categories.list().map(({ id }) => id)
    const product = await add(store, 'A', {
      categories: [first],
      custom_fields: [
        { name: 'Colour', value: 'red' },
        { name: 'Fit', value: 'slim' },
      ],
    })
    const where = `${path}/${product.id}`
    const [colour] = (await store.call('GET', `${where}/custom-fields`)).body.data
    await store.call('PUT', where, {
      categories: [second],
      custom_fields: [
        { id: colour.id, name: 'Colour', value: 'blue' },
        { name: 'Care', value: 'cold' },
      ],
    })
    const { data } = (await store.call('GET', `${where}?include=custom_fields`)).body
    expect(data.categories).toEqual([second])
    expect(data.custom_fields.map((field: { value: string }) => field.value)).toEqual(['blue', 'slim', 'cold'])
  })

  it('shows new stock only some time later, and then counts it as a change', async () => {
    const store = shop()
    await add(store, 'A', { inventory_tracking: 'product', inventory_level: 5 })
    await store.clock.advance(10_000)
    const answer = (await store.call('PUT', `${path}/77`, { inventory_level: 9 })).body.data
    expect(answer.inventory_level).toBe(5)
    await store.clock.advance(500)
    const { data } = (await store.call('GET', `${path}/77?include=variants`)).body
    expect([data.inventory_level, data.variants[0].inventory_level]).toEqual([9, 9])
    expect(data.date_modified).toBe('2025-01-15T10:30:10+00:00')
  })

  it('ignores stock that the product does not track, and fields that are no part of it', async () => {
    const store = shop()
    await add(store, 'A')
    expect(
      (await store.call('PUT', `${path}/77`, { inventory_level: 9, colour: 'red', id: 5, total_sold: 7 })).status,
    ).toBe(200)
    await store.clock.advance(1_000)
    expect((await store.call('GET', `${path}/77`)).body.data).toMatchObject({
      id: 77,
      inventory_level: 0,
      total_sold: 0,
    })
  })
})

describe('deleting products', () => {
  it('takes every part along', async () => {
    const { emulator, call } = shop({ products: 3 })
    for (const { id } of emulator.state.products.list()) await call('DELETE', `${path}/${id}`)
    const { variants, options, images, customFields, bulkRules } = emulator.state
    expect([variants, options, images, customFields, bulkRules].map(({ size }) => size)).toEqual([0, 0, 0, 0, 0])
  })

  it('needs a filter', async () => {
    const store = shop()
    await add(store, 'A')
    await add(store, 'B')
    expect((await store.call('DELETE', path)).status).toBe(422)
    expect((await store.call('DELETE', `${path}?id:in=77`)).status).toBe(204)
    expect(await ids(store, 'limit=10')).toEqual([78])
  })
})

describe('listing products', () => {
  it('gives 250 rows a page at most, and tells how many there are', async () => {
    const { call } = shop({ products: 260 })
    const { body } = await call('GET', `${path}?limit=1000`)
    expect(body.data).toHaveLength(250)
    expect(body.meta.pagination).toMatchObject({
      total: 260,
      count: 250,
      per_page: 250,
      current_page: 1,
      total_pages: 2,
    })
    expect((await call('GET', `${path}?limit=250&page=3`)).body).toMatchObject({
      data: [],
      meta: { pagination: { current_page: 3 } },
    })
  })

  it('gives 10 rows with options included, whatever was asked, and may tell the wrong number of pages', async () => {
    const good = (await shop({ products: 25 }).call('GET', `${path}?include=options&limit=250`)).body
    expect([good.data.length, good.meta.pagination.per_page, good.meta.pagination.total_pages]).toEqual([10, 10, 3])
    const faithful = shop({ products: 25, settings: { wrongTotalPages: true } })
    const wrong = (await faithful.call('GET', `${path}?include=options&limit=250`)).body
    expect([wrong.data.length, wrong.meta.pagination.total_pages]).toEqual([10, 1])
  })

  it('loses no row to a deletion with keyset paging, and one with page numbers', async () => {
    const store = shop({ products: 30 })
    const all = await ids(store, 'limit=250')
    const first = await ids(store, 'sort=id&direction=asc&limit=10')
    await store.call('DELETE', `${path}/${all[0]}`)
    expect(await ids(store, `sort=id&limit=10&id:greater=${first.at(-1)}`)).toEqual(all.slice(10, 20))
    expect(await ids(store, 'sort=id&limit=10&page=2')).toEqual(all.slice(11, 21))
  })

  it('filters by ids, dates, stock and words', async () => {
    const store = shop()
    await add(store, 'Red Tote', { sku: 'R,1', price: 5 })
    await store.clock.advance(60_000)
    await add(store, 'Blue Tote', { sku: 'B-1', inventory_tracking: 'product', inventory_level: 3, is_visible: false })
    expect(await ids(store, 'id:in=77,99')).toEqual([77])
    expect(await ids(store, 'id:greater=77')).toEqual([78])
    expect(await ids(store, 'date_modified:min=2025-01-15T10:31:00Z')).toEqual([78])
    expect(await ids(store, 'date_modified:max=1736937030')).toEqual([77])
    expect(await ids(store, 'sku=b-1')).toEqual([78])
    expect(await ids(store, 'sku:in=B-1,R,1')).toEqual([78])
    expect(await ids(store, 'inventory_level:greater=2')).toEqual([78])
    expect(await ids(store, 'is_visible=false')).toEqual([78])
    expect(await ids(store, 'keyword=red')).toEqual([77])
    expect(await ids(store, 'sort=price&direction=desc')).toEqual([78, 77])
  })

  it('takes a date without a time as that day at the time of the request', async () => {
    const store = shop()
    await add(store, 'Morning')
    await store.clock.advance(3_600_000)
    await add(store, 'Later')
    expect(await ids(store, 'date_modified:min=2025-01-15')).toEqual([78])
  })

  it('narrows the rows to some fields, with the few that always come', async () => {
    const store = shop()
    await add(store, 'A', { sku: 'S' })
    const [row] = (await store.call('GET', `${path}?include_fields=sku&include=variants`)).body.data
    expect(Object.keys(row)).toEqual([
      'id',
      'sku',
      'gift_wrapping_options_type',
      'gift_wrapping_options_list',
      'sort_order',
      'variants',
    ])
  })
})
