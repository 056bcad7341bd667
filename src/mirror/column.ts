import { canonical, canonicalDecimal, type Field, stableJson, type Value } from '../model/index.ts'

/** A value as SQLite holds it. */
export type Cell = string | number | null

/** One field of a definition as a column. */
export interface Column {
  readonly name: string
  readonly field: Field
  readonly sqlType: string
  /** The cell for what the API holds. @throws {TypeError} as `canonical` does. */
  readonly read: (raw: unknown) => Cell
  /** The canonical value of a cell. */
  readonly value: (cell: Cell) => Value
}

export const columnOf = (name: string, field: Field): Column => ({
  name,
  field,
  sqlType: SQL_TYPE[field.kind],
  read: reader(field),
  value: VALUE[field.kind],
})

/**
 * The cell of a canonical value.
 * @throws {TypeError} for an amount with more digits than a column keeps exactly (15).
 */
export const toCell = (field: Field, value: Value): Cell => {
  if (value === null) return null
  switch (field.kind) {
    case 'money':
    case 'decimal':
      return exactNumber(String(value))
    case 'flag':
      return value ? 1 : 0
    case 'ids':
    case 'json':
      return JSON.stringify(value)
    default:
      return value as Cell
  }
}

// DECIMAL has numeric affinity: SQL can sum the column, and 15 digits come back as they went in.
const SQL_TYPE: Record<Field['kind'], string> = {
  integer: 'INTEGER',
  flag: 'INTEGER',
  text: 'TEXT',
  timestamp: 'TEXT',
  money: 'DECIMAL(18,4)',
  decimal: 'DECIMAL(18,4)',
  ids: 'TEXT',
  json: 'TEXT',
}

const VALUE: Record<Field['kind'], (cell: Cell) => Value> = {
  integer: (cell) => cell,
  text: (cell) => cell,
  timestamp: (cell) => cell,
  flag: (cell) => (cell === null ? null : cell === 1),
  money: (cell) => (cell === null ? null : decimalText(cell)),
  decimal: (cell) => (cell === null ? null : decimalText(cell)),
  ids: (cell) => (cell === null ? null : JSON.parse(String(cell))),
  json: (cell) => (cell === null ? null : JSON.parse(String(cell))),
}

const decimalText = (cell: string | number): string => {
  const text = String(cell)
  return text.includes('e') ? (canonicalDecimal(cell) ?? text) : text
}

const exactNumber = (decimal: string): number => {
  const number = Number(decimal)
  if (canonicalDecimal(number) !== decimal) throw new TypeError('a number too large to be exact')
  return number
}

/** What usual answers hold is recognised at once; everything else takes the careful way, which decides. */
const reader = (field: Field): Column['read'] => {
  const careful = (raw: unknown): Cell => toCell(field, canonical(field, raw))
  const zero = field.unset === 'zero' ? null : 0
  const empty = field.unset === 'empty' ? null : ''
  switch (field.kind) {
    case 'text':
      if (field.lower || field.path) return careful
      return (raw) => (typeof raw === 'string' ? (raw === '' ? empty : raw) : raw === null ? null : careful(raw))
    case 'integer':
      return (raw) => (Number.isSafeInteger(raw) ? (raw === 0 ? zero : (raw as number)) : careful(raw))
    case 'money':
    case 'decimal':
      return (raw) => {
        if (raw === 0) return zero
        return typeof raw === 'number' && isFourPlaces(raw) ? raw : careful(raw)
      }
    case 'flag':
      return (raw) => (raw === true ? 1 : raw === false ? 0 : careful(raw))
    case 'timestamp':
      return (raw) => (typeof raw === 'string' && USUAL_TIME.test(raw) ? `${raw.slice(0, 19)}Z` : careful(raw))
    case 'json':
      return (raw) => (typeof raw === 'object' && raw !== null ? stableJson(raw) : careful(raw))
    case 'ids':
      return careful
  }
}

/** Below a hundred thousand millions four places are at most 15 digits, which a binary float keeps apart. */
const isFourPlaces = (raw: number): boolean => Math.abs(raw) < 1e11 && Math.round(raw * 1e4) / 1e4 === raw

/** UTC in ISO-8601; the last days of a month are left to the careful way, which knows how long months are. */
const USUAL_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|\+00:00)$/
