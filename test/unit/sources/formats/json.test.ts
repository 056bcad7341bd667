import { describe, expect, it } from 'vitest'
import type { FieldRule, RowEdit, Value } from '../../../../src/model/index.ts'
import { fileSource } from '../../../../src/sources/file-source.ts'
import type { Format } from '../../../../src/sources/format.ts'
import { jsonFormat } from '../../../../src/sources/formats/json-format.ts'
import { jsonlFormat } from '../../../../src/sources/formats/jsonl-format.ts'
import { compileMapping } from '../../../../src/sources/mapping.ts'
import { rule, targetFields } from '../reading.ts'
import { readAs, writableMemory } from './support.ts'

const jsonl = jsonlFormat({})
const json = jsonFormat({})

const nested = compileMapping({
  key: { sku: 'SKU' },
  fields: { price: rule('price.amount'), categories: rule('cats'), is_visible: rule('on') },
  targetFields,
})

describe('JSON lines', () => {
  it('reads an object a line, whatever the order of its names', async () => {
    expect(await readAs(jsonl, '{"SKU":"A1","Price":1.5,"Stock":3}\n{"Stock":4,"SKU":"A2","Price":"2"}\n')).toEqual([
      { sku: 'A1', price: '1.5', inventory_level: 3 },
      { sku: 'A2', price: '2', inventory_level: 4 },
    ])
  })

  it('takes numbers digit by digit: no float comes between', async () => {
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { name: rule('n') }, targetFields })
    const rows = '{"SKU":123456789012345678901,"n":1.10}\n{"SKU":"00123","n":-0.10000000000000005}\n'
    expect(await readAs(jsonl, rows, { mapping })).toEqual([
      { sku: '123456789012345678901', name: '1.10' },
      { sku: '00123', name: '-0.10000000000000005' },
    ])
  })

  it('names nested values by their path, reads lists of ids and booleans, and takes null and what is absent as blank', async () => {
    const rows = [
      { SKU: 'A1', price: { amount: 9, currency: 'EUR' }, cats: [18, 23], on: true },
      { SKU: 'A2', price: { amount: null }, cats: [], on: false },
      { SKU: 'A3', price: null },
    ]
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    expect(await readAs(jsonl, body, { mapping: nested })).toEqual([
      { sku: 'A1', price: '9', categories: [18, 23], is_visible: true },
      { sku: 'A2', categories: [], is_visible: false },
      { sku: 'A3' },
    ])
  })

  it('D10: refuses a file whose last line has no end, at every byte where it could have been cut', async () => {
    const whole = '{"SKU":"A1","Price":120,"Stock":3}\n{"SKU":"A2","Price":120,"Stock":4}\n'
    const start = whole.indexOf('\n') + 1
    for (let end = start + 1; end < whole.length; end += 1) {
      expect(await readAs(jsonl, whole.slice(0, end))).toContain('refused: ')
    }
    expect(await readAs(jsonlFormat({ finalNewline: 'optional' }), whole.slice(0, -1))).toHaveLength(2)
  })

  it.each([
    [
      'a broken line',
      '{"SKU":"A1","Price":1,"Stock":1}\n{"SKU":"A2","Price":,"Stock":1}\n',
      'value expected at line 2, column 21',
    ],
    ['a trailing comma', '{"SKU":"A1","Price":1,"Stock":1,}\n', 'at line 1, column 33'],
    ['a comment', '{"SKU":"A1" /* x */,"Price":1,"Stock":1}\n', 'invalid comment token at line 1'],
    [
      'a name twice',
      '{"SKU":"A1","Price":1,"Stock":1,"Price":2}\n',
      '"Price" for the second time at line 1, column 33',
    ],
    ['a list', '["A1",1,2]\n', 'line 1 of feed.csv is a list, not an object'],
    ['two values in a line', '{"SKU":"A1","Price":1,"Stock":1} {}\n', 'end of file expected at line 1'],
    ['a number with a leading zero', '{"SKU":"A1","Price":01,"Stock":1}\n', 'is not valid JSON'],
    ['NaN', '{"SKU":"A1","Price":NaN,"Stock":1}\n', 'is not valid JSON'],
    ['a single quote', "{'SKU':'A1','Price':1,'Stock':1}\n", 'is not valid JSON'],
    ['ten thousand levels', `{"SKU":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`, 'more than 64 levels at line 1'],
    ['nothing', '\n\n', 'is empty'],
    ['other bytes than UTF-8', Buffer.from('{"SKU":"Ä"}\n', 'latin1'), 'is not UTF-8 text at byte 8'],
    [
      'a column that no record has',
      '{"SKU":"A1","Prise":1,"Stock":1}\n',
      'has "Price"; they have SKU, Prise, Stock (did you mean "Prise"?)',
    ],
    [
      'a path that means two values',
      '{"SKU":"A1","Price":1,"Stock":1,"a.b":1,"a":{"b":2}}\n',
      'both a value "a.b" and one inside',
    ],
  ])('D32: refuses %s and says where', async (_what, body, message) => {
    expect(await readAs(jsonl, body)).toContain(message)
  })

  it.each(['__proto__', 'constructor', 'toString'])('S21: reads a column called %s like any other', async (name) => {
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { name: rule(name) }, targetFields })
    expect(await readAs(jsonl, `{"SKU":"A1","${name}":"x"}\n{"SKU":"A2"}\n`, { mapping })).toEqual([
      { sku: 'A1', name: 'x' },
      { sku: 'A2' },
    ])
  })
})

describe('a JSON document', () => {
  const rows = '[{"SKU":"A1","Price":1.5,"Stock":3},{"SKU":"A1","Price":2,"Stock":4},{"SKU":"A3","Price":3,"Stock":5}]'

  it('is a list of records, which go by their number', async () => {
    expect(await readAs(json, rows)).toEqual([
      'SKU: a key that is there 2 times: lines 1, 2',
      'SKU: a key that is there 2 times: lines 1, 2',
      { sku: 'A3', price: '3', inventory_level: 5 },
    ])
  })

  it('may hold its list at a path, and a wrong path names the lists there are', async () => {
    const body = `{"meta":{"n":3},"data":{"items":${rows}}}`
    expect(await readAs(jsonFormat({ at: 'data.items' }), body)).toHaveLength(3)
    expect(await readAs(jsonFormat({ at: 'data.rows' }), body)).toContain('there is "data.items"')
    expect(await readAs(json, body)).toContain(
      'feed.csv is no list of records (set "at" to the path of the list; there is "data.items")',
    )
  })

  it('D10: is refused when it is cut anywhere', async () => {
    for (let end = 1; end < rows.length; end += 1) expect(await readAs(json, rows.slice(0, end))).toContain('refused: ')
  })

  it('D29: is refused above 64 MB, with the format that has no limit', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024 + 1, ' ')
    const location = {
      origin: 'large.json',
      open: async () => ({
        bytes: (async function* () {
          yield large
        })(),
        finish: async () => null,
        close: async () => undefined,
      }),
    }
    expect(await readAs(json, '', { location })).toContain('larger than 64 MB (a JSON document is read as a whole')
  })
})

describe('writing values back into JSON', () => {
  const edit = (sku: string, ...fields: readonly (readonly [string, Value, Value])[]): RowEdit => ({
    key: { sku },
    fields: fields.map(([field, from, to]) => ({ field, from, to })),
  })
  const TITLE = { name: rule('title.en'), price: rule('price') }

  const write = async (
    format: Format,
    body: string,
    edits: readonly RowEdit[],
    fields: Readonly<Record<string, FieldRule>> = TITLE,
  ) => {
    const location = writableMemory(body)
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields, targetFields })
    const source = fileSource({ name: 'feed', location, format, mapping, writable: true })
    const results = await source.write?.(edits, null)
    return { text: location.text(), results: results?.map(({ kind }) => kind) }
  }

  it('changes the value and not another byte: blanks, order, escapes and line endings stay', async () => {
    const body =
      '{ "SKU": "A1", "price": 1.50, "title": {"en": "caf\\u00e9"}, "x": [1, 2] }\r\n\n{"price":"2.00","SKU":"A2","cats":[1, 2],"on":true}\n'
    const { text, results } = await write(
      jsonl,
      body,
      [
        edit('A1', ['price', '1.5', '1.6']),
        edit('A2', ['price', '2', '3'], ['categories', [1, 2], [1, 3]], ['is_visible', true, false]),
      ],
      { ...TITLE, categories: rule('cats'), is_visible: rule('on') },
    )
    expect(results).toEqual(['written', 'written'])
    expect(text).toBe(
      body.replace('1.50', '1.60').replace('"2.00"', '"3.00"').replace('[1, 2],"on":true', '[1,3],"on":false'),
    )
  })

  it('adds a value that the record lacks, as the others write it', async () => {
    const body =
      '{"SKU":"A1","price":1,"title":{"en":"One"}}\n{"SKU":"A2"}\n{"SKU":"A3","title":{}}\n{"SKU":"A4","title":null}\n'
    const { text } = await write(jsonl, body, [
      edit('A2', ['price', null, '7']),
      edit('A3', ['name', null, 'Three']),
      edit('A4', ['name', null, 'Four']),
    ])
    expect(text).toBe(
      '{"SKU":"A1","price":1,"title":{"en":"One"}}\n{"SKU":"A2","price":7}\n{"SKU":"A3","title":{"en":"Three"}}\n{"SKU":"A4","title":{"en":"Four"}}\n',
    )
  })

  it('does the same in a document of one line', async () => {
    const body = '[{"SKU":"A1","price":1},{"SKU":"A2","price":2}]'
    const { text } = await write(json, body, [edit('A2', ['price', '2', '2.5'])], { price: rule('price') })
    expect(text).toBe(body.replace('2}]', '2.5}]'))
  })

  it('writes nothing where a part of the path is no object', async () => {
    const body = '{"SKU":"A1","price":1,"title":"One"}\n{"SKU":"A2","title":{"en":"Two"}}\n'
    await expect(write(jsonl, body, [edit('A1', ['name', null, 'Eins'])])).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('has no place for "title.en"'),
    })
  })
})
