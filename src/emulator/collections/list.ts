import type { Listing, Resource } from '../../model/index.ts'
import { ok } from '../answers.ts'
import { type Filters, filtered, moment } from '../filters.ts'
import { listOf, page, v2Page } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call } from '../types.ts'
import { bodyOf, tableOf } from './rows.ts'

/** The list of a derived collection, with the parameters that its definition names and no others. */
export const list =
  (resource: Resource, listing: Listing) =>
  (call: Call): Answer => {
    const v2 = listing.path.startsWith('/v2/')
    const [key = 'id'] = resource.key
    const inPath = Object.entries(call.params)
    const whole = tableOf(call.state, resource).list()
    const all = whole.filter((row) => inPath.every(([name, value]) => String(row[name]) === value))
    const shape = narrowed(resource, listing, call.query)
    if (listing.paging === 'single') {
      const [row] = all
      const body = row ? shape(row) : {}
      return v2 ? { status: 200, body } : ok(body)
    }
    const others = ['page', 'limit', ...Object.keys(listing.query ?? {}), ...(listing.only ? [listing.only] : [])]
    const rows = filtered(call.query, all, filtersOf(listing, key, call), others)
    const ordered = rows.toSorted((a, b) => Number(a[key] ?? a.id) - Number(b[key] ?? b.id))
    const most = listing.paging === 'whole' ? Math.max(1, ordered.length) : listing.pageSize
    const rules = { most, usual: listing.paging === 'whole' ? most : Math.min(50, most) }
    return v2 ? v2Page(call, ordered, shape, rules) : page(call, ordered, shape, rules)
  }

/** Where a list tells its total at a path of its own. */
export const countOf =
  (resource: Resource, at: string) =>
  ({ state }: Call): Answer => {
    const inner = at
      .split('.')
      .reduceRight<unknown>((value, name) => ({ [name]: value }), tableOf(state, resource).size)
    return { status: 200, body: inner }
  }

const filtersOf = ({ keyset, since, ids }: Listing, key: string, call: Call): Filters<Row> => ({
  ...(keyset && {
    [keyset.param]: (text) => {
      const from = Number(text)
      return (row) => (keyset.inclusive ? Number(row[key]) >= from : Number(row[key]) > from)
    },
  }),
  ...(keyset?.upTo && {
    [keyset.upTo]: (text) => {
      const to = Number(text)
      return (row) => Number(row[key]) <= to
    },
  }),
  ...(since && {
    [since.param]: (text) => {
      const from = moment(since.param, text, call.now())
      return (row) => Date.parse(String(row[since.field])) >= from
    },
  }),
  ...(ids && {
    [ids]: (text) => {
      const wanted = new Set(text.split(','))
      const [field = key] = ids.split(':')
      return (row) => wanted.has(String(row[field] ?? row[key]))
    },
  }),
})

const narrowed = (
  resource: Resource,
  { only }: Listing,
  query: URLSearchParams,
): ((row: Row) => Record<string, unknown>) => {
  const names = only ? listOf(query, only) : undefined
  return (row) => {
    const body = bodyOf(resource, row)
    if (!names) return body
    return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name) || resource.key.includes(name)))
  }
}
