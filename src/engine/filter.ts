import { type Filter, sameValue, type Value, type Values } from '../model/index.ts'

/** Whether a store row takes part in a sync. A list field passes when it holds one of the values. */
export const passesFilter = ({ equals, sku }: Filter, row: Values): boolean =>
  Object.entries(equals).every(([field, wanted]) => wanted.some((value) => holds(row[field] ?? null, value))) &&
  (sku === undefined || (typeof row['sku'] === 'string' && glob(sku).test(row['sku'])))

const holds = (actual: Value, wanted: Value): boolean =>
  Array.isArray(actual) ? actual.includes(wanted) : sameValue(actual, wanted)

/** `*` is any text and `?` any character; case does not matter, as in the store. */
const glob = (pattern: string): RegExp => {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${body}$`, 'isu')
}
