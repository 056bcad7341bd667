import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const KEY = { of: { name: 'Title' }, options: ['Size', { called: 'Farbe', value: 'Colour' }] }
const HEAD = ['Title', 'Size', 'Colour', 'Price']
const SIZES = ['S', 'M'].flatMap((size) => ['Grün', 'Rot'].map((colour) => [size, colour] as const))

/** Two shirts of four variants each, and a tin that chooses nothing. */
const open = async (chosen: object = KEY, resource = 'skus'): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      prices: {
        store: 'main',
        resource,
        source: 'feed',
        key: { [resource === 'skus' ? 'variant_id' : 'id']: chosen },
        fields: { price: 'Price' },
        guards: { maxChanges: false, allChanged: false, maxPriceChange: false },
      },
    },
  })
  for (const name of ['Shirt', 'Vest']) {
    await elsewhere(shop, 'POST', '/v3/catalog/products', {
      name,
      type: 'physical',
      weight: 1,
      price: 20,
      sku: name.toUpperCase(),
      variants: SIZES.map(([size, colour]) => ({
        sku: `${name}-${size}-${colour}`,
        price: 20,
        option_values: [
          { option_display_name: 'Farbe', label: colour },
          { option_display_name: 'Size', label: size },
        ],
      })),
    })
  }
  await simpleProduct(shop, 'Tin', 9)
  shop.clock.advance(60_000)
}
const sync = async () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'prices', { approvedBy: 'test', dryRun: false, allow: [] })
}
const plan = async () => {
  await shop.pull()
  return (await shop.plan({ sync: 'prices' })).plan
}
const priceOf = (sku: string) => shop.emulator.state.variants.list().find((one) => one.sku === sku)?.price

describe('variants without a SKU in the feed', () => {
  it.each(['skus', 'variants'])(
    'are found by product and options, ignoring case (%s), and settle',
    async (resource) => {
      await open(KEY, resource)
      shop.feed([HEAD, ['shirt', 's', 'GRÜN', '21'], ['Shirt', 'M', 'Rot', '22'], ['Vest', 'M', 'rot', '23']])
      const from = shop.emulator.log.length
      expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 3 } })
      expect([priceOf('Shirt-S-Grün'), priceOf('Shirt-M-Rot'), priceOf('Vest-M-Rot')]).toEqual([21, 22, 23])
      expect([priceOf('Shirt-S-Rot'), priceOf('Shirt-M-Grün'), priceOf('Vest-S-Rot')]).toEqual([20, 20, 20])
      const sent = writes(shop, from).length
      expect(await sync()).toMatchObject({ state: 'complete', summary: { update: 0, create: 0, unchanged: 3 } })
      expect(writes(shop, from)).toHaveLength(sent)
    },
  )

  it('of a simple product is the one that chooses nothing', async () => {
    await open()
    shop.feed([HEAD, ['Tin', '', '', '10']])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(shop.emulator.state.products.list().find(({ sku }) => sku === 'Tin')?.price).toBe(10)
  })

  it('take the names of options from columns, in any order, and the product from its SKU', async () => {
    const options = [
      { name: 'Option 1', value: 'Value 1' },
      { name: 'Option 2', value: 'Value 2' },
    ]
    await open({ of: { sku: 'Parent' }, options })
    shop.feed([
      ['Parent', 'Option 1', 'Value 1', 'Option 2', 'Value 2', 'Price'],
      ['SHIRT', 'Size', 'S', 'Farbe', 'Rot', '21'],
      ['SHIRT', 'Farbe', 'Rot', 'size', 'M', '22'],
      ['VEST', 'Size', 'S', 'Farbe', 'Rot', '23'],
      ['VEST', 'Farbe', 'rot', 'Size', 's', '24'],
    ])
    const made = await plan()
    expect(made.changes.map(({ line, fields }) => [line, fields[0]?.to])).toEqual([
      [2, '21'],
      [3, '22'],
    ])
    expect(made.rejected.map(({ row }) => row)).toEqual([4, 5])
  })

  it('read the product and the names of its options off the first of its rows, as exports of Shopify write them', async () => {
    const options = [
      { name: 'Option1 Name', value: 'Option1 Value' },
      { name: 'Option2 Name', value: 'Option2 Value' },
    ]
    await open({ of: { name: 'Title' }, by: 'Handle', none: 'Default Title', options })
    const head = ['Handle', 'Title', 'Option1 Name', 'Option1 Value', 'Option2 Name', 'Option2 Value', 'Price', 'Image']
    shop.feed([
      head,
      ['shirt', 'Shirt', 'Size', 'S', 'Farbe', 'Rot', '21', 'a.jpg'],
      ['shirt', '', '', 'M', '', 'Rot', '22', ''],
      ['shirt', '', '', '', '', '', '', 'b.jpg'],
      ['shirt', '', '', 'S', '', 'Grün', '23', ''],
      ['tin', 'Tin', 'Title', 'Default Title', '', '', '10', 'c.jpg'],
      ['tin', '', '', '', '', '', '', 'd.jpg'],
      ['vest', 'Vest', 'Farbe', 'Rot', 'Size', 'S', '24', ''],
      ['vest', '', '', 'Grün', '', 'M', '25', ''],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', summary: { rejected: 0 }, counts: { applied: 6 } })
    const wanted = { 'Shirt-S-Rot': 21, 'Shirt-M-Rot': 22, 'Shirt-S-Grün': 23, 'Vest-S-Rot': 24, 'Vest-M-Grün': 25 }
    expect(Object.keys(wanted).map(priceOf)).toEqual(Object.values(wanted))
    expect(shop.emulator.state.products.list().find(({ sku }) => sku === 'Tin')?.price).toBe(10)
    expect(await sync()).toMatchObject({ state: 'complete', summary: { update: 0, unchanged: 6, rejected: 0 } })
    // A row that stands apart from its product says nothing that can be known, and one that is there twice is not for one of both.
    shop.feed([
      head,
      ['shirt', 'Shirt', 'Size', 'S', 'Farbe', 'Rot', '31', ''],
      ['vest', 'Vest', 'Farbe', 'Rot', 'Size', 'S', '34', ''],
      ['shirt', '', '', 'M', '', 'Rot', '32', ''],
      ['tin', 'Tin', 'Title', 'Default Title', '', '', '11', ''],
      ['tin', '', '', '', '', '', '12', ''],
    ])
    const made = await plan()
    expect(made.changes.map(({ line }) => line)).toEqual([2, 3])
    expect(made.rejected.map(({ row, column, reason }) => [row, column, reason.split(':')[0]])).toEqual([
      [4, 'Title', 'a blank key'],
      [5, 'Title', 'a key that is there 2 times'],
      [6, 'Title', 'a key that is there 2 times'],
    ])
  })

  it('take the names of options from the row above where the product is in every row', async () => {
    await open({
      of: { sku: 'Parent' },
      options: [
        { name: 'A', value: 'a' },
        { name: 'B', value: 'b' },
      ],
    })
    shop.feed([
      ['Parent', 'A', 'a', 'B', 'b', 'Price'],
      ['SHIRT', 'Size', 'S', 'Farbe', 'Rot', '21'],
      ['SHIRT', '', 'M', '', 'Rot', '22'],
      ['VEST', '', 'M', '', 'Rot', '23'],
    ])
    const made = await plan()
    expect(made.changes.map(({ line }) => line)).toEqual([2, 3])
    expect(made.rejected).toMatchObject([{ row: 4, reason: 'a choice of an option without a name' }])
  })

  it('are rejected where the store has no such product or choice, or more than one, and are never made', async () => {
    await open()
    const twin = shop.emulator.state.products.list().find(({ name }) => name === 'Vest')
    shop.feed([
      HEAD,
      ['Sock', 'S', 'Rot', '1'],
      ['Shirt', 'XL', 'Rot', '2'],
      ['Shirt', 'S', '', '3'],
      ['Tin', 'S', '', '4'],
      ['', 'S', 'Rot', '5'],
    ])
    const made = await plan()
    expect(made.changes).toEqual([])
    expect(made.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])).toEqual([
      [2, 'Title', 'Sock', 'no name among the products of the store'],
      [3, 'Size, Colour', 'Farbe Rot, Size XL', 'no choice of Shirt in the store'],
      [4, 'Size, Colour', 'Size S', 'no choice of Shirt in the store'],
      [5, 'Size, Colour', 'Size S', 'no choice of Tin in the store'],
      [6, 'Title', ' / S / Rot', 'a blank key'],
    ])
    shop.emulator.state.products.update(twin?.id ?? 0, { name: 'Shirt' })
    shop.clock.advance(60_000)
    shop.feed([HEAD, ['Shirt', 'S', 'Rot', '21']])
    expect((await plan()).rejected).toMatchObject([{ row: 2, reason: 'the name of several products of the store' }])
  })

  it('of two that choose the same in the store, none is taken', async () => {
    await open()
    const [first, second] = shop.emulator.state.variants.list()
    shop.emulator.state.variants.update(second?.id ?? 0, { option_values: first?.option_values ?? [] })
    shop.feed([HEAD, ['Shirt', 'S', 'Grün', '21']])
    expect((await plan()).rejected).toMatchObject([{ row: 2, reason: 'chosen by several rows of it in the store' }])
  })
})
