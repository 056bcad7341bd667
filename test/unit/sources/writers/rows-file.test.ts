import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { readSheet } from 'read-excel-file/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RowBatch } from '../../../../src/sources/writers/rows.ts'
import { ROW_FORMATS, writeRowsFile } from '../../../../src/sources/writers/rows-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-rows-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const HYPERLINK = '=HYPERLINK("http://evil.example","click")'
const COLUMNS = ['sku', 'name', 'price', 'stock', 'big', 'raw']
const ROWS: readonly (readonly unknown[])[] = [
  ['00123', HYPERLINK, 12.5, 3, 9007199254740993n, Buffer.from([1, 255])],
  ['-5', 'a "b", c\nd é', 0.1, -2, 1n, null],
  ['@x', null, -1.25, null, null, null],
]

async function* batches(...rows: readonly (readonly (readonly unknown[])[])[]): AsyncGenerator<RowBatch> {
  for (const some of rows.length ? rows : [[]]) yield { columns: COLUMNS, rows: some }
}

const path = (name: string) => join(dir, name)
const written = async (name: string, format: (typeof ROW_FORMATS)[number]) => {
  const facts = await writeRowsFile(path(name), format, batches(ROWS.slice(0, 2), ROWS.slice(2)))
  expect(facts).toEqual({ rows: 3, bytes: readFileSync(path(name)).length })
  return readFileSync(path(name))
}

describe('a file of rows', () => {
  it.each([
    ['csv', ','],
    ['tsv', '\t'],
  ] as const)('D30: is %s in which no text is a formula to a spreadsheet', async (format, delimiter) => {
    expect(parse(await written('a', format), { delimiter })).toEqual([
      COLUMNS,
      ['00123', `'${HYPERLINK}`, '12.5', '3', '9007199254740993', '01ff'],
      ['-5', 'a "b", c\nd é', '0.1', '-2', '1', ''],
      ["'@x", '', '-1.25', '', '', ''],
    ])
  })

  it('is JSON lines with every value as it is', async () => {
    const lines = (await written('a', 'jsonl')).toString('utf8').split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { sku: '00123', name: HYPERLINK, price: 12.5, stock: 3, big: '9007199254740993', raw: '01ff' },
      { sku: '-5', name: 'a "b", c\nd é', price: 0.1, stock: -2, big: 1, raw: null },
      { sku: '@x', name: null, price: -1.25, stock: null, big: null, raw: null },
    ])
  })

  it('D30: is a workbook in which numbers are numbers and text is text', async () => {
    const sheet = await readSheet(await written('a', 'xlsx'))
    expect(sheet).toEqual([
      COLUMNS,
      ['00123', HYPERLINK, 12.5, 3, '9007199254740993', '01ff'],
      ['-5', 'a "b", c\nd é', 0.1, -2, 1, null],
      ['@x', null, -1.25, null, null, null],
    ])
  })

  it('is Parquet whose columns have the kind of what they hold', async () => {
    const bytes = await written('a', 'parquet')
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    expect(await parquetReadObjects({ file })).toEqual([
      { sku: '00123', name: HYPERLINK, price: 12.5, stock: 3n, big: 9007199254740993n, raw: '01ff' },
      { sku: '-5', name: 'a "b", c\nd é', price: 0.1, stock: -2n, big: 1n, raw: null },
      { sku: '@x', name: null, price: -1.25, stock: null, big: null, raw: null },
    ])
  })

  it.each(ROW_FORMATS)('has its columns also without rows: %s', async (format) => {
    expect(await writeRowsFile(path('a'), format, batches())).toMatchObject({ rows: 0 })
    const bytes = readFileSync(path('a'))
    if (format === 'csv') expect(bytes.toString()).toBe(`${COLUMNS.join(',')}\n`)
    if (format === 'xlsx') expect(await readSheet(bytes)).toEqual([COLUMNS])
  })

  it('leaves out of a workbook what XML cannot hold, and refuses what a cell cannot hold', async () => {
    const odd = async function* (text: string): AsyncGenerator<RowBatch> {
      yield { columns: ['a'], rows: [[text]] }
    }
    await writeRowsFile(path('a.xlsx'), 'xlsx', odd('a\u0001b\ud800c_x0041_ <&>'))
    expect(await readSheet(path('a.xlsx'))).toEqual([['a'], ['abc_x0041_ <&>']])
    await expect(writeRowsFile(path('a.xlsx'), 'xlsx', odd('x'.repeat(40_000)))).rejects.toMatchObject({
      code: 'usage',
      message: 'a in row 2 is longer than the 32767 characters that a cell of Excel holds',
    })
  })

  it('is the old one still, whole, when the rows break off, and nothing is left beside it', async () => {
    writeFileSync(path('a.csv'), 'old')
    const broken = async function* (): AsyncGenerator<RowBatch> {
      yield { columns: COLUMNS, rows: ROWS }
      throw new Error('the query ended')
    }
    await expect(writeRowsFile(path('a.csv'), 'csv', broken())).rejects.toMatchObject({ code: 'usage' })
    expect(readFileSync(path('a.csv'), 'utf8')).toBe('old')
    await writeRowsFile(path('a.csv'), 'csv', batches(ROWS))
    expect(readFileSync(path('a.csv'), 'utf8')).toContain('00123')
    expect(readdirSync(dir)).toEqual(['a.csv'])
  })

  it('S7: is not written over a folder, nor into one that is not there', async () => {
    mkdirSync(path('folder'))
    await expect(writeRowsFile(path('folder'), 'csv', batches(ROWS))).rejects.toMatchObject({
      message: expect.stringContaining('is no file'),
      hint: 'Name a file with --to.',
    })
    await expect(writeRowsFile(path('nowhere/a.csv'), 'csv', batches(ROWS))).rejects.toThrow('cannot be written')
  })
})
