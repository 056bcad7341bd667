import { createHash } from 'node:crypto'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { fakeIo } from '../support/cli.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere } from '../support/shop-tools.ts'

let shop: Shop
beforeEach(() => {
  shop = openShop({
    emulator: { products: 0 },
    sources: {
      feed: { type: 'csv', path: 'feed.csv' },
      spare: { type: 'csv', path: 'feed.csv' },
      both: { type: 'csv', path: 'feed.csv' },
      looked: { type: 'csv', path: 'feed.csv' },
    },
    tables: { rates: { source: 'spare', key: 'SKU', value: 'Price' } },
    syncs: {
      looked: {
        ...{ store: 'main', resource: 'skus', source: 'looked', key: { sku: { expr: 'lookup("rates", SKU, "SKU")' } } },
        fields: { cost_price: { expr: 'lookup("rates", SKU)' } },
      },
      prices: {
        ...{ store: 'main', resource: 'skus', source: 'feed', key: { sku: 'SKU' } },
        fields: { name: 'Name', price: 'Price', gtin: 'GTIN' },
      },
      weights: {
        ...{ store: 'main', resource: 'products', source: 'both', key: { sku: 'SKU' } },
        fields: { weight: 'Weight' },
      },
      stock: {
        ...{ store: 'main', resource: 'skus', source: 'both', key: { sku: 'SKU' } },
        fields: { inventory_level: 'Stock' },
      },
    },
  })
})
afterEach(() => shop.close())

const GTINS = ['8412345678905', '00036000291452', '4006381333931', '4012345000009', '9780201379624', '5901234123457']

const stockUp = async (): Promise<void> => {
  for (const [at, gtin] of GTINS.entries())
    await elsewhere(shop, 'POST', '/v3/catalog/products', {
      ...{ name: `Müller ${at}`, type: 'physical', weight: 1, price: 10 + at, sku: `00${at}1`, gtin },
    })
  shop.clock.advance(60_000)
  await shop.pull()
}

const skiff = async (...argv: string[]) => {
  const env = { SHOP_TOKEN: shop.emulator.accessToken }
  const io = fakeIo({ cwd: shop.dir, env, columns: 200 })
  return { exit: await run(argv, io, verbs), out: io.out(), err: io.err() }
}

const write = (text: string): void => writeFileSync(join(shop.dir, 'feed.csv'), text)
const read = (name: string): string => readFileSync(join(shop.dir, name), 'utf8')
const hashOf = (name: string): string => createHash('sha256').update(read(name)).digest('hex')

/** As a spreadsheet leaves it: in cents, without zeros, shortened, and read in a wrong encoding once. */
const SPOILT = `SKU,Name,Price,GTIN\n${GTINS.map((gtin, at) =>
  [
    `${at}1`.replace(/^0/, ''),
    at === 2 ? 'MÃ¼ller 2' : `Müller ${at}`,
    (10 + at) * 100,
    at === 1 ? gtin.replace(/^0+/, '') : Number(gtin).toExponential(2).toUpperCase(),
  ].join(','),
).join('\n')}\n`
const RIGHT = `SKU,Name,Price,GTIN\n${GTINS.map((gtin, at) => `00${at}1,Müller ${at},${10 + at}.00,${gtin}`).join('\n')}\n`

describe('the doctor', () => {
  it('repairs by the mirror what a spreadsheet has spoilt, and leaves the original', async () => {
    await stockUp()
    write(SPOILT)
    const before = hashOf('feed.csv')
    const requests = shop.emulator.requests.length
    const { exit, out } = await skiff('doctor', 'feed', '--fix', 'fixed.csv')
    expect(exit, out).toBe(5)
    expect(read('fixed.csv')).toBe(RIGHT)
    expect(hashOf('feed.csv')).toBe(before)
    expect(out).toContain('Wrote ')
    expect(out).toContain('nothing is left to find in it')
    expect(shop.emulator.requests.length).toBe(requests)
    write(RIGHT)
    expect(await skiff('doctor', 'feed')).toMatchObject({ exit: 0, err: expect.not.stringContaining('error') })
  })

  it('tells machines the same, with every repair', async () => {
    await stockUp()
    write(SPOILT)
    const { exit, out } = await skiff('doctor', 'feed', '--json')
    const report = JSON.parse(out)
    expect(exit).toBe(5)
    expect(report).toMatchObject({ exit: 5, source: 'feed', rows: 6, notes: [], refused: null, fixed: null })
    expect(report.counts).toEqual({ zeros: 7, encoding: 1, cents: 6, scientific: 5 })
    expect(report.findings[0]).toEqual({
      ...{ rule: 'zeros', line: 2, column: 'SKU', value: '1', repair: '0001' },
      problem: 'a number without its leading zeros',
    })
  })

  it('says what it could not compare without a mirror, and without a sync', async () => {
    write('SKU,Name,Price,GTIN\nA1,Mug,1200,8.41E+12\n')
    const unpulled = await skiff('doctor', 'feed')
    expect([unpulled.exit, unpulled.out]).toEqual([5, expect.stringContaining('`skiff pull main` makes one')])
    const unused = await skiff('doctor', 'spare')
    expect([unused.exit, unused.out]).toEqual([5, expect.stringContaining('no sync reads this source')])
  })

  it('judges cells, also of a file whose sync computes everything out of them', async () => {
    write('SKU,Price\nA,1\nB,#REF!\n')
    const { exit, out } = await skiff('doctor', 'looked')
    expect([exit, out]).toEqual([0, expect.stringContaining('feed.csv')])
  })

  it('never writes over a file, least of all the original', async () => {
    write(RIGHT)
    writeFileSync(join(shop.dir, 'other.csv'), 'mine')
    symlinkSync(join(shop.dir, 'feed.csv'), join(shop.dir, 'link.csv'))
    for (const file of ['feed.csv', 'link.csv', 'other.csv', './feed.csv']) {
      const { exit, err } = await skiff('doctor', 'feed', '--fix', file)
      expect([exit, err]).toEqual([2, expect.stringMatching(/is there already|is the file of the source itself/)])
    }
    expect([read('feed.csv'), read('other.csv')]).toEqual([RIGHT, 'mine'])
    const nowhere = await skiff('doctor', 'feed', '--fix', 'nowhere/fixed.csv')
    expect([nowhere.exit, nowhere.err]).toEqual([2, expect.stringContaining('there is no folder')])
  })

  it('leaves with 6 and tells why when the file cannot be read, and writes no copy', async () => {
    write('SKU;Price\nA1;1\n')
    const { exit, out } = await skiff('doctor', 'feed', '--fix', 'fixed.csv')
    expect(exit).toBe(6)
    expect(out).toContain('The file is refused: ')
    expect(out).toContain('set "delimiter": ";"')
    expect(out).toContain('no copy was written')
    expect(() => read('fixed.csv')).toThrow()
    expect(await skiff('doctor', 'spare')).toMatchObject({ exit: 6, out: expect.stringContaining('set "delimiter"') })
    expect((await skiff('doctor', 'fed')).err).toContain('Did you mean "feed"?')
  })

  it('knows every sync that reads the file, and names a cell once', async () => {
    await stockUp()
    write('SKU,Weight,Stock\n1,"1,50",x\n0011,2.50,\n0011,2.75,1\n')
    const { findings } = JSON.parse((await skiff('doctor', 'both', '--json')).out)
    expect(findings.map(({ rule, line, column }: Record<string, unknown>) => [rule, line, column])).toEqual([
      ['zeros', 2, 'SKU'],
      ['decimals', 2, 'Weight'],
      ['value', 2, 'Stock'],
      ['duplicate-key', 3, 'SKU'],
      ['duplicate-key', 4, 'SKU'],
    ])
  })

  it('finds nothing in what the store itself says, whatever its SKUs look like', async () => {
    shop.close()
    const fields = ['name', 'price', 'sale_price', 'cost_price', 'weight', 'upc', 'gtin', 'mpn', 'inventory_level']
    shop = openShop({
      emulator: { products: 200, oddSkus: true },
      syncs: {
        all: {
          ...{ store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' } },
          fields: Object.fromEntries(fields.map((field) => [field, field])),
        },
      },
    })
    await shop.pull()
    const rows = shop.rows(`SELECT sku, ${fields} FROM skus WHERE sku <> '' AND sku IS NOT NULL`)
    shop.feed([['sku', ...fields], ...rows.map((row) => ['sku', ...fields].map((name) => String(row[name] ?? '')))])
    const { exit, out } = await skiff('doctor', 'feed', '--json')
    expect(JSON.parse(out).findings).toEqual([])
    expect([exit, rows.length > 200]).toEqual([0, true])
  })

  it('misses no column that may be absent, and no key in the rows of variants below a product', async () => {
    shop.close()
    shop = openShop({
      emulator: { products: 0 },
      syncs: {
        whole: {
          ...{ store: 'main', resource: 'products', source: 'feed', key: { name: 'Name' } },
          fields: { description: { from: 'Text', absent: 'ignore' } },
          group: {
            rows: { column: 'Item', product: 'Product', variant: 'Variant', options: 'Options' },
            variants: { sku: 'SKU', price: 'Price' },
          },
        },
      },
    })
    write('Item,Name,SKU,Options,Price\nProduct,Mug,MUG,,9\nVariant,,MUG-S,Type=Rectangle|Name=Size|Value=S,9\n')
    expect(await skiff('doctor', 'feed')).toMatchObject({ exit: 0, out: expect.stringContaining('Nothing is wrong') })
  })

  it('offers a copy of what it can write one of only', async () => {
    for (const [type, text, offered] of [
      ['csv', 'SKU,Name\nA1, Mug\n', true],
      ['jsonl', '{"SKU":"A1","Name":" Mug"}\n', false],
    ] as const) {
      shop.close()
      shop = openShop({
        emulator: { products: 0 },
        sources: { feed: { type, path: 'feed.csv' } },
        syncs: {
          names: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields: { name: 'Name' } },
        },
      })
      write(text)
      const { out } = await skiff('doctor', 'feed')
      expect([out.includes('1 finding, 1 with a repair'), out.includes('--fix')], out).toEqual([true, offered])
    }
  })

  it('shows the first few of a kind, and all with --details', async () => {
    write(`SKU,Name,Price,GTIN\n${Array.from({ length: 30 }, (_, at) => `A${at}, Mug,1.00,`).join('\n')}\n`)
    const few = await skiff('doctor', 'feed')
    expect(few.out).toContain('and 20 more like these; --details shows them')
    const all = await skiff('doctor', 'feed', '--details')
    expect(all.out.match(/blanks around/g)).toHaveLength(30)
  })
})
