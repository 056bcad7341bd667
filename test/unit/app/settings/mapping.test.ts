import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configHash, loadSettings, type Settings } from '../../../../src/app/settings/index.ts'
import { UsageError } from '../../../../src/model/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-mapping-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const config = (fields: object, change: object = {}) => ({
  stores: { main: { hash: 'abc123', accessToken: 'env:BC_TOKEN' } },
  sources: { feed: { type: 'csv', path: 'feed.csv' } },
  syncs: { prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'SKU' }, fields } },
  ...change,
})

const load = (value: unknown): Settings => {
  const file = join(dir, 'sync.config.json')
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return loadSettings(file, {}, catalog)
}

const refusal = (value: unknown): UsageError => {
  try {
    load(value)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

const rates = { path: 'rates.csv', key: 'Currency', value: 'Rate' }

describe('where a field’s value comes from', () => {
  it('is a column, a constant or an expression, whose columns and tables are known', () => {
    const fields = {
      price: { expr: 'mul(Cost, lookup("rates", row["Currency code"]))' },
      cost_price: { from: 'Cost', clear: '-', absent: 'ignore' },
      retail_price: { value: 9.5 },
      sale_price: { value: '', blank: 'clear', clear: ['-', 'none'] },
    }
    const { syncs, tables } = load(config(fields, { tables: { rates, unused: rates } }))
    expect(syncs[0]?.fields).toMatchObject({
      price: { expr: fields.price.expr, reads: ['Cost', 'Currency code'], owner: 'source' },
      cost_price: { from: 'Cost', clear: ['-'], absent: 'ignore' },
      retail_price: { value: '9.5' },
      sale_price: { value: '', clear: ['-', 'none'] },
    })
    expect(syncs[0]?.tables).toEqual(['rates'])
    expect(tables['rates']).toMatchObject({
      key: 'Currency',
      value: 'Rate',
      source: { type: 'csv', path: join(dir, 'rates.csv'), delimiter: ',' },
    })
  })

  it('may lie in a table that is a source of its own', () => {
    const sources = { feed: { type: 'csv', path: 'feed.csv' }, list: { type: 'csv', path: 'list.txt', delimiter: ';' } }
    const { tables } = load(
      config(
        { price: { expr: 'lookup("list", SKU)' } },
        { sources, tables: { list: { source: 'list', key: 1, value: 2 } } },
      ),
    )
    expect(tables['list']).toMatchObject({
      key: '1',
      value: '2',
      source: { path: join(dir, 'list.txt'), delimiter: ';' },
    })
  })

  it.each<[string, object, RegExp, object?]>([
    ['nothing', { price: {} }, /price: needs "from" \(a column\), "value" \(a constant\) or "expr"/],
    ['two of them', { price: { from: 'P', expr: 'P' } }, /price\.expr: cannot stand beside "from"/],
    ['a constant that the field cannot hold', { price: { value: 'cheap' } }, /price\.value: "cheap" is not a number/],
    ['a constant beyond a limit', { name: { value: 'x'.repeat(300) } }, /name\.value: .* longer than 250 characters/],
    [
      'a misspelt function',
      { price: { expr: 'muul(Cost, 2)' } },
      /price\.expr: there is no function "muul"; did you mean "mul"/,
    ],
    [
      'a type that does not fit',
      { price: { expr: 'mul(Cost, true)' } },
      /price\.expr: mul: "b" must be an amount, not bool/,
    ],
    ['an amount that is not read', { price: { expr: 'Cost', format: { decimal: ',' } } }, /is read by decimal/],
    ['a table that there is not', { price: { expr: 'lookup("rats", Cur)' } }, /is no table of "tables"/],
    [
      'numbers with one sign for two things',
      { price: { expr: 'decimal(P)', format: { decimal: ',', thousands: ',' } } },
      /format\.thousands: is the decimal sign too/,
    ],
    ['words without a map', { price: { from: 'P', else: 'reject' } }, /else: needs "map"/],
    ['an unknown word for else', { price: { from: 'P', map: {}, else: 'kep' } }, /else: must be one of/],
    ['an absent constant', { price: { value: 1, absent: 'ignore' } }, /absent: is for columns/],
    ['another word for absent', { price: { from: 'P', absent: 'keep' } }, /absent: must be "ignore"/],
    ['no word that clears', { price: { from: 'P', clear: [] } }, /clear: must hold at least one text/],
    [
      'an expression that the store owns',
      { price: { expr: 'mul(Cost, 2)', owner: 'both' } },
      /price\.owner: "both" would write.*cannot be computed backwards. Add "writeBack": false/,
    ],
    [
      'a constant that the store owns',
      { price: { value: 1, owner: 'store' } },
      /owner: "store" .* a constant has no cell/,
    ],
    ['a table of two places', {}, /tables\.rates: needs "path".*or "source"/, { ...rates, source: 'feed' }],
    ['a table of no place', {}, /tables\.rates: needs "path".*or "source"/, { key: 'K', value: 'V' }],
    [
      'a table of an unknown source',
      {},
      /tables\.rates\.source: there is no source "fed". Did you mean "feed"/,
      { source: 'fed', key: 'K', value: 'V' },
    ],
  ])('is refused as %s', (_title, fields, message, table) => {
    const one = Object.keys(fields).length > 0 ? fields : { price: 'P' }
    expect(refusal(config(one, table ? { tables: { rates: table } } : {})).message).toMatch(message)
  })

  it('is accepted from an expression beside a store that decides, when nothing is written back', () => {
    const price = { expr: 'mul(Cost, 2)', owner: 'both', writeBack: false }
    expect(load(config({ price })).syncs[0]?.fields['price']).toMatchObject(price)
  })

  it('is refused at its very character, behind escapes too', () => {
    const text = (expr: string) =>
      `{\n  "stores": { "main": { "hash": "a", "accessToken": "env:T" } },\n  "sources": { "feed": { "type": "csv", "path": "f.csv" } },\n  "syncs": { "prices": { "store": "main", "resource": "skus", "source": "feed", "key": { "sku": "SKU" }, "fields": {\n    "price": { "expr": "${expr}" }\n  } } }\n}`
    const place = (expr: string) => refusal(text(expr)).where?.replace(/^.*json:/, '')
    expect(place('muul(Cost, 2)')).toBe('5:25')
    expect(place('mul(Cost, muul(2, 3))')).toBe('5:35')
    expect(place('mul(row[\\"Net cost\\"], muul(2, 3))')).toBe('5:48')
    expect(place('mul(row[\\"\\u00c9t\\u00e9\\"], muul(2, 3))')).toBe('5:53')
    expect(place('mul(Cost,')).toBe('5:34')
  })
})

describe('what a plan with lookups is bound to', () => {
  const hash = (fields: object, table: object = rates) => {
    const settings = load(config(fields, { tables: { rates: table } }))
    const [sync] = settings.syncs
    return sync ? configHash(settings, sync) : ''
  }
  const price = { expr: 'lookup("rates", Currency)' }

  it('moves with what the table holds, and with its columns, when the sync looks values up in it', () => {
    writeFileSync(join(dir, 'rates.csv'), 'Currency,Rate\nEUR,1\n')
    const before = hash({ price })
    expect(hash({ price })).toBe(before)
    expect(hash({ price }, { ...rates, value: 'Other' })).not.toBe(before)
    const apart = hash({ price: 'P' })
    writeFileSync(join(dir, 'rates.csv'), 'Currency,Rate\nEUR,2\n')
    expect(hash({ price })).not.toBe(before)
    expect(hash({ price: 'P' })).toBe(apart)
    rmSync(join(dir, 'rates.csv'))
    expect(hash({ price }).split(':')[0]).toBe(before.split(':')[0])
  })
})

describe('a computed key', () => {
  const keyed = (expr: string, sync: object = {}, change: object = {}) => ({
    ...config({}, { tables: { rates }, ...change }),
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: { expr } },
        fields: { price: 'Price' },
        ...sync,
      },
    },
  })
  const JOINED = "coalesce(SKU, concat(Handle, '-', Option1))"

  it('stands in the key under the name of its field', () => {
    const [sync] = load(keyed(JOINED)).syncs
    expect(sync).toMatchObject({ key: { sku: 'sku' }, keyRules: { sku: { expr: JOINED } } })
    expect(sync?.tables).toBeUndefined()
  })

  it('is checked where it stands, to the character', () => {
    const text = JSON.stringify(keyed('concat(SKU, nothing())'), null, 2)
    const line = text.split('\n').findIndex((one) => one.includes('nothing()')) + 1
    const column = (text.split('\n')[line - 1]?.indexOf('nothing()') ?? 0) + 1
    const fault = refusal(text)
    expect(fault.message).toContain('syncs.prices.key.sku.expr: there is no function "nothing"')
    expect(fault.where).toMatch(new RegExp(`:${line}:${column}$`))
  })

  it('has no way back into the source', () => {
    const back = { fields: { price: { from: 'Price', owner: 'both' } } }
    const writing = { sources: { feed: { type: 'csv', path: 'feed.csv', write: true } } }
    expect(refusal(keyed(JOINED, back, writing)).message).toContain('nothing can be written back to the source by it')
    const table = { sources: { feed: { type: 'sqlite', path: 'a.db', table: 'items', write: true } } }
    expect(refusal(keyed(JOINED, { insert: true }, table)).message).toContain(
      'key.sku: is no plain column, so no row can be inserted into the source by it',
    )
  })

  it('looks values up in tables that are part of the sync, and never where rows are removed', () => {
    const looked = "lookup('rates', SKU)"
    expect(load(keyed(looked)).syncs[0]?.tables).toEqual(['rates'])
    expect(refusal(keyed(looked, { remove: 'hide', resource: 'products' })).message).toMatch(
      /key\.sku\.expr: looks values up in a table, so a change of it would hide rows/,
    )
  })
})

describe('the store’s own units', () => {
  const weighed = { weight: { expr: "weight(Kilos, 'kg', 'store')" } }
  const shop = (resources: readonly string[]) => ({
    stores: { main: { hash: 'abc123', accessToken: 'env:BC_TOKEN', resources } },
    syncs: { weights: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields: weighed } },
  })

  it('are asked of a resource that the store has to name', () => {
    expect(load(config({}, shop(['products', 'store_information']))).syncs[0]?.tables).toEqual(['@store'])
    expect(refusal(config({}, shop(['products']))).message).toBe(
      'syncs.weights.store: an expression asks for its units; add store_information to stores.main.resources.',
    )
  })
})
