import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { explainKey } from '../../src/app/index.ts'
import { explainText } from '../../src/cli/views/explain-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = Array.from({ length: 30 }, (_none, index) => `TEA-${index}`)
const EXPRESSION = 'ending(mul(Cost, lookup_or_fail("rates", Currency), 1.4), 0.99)'

/** A shop of products at 10, priced out of a feed of costs and a table of rates. */
const open = async (
  fields: object = { price: { expr: EXPRESSION } },
  sync: object = {},
  sources: object = { feed: { type: 'csv', path: 'feed.csv' } },
  resources: readonly string[] = ['products', 'variants'],
  first: { only?: string[] } = {},
): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0, resources },
    sources,
    tables: { rates: { path: 'rates.csv', key: 'Currency', value: 'Rate' } },
    syncs: {
      prices: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields, ...sync },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  rates('EUR,1.25\nUSD,1\n')
  shop.feed(rows())
  await pulled(first)
}
const rates = (lines: string) => writeFileSync(join(shop.dir, 'rates.csv'), `Currency,Rate\n${lines}`)
const pulled = async (options: { only?: string[] } = {}): Promise<void> => {
  shop.clock.advance(600_000)
  await shop.pull(options)
}
/** Every third cost is in euros; all lead to prices between 9 and 14. */
const rows = (skus: readonly string[] = SKUS): string[][] => [
  ['SKU', 'Cost', 'Currency'],
  ...skus.map((sku) => {
    const index = SKUS.indexOf(sku)
    return [sku, `${7 + (index % 3)}.10`, index % 3 === 0 ? 'EUR' : 'USD']
  }),
]
const ALLOW = ['maxChanges', 'maxPriceChange', 'priceScale']
const prices = () =>
  Object.fromEntries(
    shop.emulator.state.products.list().map((one) => [String(one['sku']), String(one['price'])] as const),
  )

describe('a price that is computed', () => {
  it('is planned, pushed as it was computed, and planned no more', async () => {
    await open()
    const { plan } = await shop.plan({ allow: ALLOW })
    expect(plan.summary).toMatchObject({ update: 30, rejected: 0 })
    const pushed = await shop.push(plan.plan, { allow: ALLOW })
    expect(pushed.rows.every(({ state }) => state === 'applied')).toBe(true)
    // 7.10 x 1.25 x 1.4 = 12.425, 8.10 x 1.4 = 11.34, 9.10 x 1.4 = 12.74
    expect(prices()).toMatchObject({ 'TEA-0': '11.99', 'TEA-1': '10.99', 'TEA-2': '12.99' })
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 30 })
    await pulled()
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 30 })
  })

  it('makes a plan stale when a table that it was looked up in has changed', async () => {
    await open()
    const { plan } = await shop.plan({ allow: ALLOW })
    rates('EUR,1.5\nUSD,1\n')
    await expect(shop.push(plan.plan, { allow: ALLOW })).rejects.toThrow(
      'a table that it looks values up in was changed since',
    )
    await shop.push((await shop.plan({ allow: ALLOW })).plan.plan, { allow: ALLOW })
    expect(prices()['TEA-0']).toBe('14.99')
  })

  it('does not keep rows that left the feed when its tables change', async () => {
    await open(undefined, { remove: 'hide' })
    const { plan } = await shop.plan({ allow: ALLOW })
    await shop.push(plan.plan, { allow: ALLOW })
    rates('EUR,1.25\nUSD,1\nGBP,1.4\n')
    shop.feed(rows(SKUS.slice(1)))
    const next = await shop.plan({ allow: ALLOW })
    expect(next.plan.changes).toMatchObject([{ action: 'hide', key: { sku: 'TEA-0' } }])
  })

  it('rejects the rows that it cannot be computed for, with their cells', async () => {
    await open()
    shop.feed([...rows(), ['TEA-X', '', 'USD'], ['TEA-Y', 'free', 'USD'], ['TEA-Z', '5', 'GBP']])
    const { plan } = await shop.plan({ allow: ALLOW })
    const told = plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])
    expect(told).toEqual(
      expect.arrayContaining([
        [33, 'price', 'Cost=free, Currency=USD', 'not computable: mul: "free" is not a number'],
        [34, 'price', 'Cost=5, Currency=GBP', 'not computable: lookup_or_fail: table "rates" has no key "GBP"'],
      ]),
    )
  })

  it('is refused as a whole when its table is not there, is cut, or has a bad row', async () => {
    await open()
    const refused = async (message: string) => {
      await expect(shop.plan()).rejects.toThrow(expect.objectContaining({ code: 'source_refused' }))
      await expect(shop.plan()).rejects.toThrow(message)
    }
    rates('EUR,1.25\nEUR,1.3\n')
    await refused('table "rates", row 2: Currency "EUR" is a key that is there 2 times')
    rates('EUR,1.25\nUSD')
    await refused('is cut')
    writeFileSync(join(shop.dir, 'rates.csv'), 'Currency,Ratio\nEUR,1\n')
    await refused('has no column "Rate"')
    rmSync(join(shop.dir, 'rates.csv'))
    await refused('rates.csv')
  })

  it('may be looked up in another source, in that source’s own dialect', async () => {
    await open()
    const rules = { price: { expr: 'lookup_or_fail("rates", Currency, "Price in shop")' } }
    const more = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      sources: { feed: { type: 'csv', path: 'feed.csv' }, list: { type: 'csv', path: 'list.txt', delimiter: ';' } },
      tables: { rates: { source: 'list', key: 'Code', value: 'Name' } },
      syncs: { prices: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields: rules } },
    })
    try {
      await simpleProduct(more, 'TEA-0', 10)
      more.clock.advance(600_000)
      await more.pull()
      more.feed(rows(['TEA-0']))
      writeFileSync(join(more.dir, 'list.txt'), 'Code;Name;Price in shop\nEUR;Euro;10.50\n')
      const { plan } = await more.plan({ allow: ['maxChanges'] })
      expect(plan.changes).toMatchObject([{ fields: [{ field: 'price', from: '10', to: '10.5' }] }])
    } finally {
      more.close()
    }
  })

  it('stands beside a field that is written back into the same feed', async () => {
    const fields = { price: { expr: EXPRESSION }, name: { from: 'Name', owner: 'both' } }
    await open(fields, {}, { feed: { type: 'csv', path: 'feed.csv', write: true } })
    const named = rows().map((row, index) => [...row, index ? String(row[0]) : 'Name'])
    shop.feed(named)
    const { plan } = await shop.plan({ allow: ALLOW })
    await shop.push(plan.plan, { allow: ALLOW })
    const { id } = shop.emulator.state.products.list().find((one) => one['sku'] === 'TEA-4') ?? {}
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { name: 'Green tea' })
    await pulled()
    const next = await shop.plan()
    expect(next.plan.summary).toMatchObject({ update: 0, writeBack: 1 })
    const pushed = await shop.push(next.plan.plan)
    expect(pushed.rows.map(({ state }) => state)).toEqual(['applied'])
    expect(readFileSync(join(shop.dir, 'feed.csv'), 'utf8')).toContain('TEA-4,8.10,USD,Green tea\n')
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, writeBack: 0, unchanged: 30 })
  })

  it('is explained by its expression, the cells and the result', async () => {
    await open()
    const [story] = await explainKey(shop.workspace, 'TEA-0', undefined)
    expect(story?.fields).toMatchObject([
      { field: 'price', column: EXPRESSION, cell: 'Cost=7.10, Currency=EUR', mapped: '11.99' },
    ])
    expect(story && explainText(story, screenOf(400, false))).toContain(`${EXPRESSION}: Cost=7.10, Currency=EUR`)
  })
})

describe('a field without a cell', () => {
  it('has the same value for every row, once', async () => {
    await open({ condition: { value: 'Refurbished' } })
    const { plan } = await shop.plan({ allow: ['maxChanges'] })
    expect(plan.summary.update).toBe(30)
    await shop.push(plan.plan, { allow: ['maxChanges'] })
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 30 })
  })

  it('keeps the store’s value when its column is absent, and is cleared by the word for it', async () => {
    const sale = { from: 'Sale', absent: 'ignore', blank: 'keep', clear: 'none' }
    await open({ sale_price: sale })
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 30 })
    const feed = (cell: string) =>
      shop.feed([['SKU', 'Sale'], ...SKUS.map((sku) => [sku, sku === 'TEA-3' ? cell : ''])])
    feed('8')
    await shop.push((await shop.plan()).plan.plan)
    shop.feed(rows())
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0 })
    feed('none')
    const { plan } = await shop.plan()
    expect(plan.changes).toMatchObject([
      { key: { sku: 'TEA-3' }, fields: [{ field: 'sale_price', from: '8', to: null }] },
    ])
    await shop.push(plan.plan)
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0 })
  })
})

describe('a key that is computed', () => {
  const KEY = { sku: { expr: "blank(SKU) ? concat(Handle, '-', Option) : SKU" } }
  const COMMAND = { expr: "Status == 'draft' ? 'skip' : ''" }
  const HEAD = ['SKU', 'Handle', 'Option', 'Status', 'Price']

  it('gives rows without a SKU one, leaves out what it is told to, and comes to rest', async () => {
    await open({ price: 'Price' }, { key: KEY, command: COMMAND, guards: { maxSourceDrop: false } })
    for (const sku of ['rug-Red', 'rug-Blue']) await simpleProduct(shop, sku, 10)
    await pulled()
    shop.feed([
      HEAD,
      ['TEA-0', 'tea', '0', 'active', '11'],
      ['', 'rug', 'Red', 'active', '12'],
      ['', 'rug', 'Blue', 'draft', '13'],
      ['', 'mat', 'Red', '', '14'],
      ['', 'mat', 'Red', '', '15'],
    ])
    const { plan } = await shop.plan({ allow: ALLOW })
    expect(plan.changes.map(({ key, line }) => [line, key['sku']])).toEqual([
      [2, 'TEA-0'],
      [3, 'rug-Red'],
    ])
    expect(plan.notes).toContain('1 rows say "skip": rug-Blue')
    expect(plan.rejected).toMatchObject([
      { row: 5, column: 'sku', value: 'mat-Red', reason: 'a key that is there 2 times: lines 5, 6' },
      { row: 6 },
    ])
    await shop.push(plan.plan, { allow: ALLOW })
    expect(prices()).toMatchObject({ 'TEA-0': '11', 'rug-Red': '12', 'rug-Blue': '10' })
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 3 })
    const [story] = await explainKey(shop.workspace, 'rug-Red', undefined)
    expect(story).toMatchObject({ line: 3, key: { sku: 'rug-Red' } })
  })

  it('names a row of a database, which is read in the order of what the key is made of', async () => {
    await open(
      { price: 'price' },
      { key: { sku: { expr: "concat('TEA-', code)" } } },
      { feed: { type: 'sqlite', path: 'erp.db', table: 'items' } },
    )
    const erp = new Database(join(shop.dir, 'erp.db'))
    erp.exec("create table items (code text, price text); insert into items values ('2', '12'), ('1', '11')")
    erp.close()
    const { plan } = await shop.plan({ allow: ALLOW })
    expect(plan.changes.map(({ key, line }) => [line, key['sku']])).toEqual([
      [1, 'TEA-1'],
      [2, 'TEA-2'],
    ])
  })
})

describe('a value in the store’s own units', () => {
  const FIELDS = { weight: { expr: "weight(Kilos, 'kg', 'store')" }, price: { expr: 'round_store(mul(Cost, 1.005))' } }
  const info = () => shop.emulator.state.store
  const feed = { feed: { type: 'csv', path: 'feed.csv' } }
  const all = ['products', 'variants', 'store_information']

  it('is computed with what the mirror says, and differs once that does', async () => {
    await open(FIELDS, { guards: { maxSourceDrop: false, maxChanges: false } }, feed, all)
    shop.feed([
      ['SKU', 'Kilos', 'Cost'],
      ['TEA-0', '2', '10.1'],
    ])
    const fields = async () => (await shop.plan()).plan.changes.flatMap((one) => one.fields.map(({ to }) => to))
    // 2 kg are 70.5479 ounces; 10.1 x 1.005 = 10.1505
    expect(await fields()).toEqual(['70.5479', '10.15'])
    Object.assign(info(), { weight_units: 'KGS', decimal_places: 1 })
    expect(await fields()).toEqual(['70.5479', '10.15'])
    await pulled()
    expect(await fields()).toEqual(['2', '10.2'])
  })

  it('is refused while the mirror does not say them, or in a word that nobody knows', async () => {
    await open(FIELDS, {}, feed, all, { only: ['products', 'variants'] })
    shop.feed([
      ['SKU', 'Kilos', 'Cost'],
      ['TEA-0', '2', '10.1'],
    ])
    await expect(shop.plan()).rejects.toThrow(
      expect.objectContaining({
        message: 'the mirror of store main does not hold store_information, which says its units',
        hint: 'name store_information there, and run `skiff pull main`',
      }),
    )
    Object.assign(info(), { weight_units: 'Stones' })
    await pulled()
    await expect(shop.plan()).rejects.toThrow('weight_units of store main is "Stones", which is not known here')
  })
})
