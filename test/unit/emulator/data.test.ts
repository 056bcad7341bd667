import { describe, expect, it } from 'vitest'
import { seedStore } from '../../../src/emulator/data/index.ts'
import { createState, type State } from '../../../src/emulator/state.ts'
import { seeded } from '../../../src/model/index.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

const shop = (options: { seed?: number; products?: number; orders?: number; oddSkus?: boolean } = {}): State => {
  const { seed = 1, ...rest } = options
  const state = createState(() => NOW)
  seedStore(state, { random: seeded(seed), now: NOW, storeHash: 'emu_1', ...rest })
  return state
}

const sellable = (state: State): readonly string[] => state.variants.list().map(({ sku }) => sku)

describe('the default shop', () => {
  const state = shop()
  const products = state.products.list()
  const variants = state.variants.list()

  it('has a thousand products with about three thousand SKUs, most of them simple', () => {
    expect(products).toHaveLength(1000)
    expect(variants.length).toBeGreaterThan(2600)
    expect(variants.length).toBeLessThan(3400)
    const simple = products.filter(({ base_variant_id }) => base_variant_id !== null).length
    expect(simple).toBeGreaterThan(550)
    expect(simple).toBeLessThan(650)
  })

  it('is the same for the same seed and another for another', () => {
    expect(JSON.stringify(shop({ products: 60 }).variants.list())).toBe(
      JSON.stringify(shop({ products: 60 }).variants.list()),
    )
    expect(JSON.stringify(shop({ products: 60 }).orders.list())).toBe(
      JSON.stringify(shop({ products: 60 }).orders.list()),
    )
    expect(JSON.stringify(shop({ products: 60 }).products.list())).not.toBe(
      JSON.stringify(shop({ products: 60, seed: 2 }).products.list()),
    )
  })

  it('names every product once', () => {
    expect(new Set(products.map(({ name }) => name.toLowerCase())).size).toBe(products.length)
    expect(products.every(({ name }) => name.length <= 250)).toBe(true)
  })

  it('gives every sellable SKU in plain characters, unique ignoring case', () => {
    const parents = products.filter(({ base_variant_id, sku }) => base_variant_id === null && sku !== '')
    const skus = [...sellable(state), ...parents.map(({ sku }) => sku)]
    expect(skus.filter((sku) => !/^[A-Za-z0-9._-]+$/.test(sku))).toEqual([])
    expect(new Set(skus.map((sku) => sku.toLowerCase())).size).toBe(skus.length)
  })

  it('shelves products four levels deep under categories that exist', () => {
    const depth = (id: number): number => {
      const parent = state.categories.get(id)?.['parent_id'] as number
      return parent === 0 ? 1 : 1 + depth(parent)
    }
    const used = new Set(products.flatMap(({ categories }) => categories))
    expect(Math.max(...[...used].map(depth))).toBe(4)
    expect(products.every(({ categories }) => categories.length > 0)).toBe(true)
    expect(products.every(({ brand_id }) => brand_id === 0 || state.brands.has(brand_id))).toBe(true)
  })

  it('prices believably: cost below price, sale below price, recommended not below price', () => {
    for (const product of products) {
      expect(product.price).toBeGreaterThan(0)
      expect(product['cost_price']).toBeLessThan(product.price)
      expect(product.sale_price).toBeLessThan(product.price)
      if (product['retail_price'] !== 0) expect(product['retail_price']).toBeGreaterThanOrEqual(product.price)
      expect(Math.round(product.price * 100) / 100).toBe(product.price)
    }
    expect(products.some(({ sale_price }) => sale_price > 0)).toBe(true)
  })

  it('has complex products that inherit their price, that do not, and that do in part', () => {
    const kinds = new Set(
      products
        .filter(({ base_variant_id }) => base_variant_id === null)
        .map(({ id }) => {
          const own = state.variants.where('product', id).map(({ price }) => price !== null)
          return own.every(Boolean) ? 'own' : own.some(Boolean) ? 'part' : 'inherit'
        }),
    )
    expect(kinds).toEqual(new Set(['own', 'part', 'inherit']))
  })

  it('gives a complex product one to three options and 2 to 24 variants, each with a value of every option', () => {
    const sizes = new Set<number>()
    for (const { id, base_variant_id } of products) {
      const own = state.variants.where('product', id)
      const options = state.options.where('product', id)
      if (base_variant_id !== null) {
        expect(own.map((variant) => variant.id)).toEqual([base_variant_id])
        expect(options).toEqual([])
        continue
      }
      sizes.add(options.length)
      expect(own.length).toBeGreaterThanOrEqual(2)
      expect(own.length).toBeLessThanOrEqual(24)
      for (const { option_values } of own) {
        expect(option_values.map(({ option_id }) => option_id)).toEqual(options.map((option) => option.id))
      }
    }
    expect(sizes).toEqual(new Set([1, 2, 3]))
  })

  it('mixes the tracking modes, mostly tracked, some of it sold out', () => {
    const count = (mode: string): number =>
      products.filter(({ inventory_tracking }) => inventory_tracking === mode).length
    expect(count('product')).toBeGreaterThan(count('none'))
    expect(count('variant')).toBeGreaterThan(count('none'))
    expect(count('none')).toBeGreaterThan(0)
    expect(variants.some(({ inventory_level }) => inventory_level === 0)).toBe(true)
    expect(products.some((product) => product['is_visible'] === false)).toBe(true)
  })

  it('spreads dates over the two years before now', () => {
    const created = products.map((product) => Date.parse(String(product['date_created'])))
    expect(Math.max(...created)).toBeLessThanOrEqual(NOW)
    expect(NOW - Math.min(...created)).toBeGreaterThan(700 * 86_400_000)
    for (const product of products) {
      const modified = Date.parse(product.date_modified)
      expect(modified).toBeGreaterThanOrEqual(Date.parse(String(product['date_created'])))
      expect(modified).toBeLessThanOrEqual(NOW)
    }
  })

  it('has half as many orders, of real products, some incomplete, archived, refunded, cancelled or by guests', () => {
    const orders = state.orders.list()
    expect(orders).toHaveLength(500)
    const statuses = new Set(orders.map((order) => order['status_id']))
    for (const id of [0, 4, 5, 10, 11]) expect(statuses).toContain(id)
    expect(orders.some((order) => order['is_deleted'] === true)).toBe(true)
    expect(orders.some((order) => order['customer_id'] === 0)).toBe(true)
    for (const order of orders) {
      const lines = state.orderLines.where('order', order.id)
      expect(lines.length).toBeGreaterThanOrEqual(1)
      expect(lines.length).toBeLessThanOrEqual(5)
      expect(lines.every((line) => state.variants.has(line['variant_id'] as number))).toBe(true)
      const goods = lines.reduce((sum, line) => sum + Number(line['total_ex_tax']), 0)
      expect(order['subtotal_ex_tax']).toBe(goods.toFixed(4))
    }
  })
})

describe('odd SKUs', () => {
  const odd = sellable(shop({ products: 400, oddSkus: true }))

  it.each([
    ['commas', /,/],
    ['quotes', /"/],
    ['letters beyond ASCII', /[^ -~]/],
    ['leading zeros', /^0\d/],
    ['missing ones', /^$/],
  ])('hold %s', (_what, pattern) => {
    expect(odd.some((sku) => pattern.test(sku))).toBe(true)
  })

  it('are few, and unique where they are there', () => {
    const strange = odd.filter((sku) => !/^[A-Za-z0-9._-]+$/.test(sku))
    expect(strange.length).toBeLessThan(odd.length / 8)
    const there = odd.filter((sku) => sku !== '').map((sku) => sku.toLowerCase())
    expect(new Set(there).size).toBe(there.length)
  })
})

describe('other sizes', () => {
  it('may be empty', () => {
    const state = shop({ products: 0 })
    expect(state.products.size).toBe(0)
    expect(state.orders.size).toBe(0)
    expect(state.locations.list().map(({ enabled }) => enabled)).toEqual([true, false])
  })
})
