import { afterEach, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'
import { simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = Array.from({ length: 100 }, (_, index) => `MUG-${100 + index}`)

/** A hundred mugs at 20 each, without a cost and without a sale. */
const open = async (resource: string, field: string): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    syncs: { prices: { store: 'main', resource, source: 'feed', key: { sku: 'sku' }, fields: { [field]: 'price' } } },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 20, {})
  shop.clock.advance(60_000)
  await shop.pull()
}

const feed = (price: string, rows: number): void =>
  shop.feed([['sku', 'price'], ...SKUS.slice(0, rows).map((sku) => [sku, price])])

it.each([
  ['a first sale price of products', 'products', 'sale_price'],
  ['a first sale price of skus', 'skus', 'sale_price'],
  ['a first price of variants that follow their product', 'variants', 'price'],
])('D20: %s with a shifted decimal sign stays out', async (_name, resource, field) => {
  await open(resource, field)
  feed('0.18', 9)
  const { plan } = await shop.plan({ automatic: true })
  expect(plan.guards.find(({ guard }) => guard === 'maxPriceChange')?.verdict).toBe('blocked')
  expect(plan.held).toHaveLength(9)
  expect(plan.held[0]?.reason).toMatch(/where buyers pay 20 /)
})

it.each([
  ['products', 'sale_price', '12'],
  ['skus', 'sale_price', '12'],
  ['variants', 'price', '18'],
])('a first amount of %s that makes sense goes: %s', async (resource, field, price) => {
  await open(resource, field)
  feed(price, 9)
  const { plan } = await shop.plan({ automatic: true })
  expect([plan.summary.update, plan.held]).toEqual([9, []])
})
