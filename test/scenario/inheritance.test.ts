import { afterEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const LOOSE = {
  maxChanges: false,
  allChanged: false,
  priceFloor: false,
  maxPriceChange: false,
  priceScale: false,
  zeroPrice: false,
  maxSourceDrop: false,
}

const open = async (fields: object, store: object = {}): Promise<Shop> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store,
    syncs: { prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields, guards: LOOSE } },
  })
  return shop
}

const PRICE = { price: 'price' }
const SALE = { sale_price: { from: 'sale', blank: 'clear' } }

/** Pulls, plans and pushes a feed; gives the requests that wrote, and the plan. */
const carry = async (rows: (string | number)[][]) => {
  shop.feed(rows)
  await shop.pull()
  const { plan } = await shop.plan()
  const from = shop.emulator.log.length
  const pushed = await shop.push(plan.plan)
  const sent = writes(shop, from)
  await shop.pull()
  const again = (await shop.plan()).plan
  return { plan, pushed, sent, again }
}

describe('a price of skus', () => {
  it('that every variant inherits and that changes for all of them is written to the product once', async () => {
    await open(PRICE)
    const product = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M', 'L'] })
    const { plan, pushed, sent, again } = await carry([
      ['sku', 'price'],
      ['Tee-S', 22],
      ['Tee-M', 22],
      ['Tee-L', 22],
    ])
    expect(sent).toEqual([{ method: 'PUT', path: '/v3/catalog/products', body: [{ id: product.id, price: 22 }] }])
    expect(plan.changes.flatMap(({ fields }) => fields.map(({ note }) => note))).toEqual(
      Array(3).fill('all variants: product written once'),
    )
    expect(plan.cost.requests).toBe(1)
    expect(pushed.counts).toMatchObject({ applied: 3, skipped: 0, failed: 0 })
    expect(shop.emulator.state.variants.where('product', product.id).map(({ price }) => price)).toEqual([
      null,
      null,
      null,
    ])
    expect(again.summary).toMatchObject({ update: 0, unchanged: 3 })
  })

  it('that changes for one variant breaks its inheritance, says so, and leaves the others following', async () => {
    await open(PRICE)
    const product = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M', 'L'] })
    const { plan, sent, again } = await carry([
      ['sku', 'price'],
      ['Tee-S', 20],
      ['Tee-M', 25],
      ['Tee-L', 20],
    ])
    expect(plan.summary).toMatchObject({ update: 1, unchanged: 2 })
    expect(plan.changes[0]?.fields[0]).toMatchObject({ from: '20', to: '25', note: 'breaks inheritance' })
    expect(sent).toEqual([
      { method: 'PUT', path: '/v3/catalog/variants', body: [{ id: product.variants[1]?.id, price: 25 }] },
    ])
    expect(again.summary.update).toBe(0)
  })

  it('is written to the variants when one of them is not in the feed', async () => {
    await open(PRICE)
    const product = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M', 'L'] })
    const { sent } = await carry([
      ['sku', 'price'],
      ['Tee-S', 22],
      ['Tee-M', 22],
    ])
    expect(sent).toHaveLength(1)
    expect(sent[0]?.path).toBe('/v3/catalog/variants')
    expect(sent[0]?.body).toEqual(product.variants.slice(0, 2).map(({ id }) => ({ id, price: 22 })))
    expect(shop.emulator.state.products.get(product.id)?.price).toBe(20)
  })

  it('goes to a variant that has its own price, also when all get the same', async () => {
    await open(PRICE)
    const product = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'], variants: { price: 21 } })
    const { sent, again } = await carry([
      ['sku', 'price'],
      ['Tee-S', 22],
      ['Tee-M', 22],
    ])
    expect(sent[0]?.body).toEqual(product.variants.map(({ id }) => ({ id, price: 22 })))
    expect(again.summary.update).toBe(0)
  })

  it('that equals the effective price plans nothing, so inheritance survives', async () => {
    await open(PRICE)
    await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'] })
    await simpleProduct(shop, 'MUG', 7.5)
    const { plan } = await carry([
      ['sku', 'price'],
      ['Tee-S', '20.00'],
      ['tee-m', '20'],
      ['MUG', '7.5000'],
    ])
    expect(plan.summary).toMatchObject({ update: 0, unchanged: 3 })
  })

  it('of a simple product goes to the product', async () => {
    await open(PRICE)
    const mug = await simpleProduct(shop, 'MUG', 7.5)
    const { sent } = await carry([
      ['sku', 'price'],
      ['MUG', 8],
    ])
    expect(sent).toEqual([{ method: 'PUT', path: '/v3/catalog/products', body: [{ id: mug.id, price: 8 }] }])
  })

  it('of a simple product goes to its base variant where that has its own price', async () => {
    await open(PRICE)
    const mug = await simpleProduct(shop, 'MUG', 7.5)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${mug.id}/variants/${mug.base_variant_id}`, { price: 9 })
    const { plan, sent, again } = await carry([
      ['sku', 'price'],
      ['MUG', 8],
    ])
    expect(plan.changes[0]?.fields[0]).toMatchObject({ from: '9', to: '8' })
    expect(sent).toEqual([
      { method: 'PUT', path: '/v3/catalog/variants', body: [{ id: mug.base_variant_id, price: 8 }] },
    ])
    expect(again.summary.update).toBe(0)
  })

  it('of a simple product goes to its base variant where the store opted into that', async () => {
    await open(PRICE, { simplePrices: 'variant' })
    const mug = await simpleProduct(shop, 'MUG', 7.5)
    const { sent, again } = await carry([
      ['sku', 'price'],
      ['MUG', 8],
    ])
    expect(sent).toEqual([
      { method: 'PUT', path: '/v3/catalog/variants', body: [{ id: mug.base_variant_id, price: 8 }] },
    ])
    expect(again.summary.update).toBe(0)
  })

  it('does not name the parent SKU of a complex product', async () => {
    await open(PRICE)
    await complexProduct(shop, { name: 'Tee', sku: 'TEE', price: 20, sizes: ['S', 'M'] })
    shop.feed([
      ['sku', 'price'],
      ['TEE', 25],
      ['TEE-S', 20],
    ])
    await shop.pull()
    const { plan } = await shop.plan()
    expect(plan.summary).toMatchObject({ update: 0, unchanged: 1 })
    expect(plan.notes.join('\n')).toContain('1 keys of the source are not in the store')
  })
})

describe('a sale price of skus', () => {
  it('of 0 or blank means no sale; 0 is never sent to a variant as a price', async () => {
    await open(SALE)
    const product = await complexProduct(shop, {
      name: 'Tee',
      price: 20,
      sizes: ['S', 'M', 'L'],
      variants: { sale_price: 15 },
    })
    const { sent, again } = await carry([
      ['sku', 'sale'],
      ['Tee-S', '0'],
      ['Tee-M', ''],
      ['Tee-L', '15'],
    ])
    expect(sent).toEqual([
      {
        method: 'PUT',
        path: '/v3/catalog/variants',
        body: product.variants.slice(0, 2).map(({ id }) => ({ id, sale_price: null })),
      },
    ])
    expect(again.summary.update).toBe(0)
  })

  it('that every variant inherits is cleared at the product when all of them clear it', async () => {
    await open(SALE)
    const product = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'], more: { sale_price: 15 } })
    const { sent, again } = await carry([
      ['sku', 'sale'],
      ['Tee-S', ''],
      ['Tee-M', ''],
    ])
    expect(sent).toEqual([{ method: 'PUT', path: '/v3/catalog/products', body: [{ id: product.id, sale_price: 0 }] }])
    expect(again.summary.update).toBe(0)
  })

  it('of one variant cannot be cleared while its product has one: rejected with the remedy', async () => {
    await open(SALE)
    await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'], more: { sale_price: 15 } })
    shop.feed([
      ['sku', 'sale'],
      ['Tee-S', ''],
      ['Tee-M', '15'],
    ])
    await shop.pull()
    const { plan, state } = await shop.plan()
    expect(state).toBe('complete-with-rejects')
    expect(plan.summary).toMatchObject({ update: 0, rejected: 1 })
    expect(plan.rejected[0]).toMatchObject({ row: 2, column: 'sale', key: { sku: 'Tee-S' } })
    expect(plan.rejected[0]?.reason).toMatch(/the product has its own sale_price.*products/)
  })

  it('of a simple product is cleared wherever it stands', async () => {
    await open(SALE)
    const mug = await simpleProduct(shop, 'MUG', 10, { sale_price: 8 })
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${mug.id}/variants/${mug.base_variant_id}`, { sale_price: 7 })
    const { pushed, again } = await carry([
      ['sku', 'sale'],
      ['MUG', '0'],
    ])
    expect(pushed.counts.applied).toBe(1)
    expect(shop.emulator.state.products.get(mug.id)?.sale_price).toBe(0)
    expect(shop.emulator.state.variants.get(mug.base_variant_id)?.sale_price).toBeNull()
    expect(again.summary.update).toBe(0)
  })
})

describe('other fields of skus', () => {
  it('held by the product are writable through a simple product only', async () => {
    await open({ is_visible: 'shown', name: 'title' })
    await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'] })
    const mug = await simpleProduct(shop, 'MUG', 7.5)
    const { plan, sent } = await carry([
      ['sku', 'shown', 'title'],
      ['Tee-S', 'false', 'Tee'],
      ['MUG', 'false', 'Big mug'],
    ])
    expect(plan.summary).toMatchObject({ update: 1, rejected: 1 })
    expect(plan.rejected[0]?.reason).toContain('use resource "products"')
    expect(sent[0]?.body).toEqual([{ id: mug.id, name: 'Big mug', is_visible: false }])
  })

  it('of one entity go in one request', async () => {
    await open({ price: 'price', cost_price: 'cost', weight: 'weight' })
    const mug = await simpleProduct(shop, 'MUG', 7.5)
    const { sent } = await carry([
      ['sku', 'price', 'cost', 'weight'],
      ['MUG', 8, 3, 0.4],
    ])
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toEqual([{ id: mug.id, price: 8, cost_price: 3, weight: 0.4 }])
  })
})
