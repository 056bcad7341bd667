import { afterEach, describe, expect, it } from 'vitest'
import { pushPlan, syncOne } from '../../src/app/index.ts'
import { planCsv } from '../../src/cli/views/plan-csv.ts'
import { planText } from '../../src/cli/views/plan-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const HEAD = 'Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,SKU,Price,Cost,Text'.split(',')

const open = (more: object = {}): void => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { name: 'Title' },
        fields: { description: 'Text' },
        group: {
          by: 'Handle',
          options: [
            { name: 'Option1 Name', value: 'Option1 Value' },
            { name: 'Option2 Name', value: 'Option2 Value' },
          ],
          none: 'Default Title',
          variants: { sku: 'SKU', price: 'Price', cost_price: 'Cost' },
        },
        create: true,
        createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
        guards: { maxCreates: false },
        ...more,
      },
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'SKU' },
        fields: { price: 'Price' },
        guards: { maxChanges: false },
      },
    },
  })
}

const sync = (name = 'catalog') => syncOne(shop.workspace, name, { approvedBy: 'test', dryRun: false, allow: [] })
const variants = () =>
  shop.emulator.state.variants
    .list()
    .map(({ sku, price, option_values }) => [
      sku,
      price,
      ...option_values.map(({ option_display_name: name, label }) => `${name} ${label}`),
    ])

describe('a feed with several rows for a product', () => {
  it('makes each product with all its options and variants in one request, and settles', async () => {
    open()
    shop.feed([
      HEAD,
      ['shirt', 'Blue Shirt', 'Size', 'S', 'Colour', 'Blue', 'SH-S', '20', '7.5', ''],
      ['shirt', '', '', 'M', '', 'Blue', 'SH-M', '21', '', ''],
      ['shirt', '', '', 'M', '', 'Red', '', '22', '', ''],
      ['mug', 'Mug', 'Title', 'Default Title', '', '', 'MUG', '9', '3', ''],
    ])
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'catalog' })
    const lines = planText(plan, screenOf(100, false)).split('\n')
    expect(lines.filter((line) => line.startsWith('      variants'))).toEqual([
      '      variants 1  SH-S, price 20, cost_price 7.5, Size S, Colour Blue',
      '      variants 2  SH-M, price 21, Size M, Colour Blue',
      '      variants 3  price 22, shirt-M-Red, Size M, Colour Red',
    ])
    expect(planCsv(plan)).toContain('variants 2,,"SH-M, price 21, Size M, Colour Blue"')
    const report = await sync()
    expect(report).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(writes(shop).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v3/catalog/products',
      'POST /v3/catalog/products',
    ])
    expect(variants()).toEqual(
      expect.arrayContaining([
        ['SH-S', 20, 'Size S', 'Colour Blue'],
        ['SH-M', 21, 'Size M', 'Colour Blue'],
        ['shirt-M-Red', 22, 'Size M', 'Colour Red'],
        ['MUG', null],
      ]),
    )
    expect(shop.emulator.state.products.list()).toMatchObject([
      { name: 'Blue Shirt', price: 20, is_visible: false },
      { name: 'Mug', sku: 'MUG', price: 9, cost_price: 3 },
    ])
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 2 } })
    expect(writes(shop)).toHaveLength(2)
  })

  it('has its variants kept by a sync of skus over the same file', async () => {
    open()
    const rows = (price: string) => [
      HEAD,
      ['shirt', 'Blue Shirt', 'Size', 'S', '', '', 'SH-S', '20', '', ''],
      ['shirt', '', '', 'M', '', '', 'SH-M', price, '', ''],
    ]
    shop.feed(rows('21'))
    await sync()
    shop.clock.advance(60_000)
    expect(await sync('prices')).toMatchObject({ state: 'complete', summary: { update: 0, unchanged: 2 } })
    shop.feed(rows('22'))
    shop.clock.advance(60_000)
    expect(await sync('prices')).toMatchObject({ counts: { applied: 1 } })
    expect(variants()).toEqual(expect.arrayContaining([['SH-M', 22, 'Size M']]))
  })

  it('computes what a variant begins with by expressions', async () => {
    open({
      group: {
        by: 'Handle',
        options: [{ called: 'Size', value: 'Option1 Value' }],
        none: 'Default Title',
        variants: {
          sku: { expr: 'coalesce(SKU, concat(upper(Handle), "/", row["Option1 Value"]))' },
          price: { expr: 'mul(Price, "1.1")' },
        },
      },
    })
    shop.feed([
      HEAD,
      ['shirt', 'Blue Shirt', '', 'S', '', '', '', '20', '', ''],
      ['shirt', '', '', 'M', '', '', 'SH-M', '30', '', ''],
    ])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(variants()).toEqual([
      ['SHIRT/S', 22, 'Size S'],
      ['SH-M', 33, 'Size M'],
    ])
  })

  it('rejects a product of which one row cannot be meant, and says which', async () => {
    open()
    shop.feed([
      HEAD,
      ['a', 'A', 'Size', 'S', '', '', 'A-S', '20', '', ''],
      ['a', '', '', 'S', '', '', 'A-T', '21', '', ''],
      ['b', 'B', 'Size', 'S', 'Colour', 'Red', 'B-S', '20', '', ''],
      ['b', '', '', 'M', '', '', 'B-M', '21', '', ''],
      ['c', 'C', 'Size', 'S', '', '', 'C-S', '20', '', ''],
      ['c', '', '', 'M', '', '', 'C-M', 'twenty', '', ''],
      ['d', 'D', 'Size', 'S', '', '', 'D-S', '20', '', ''],
      ['d', '', '', 'M', '', '', 'D-M', '0', '', ''],
    ])
    const { plan } = await shop.plan({ sync: 'catalog' }).catch(async () => {
      await shop.pull()
      return shop.plan({ sync: 'catalog' })
    })
    expect(plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])).toEqual([
      [3, 'Option1 Value', 'S', 'chosen by two rows of one product'],
      [5, 'Option2 Value', '', 'blank, and chooses the Colour of a variant'],
      [7, 'Price', 'twenty', 'not a number'],
      [8, 'variants price', '0', 'a price of nothing'],
    ])
    expect(plan.changes).toEqual([])
  })

  it('does not take a product for its own that lost a variant, when the answer was lost: it is not whole', async () => {
    open()
    shop.feed([
      HEAD,
      ['shirt', 'Blue Shirt', 'Size', 'S', '', '', 'SH-S', '20', '', ''],
      ['shirt', '', '', 'M', '', '', 'SH-M', '21', '', ''],
    ])
    await shop.pull()
    shop.emulator.faults.add({ kind: 'drop', when: 'after', method: 'POST', times: 1 })
    const { plan } = await shop.plan({ sync: 'catalog' })
    const { variants: rows } = shop.emulator.state
    const sleep = shop.clock.sleep
    shop.clock.sleep = async (...args) => {
      for (const row of rows.list()) if (row.sku === 'SH-M') rows.delete(row.id)
      return sleep(...args)
    }
    const report = await pushPlan(shop.workspace, plan.plan, { approvedBy: 'test', allow: [], only: null })
    expect(report.rows.map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'the store holds another value: variants sku "SH-M"'],
    ])
  })

  it('N1, B17: finds a product whose answer was lost by all of its variants, and makes no second one', async () => {
    open()
    shop.feed([
      HEAD,
      ['shirt', 'Blue Shirt', 'Size', 'S', '', '', 'SH-S', '20', '', ''],
      ['shirt', '', '', 'M', '', '', 'SH-M', '21', '', ''],
    ])
    await shop.pull()
    shop.emulator.faults.add({ kind: 'drop', when: 'after', method: 'POST', times: 1 })
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(shop.emulator.state.products.list()).toHaveLength(1)
    expect(await sync()).toMatchObject({ summary: { create: 0, unchanged: 1 } })
  })
})

describe('a feed whose products list their variants', () => {
  const GROUP = { list: 'variations', variants: { sku: 'sku', price: 'price' } }
  const HEADER = ['sku', 'name', 'price', 'variations']

  it('takes the listed rows for variants wherever they stand, and all others for simple products', async () => {
    open({ key: { sku: 'sku' }, fields: { name: 'name' }, group: GROUP })
    shop.feed([
      HEADER,
      ['T-S', 'Tee S', '20', ''],
      ['T', 'Tee', '', 'sku=T-S,size=S|sku=T-M,size=M'],
      ['MUG', 'Mug', '9', ''],
      ['T-M', 'Tee M', '21', ''],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(shop.emulator.state.products.list()).toMatchObject([
      { name: 'Tee', sku: 'T', price: 20 },
      { name: 'Mug', sku: 'MUG', price: 9 },
    ])
    expect(variants()).toEqual(
      expect.arrayContaining([
        ['T-S', 20, 'size S'],
        ['T-M', 21, 'size M'],
        ['MUG', null],
      ]),
    )
  })

  it('rejects a product that lists what is not there, or what another one has, or a row that cannot be read', async () => {
    open({ key: { sku: 'sku' }, fields: { name: 'name' }, group: GROUP })
    shop.feed([
      HEADER,
      ['A-S', 'A S', '20', ''],
      ['B-S', 'B S', '20'],
      ['A', 'A', '', 'sku=A-S,size=S|sku=A-M,size=M'],
      ['A2', 'A2', '', 'sku=A-S,size=S'],
      ['B', 'B', '', 'sku=B-S,size=S'],
    ])
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'catalog' })
    const reason = 'a variant that the source does not have, or that another product has'
    expect(plan.rejected.map(({ row, value, reason: why }) => [row, value, why])).toEqual([
      [3, '', 'a row of 3 cells where 4 are expected'],
      [4, 'A-M', reason],
      [5, 'A-S', reason],
    ])
    expect(plan.changes).toEqual([])
  })
})
