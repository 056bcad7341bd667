import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SourceRefusedError } from '../../src/model/index.ts'
import { csvFormat } from '../../src/sources/csv-format.ts'
import type { TableRecord } from '../../src/sources/format.ts'
import { memory, readCsv } from '../unit/sources/reading.ts'

const records = async (bytes: Uint8Array, piece: number, options = {}) =>
  (await lined(bytes, piece, options)).map(({ cells }) => cells)

const lined = async (bytes: Uint8Array, piece: number, options = {}) => {
  const reading = await memory(bytes, piece).open()
  const table = await csvFormat({ header: false, finalNewline: 'required', ...options }).open(reading.bytes, 'feed.csv')
  const rows: TableRecord[] = []
  for await (const batch of table.batches) rows.push(...batch)
  return rows
}

const aCell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', '"', 'a,b', 'x\ny', 'x\r\ny', 'x\ry', '19"', ';', '\t', 'ü', '日本'),
)
const aTable = fc
  .integer({ min: 2, max: 4 })
  .chain((width) => fc.array(fc.array(aCell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))
  .filter((rows) => rows.every((row) => row.some(Boolean)))

describe('a CSV file', () => {
  it('gives back the cells that were written, in every dialect, encoding and size of pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        aTable,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.constantFrom('utf-8' as const, 'utf-16le' as const),
        fc.integer({ min: 1, max: 40 }),
        async (rows, delimiter, ending, quoted, encoding, piece) => {
          const text = stringify(rows, { delimiter, record_delimiter: ending, quoted, quoted_match: /[\r\n]/ })
          const bytes = Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le')
          expect(await records(bytes, piece, { delimiter, encoding })).toEqual(rows)
        },
      ),
    )
  })
})

/** What csv-parse alone makes of a text: its records with the lines that they start on, or that it refuses it. */
const parsed = (text: string, delimiter: string) => {
  const found: TableRecord[] = []
  let line = 1
  try {
    const all = parse(text, {
      ...{ delimiter, quote: '"', escape: '"', record_delimiter: ['\r\n', '\n', '\r'] },
      relax_column_count: true,
    }) as unknown as string[][]
    for (const cells of all) {
      if (cells.some(Boolean)) found.push({ line, cells })
      line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
    }
    return found
  } catch (error) {
    return error instanceof CsvError ? 'refused' : error
  }
}

describe('text with quotes where they should be and where they should not', () => {
  const aPiece = fc.oneof(
    fc.constantFrom('a', 'ü', '\u{1f600}', ' ', ',', '\n', '\r', '\r\n', '\t', '\0', 'SKU-1', '\ufeff'),
    fc.constantFrom('"', '""', '"a"', '"a,b"', '"a\nb"', '"a""b"', '"a\r\nb"', ',"', '",', '"\n', '\n"', '"\r'),
  )

  it.each([',', ';', '\t', 'x'])(
    'is split at %j into the records and lines that csv-parse finds',
    async (delimiter) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(aPiece, { maxLength: 24 }),
          fc.integer({ min: 1, max: 40 }),
          async (pieces, piece) => {
            const text = `a${delimiter}b\n${pieces.join('')}\n`
            const found = await lined(Buffer.from(text), piece, { delimiter }).catch((error) =>
              error instanceof SourceRefusedError ? 'refused' : error,
            )
            expect(found).toEqual(parsed(text, delimiter))
          },
        ),
        { numRuns: 1500 },
      )
    },
  )
})

describe('a file that was cut', () => {
  const body = [
    'SKU,Price,Stock,Note',
    'A-1,120,3,plain',
    '"B,2",1250.75,10,"two',
    'lines"',
    'Müller-3,99.9,7,"19"" rack"',
    'C-4,"12,9O",5,日本',
    'D-5,17,2147483647,',
    '',
  ]

  it.each([
    ['LF', Buffer.from(body.join('\n'))],
    ['CRLF', Buffer.from(body.join('\r\n'))],
    ['UTF-16', Buffer.from(`\ufeff${body.join('\n')}`, 'utf16le')],
  ])('at any byte is refused, or holds whole rows as they were written (%s)', async (_name, bytes) => {
    const whole = (await readCsv(bytes)).items
    const lengths = new Set<number>()
    for (let cut = 0; cut < bytes.length; cut += 1) {
      try {
        const { items } = await readCsv(bytes.subarray(0, cut))
        expect(items).toEqual(whole.slice(0, items.length))
        lengths.add(items.length)
      } catch (error) {
        if (!(error instanceof SourceRefusedError)) throw error
      }
    }
    // A cut between two rows cannot be seen in the file; the guard on a shrunken source is for that.
    expect([...lengths].slice(0, 4)).toEqual([1, 2, 3, 4])
  })

  it('in its last row is refused or whole, also where the last line ending is optional', async () => {
    const bytes = Buffer.from('SKU,Price,Stock,Note\nA-1,120,3,"x"\n')
    const whole = (await readCsv(bytes)).items
    for (let cut = 0; cut < bytes.length - 1; cut += 1) {
      const reading = readCsv(bytes.subarray(0, cut), { options: { finalNewline: 'optional' } })
      const items = await reading.then((read) => read.items).catch((error) => error)
      if (!(items instanceof SourceRefusedError)) expect(items).toEqual(whole)
    }
  })
})
