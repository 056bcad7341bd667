import { type Embedded, isoTime, type Listing, type Resource, UsageError } from '../model/index.ts'
import type { PageRequest } from './types.ts'

/** Path with query, and the most rows that it can bring. */
export interface ListingRequest {
  readonly path: string
  readonly limit: number
}

/**
 * The request for one page of a listing (docs/bigcommerce.md, Paging and filters).
 * @throws {UsageError} when the resource has no such listing or filter
 */
export const pageRequest = (resource: Resource, request: PageRequest): ListingRequest => {
  const listing = listingOf(resource)
  const include = request.include ?? []
  const limit = Math.min(request.limit ?? listing.pageSize, listing.pageSize, ...include.map(sizeOf))
  const since = sinceFilter(resource, listing, request.since)
  const query: Query = { ...listing.query, ...since, ...newestQuery(resource, request), ...includeQuery(include) }
  if (request.only?.length && listing.only) query[listing.only] = request.only.join(',')
  if (request.ids) query[asked(listing.ids, resource, 'ids')] = request.ids.join(',')
  if (request.after !== undefined) {
    const { param, inclusive } = asked(listing.keyset, resource, 'keys beyond another')
    query[param] = String(inclusive ? request.after + 1 : request.after)
  }
  if (request.upTo !== undefined) query[asked(listing.keyset?.upTo, resource, 'keys up to one')] = String(request.upTo)
  if (request.cursor !== undefined) query['after'] = request.cursor
  const isPaged = listing.paging === 'keyset' || listing.paging === 'cursor' || listing.paging === 'page'
  if (isPaged) query['limit'] = String(limit)
  if (listing.paging === 'page' || (isPaged && request.page)) query['page'] = String(request.page ?? 1)
  return { path: pathOf(resource, request.of) + queryText(query), limit: isPaged ? limit : Number.POSITIVE_INFINITY }
}

/** The path of one row, for listings that cannot be asked for a list of keys; null where they can, or where there is none. */
export const oneRequest = (resource: Resource, key: number, { include = [] }: PageRequest): string | null => {
  const { ids, one } = listingOf(resource)
  if (ids !== undefined || one === undefined) return null
  return one.replace(/\{\w+\}/, String(key)) + queryText(includeQuery(include))
}

/** The request that tells how many rows there are, null where the API does not. */
export const totalRequest = (resource: Resource, { of, since }: Pick<PageRequest, 'of' | 'since'>): string | null => {
  const listing = listingOf(resource)
  const filter = sinceFilter(resource, listing, since)
  if (listing.total === undefined) return null
  if (listing.total === 'pagination')
    return pathOf(resource, of) + queryText({ ...listing.query, ...filter, limit: '1' })
  return listing.total.path + queryText(filter)
}

/** @throws {UsageError} when the resource cannot be listed on its own */
export const listingOf = (resource: Resource): Listing => asked(resource.api.list, resource, 'a list')

type Query = Record<string, string>

const pathOf = (resource: Resource, of: number | undefined): string => {
  const { path, per } = listingOf(resource)
  if ((per === undefined) === (of === undefined)) return path.replace(/\{\w+\}/, String(of))
  throw new UsageError(`${resource.name} are listed ${per ? `for one of ${per} each` : 'all together'}`)
}

const includeQuery = (include: readonly Embedded[]): Query => {
  const query: Query = {}
  for (const embedded of include) Object.assign(query, embedded.query)
  const included = new Set(include.flatMap((one) => one.include ?? []))
  return included.size ? { ...query, include: [...included].join(',') } : query
}

const newestQuery = (resource: Resource, { newest }: PageRequest): Query =>
  newest ? asked(listingOf(resource).since?.newest, resource, 'what changed last') : {}

const sizeOf = ({ pageSize, apart }: Embedded): number =>
  pageSize ?? (apart ? PARENTS_A_PAGE : Number.POSITIVE_INFINITY)

/** Where each row takes requests of its own, a page is kept to about a hundred: it is durable as a whole. */
const PARENTS_A_PAGE = 25

/** A moment without its time of day would get the present one added by the store, so only full moments are sent. */
const sinceFilter = (resource: Resource, listing: Listing, since: string | undefined): Query => {
  if (since === undefined) return {}
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(since)) {
    throw new UsageError(`"${since}" is not a full UTC time`, { hint: 'Write it like 2026-01-31T08:00:00Z.' })
  }
  return { [asked(listing.since, resource, 'changes since a moment').param]: isoTime(Date.parse(since)) }
}

const asked = <T>(value: T | undefined, resource: Resource, what: string): T => {
  if (value !== undefined) return value
  throw new UsageError(`${resource.name} cannot be asked for ${what}`)
}

const queryText = (query: Query): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== '')
  return pairs.length ? `?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}` : ''
}

/** Colons and commas have no meaning of their own in a query; long lists of ids stay short and readable with them. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',')
