import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, writes } from '../support/shop-tools.ts'

let shop: Shop
/** Addresses that were asked for. */
const asked: string[] = []
afterEach(() => shop.close())

const HEAD = ['Handle', 'Title', 'Size', 'Colour', 'SKU', 'Price', 'GTIN']
const GROUP = {
  by: 'Handle',
  options: [
    { called: 'Size', value: 'Size' },
    { called: 'Colour', value: 'Colour' },
  ],
  none: '-',
  variants: { sku: 'SKU', price: 'Price' } as object,
}

const open = (group: object = GROUP, more: ShopOptions = {}): void => {
  asked.length = 0
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { name: 'Title' },
        fields: { description: 'Handle' },
        group,
        create: true,
        createDefaults: { type: 'physical', weight: 1, is_visible: false, price: 1 },
        guards: { maxCreates: false },
      },
    },
    fetch: (inner) => (url, init) => {
      asked.push(String(url))
      return inner(url, init)
    },
    ...more,
  })
}

const sync = async () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
}
const shirt = (size: string, colour: string, sku = `SH-${size}-${colour}`, gtin = '') => [
  'shirt',
  'Shirt',
  size,
  colour,
  sku,
  '20',
  gtin,
]
const blue = ['S', 'M', 'L'].map((size) => shirt(size, 'Blue'))
const more = ['Red', 'Green'].flatMap((colour) => ['S', 'M', 'L'].map((size) => shirt(size, colour)))
const variants = () => shop.emulator.state.variants.list()
const options = () => shop.emulator.state.options.list()
const sent = () => writes(shop).map(({ method, path }) => `${method} ${path}`)

/** A shop that has the blue shirts. */
const withBlue = async (group?: object, shopOptions?: ShopOptions): Promise<number> => {
  open(group, shopOptions)
  shop.feed([HEAD, ...blue])
  expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
  expect(sent()).toEqual(['POST /v3/catalog/products'])
  return shop.emulator.state.products.list()[0]?.id ?? 0
}

describe('variants that come to a product later', () => {
  it('are made with the values that they need, in as few requests as there are, and all old ids stay', async () => {
    const product = await withBlue()
    const before = { variants: variants(), options: options() }
    shop.feed([HEAD, ...blue, ...more])
    expect(await sync()).toMatchObject({
      state: 'complete',
      summary: { update: 0, create: 0 },
      parts: [
        { sync: 'catalog.product_option_values', state: 'complete', counts: { applied: 2 } },
        { sync: 'catalog.variants', state: 'complete', counts: { applied: 6 } },
      ],
    })
    const colour = before.options.find(({ display_name }) => display_name === 'Colour')?.id
    const value = `POST /v3/catalog/products/${product}/options/${colour}/values`
    expect(sent().slice(1)).toEqual([value, value, 'PUT /v3/catalog/variants'])
    expect(variants().slice(0, 3)).toEqual(before.variants)
    expect(variants().map(({ sku, price, option_values }) => [sku, price, ...option_values.map(({ label }) => label)])).toEqual(
      [...blue, ...more].map(([, , size, colourOf, sku]) => [sku, 20, size, colourOf]),
    )
    for (const [at, option] of before.options.entries()) {
      const { id, option_values } = options()[at] ?? {}
      expect([id, option_values?.slice(0, option.option_values.length)]).toEqual([option.id, option.option_values])
    }
    expect(options().map(({ option_values }) => option_values.map(({ label, sort_order }) => [label, sort_order]))).toEqual([
      [['S', 0], ['M', 1], ['L', 2]],
      [['Blue', 0], ['Red', 1], ['Green', 2]],
    ])
    asked.length = 0
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ summary: { create: 0 } }, { summary: { create: 0 } }] })
    expect(sent()).toHaveLength(4)
    expect(asked.filter((url) => url.includes('options'))).toEqual([])
  })
})
