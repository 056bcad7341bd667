import { SourceRefusedError } from '../../model/index.ts'
import type { Format, TableRecord } from '../format.ts'
import { MEGABYTE } from '../locations/inflation.ts'
import { openWorkbook } from './workbook.ts'
import { editWorkbook, plainNumber } from './xlsx-edit.ts'

export interface XlsxOptions {
  /** Name of the sheet; needed when there are several. */
  readonly sheet?: string
}

/**
 * A sheet of an Excel workbook whose first row names the columns. A text stays the text it is, `00123` too; a number is the decimal
 * that Excel shows, exact to its 15 digits; a day is `2026-01-31`, a moment `2026-01-31T14:30:00`, without a zone, as a workbook
 * has none.
 */
export const xlsxFormat = ({ sheet: wanted }: XlsxOptions): Format => ({
  rewrite: (bytes, edits, origin) => editWorkbook(Buffer.from(bytes), wanted, edits, origin),
  reads: (text) => plainNumber(text) ?? text,
  open: async (bytes, origin) => {
    const { sheet, bytes: safe } = await openWorkbook(await whole(bytes, origin), wanted, origin)
    const { readSheet } = await import('read-excel-file/node')
    const rows = await readSheet(safe, sheet, { trim: false, parseNumber: decimal }).catch((cause) => {
      throw new SourceRefusedError(`sheet "${sheet}" of ${origin} cannot be read: ${cause.message}`, {
        where: `${origin}, sheet ${sheet}`,
        hint: 'open it in Excel and save it again',
        cause,
      })
    })
    const cells = rows.map((row) => row.map(cellText))
    const head = cells.findIndex((row) => row.some(Boolean))
    if (head < 0) throw empty(sheet, origin)
    refuseTitle(cells, head, sheet, origin)
    const records = cells.flatMap((row, index) =>
      index > head && row.some(Boolean) ? [{ line: index + 1, cells: row }] : [],
    )
    const columns = (cells[head] ?? []).map((name) => name.trim())
    return { columns, headerLine: head + 1, batches: portions(records) }
  },
})

const MOST_BYTES = 100 * MEGABYTE

const whole = async (bytes: AsyncIterable<Uint8Array>, origin: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    size += chunk.length
    if (size <= MOST_BYTES) continue
    throw new SourceRefusedError(`${origin} is larger than ${MOST_BYTES / MEGABYTE} MB`, {
      where: origin,
      hint: 'a workbook is read as a whole; export the sheet as CSV, which has no limit',
    })
  }
  return Buffer.concat(chunks)
}

/** Excel keeps 15 digits; what a binary number holds beyond them (14.387999999999998) is no part of the figure. */
const decimal = (text: string): string => {
  const number = Number(text)
  return Number.isFinite(number) ? String(Number(number.toPrecision(15))) : text
}

const cellText = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return value instanceof Date ? moment(value) : String(value)
}

/** The reader gives the wall time as if it were UTC; a fraction of a second is the error of a day's fraction. */
const moment = (date: Date): string => {
  const time = Math.round(date.getTime() / 1000) * 1000
  if (!Number.isFinite(time)) return '#VALUE!'
  const iso = new Date(time).toISOString().slice(0, 19)
  return iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso
}

/** A row with one cell above rows with several is a title. */
const refuseTitle = (cells: readonly (readonly string[])[], head: number, sheet: string, origin: string): void => {
  const filled = (row: readonly string[] | undefined): number => row?.filter(Boolean).length ?? 0
  const next = cells.slice(head + 1).find((row) => filled(row) > 0)
  if (filled(cells[head]) !== 1 || filled(next) < 2) return
  const title = cells[head]?.find(Boolean)
  throw new SourceRefusedError(`the first row of sheet "${sheet}" of ${origin} holds only ${JSON.stringify(title)}`, {
    where: `${origin}, sheet ${sheet}, row ${head + 1}`,
    hint: 'the first row must name the columns; take titles above it away',
  })
}

const BATCH = 500

async function* portions(records: readonly TableRecord[]): AsyncGenerator<readonly TableRecord[]> {
  for (let start = 0; start < records.length; start += BATCH) yield records.slice(start, start + BATCH)
}

const empty = (sheet: string, origin: string): SourceRefusedError =>
  new SourceRefusedError(`sheet "${sheet}" of ${origin} is empty`, {
    where: `${origin}, sheet ${sheet}`,
    hint: 'set "sheet" to the one that holds the rows; nothing is planned from an empty source',
  })
