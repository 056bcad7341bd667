import { afterEach, describe, expect, it } from 'vitest'
import { verifyStore } from '../../src/app/index.ts'
import { olderCatalog, type Resource, UsageError } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'

const LEGACY = { user: 'api', token: 'legacyToken0000000000000001' }
const CATALOG = ['products', 'variants', 'product_images', 'product_custom_fields', 'product_bulk_prices']
const NAMES = [...CATALOG, 'categories', 'brands']

const opened: Shop[] = []
afterEach(() => {
  for (const shop of opened.splice(0)) shop.close()
})

const EMULATOR = { products: 25, seed: 5, legacy: LEGACY }

/** A seeded shop behind an access token. */
const openNewer = (): Shop => {
  const shop = openShop({ emulator: EMULATOR, store: { resources: NAMES } })
  opened.push(shop)
  return shop
}

/** The same shop behind a legacy account. */
const openOlder = (options: ShopOptions = {}): Shop => {
  const basic = { auth: { basic: { user: LEGACY.user, token: 'env:SHOP_TOKEN' } }, accessToken: undefined }
  const shop = openShop({
    emulator: EMULATOR,
    syncs: {},
    token: LEGACY.token,
    ...options,
    store: { ...basic, url: 'https://store-emu_5.mybigcommerce.com', resources: NAMES, ...options.store },
  })
  opened.push(shop)
  return shop
}

/** Told differently: an older SKU has an id of its own, an address does not say whether somebody chose it, and prices are reckoned anew. */
const APART: Readonly<Record<string, readonly string[]>> = {
  products: ['custom_url', 'date_last_imported'],
  variants: ['id', 'sku_id', 'calculated_price', 'calculated_weight'],
  categories: ['url'],
}

const comparable = ({ name, api }: Resource): readonly string[] =>
  Object.keys(api.list?.told ?? api.within?.apart?.told ?? {}).filter((field) => !APART[name]?.includes(field))

describe('a store with a legacy API account', () => {
  it('is pulled into the same rows as with an access token, but for what the older API does not tell', async () => {
    const [newer, older] = [openNewer(), openOlder()]
    await newer.pull()
    expect(await older.pull()).toMatchObject({ state: 'complete', full: true })
    expect(older.emulator.requests.filter(({ path, status }) => !path.startsWith('/v2/') || status >= 300)).toEqual([])
    for (const resource of olderCatalog(catalog).resources.values()) {
      const { name, key } = resource
      if (!NAMES.includes(name)) continue
      const order = name === 'variants' ? 'product_id, sku' : key.join()
      const sql = `SELECT ${comparable(resource)} FROM ${name}${name === 'variants' ? COMPLEX : ''} ORDER BY ${order}`
      expect(older.rows(sql).length, name).toBeGreaterThan(0)
      expect(older.rows(sql), name).toEqual(newer.rows(sql))
    }
  })

  it('tells what a variant chooses in the same words', async () => {
    const [newer, older] = [openNewer(), openOlder()]
    await newer.pull()
    await older.pull()
    const sql = `SELECT sku, option_values FROM variants${COMPLEX} ORDER BY product_id, sku`
    expect(older.rows(sql).length).toBeGreaterThan(20)
    expect(older.rows(sql)).toEqual(newer.rows(sql))
  })

  it('has one variant for a product that is sold as it is, with the minus of the product’s id', async () => {
    const [newer, older] = [openNewer(), openOlder()]
    await newer.pull()
    await older.pull()
    const told = catalog.resources.get('variants')?.older?.apart?.sole?.told ?? {}
    const sql = `SELECT ${Object.keys(told)} FROM variants WHERE product_id IN ${SIMPLE} ORDER BY product_id`
    expect(older.rows(sql)).toEqual(newer.rows(sql))
    expect(older.rows(`SELECT p.id FROM products p WHERE p.base_variant_id = -p.id`)).toEqual(
      newer.rows(`SELECT id FROM products WHERE base_variant_id IS NOT NULL`),
    )
    const skus = 'SELECT sku, name, price, inventory_level FROM skus ORDER BY product_id, sku'
    expect(older.rows(skus)).toEqual(newer.rows(skus))
  })

  it('is asked the next time for what changed only, with the parts of that', async () => {
    const shop = openOlder()
    await shop.pull()
    const { state, requests } = shop.emulator
    await shop.clock.sleep(3_600_000)
    const product = state.products.list().find((one) => one.base_variant_id !== null)
    if (!product) throw new Error('no product is sold as it is')
    const date_modified = new Date(shop.clock.now()).toISOString()
    state.products.update(product.id, { name: 'Renamed', date_modified })
    state.customFields.insert({ product_id: product.id, name: 'Origin', value: 'Here' })
    const before = requests.length
    expect(await shop.pull({ only: ['products', 'product_custom_fields'] })).toMatchObject({ state: 'complete' })
    expect(requests.slice(before).map(({ path }) => path.replace(/=.*/, ''))).toEqual([
      '/v2/store',
      '/v2/products?min_date_modified',
      `/v2/products/${product.id}/skus?limit`,
      `/v2/products/${product.id}/custom_fields?limit`,
      '/v2/products/count',
    ])
    expect(shop.rows(`SELECT name FROM products WHERE id = ${product.id}`)).toEqual([{ name: 'Renamed' }])
    expect(shop.rows(`SELECT value FROM product_custom_fields WHERE name = 'Origin'`)).toEqual([{ value: 'Here' }])
  })

  it('agrees with its mirror when they are compared', async () => {
    const shop = openOlder()
    await shop.pull()
    expect(await verifyStore(shop.workspace, 'main', { syncs: [] })).toMatchObject({ state: 'complete', exit: 0 })
    const [product] = shop.emulator.state.products.list()
    shop.emulator.state.products.update(product?.id ?? 0, { name: 'Renamed' })
    expect((await verifyStore(shop.workspace, 'main', { syncs: [] })).exit).not.toBe(0)
  })

  it('loses what it has deleted, also while the parts of that are read', async () => {
    const shop = openOlder({
      fetch: (inner) => async (input, init) => {
        const { state } = shop.emulator
        const [product] = state.products.list()
        if (String(input).includes(`/${product?.id}/skus`) && product) state.products.delete(product.id)
        return inner(input, init)
      },
    })
    const first = shop.emulator.state.products.list().length
    await shop.pull({ full: true })
    expect(shop.rows('SELECT count(*) AS n FROM products')[0]?.['n']).toBeLessThan(first)
    expect(shop.rows('SELECT id FROM products')).toEqual(shop.emulator.state.products.list().map(({ id }) => ({ id })))
  })
})

const SIMPLE = '(SELECT id FROM products WHERE base_variant_id IS NOT NULL)'
const COMPLEX = ` WHERE product_id NOT IN ${SIMPLE}`

describe('writing to a store with a legacy API account', () => {
  const prices = {
    prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: { price: 'price' } },
  }

  it('is refused for its catalog when the configuration is read, with the reason', () => {
    expect(() => openOlder({ syncs: prices })).toThrow(
      /syncs\.prices\.store: is reached with "basic", so skus can be read from it and not written/,
    )
  })

  it('is refused before anything leaves, whoever asks', async () => {
    const shop = openOlder()
    const resource = catalog.resources.get('products')
    const route = resource?.api.update?.[0]
    if (!resource || !route) throw new Error('products cannot be changed')
    const sent = shop.workspace.withApi('main', (api) =>
      api.send(resource, route, [{ id: { id: 77 }, set: { price: '1' } }]),
    )
    await expect(sent).rejects.toThrow(UsageError)
    await expect(sent).rejects.toThrow('/v3/catalog/products needs an access token')
    expect(shop.emulator.requests).toEqual([])
  })

  it('goes on for what lives in the older API anyway', () => {
    const notes = { ...prices.prices, resource: 'orders', key: { id: 'id' }, fields: { staff_notes: 'notes' } }
    expect(() => openOlder({ syncs: { notes }, store: { resources: ['orders'] } })).not.toThrow()
  })

  it('cannot be asked for what the older API lacks', () => {
    expect(() => openOlder({ store: { resources: ['products', 'inventory_items'] } })).toThrow(
      /stores\.main\.resources\.1: is not in the older API/,
    )
  })
})
