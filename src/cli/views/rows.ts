import { stringify } from 'csv-stringify/sync'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, counted } from './text.ts'

/** What a query answered. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

export type RowFormat = 'table' | 'csv' | 'json' | 'jsonl'

/** Rows of a query. `table` is for people; the others hold every value as it is, CSV with or without its header. */
export const rowsText = (result: Rows, format: RowFormat, screen: Screen, header = true): string => {
  switch (format) {
    case 'table':
      return rowTable(result, screen)
    case 'csv':
      return stringify(
        result.rows.map((row) => row.map(plain)),
        { header, columns: [...result.columns] },
      ).trimEnd()
    case 'json':
      return JSON.stringify(objects(result), null, 2)
    case 'jsonl':
      return objects(result)
        .map((row) => JSON.stringify(row))
        .join('\n')
  }
}

const rowTable = ({ columns, rows }: Rows, screen: Screen): string => {
  const numeric = columns.map(
    (_, index) =>
      rows.some((row) => isNumber(row[index])) && rows.every((row) => row[index] === null || isNumber(row[index])),
  )
  const drawn = table(
    columns.map((head, index) => ({ head: clean(head), align: numeric[index] ? 'right' : 'left' })),
    rows.map((row) => row.map((value) => (value === null ? '' : clean(String(plain(value)))))),
    screen,
  )
  return `${drawn}\n${screen.paint.dim(counted(rows.length, 'row'))}`
}

const objects = ({ columns, rows }: Rows): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, exact(row[index])])))

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint'

// JSON numbers are exact to 2^53 only; a larger integer is told as text.
const exact = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

const plain = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)
