import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvFormat } from '../../src/sources/csv-format.ts'
import { examined, type Patient, repaired, ruleOf } from '../unit/sources/examining.ts'
import { memory } from '../unit/sources/reading.ts'

const STORE = Array.from({ length: 8 }, (_, at) => ({
  ...{ sku: `${at % 2 ? '00' : ''}10${at}`, name: `Müller ${at}`, price: `${at + 1}.5`, inventory_level: at },
  gtin: `0${'03600029145'.slice(0, 11)}${at}`,
}))

/** Cells as programs, spreadsheets and people leave them. */
const aCell = fc.oneof(
  fc.constantFrom('', ' ', '5', '12', '1250', '12.90', '12,90', '1.234,56', '1,234.56', '1,299', '1.299', '1 299,00'),
  fc.constantFrom('8.41E+12', '3.6E+11', '36000291452', '036000291452', '100', '101', '00101', '103', '7.1234567E+3'),
  fc.constantFrom(
    'MÃ¼ller 1',
    'M\ufffdller 1',
    'MÃƒÂ¼ller',
    ' Mug',
    'Mug\u00a0',
    'M\u200bug',
    'Mug\u0007',
    'â€œxâ€\u009d',
    'Ã',
    'Â\u00a0',
  ),
  fc.constantFrom('N/A', '-1', '-1,5', '0', '0,00', '1.5.2', '$5', '12.00001', 'x'.repeat(300), '"', 'a\nb'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

const aRow = fc
  .array(aCell, { minLength: 5, maxLength: 5 })
  .chain((cells) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(cells) },
      { weight: 1, arbitrary: fc.constantFrom(cells.slice(1), [...cells, 'x'], ['', ...cells.slice(0, 4)]) },
    ),
  )
const anOrderlyRow = fc
  .tuple(fc.constantFrom(...STORE), fc.constantFrom(1, 100), fc.boolean())
  .map(([{ sku, name, price, inventory_level, gtin }, times, isShifted]) => {
    const row = [sku, name, String(Number(price) * times), String(inventory_level), gtin]
    return isShifted ? [...row.slice(0, 1), '', ...row.slice(1, 4)] : row
  })

const aFile = fc.record({
  rows: fc.array(fc.oneof(aRow, anOrderlyRow), { minLength: 1, maxLength: 14 }),
  delimiter: fc.constantFrom(',', ';'),
  ending: fc.constantFrom('\n', '\r\n'),
  encoding: fc.constantFrom('utf-8' as const, 'utf-16le' as const),
  isEnded: fc.boolean(),
  hasMirror: fc.boolean(),
  decimal: fc.constantFrom('.' as const, ',' as const),
})

describe('a repaired copy', () => {
  it('is repaired for good, and differs from the original in the cells that were found', async () => {
    await fc.assert(
      fc.asyncProperty(aFile, async ({ rows, delimiter, ending, encoding, isEnded, hasMirror, decimal }) => {
        // The first cell keeps a row a row when all others turn out to be blank.
        const text = stringify(
          [['Row', 'SKU', 'Name', 'Price', 'Stock', 'GTIN'], ...rows.map((row) => ['x', ...row])],
          {
            delimiter,
            record_delimiter: ending,
          },
        )
        const body = Buffer.from(
          isEnded ? text : text.slice(0, -ending.length),
          encoding === 'utf-8' ? 'utf8' : 'utf16le',
        )
        const options = { delimiter, encoding }
        const patient: Patient = {
          options,
          sync: {
            ...{ name: 'Name', inventory_level: 'Stock', gtin: 'GTIN' },
            price: ruleOf('Price', { format: { decimal } }),
          },
          ...(hasMirror ? { store: STORE } : {}),
        }
        const found = await examined(body, patient)
        fc.pre(!found.some((one) => one.startsWith('refused')))
        const { bytes, cells, left } = await repaired(body, patient)
        const again = await examined(bytes, patient)
        expect(again.filter((one) => one.includes(' → '))).toEqual([])
        expect(again).toHaveLength(left)
        expect((await repaired(bytes, patient)).bytes).toEqual(bytes)
        if (!found.some((one) => one.includes(' → '))) expect(Buffer.from(bytes)).toEqual(body)
        const [before, after] = [await recordsOf(body, options), await recordsOf(bytes, options)]
        expect(after.map(({ length }) => length)).toEqual(before.map(({ length }) => length))
        const others = before.flatMap((row, at) => row.filter((cell, column) => after[at]?.[column] !== cell))
        expect(others.length).toBeLessThanOrEqual(cells)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})

const recordsOf = async (bytes: Uint8Array, options: object): Promise<readonly (readonly string[])[]> => {
  const reading = await memory(bytes).open()
  const format = csvFormat({ ...options, finalNewline: 'optional' })
  const rows: (readonly string[])[] = []
  try {
    for await (const batch of (await format.open(reading.bytes, 'feed.csv')).batches)
      rows.push(...batch.map(({ cells }) => cells))
  } catch {
    // A short last row without an end is refused there; what came before it counts.
  }
  return rows
}
