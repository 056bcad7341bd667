import { type Filter, sameValue, type Value, type Values } from '../model/index.ts'

/** Whether a store row takes part in a sync. A list field passes when it holds one of the values. */
export const passesFilter = ({ equals, sku }: Filter, row: Values): boolean =>
  Object.entries(equals).every(([field, wanted]) => wanted.some((value) => holds(row[field] ?? null, value))) &&
  (sku === undefined || (typeof row['sku'] === 'string' && matchesGlob(sku, row['sku'])))

const holds = (actual: Value, wanted: Value): boolean =>
  Array.isArray(actual) ? actual.includes(wanted) : sameValue(actual, wanted)

/**
 * `*` is any text and `?` any character; case does not matter, as in the store. Only the last `*` is ever tried again, so a
 * pattern of many takes no longer than its length times the text's; as a regular expression it could take for ever.
 */
const matchesGlob = (pattern: string, text: string): boolean => {
  const wanted = [...pattern.toLowerCase()]
  const given = [...text.toLowerCase()]
  let [at, star, tried] = [0, -1, 0]
  for (let place = 0; place < given.length; ) {
    if (wanted[at] === '*') {
      star = at
      tried = place
      at += 1
    } else if (wanted[at] === '?' || wanted[at] === given[place]) {
      at += 1
      place += 1
    } else if (star >= 0) {
      at = star + 1
      tried += 1
      place = tried
    } else return false
  }
  return wanted.slice(at).every((one) => one === '*')
}
