import { invalid, refuse } from './answers.ts'

/** Says whether a row passes, for the text of one query parameter. */
type Filter<R> = (text: string) => (row: R) => boolean

/** Filters by the name of their parameter. */
export type Filters<R> = Readonly<Record<string, Filter<R>>>

/**
 * The rows that pass every filter of the query. `others` are the endpoint's parameters that are no filters.
 * @throws {Refusal} 422 naming the parameters that the endpoint does not know (docs/bigcommerce.md, Filters).
 */
export const filtered = <R>(
  query: URLSearchParams,
  rows: readonly R[],
  filters: Filters<R>,
  others: readonly string[] = PAGING,
): readonly R[] => {
  const tests = testsOf(query, filters, others)
  return tests.length ? rows.filter((row) => tests.every((test) => test(row))) : rows
}

/** The filters of a query, ready to be asked. @throws {Refusal} as `filtered`. */
const testsOf = <R>(
  query: URLSearchParams,
  filters: Filters<R>,
  others: readonly string[] = PAGING,
): ((row: R) => boolean)[] => {
  const names = [...new Set(query.keys())]
  const unknown = names.filter((name) => !Object.hasOwn(filters, name) && !others.includes(name))
  if (unknown.length) refuse(invalid(`The filter(s): ${unknown.join(', ')} are not valid filter parameter(s).`))
  return names.flatMap((name) => {
    const filter = filters[name]
    return filter && Object.hasOwn(filters, name) ? [filter(query.get(name) ?? '')] : []
  })
}

/** Parameters of most lists that are no filters. */
export const PAGING: readonly string[] = ['page', 'limit', 'include_fields', 'exclude_fields']

type Suffix = '' | ':in' | ':not_in' | ':min' | ':max' | ':greater' | ':less' | ':like' | ':not'

/** Number filters of a field, one a suffix: `numbers('id', ['', ':in', ':greater'], (row) => row.id)`. */
export const numbers = <R>(name: string, suffixes: readonly Suffix[], of: (row: R) => number): Filters<R> =>
  family(name, suffixes, of, (text) => number(name, text))

/** Text filters, exact where no suffix says otherwise. */
export const texts = <R>(name: string, suffixes: readonly Suffix[], of: (row: R) => string): Filters<R> =>
  family(name, suffixes, of, (text) => text)

/** Text filters ignoring case. */
export const textsNoCase = <R>(name: string, suffixes: readonly Suffix[], of: (row: R) => string): Filters<R> =>
  family(
    name,
    suffixes,
    (row) => of(row).toLowerCase(),
    (text) => text.toLowerCase(),
  )

/**
 * Moment filters on a field that holds a date in any form that `Date.parse` reads. ISO-8601, RFC 2822 and unix seconds are taken;
 * a date without a time means that day at the time of day of the request.
 */
export const moments = <R>(
  name: string,
  suffixes: readonly Suffix[],
  of: (row: R) => string,
  now: number,
): Filters<R> =>
  family(
    name,
    suffixes,
    (row) => Date.parse(of(row)),
    (text) => moment(name, text, now),
  )

/** Filters for `true`/`false` and `1`/`0`. */
export const flags = <R>(name: string, of: (row: R) => boolean): Filters<R> => ({
  [name]: (text) => {
    if (!/^(true|false|1|0)$/.test(text))
      refuse(invalid(`Invalid value for filter ${name}.`, { [name]: 'not a boolean' }))
    const wanted = text === 'true' || text === '1'
    return (row) => of(row) === wanted
  },
})

/** The moment that a filter's text means, ms. */
export const moment = (name: string, text: string, now: number): number => {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text + new Date(now).toISOString().slice(10, 19).concat('Z') : text
  const millis = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(ZONED.test(full) ? full : `${full}Z`)
  return Number.isNaN(millis) ? refuse(invalid(`Invalid value for filter ${name}.`, { [name]: 'not a date' })) : millis
}

const ZONED = /Z$|[+-]\d{2}:?\d{2}$|GMT$|UTC$|[A-Za-z]{3},/

const number = (name: string, text: string): number => {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value)
    ? refuse(invalid(`Invalid value for filter ${name}.`, { [name]: 'not a number' }))
    : value
}

const family = <R, V extends string | number>(
  name: string,
  suffixes: readonly Suffix[],
  of: (row: R) => V,
  parse: (text: string) => V,
): Filters<R> => Object.fromEntries(suffixes.map((suffix) => [name + suffix, operator(suffix, of, parse)]))

const operator = <R, V extends string | number>(
  suffix: Suffix,
  of: (row: R) => V,
  parse: (text: string) => V,
): Filter<R> => {
  switch (suffix) {
    case ':in':
    case ':not_in': {
      const wanted = suffix === ':in'
      return (text) => {
        const values = new Set(text.split(',').map((one) => parse(one.trim())))
        return (row) => values.has(of(row)) === wanted
      }
    }
    case ':like':
      return (text) => (row) => String(of(row)).toLowerCase().includes(text.replaceAll('%', '').toLowerCase())
    default: {
      const passes = COMPARE[suffix]
      return (text) => {
        const value = parse(text)
        return (row) => passes(of(row), value)
      }
    }
  }
}

const COMPARE = {
  '': <V>(a: V, b: V) => a === b,
  ':not': <V>(a: V, b: V) => a !== b,
  ':min': <V>(a: V, b: V) => a >= b,
  ':max': <V>(a: V, b: V) => a <= b,
  ':greater': <V>(a: V, b: V) => a > b,
  ':less': <V>(a: V, b: V) => a < b,
}
