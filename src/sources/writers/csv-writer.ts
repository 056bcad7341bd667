import { hex, type RowWriter } from './rows.ts'
import { spreadsheetText } from './spreadsheet-text.ts'

/** CSV after RFC 4180, UTF-8, for people and their spreadsheets: text that looks like a formula begins with `'`. */
export const csvWriter = (delimiter: string): RowWriter =>
  async function* (batches) {
    const { stringify } = await import('csv-stringify/sync')
    let header = true
    for await (const { columns, rows } of batches) {
      const cells = rows.map((row) => row.map(cell))
      const text = stringify(header ? [columns.map(spreadsheetText), ...cells] : cells, { delimiter })
      if (text) yield Buffer.from(text, 'utf8')
      header = false
    }
  }

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (value instanceof Uint8Array) return hex(value)
  return typeof value === 'string' ? spreadsheetText(value) : String(value)
}
