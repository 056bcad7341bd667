import { describe, expect, it } from 'vitest'
import { readOnly, text } from '../../../src/model/index.ts'
import { csvFormat } from '../../../src/sources/csv-format.ts'
import { fileSource } from '../../../src/sources/file-source.ts'
import { compileMapping, type MappingSpec, mapRow } from '../../../src/sources/mapping.ts'
import { memory, rule, targetFields } from './reading.ts'

const mapping = compileMapping({
  key: { variant_id: 'Id', sku: 'SKU' },
  fields: { price: rule('Price'), cost_price: rule('Price', { blank: 'clear' }), name: rule('Title') },
  targetFields,
})

describe('a compiled mapping', () => {
  it('names each column once', () => {
    expect(mapping.columns).toEqual(['Id', 'SKU', 'Price', 'Title'])
  })

  it('makes a key in the order of the sync, and values of what the cells say', () => {
    expect(mapRow(mapping, 7, ['12', '00A', '', 'Lamp'])).toEqual({
      row: { line: 7, key: { variant_id: 12, sku: '00A' }, values: { cost_price: null, name: 'Lamp' } },
    })
  })

  it('rejects a row by its first bad cell, with the key once that is known', () => {
    expect(mapRow(mapping, 7, ['x', 'A', 'y', ''])).toEqual({
      rejection: { row: 7, column: 'Id', value: 'x', reason: 'not a number' },
    })
    expect(mapRow(mapping, 7, ['12', 'A', 'y', 'x'.repeat(21)])).toEqual({
      rejection: { row: 7, column: 'Price', value: 'y', reason: 'not a number', key: { variant_id: 12, sku: 'A' } },
    })
  })

  it('shows no more of a cell than tells it', () => {
    const item = mapRow(mapping, 7, ['12', 'A', '1', 'x'.repeat(500)])
    expect('rejection' in item && item.rejection.value).toHaveLength(200)
  })

  it('refuses a field that does not exist, and names the nearest', () => {
    const spec = { key: { sku: 'SKU' }, fields: { prise: rule('Price') }, targetFields }
    expect(() => compileMapping(spec)).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'did you mean "price"?' }),
    )
  })

  it('lets a read-only field name a row, and be written to the source, and nothing else', () => {
    const fields = { id: readOnly(text()), note: readOnly(text()) }
    const spec = (owner: 'source' | 'store') => ({
      key: { id: 'Id' },
      fields: { note: rule('Note', { owner }) },
      targetFields: fields,
    })
    expect(() => compileMapping(spec('source'))).toThrow('read-only')
    expect(mapRow(compileMapping(spec('store')), 2, ['1', 'x'])).toMatchObject({ row: { values: { note: 'x' } } })
  })
})

describe('a field that is no column', () => {
  const { from: _, ...plain } = rule('')
  const compile = (fields: Record<string, object>, more: Partial<MappingSpec> = {}) =>
    compileMapping({
      key: { sku: 'SKU' },
      fields: Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, { ...plain, trim: true, ...one }])),
      targetFields,
      ...more,
    })

  it('is a constant, read once by the rules of the field', () => {
    const constant = compile({ condition: { value: 'new', map: { new: 'New' } }, price: { value: '12.50' } })
    expect(constant.columns).toEqual(['SKU'])
    expect(mapRow(constant, 2, ['A'])).toMatchObject({ row: { values: { condition: 'New', price: '12.5' } } })
    expect(() => compile({ price: { value: 'cheap' } })).toThrow('price cannot be computed: "cheap" is not a number')
  })

  it('is an expression over columns, which the source must have', () => {
    const mapping = compile({ price: { expr: 'mul(Cost, row["Rate of exchange"])' }, name: { from: 'Cost' } })
    expect(mapping.columns).toEqual(['SKU', 'Cost', 'Rate of exchange'])
    expect(mapRow(mapping, 2, ['A', ' 2 ', '1.5'])).toMatchObject({ row: { values: { price: '3', name: '2' } } })
    expect(mapRow(mapping, 2, ['A', '', '1.5'])).toMatchObject({ row: { values: {} } })
  })

  it('takes what an expression gives as a cell: clear, map, default, blank, and the limits of the field', () => {
    const given = (more: object, cell: string) => {
      const item = mapRow(compile({ cost_price: { expr: 'X', ...more } }), 2, ['A', cell])
      return 'row' in item ? item.row.values['cost_price'] : item.rejection.reason
    }
    expect(given({}, '')).toBeUndefined()
    expect(given({ blank: 'clear' }, '')).toBeNull()
    expect(given({ blank: 'reject' }, '')).toBe('blank')
    expect(given({ default: '5' }, '')).toBe('5')
    expect(given({ clear: ['-'] }, '-')).toBeNull()
    expect(given({ map: { free: '0' } }, 'free')).toBe('0')
    expect(given({}, '-1')).toBe('less than 0')
    expect(given({}, '1.23456')).toBe('a number with more than 4 decimals')
  })

  it('reads cells in the format of the rule, and its own result without it', () => {
    const format = { decimal: ',', thousands: '.' }
    const mapping = compile({ price: { expr: 'div(decimal(P), 8, 4)', format } })
    expect(mapRow(mapping, 2, ['A', '1.234,50'])).toMatchObject({ row: { values: { price: '154.3125' } } })
  })

  it('rejects a row that cannot be computed with, with the cells and the reason', () => {
    const mapping = compile({ price: { expr: 'mul(Cost, Rate)' } })
    const reject = (cost: string, rate: string) => mapRow(mapping, 7, ['A', cost, rate])
    expect(reject('2', 'x')).toEqual({
      rejection: {
        row: 7,
        column: 'price',
        value: 'Cost=2, Rate=x',
        reason: 'not computable: mul: "x" is not a number',
        key: { sku: 'A' },
      },
    })
    expect(reject('#N/A', '1')).toMatchObject({
      rejection: { reason: 'not computable: Cost is an error of a spreadsheet formula' },
    })
    expect(reject('1'.repeat(10_000_000), '1')).toMatchObject({
      rejection: {
        reason: 'not computable: Cost is longer than 1000000 characters',
        value: expect.stringMatching(/^.{200}$/),
      },
    })
  })

  it('refuses a bad expression with the field’s name', () => {
    expect(() => compile({ price: { expr: 'Cost * 2' } })).toThrow('price cannot be computed: no such overload')
  })

  it('may be a part of the key, which is read as a cell would be', () => {
    const sku = "blank(SKU) ? concat(Handle, '-', Option) : SKU"
    const keyed = compile({ price: { from: 'Price' } }, { key: { sku: 'sku' }, keyRules: { sku: { expr: sku } } })
    expect(keyed.columns).toEqual(['SKU', 'Handle', 'Option', 'Price'])
    expect(keyed.keyColumns).toEqual(['SKU', 'Handle', 'Option'])
    expect(mapRow(keyed, 2, [' A1 ', 'rug', 'Red', '1'])).toMatchObject({ row: { key: { sku: 'A1' } } })
    expect(mapRow(keyed, 3, ['', 'rug', ' Red', '1'])).toMatchObject({ row: { key: { sku: 'rug-Red' } } })
    expect(mapRow(keyed, 4, ['', 'rug', '#REF!', '1'])).toEqual({
      rejection: {
        row: 4,
        column: 'sku',
        value: 'SKU=, Handle=rug, Option=#REF!',
        reason: 'not computable: Option is an error of a spreadsheet formula',
      },
    })
    expect(mapRow(keyed, 5, ['', 'rug', 'a\u200bb', '1'])).toMatchObject({ rejection: { column: 'sku' } })
  })

  it('may be a constant part of the key, which is no column to order rows by', () => {
    const keyed = compile(
      {},
      { key: { sku: 'SKU', variant_id: 'variant_id' }, keyRules: { variant_id: { value: '7' } } },
    )
    expect([keyed.columns, keyed.keyColumns]).toEqual([['SKU'], ['SKU']])
    expect(mapRow(keyed, 2, ['A'])).toMatchObject({ row: { key: { sku: 'A', variant_id: 7 } } })
  })

  it('rejects a row whose computed key is blank', () => {
    const keyed = compile({}, { key: { sku: 'sku' }, keyRules: { sku: { expr: 'trim(SKU)' } } })
    expect(mapRow(keyed, 2, [' '])).toEqual({
      rejection: { row: 2, column: 'sku', value: 'SKU= ', reason: 'a blank key' },
    })
  })

  it('may be the command, whose words are those of a column', () => {
    const expr = "Status == 'draft' ? 'off' : ''"
    const told = compile({ price: { from: 'Price' } }, { command: { expr, map: { off: 'skip' } } })
    expect(mapRow(told, 2, ['A', 'draft', 'x'])).toEqual({
      row: { line: 2, key: { sku: 'A' }, values: {}, command: 'skip' },
    })
    expect(mapRow(told, 3, ['A', 'active', '1'])).toEqual({
      row: { line: 3, key: { sku: 'A' }, values: { price: '1' } },
    })
    const odd = compile({}, { command: { expr: 'Status' } })
    expect(mapRow(odd, 4, ['A', 'gone'])).toMatchObject({
      rejection: { column: 'command', value: 'Status=gone', reason: expect.stringContaining('none of the commands') },
    })
  })

  it('looks values up in tables, which are read anew before each reading, with the columns that are looked up', async () => {
    const asked: (readonly string[])[] = []
    const contents = new Map([['EUR', ['1.1', 'Euro']]])
    const table = {
      value: 'Rate',
      read: async (columns: readonly string[]) => {
        asked.push(columns)
        return new Map(contents)
      },
    }
    const mapping = compile(
      {
        price: { expr: 'mul(lookup_or_fail("rates", Cur), 10)' },
        name: { expr: 'lookup("rates", Cur, "Name")' },
        cost_price: { expr: 'lookup("rates", Cur)' },
      },
      { tables: { rates: table, unused: { value: 'x', read: () => Promise.reject(new Error('is not needed')) } } },
    )
    expect(() => mapRow(mapping, 2, ['A', 'EUR'])).toThrow('was not read yet')
    await mapping.prepare()
    const values = { price: '11', name: 'Euro', cost_price: '1.1' }
    expect(mapRow(mapping, 2, ['A', 'EUR'])).toEqual({ row: { line: 2, key: { sku: 'A' }, values } })
    expect(mapRow(mapping, 3, ['B', 'GBP'])).toMatchObject({
      rejection: { reason: 'not computable: lookup_or_fail: table "rates" has no key "GBP"' },
    })
    contents.set('GBP', ['1.3', 'Pound'])
    await mapping.prepare()
    expect(mapRow(mapping, 3, ['B', 'GBP'])).toMatchObject({ row: { values: { price: '13' } } })
    expect(asked).toEqual([
      ['Rate', 'Name'],
      ['Rate', 'Name'],
    ])
  })
})

describe('a column that may be absent', () => {
  const absent = { absent: 'ignore', blank: 'clear' } as const

  it('says nothing, where a blank cell of it clears the field', () => {
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { cost_price: rule('Cost', absent) }, targetFields })
    expect([...mapping.optional]).toEqual(['Cost'])
    expect(mapRow(mapping, 2, ['A', undefined])).toEqual({ row: { line: 2, key: { sku: 'A' }, values: {} } })
    expect(mapRow(mapping, 2, ['A', ''])).toMatchObject({ row: { values: { cost_price: null } } })
  })

  it('is needed all the same when another field reads it', () => {
    const fields = { cost_price: rule('Cost', absent), price: rule('Cost') }
    expect(compileMapping({ key: { sku: 'SKU' }, fields, targetFields }).optional.size).toBe(0)
    expect(
      compileMapping({ key: { sku: 'Cost' }, fields: { cost_price: fields.cost_price }, targetFields }).optional.size,
    ).toBe(0)
  })

  it('takes the column beside it along that says since when its stock is true', () => {
    const fields = { inventory_level: rule('Stock', { absent: 'ignore', asOf: { column: 'At' } }) }
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields, targetFields })
    expect([...mapping.optional]).toEqual(['Stock', 'At'])
    expect(mapRow(mapping, 2, ['A', undefined, undefined])).toMatchObject({ row: { values: {} } })
    expect(mapRow(mapping, 2, ['A', '5', undefined])).toMatchObject({ rejection: { column: 'At' } })
  })

  it('is no opinion of an expression that reads it among others', () => {
    const { from: _, ...plain } = rule('', absent)
    const fields = { cost_price: { ...plain, expr: 'coalesce(Net, Gross)' } }
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields, targetFields })
    expect([...mapping.optional]).toEqual(['Net', 'Gross'])
    expect(mapRow(mapping, 2, ['A', undefined, '5'])).toMatchObject({ row: { values: {} } })
    expect(mapRow(mapping, 2, ['A', '4', '5'])).toMatchObject({ row: { values: { cost_price: '4' } } })
  })

  it('is read from files with and without it, and never written to one without it', async () => {
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { cost_price: rule('Cost', absent) }, targetFields })
    const open = (text: string) =>
      fileSource({ name: 'feed', location: memory(Buffer.from(text)), format: csvFormat({}), mapping, writable: true })
    const values = async (text: string) => {
      const found: unknown[] = []
      for await (const items of open(text).read())
        for (const item of items) found.push('row' in item && item.row.values)
      return found
    }
    expect(await values('SKU,Cost\nA,3\n')).toEqual([{ cost_price: '3' }])
    expect(await values('SKU,Price\nA,3\n')).toEqual([{}])
    await expect(values('Price\n3\n')).rejects.toThrow('has no column "SKU"')
    const edit = { key: { sku: 'A' }, fields: [{ field: 'cost_price', from: null, to: '4' }] }
    expect(await open('SKU,Price\nA,3\n').write?.([edit], null)).toEqual([
      { kind: 'left', reason: 'cost_price has no column in the source' },
    ])
  })
})
