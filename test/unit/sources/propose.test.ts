import { describe, expect, it } from 'vitest'
import { integer, money, text, type Values } from '../../../src/model/index.ts'
import { proposeMapping } from '../../../src/sources/index.ts'

const fields = {
  name: text({ max: 250 }),
  price: money({ min: 0 }),
  cost_price: money({ min: 0 }),
  inventory_level: integer({ min: 0 }),
}
const keys = { sku: text(), gtin: text() }

const STORE: readonly Values[] = Array.from({ length: 10 }, (_, at) => ({
  ...{ sku: `A${at}`, name: `Mug ${at}`, price: `${at + 1}.5`, cost_price: '0', inventory_level: 0 },
}))
const known = (field: string, cell: string) => STORE.find((row) => row[field] === cell)

const propose = (head: string, row: (at: number) => string, hasStore = true) => {
  const rows = Array.from({ length: 10 }, (_, at) => row(at).split(';'))
  return proposeMapping(head.split(';'), rows, { fields, keys, known: hasStore ? known : null }).map(
    ({ column, field, isKey, certainty }) =>
      `${column}: ${field === null ? '-' : `${certainty} ${field}`}${isKey ? ', the key' : ''}`,
  )
}

describe('a proposed mapping', () => {
  it('finds the key and the fields by their values where the names tell nothing', () => {
    expect(propose('x;y;z', (at) => `${at + 1}.50;Mug ${at};A${at}`)).toEqual([
      'x: sure price',
      'y: sure name',
      'z: sure sku, the key',
    ])
  })

  it('takes nothing for a field because all its values are alike', () => {
    expect(propose('SKU;a;b', (at) => `A${at};0;0.00`)).toEqual(['SKU: sure sku, the key', 'a: -', 'b: -'])
  })

  it('doubts a key that the store does not know, and a name whose cells cannot be read', () => {
    expect(propose('SKU;Price', (at) => `X${at};on request`)).toEqual(['SKU: guess sku, the key', 'Price: guess price'])
  })

  it('doubts a name whose column is blank', () => {
    expect(propose('SKU;Price', () => ';', false)).toEqual(['SKU: guess sku, the key', 'Price: guess price'])
  })

  it('prefers, of two columns with the name of a field, the one whose values are the store’s', () => {
    expect(propose('SKU;List Price;Price', (at) => `A${at};99;${at + 1}.5`)).toEqual([
      'SKU: sure sku, the key',
      'List Price: -',
      'Price: sure price',
    ])
  })

  it('doubts a column whose values say another field than its name', () => {
    expect(propose('SKU;Cost price;Title', (at) => `A${at};${at + 1}.5;x`)).toEqual([
      'SKU: sure sku, the key',
      'Cost price: sure cost_price',
      'Title: sure name',
    ])
    expect(propose('SKU;Weight', (at) => `A${at};${at + 1}.5`)).toEqual([
      'SKU: sure sku, the key',
      'Weight: guess price',
    ])
  })

  it('takes another key than the SKU for a guess', () => {
    expect(propose('EAN code;Barcode;GTIN;Price', (at) => `;;${at};1.00`, false)).toContain('GTIN: guess gtin, the key')
  })

  it('tells the decimal comma, and the thousands where there are any', () => {
    const format = (cells: readonly string[]) =>
      proposeMapping(
        ['SKU', 'Price'],
        cells.map((cell) => ['A', cell]),
        { fields, keys, known: null },
      )[1]?.format
    expect(format(['1.234,50', '12,90'])).toEqual({ decimal: ',', thousands: '.' })
    expect(format(['1234,50', '12'])).toEqual({ decimal: ',' })
    expect(format(['1234.50', '12'])).toBeUndefined()
    expect(format(['12,90', '12.90'])).toBeUndefined()
  })
})
