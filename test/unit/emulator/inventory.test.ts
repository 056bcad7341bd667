import { describe, expect, it } from 'vitest'
import type { ProductRow, State } from '../../../src/emulator/state.ts'
import { openShop, type Shop } from './shop.ts'

const ABSOLUTE = '/v3/inventory/adjustments/absolute'
const RELATIVE = '/v3/inventory/adjustments/relative'

const one = (state: State, wanted: (product: ProductRow) => boolean): ProductRow => {
  const found = state.products.list().find(wanted)
  if (!found) throw new Error('the shop has no such product')
  return found
}

const isSimple = ({ base_variant_id }: ProductRow): boolean => base_variant_id !== null

const subjects = (state: State) => {
  const product = one(state, (row) => isSimple(row) && row.inventory_tracking === 'product')
  const complex = one(state, (row) => !isSimple(row) && row.inventory_tracking === 'variant')
  const [variant] = state.variants.where('product', complex.id)
  const whole = one(state, (row) => !isSimple(row) && row.inventory_tracking === 'product')
  const untracked = one(state, (row) => row.inventory_tracking === 'none')
  return { product, complex, variant: variant?.id ?? 0, sku: variant?.sku ?? '', whole, untracked }
}

const at = (fields: object) => ({ items: [{ location_id: 1, ...fields }] })

const itemOf = async (shop: Shop, productId: number, variantId: number) => {
  const { body } = await shop.get(`/v3/inventory/items?product_id:in=${productId}&limit=1000`)
  return body.data.find(({ identity }: { identity: { variant_id: number } }) => identity.variant_id === variantId)
}

const levelOf = async (shop: Shop, variantId: number): Promise<number> =>
  (await shop.get(`/v3/catalog/variants?id=${variantId}`)).body.data[0].inventory_level

describe('an absolute adjustment', () => {
  it('shows only after a while, in the inventory and in the catalog at once', async () => {
    const shop = openShop({ products: 200 })
    const { complex, variant } = subjects(shop.state)
    const before = await levelOf(shop, variant)
    const { status, body } = await shop.ask('PUT', ABSOLUTE, at({ variant_id: variant, quantity: before + 7 }))
    expect(status).toBe(200)
    expect(body.transaction_id).toMatch(/^[0-9a-f-]{36}$/)

    shop.pass(499)
    expect((await itemOf(shop, complex.id, variant)).locations[0].total_inventory_onhand).toBe(before)
    expect(await levelOf(shop, variant)).toBe(before)

    shop.pass(1)
    expect((await itemOf(shop, complex.id, variant)).locations[0]).toMatchObject({
      total_inventory_onhand: before + 7,
      available_to_sell: before + 7,
      location_enabled: true,
    })
    expect(await levelOf(shop, variant)).toBe(before + 7)
    expect(shop.state.products.get(complex.id)?.inventory_level).toBe(complex.inventory_level + 7)
  })

  it('touches the product at the moment it shows, unless the store does not do so', async () => {
    for (const stockTouchesProduct of [true, false]) {
      const shop = openShop({ products: 200, settings: { stockTouchesProduct } })
      const { product } = subjects(shop.state)
      await shop.ask('PUT', ABSOLUTE, at({ product_id: product.id, quantity: 3 }))
      shop.pass(2000)
      const { body } = await shop.get(`/v3/catalog/products/${product.id}`)
      expect(body.data.inventory_level).toBe(3)
      expect(body.data.date_modified).toBe(stockTouchesProduct ? '2026-03-01T12:00:00+00:00' : product.date_modified)
    }
  })

  it('names a simple product by product, base variant or SKU, and keeps its base variant in step', async () => {
    const shop = openShop({ products: 200 })
    const { product } = subjects(shop.state)
    const names = [
      { product_id: product.id },
      { variant_id: product.base_variant_id },
      { sku: product.sku.toUpperCase() },
    ]
    for (const [place, name] of names.entries()) {
      expect((await shop.ask('PUT', ABSOLUTE, at({ ...name, quantity: 40 + place }))).status).toBe(200)
      shop.pass(500)
      expect((await shop.get(`/v3/catalog/products/${product.id}`)).body.data.inventory_level).toBe(40 + place)
      const variants = (await shop.get(`/v3/catalog/products/${product.id}/variants`)).body.data
      expect(variants[0].inventory_level).toBe(40 + place)
    }
  })

  it('refuses the whole request over one item that cannot be adjusted so, in the documented words', async () => {
    const shop = openShop({ products: 200 })
    const { complex, variant, whole, untracked, product } = subjects(shop.state)
    const [wholeVariant] = shop.state.variants.where('product', whole.id)
    const good = { location_id: 1, product_id: product.id, quantity: 999 }
    const cases: [object, string][] = [
      [
        { variant_id: wholeVariant?.id },
        `[Item with variant_id ${wholeVariant?.id} is tracked by product, please update stock by product id]`,
      ],
      [
        { product_id: complex.id },
        `[Item with product_id ${complex.id} is tracked by variant, please update stock by variant id]`,
      ],
      [
        { product_id: untracked.id },
        `[Item with product_id ${untracked.id} is not tracked, please enable inventory tracking]`,
      ],
      [{ sku: 'no such sku' }, '[Item with sku no such sku was not found]'],
    ]
    for (const [bad, title] of cases) {
      const reply = await shop.ask('PUT', ABSOLUTE, { items: [good, { location_id: 1, quantity: 1, ...bad }] })
      expect(reply).toMatchObject({ status: 422, type: 'application/problem+json', body: { status: 422, title } })
    }
    const disabled = await shop.ask('PUT', ABSOLUTE, { items: [{ location_id: 2, variant_id: variant, quantity: 1 }] })
    expect(disabled.body.title).toBe('[Location with id 2 is disabled]')
    shop.pass(1000)
    expect((await shop.get(`/v3/catalog/products/${product.id}`)).body.data.inventory_level).toBe(
      product.inventory_level,
    )
  })

  it('wants exactly one name, a location and a whole number that is not negative nor too large', async () => {
    const shop = openShop({ products: 200 })
    const { variant, sku } = subjects(shop.state)
    const bad = [
      { quantity: 1 },
      { variant_id: variant, sku, quantity: 1 },
      { variant_id: variant },
      { variant_id: variant, quantity: 1.5 },
      { variant_id: variant, quantity: -1 },
      { variant_id: variant, quantity: 2_147_483_648 },
    ]
    for (const fields of bad) expect((await shop.ask('PUT', ABSOLUTE, at(fields))).status).toBe(422)
    expect((await shop.ask('PUT', ABSOLUTE, { items: [] })).status).toBe(422)
    expect((await shop.ask('PUT', ABSOLUTE, { items: [{ variant_id: variant, quantity: 1 }] })).status).toBe(422)
  })

  it('takes 2,000 items and no more', async () => {
    const shop = openShop({ products: 200 })
    const { variant } = subjects(shop.state)
    const items = (count: number) => ({
      items: Array.from({ length: count }, (_, quantity) => ({ location_id: 1, variant_id: variant, quantity })),
    })
    expect((await shop.ask('PUT', ABSOLUTE, items(2000))).status).toBe(200)
    expect((await shop.ask('PUT', ABSOLUTE, items(2001))).status).toBe(413)
    shop.pass(500)
    expect(await levelOf(shop, variant)).toBe(1999)
  })

  it('agrees with a catalog write of the level', async () => {
    const shop = openShop({ products: 200 })
    const { product } = subjects(shop.state)
    const { base_variant_id: base } = product
    await shop.ask('PUT', `/v3/catalog/products/${product.id}`, { inventory_level: 77 })
    shop.pass(500)
    expect((await itemOf(shop, product.id, base ?? 0)).locations[0].total_inventory_onhand).toBe(77)
  })

  it('is forgotten for a product that is gone by then', async () => {
    const shop = openShop({ products: 200 })
    const { product } = subjects(shop.state)
    await shop.ask('PUT', ABSOLUTE, at({ product_id: product.id, quantity: 5 }))
    await shop.ask('DELETE', `/v3/catalog/products/${product.id}`)
    shop.pass(500)
    expect((await shop.get(`/v3/catalog/products/${product.id}`)).status).toBe(404)
  })
})

describe('a relative adjustment', () => {
  it('adds to what is there when it shows, in the order of the requests', async () => {
    const shop = openShop({ products: 200 })
    const { variant } = subjects(shop.state)
    await shop.ask('PUT', ABSOLUTE, at({ variant_id: variant, quantity: 10 }))
    shop.pass(500)
    await shop.ask('POST', RELATIVE, at({ variant_id: variant, quantity: 5 }))
    await shop.ask('POST', RELATIVE, at({ variant_id: variant, quantity: -2 }))
    shop.pass(500)
    expect(await levelOf(shop, variant)).toBe(13)
  })

  it('cannot take more than is there', async () => {
    const shop = openShop({ products: 200 })
    const { variant } = subjects(shop.state)
    const reply = await shop.ask('POST', RELATIVE, at({ variant_id: variant, quantity: -100_000 }))
    expect(reply.status).toBe(422)
    expect(reply.body.title).toBe(`Items with identity: [variant_id ${variant}] has insufficient stock`)
  })

  it('wants an absolute one first where nothing ever lay', async () => {
    const shop = openShop({ products: 200 })
    const { variant } = subjects(shop.state)
    shop.state.locations.update(2, { enabled: true })
    const elsewhere = { items: [{ location_id: 2, variant_id: variant, quantity: 1 }] }
    const refused = await shop.ask('POST', RELATIVE, elsewhere)
    expect(refused.body.title).toBe(
      `Items with identity: [variant_id ${variant}] requires absolute adjustment before relative`,
    )
    await shop.ask('PUT', ABSOLUTE, elsewhere)
    shop.pass(500)
    expect((await shop.ask('POST', RELATIVE, elsewhere)).status).toBe(200)
    shop.pass(500)
    const { body } = await shop.get(`/v3/inventory/locations/2/items?variant_id:in=${variant}`)
    expect(body.data).toMatchObject([{ identity: { variant_id: variant }, total_inventory_onhand: 2 }])
  })
})

describe('the list of items', () => {
  const shop = openShop({ products: 200 })

  it('holds every variant once, and a complex product that is tracked as a whole as one', async () => {
    const { whole } = subjects(shop.state)
    const variants = shop.state.variants.list().filter((row) => row.product_id !== whole.id)
    const ids: number[] = []
    for (let page = 1; ; page++) {
      const { data } = (await shop.get(`/v3/inventory/items?limit=250&page=${page}`)).body
      if (!data.length) break
      ids.push(...data.map(({ identity }: { identity: { variant_id: number } }) => identity.variant_id))
    }
    expect(new Set(ids.filter((id) => id > 0)).size).toBe(ids.filter((id) => id > 0).length)
    expect(variants.map(({ id }) => id)).toEqual(expect.arrayContaining(ids.filter((id) => id > 0)))
    const { body } = await shop.get(`/v3/inventory/items?product_id:in=${whole.id}`)
    expect(body.data).toMatchObject([
      { identity: { variant_id: 0 }, locations: [{ total_inventory_onhand: whole.inventory_level }] },
    ])
  })

  it('is served a thousand at a time, by SKU, variant, product or location', async () => {
    const { variant, sku, complex } = subjects(shop.state)
    expect((await shop.get('/v3/inventory/items?limit=5000')).body.meta.pagination.per_page).toBe(1000)
    for (const query of [
      `sku:in=${sku}`,
      `variant_id:in=${variant}`,
      `product_id:in=${complex.id}&variant_id:in=${variant}`,
    ]) {
      const { data } = (await shop.get(`/v3/inventory/items?${query}`)).body
      expect(data).toHaveLength(1)
      expect(data[0].identity).toEqual({ sku, variant_id: variant, product_id: complex.id })
    }
    expect((await shop.get('/v3/inventory/items?location_id:in=2')).body.data).toEqual([])
    expect((await shop.get('/v3/inventory/items?sku=1')).status).toBe(422)
  })
})

describe('settings of a location', () => {
  it('hold stock back from selling, and leave unsaid ones alone', async () => {
    const shop = openShop({ products: 200 })
    const { variant, complex } = subjects(shop.state)
    await shop.ask('PUT', ABSOLUTE, at({ variant_id: variant, quantity: 30 }))
    const identity = { variant_id: variant }
    await shop.ask('PUT', '/v3/inventory/locations/1/items', {
      settings: [{ identity, safety_stock: 10, warning_level: 12 }],
    })
    shop.pass(500)
    const { locations } = await itemOf(shop, complex.id, variant)
    expect(locations[0]).toMatchObject({
      total_inventory_onhand: 30,
      available_to_sell: 20,
      settings: { safety_stock: 10, warning_level: 12, is_in_stock: true },
    })
    expect((await shop.get(`/v3/catalog/variants?id=${variant}`)).body.data[0].inventory_warning_level).toBe(12)
    const none = await shop.ask('PUT', '/v3/inventory/locations/1/items', { settings: [{ identity }] })
    expect(none.body.errors).toEqual({
      'setting.0.settings': 'At least one setting must be specified: warning_level, is_in_stock or safety_stock',
    })
  })

  it('are listed with the locations, the disabled one too', async () => {
    const shop = openShop()
    const { body } = await shop.get('/v3/inventory/locations')
    expect(body.data.map(({ id, enabled }: { id: number; enabled: boolean }) => [id, enabled])).toEqual([
      [1, true],
      [2, false],
    ])
    expect((await shop.get('/v3/inventory/locations?is_active=true')).body.data).toHaveLength(1)
  })
})

describe('a new location', () => {
  const path = '/v3/inventory/locations'
  const open = () => {
    const shop = openShop({ products: 0 })
    const { id: _id, ...row } = shop.state.locations.list()[0] ?? { id: 0 }
    return { shop, place: { ...row, label: 'Quay' } }
  }

  it('shows only after a while, with a code that the store makes up where none is said', async () => {
    const { shop, place } = open()
    const { code: _code, ...uncoded } = place as typeof place & { code: string }
    const { status, body } = await shop.ask('POST', path, [{ ...uncoded }, { ...place, code: 'HILL' }])
    expect([status, body.transaction_id]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    shop.pass(499)
    expect((await shop.get(path)).body.data).toHaveLength(2)
    shop.pass(1)
    expect((await shop.get(path)).body.data.slice(2)).toMatchObject([
      { id: 3, code: 'BC-LOCATION-3', label: 'Quay', enabled: true },
      { id: 4, code: 'HILL' },
    ])
  })

  it('is refused without what it needs, with a code that is taken, and beyond a hundred that are on', async () => {
    const { shop, place } = open()
    const refused = async (row: object) => {
      const { status, body } = await shop.ask('POST', path, [row])
      return [status, body.title, body.errors]
    }
    expect(await refused({ ...place, code: 'A', label: undefined, address: { city: 'Austin' } })).toEqual([
      422,
      'Payload contains invalid fields',
      expect.objectContaining({ '0.label': 'error.path.missing', '0.address.zip': 'error.path.missing' }),
    ])
    const taken = await refused({ ...place, code: 'BC-LOCATION-1' })
    expect(taken.slice(0, 2)).toEqual([422, 'Location with code BC-LOCATION-1 already exists'])
    for (let count = 0; count < 99; count += 1) shop.state.locations.insert({ ...place, code: `MORE-${count}` })
    expect((await refused({ ...place, code: 'B' })).slice(0, 2)).toEqual([
      422,
      'No more than 100 locations can be active',
    ])
    expect((await refused({ ...place, code: 'B', enabled: false }))[0]).toBe(200)
  })
})
