import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fieldsOf, targetOf } from '../../../src/diff/index.ts'
import type { FieldRule, RowEdit, Value } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { editCsv } from '../../../src/sources/csv-edit.ts'
import { type CsvOptions, compileMapping } from '../../../src/sources/index.ts'
import { openCsvSource } from '../../support/csv-source.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-write-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const rule = (from: string, more: Partial<FieldRule> = {}): FieldRule => ({
  from,
  owner: 'both',
  conflict: 'ask',
  blank: 'keep',
  writeBack: true,
  trim: true,
  ...more,
})

const FIELDS = { name: rule('Name'), price: rule('Price'), is_visible: rule('Shown') }

const sourceOf = (bytes: string | Uint8Array, options: CsvOptions = {}, fields: Record<string, FieldRule> = FIELDS) => {
  const path = join(dir, 'erp.csv')
  writeFileSync(path, bytes)
  const targetFields = fieldsOf(targetOf(catalog, 'products'))
  const mapping = compileMapping({ key: { sku: 'SKU' }, fields, targetFields })
  const source = openCsvSource({ name: 'erp', path, folder: dir, options, mapping, writable: true })
  return { path, write: source.write ?? (() => Promise.reject(new Error('read only'))) }
}

const edit = (sku: string, field: string, from: Value, to: Value): RowEdit => ({
  key: { sku },
  fields: [{ field, from, to }],
})

describe('writing values back into a CSV file', () => {
  it('changes the cell and not another byte: line endings, quotes, blanks, order and blank lines stay', async () => {
    const text =
      '\ufeffSKU,"Name",Price,Shown,More\r\nA1,"First, one",1.50,yes,"x ""y"""\r\n\r\n A2 , Second,2.00,no,\r\nA3,Third,3,YES,z\r\n'
    const { path, write } = sourceOf(text)
    const results = await write(
      [
        edit('A1', 'price', '1.5', '1.6'),
        edit('a2', 'name', 'Second', 'Two, or "second"'),
        edit('A3', 'is_visible', true, false),
      ],
      null,
    )
    expect(results).toEqual([{ kind: 'written' }, { kind: 'written' }, { kind: 'written' }])
    expect(readFileSync(path, 'utf8')).toBe(
      text.replace('1.50,yes', '1.60,yes').replace(' Second,', '"Two, or ""second""",').replace('3,YES', '3,NO'),
    )
  })

  it.each<[string, CsvOptions, BufferEncoding | 'windows-1252']>([
    ['UTF-16', { encoding: 'utf-16le' }, 'utf16le'],
    ['Windows-1252', { encoding: 'windows-1252', delimiter: ';' }, 'latin1'],
  ])('keeps %s', async (_name, options, encoding) => {
    const text = ['SKU,Name,Price,Shown', 'A1,Crème,1.5,yes', ''].join('\n').replaceAll(',', options.delimiter ?? ',')
    const { path, write } = sourceOf(Buffer.from(text, encoding as BufferEncoding), options)
    await write([edit('A1', 'name', 'Crème', 'Brûlée')], null)
    expect(readFileSync(path)).toEqual(Buffer.from(text.replace('Crème', 'Brûlée'), encoding as BufferEncoding))
  })

  it('writes both of two edits of one row, such as two conflicts that were decided', async () => {
    const { path, write } = sourceOf('SKU,Name,Price,Shown\nA1,a,1,yes\n')
    const results = await write([edit('A1', 'price', '1', '2'), edit('A1', 'name', 'a', 'b')], null)
    expect(results).toEqual([{ kind: 'written' }, { kind: 'written' }])
    expect(readFileSync(path, 'utf8')).toBe('SKU,Name,Price,Shown\nA1,b,2,yes\n')
  })

  it('refuses a text that the encoding does not have, and leaves the file alone', async () => {
    const bytes = Buffer.from('SKU,Name,Price,Shown\nA1,a,1,1\n', 'latin1')
    const { path, write } = sourceOf(bytes, { encoding: 'windows-1252' })
    await expect(write([edit('A1', 'name', 'a', '漢')], null)).rejects.toMatchObject({ code: 'source_refused' })
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('writes numbers, flags and mapped words as the file has them', async () => {
    const fields = {
      price: rule('Price', { format: { decimal: ',' } }),
      is_visible: rule('Shown', { map: { an: 'true', aus: 'false' } }),
    }
    const { path, write } = sourceOf('SKU;Price;Shown\nA1;1,50;an\n', { delimiter: ';' }, fields)
    await write(
      [
        {
          key: { sku: 'A1' },
          fields: [
            { field: 'price', from: '1.5', to: '2' },
            { field: 'is_visible', from: true, to: false },
          ],
        },
      ],
      null,
    )
    expect(readFileSync(path, 'utf8')).toBe('SKU;Price;Shown\nA1;2,00;aus\n')
  })

  it('leaves rows alone that moved, are gone, are there twice, or cannot hold the value, and says so', async () => {
    const text = 'SKU,Name,Price,Shown\nA1,a,5,1\nA2,b,2,1\nA2,c,2,1\nA4,d,4,1\nA5,e,5,1\n'
    const { path, write } = sourceOf(text)
    const results = await write(
      [
        edit('A1', 'price', '1', '9'),
        edit('A9', 'price', '1', '9'),
        edit('A2', 'price', '2', '9'),
        edit('A4', 'price', '9', '4'),
        edit('A5', 'name', 'e', ''),
      ],
      null,
    )
    expect(results.map((one) => ('reason' in one ? one.reason : one.kind))).toEqual([
      'price is "5" in the source now',
      'no longer in the source',
      'its key is there more than once',
      'already',
      'name "" cannot be written as a cell',
    ])
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('refuses a file that is no longer the snapshot that was read', async () => {
    const { path, write } = sourceOf('SKU,Name,Price,Shown\nA1,a,1,1\n')
    await expect(write([edit('A1', 'price', '1', '2')], 'another')).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('changed since it was read'),
    })
    expect(readFileSync(path, 'utf8')).toContain('A1,a,1,1')
  })

  it('keeps the mode of the file, follows a link, and leaves nothing beside it', async () => {
    const { path, write } = sourceOf('SKU,Name,Price,Shown\nA1,a,1,1\n')
    chmodSync(path, 0o640)
    symlinkSync(path, join(dir, 'link.csv'))
    await write([edit('A1', 'price', '1', '2')], null)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(dir).sort()).toEqual(['erp.csv', 'link.csv'])
  })

  it('refuses a folder that cannot be written to, and leaves the file as it was', async () => {
    const { path, write } = sourceOf('SKU,Name,Price,Shown\nA1,a,1,1\n')
    symlinkSync(join(dir, 'nowhere', 'x'), `${path}.skiff-${process.pid}.tmp`)
    await expect(write([edit('A1', 'price', '1', '2')], null)).rejects.toMatchObject({ code: 'source_refused' })
    expect(readFileSync(path, 'utf8')).toBe('SKU,Name,Price,Shown\nA1,a,1,1\n')
  })
})

describe('a CSV file with other texts in some cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'ü', ';'), maxLength: 5 })
  const quoted = (text: string, always: boolean) =>
    always || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

  it('is the same file cell by cell where nothing was asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, fc.boolean()), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.nat(7),
        cell,
        (rows, ending, at, wanted) => {
          const texts = rows.map(([a, b, always]) => [quoted(a, always), quoted(`x${b}`, always)])
          const text = texts.map((row) => row.join(',') + ending).join('')
          const index = at % rows.length
          const line =
            1 +
            (texts
              .slice(0, index)
              .map((row) => row.join(',') + ending)
              .join('')
              .match(/\r\n|\r|\n/g)?.length ?? 0)
          const out = editCsv(Buffer.from(text), new Map([[line, new Map([[1, wanted]])]]), {
            delimiter: ',',
            quote: '"',
            declared: undefined,
            origin: 'f.csv',
          })
          const expected = texts.map((row, number) =>
            number === index ? [row[0], quoted(wanted, row[1]?.startsWith('"') ?? false)] : row,
          )
          expect(Buffer.from(out).toString()).toBe(expected.map((row) => row.join(',') + ending).join(''))
        },
      ),
      { numRuns: 500 },
    )
  })
})
