import { refuse, v2Error } from '../answers.ts'
import type { Row } from '../table.ts'

/** Parameters of the list and of the count that choose orders (docs/bigcommerce.md, Orders). */
export const ORDER_FILTERS: readonly string[] = [
  'min_id',
  'max_id',
  'min_total',
  'max_total',
  'customer_id',
  'email',
  'status_id',
  'cart_id',
  'payment_method',
  'min_date_created',
  'max_date_created',
  'min_date_modified',
  'max_date_modified',
  'channel_id',
  'external_order_id',
  'is_deleted',
]

/** The orders that pass every filter of the query. Archived ones show only where `is_deleted` asks for them. */
export const matching = (query: URLSearchParams, rows: readonly Row[]): readonly Row[] => {
  const tests = ORDER_FILTERS.flatMap((name) => {
    const text = query.get(name)
    return text === null ? [] : [testOf(name, text)]
  })
  if (!query.has('is_deleted')) tests.push((row) => row['is_deleted'] === false)
  return rows.filter((row) => tests.every((test) => test(row)))
}

const testOf = (name: string, text: string): ((row: Row) => boolean) => {
  const [, bound, field] = /^(min|max)_(.+)$/.exec(name) ?? []
  if (field === undefined) {
    const wanted = EXACT_NUMBERS.has(name)
      ? number(name, text)
      : name === 'is_deleted'
        ? text === 'true'
        : text.toLowerCase()
    return (row) => exact(row, name) === wanted
  }
  const value = field.startsWith('date_') ? moment(name, text) : number(name, text)
  return bound === 'min' ? (row) => measure(row, field) >= value : (row) => measure(row, field) <= value
}

const EXACT_NUMBERS: ReadonlySet<string> = new Set(['customer_id', 'status_id', 'channel_id'])

const exact = (row: Row, name: string): unknown => {
  const value = name === 'email' ? (row['billing_address'] as Readonly<Record<string, unknown>>)['email'] : row[name]
  return typeof value === 'string' ? value.toLowerCase() : value
}

const measure = (row: Row, field: string): number => {
  if (field.startsWith('date_')) return Date.parse(String(row[field]))
  return Number(row[field === 'total' ? 'total_inc_tax' : field])
}

const number = (name: string, text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : invalid(name))

/** RFC 2822 or ISO-8601; a moment without a zone is UTC. */
const moment = (name: string, text: string): number => {
  const millis = Date.parse(/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text)
  return Number.isNaN(millis) ? invalid(name) : millis
}

const invalid = (name: string): never => refuse(v2Error(400, `The field '${name}' is invalid.`))
