import { UsageError } from '../../model/index.ts'
import { hex, type RowWriter } from './rows.ts'

/**
 * An Excel workbook with one sheet. Numbers are numbers, text is text: `00123` keeps its zeros and `=1+1` is no formula; controls,
 * which XML cannot hold, are left out. It is made in memory, and holds what Excel holds.
 * @throws {UsageError} beyond 1,048,576 rows, 16,384 columns, or 32,767 characters in a cell.
 */
export const xlsxWriter: RowWriter = async function* (batches) {
  const { default: writeXlsxFile } = await import('write-excel-file/node')
  const data: Cell[][] = []
  for await (const { columns, rows } of batches) {
    if (!data.length) data.push(columns.map((name) => ({ value: name, type: String, fontWeight: 'bold' })))
    refuseMany(data.length + rows.length, columns.length)
    for (const row of rows) data.push(row.map((value, index) => cellOf(value, data.length + 1, columns[index] ?? '')))
  }
  yield await writeXlsxFile(data, { stickyRowsCount: 1 }).toBuffer()
}

type Cell =
  | { readonly value: string; readonly type: StringConstructor; readonly fontWeight?: 'bold' }
  | { readonly value: number; readonly type: NumberConstructor }
  | null

const cellOf = (value: unknown, row: number, column: string): Cell => {
  if (value === null || value === undefined || value === '') return null
  // Excel keeps 15 digits of a number; a longer one is kept whole as text.
  if (typeof value === 'number' && Number(value.toPrecision(15)) === value) return { value, type: Number }
  if (typeof value === 'bigint' && value > -(10n ** 15n) && value < 10n ** 15n)
    return { value: Number(value), type: Number }
  const text = value instanceof Uint8Array ? hex(value) : String(value)
  if (text.length > LONGEST) {
    throw new UsageError(
      `${column} in row ${row} is longer than the ${LONGEST} characters that a cell of Excel holds`,
      {
        hint: 'Leave the column out, or write .csv or .jsonl.',
      },
    )
  }
  return { value: text.replace(ESCAPE, '_x005F$&'), type: String }
}

const LONGEST = 32_767
/** What Excel reads as a character by its number, also where somebody wrote just that. */
const ESCAPE = /_(?=x[\da-f]{4}_)/gi

const refuseMany = (rows: number, columns: number): void => {
  if (rows <= 1_048_576 && columns <= 16_384) return
  throw new UsageError('a sheet of Excel holds 1,048,576 rows and 16,384 columns; this is more', {
    hint: 'Ask for less, or write .csv, .jsonl or .parquet.',
  })
}
