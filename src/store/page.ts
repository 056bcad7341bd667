import { type Body, isOlderPath, isoTime, lookUp, type Resource, UnexpectedAnswerError } from '../model/index.ts'
import { elementTexts } from './element-texts.ts'
import { listingOf } from './listing.ts'
import type { Page, PageRequest } from './types.ts'
import type { Content } from './verdict.ts'

/**
 * Reads a listing's answer (docs/bigcommerce.md, Paging and filters). What is not the promised shape is never an empty page.
 * @param limit rows that were asked for
 * @throws {UnexpectedAnswerError}
 */
export const readPage = (resource: Resource, request: PageRequest, limit: number, content: Content): Page => {
  const page = pageOf(resource, request, limit, content)
  const texts = elementTexts(content.text)
  return texts?.length === page.bodies.length ? { ...page, texts } : page
}

const pageOf = (resource: Resource, request: PageRequest, limit: number, content: Content): Page => {
  const { paging, path } = listingOf(resource)
  const serverTime = timeOf(content.header('date'))
  if (paging === 'single') return readOne(resource, content)
  const bodies = readRows(path, content, isOlderPath(path) || listingOf(resource).noContent)
  if (paging === 'whole') return { bodies, total: bodies.length, last: true, serverTime }
  if (paging === 'keyset' && !request.newest) checkOrder(resource, request, bodies)
  if (paging === 'cursor') return { ...cursorPage(path, request, bodies, limit, content), serverTime }
  const { total, perPage, before } = paginationOf(content.json)
  const isShort = bodies.length < Math.min(limit, perPage ?? limit)
  // A page can be shorter than asked for because the store caps it: then the total tells of more.
  const isFurther = total === null ? !isShort : total > before + bodies.length
  const last = bodies.length === 0 || (!isFurther && (isShort || isLater(request)))
  return { bodies, total, last, serverTime }
}

/**
 * A full page ends the list when its total says so, but for the first: a store that gave the length of each page for the total would
 * be believed there, while later its totals do not add up.
 */
const isLater = ({ after, page = 1 }: PageRequest): boolean => after !== undefined || page > 1

/**
 * Reads an answer that is the one row.
 * @throws {UnexpectedAnswerError}
 */
export const readOne = (resource: Resource, { json, header }: Content): Page => {
  const { path } = listingOf(resource)
  const row = isOlderPath(path) ? json : isBody(json) ? json['data'] : undefined
  if (!isBody(row) || Object.keys(row).length === 0) throw unexpected(path, 'no object')
  return { bodies: [row], total: 1, last: true, serverTime: timeOf(header('date')) }
}

/** @throws {UnexpectedAnswerError} */
export const readTotal = (resource: Resource, { json }: Content): number | null => {
  const { total, path } = listingOf(resource)
  if (total === undefined) return null
  if (total === 'pagination') {
    const counted = paginationOf(json).total
    if (counted === null) throw unexpected(path, 'no total')
    return counted
  }
  // Some stores' counts lack the sum; then the API does not tell.
  return isBody(json) ? natural(lookUp(json, total.at)) : null
}

/**
 * Only the first page tells the total, and the end of each page is where the next one begins. Some lists answer without links: then
 * a short page is the last (docs/bigcommerce.md, Paging).
 */
const cursorPage = (
  path: string,
  { cursor }: PageRequest,
  bodies: readonly Body[],
  limit: number,
  { json }: Content,
): Omit<Page, 'serverTime'> => {
  const paging = isBody(json) ? lookUp(json, 'meta.cursor_pagination') : undefined
  const end = isBody(paging) ? paging['end_cursor'] : undefined
  const links = isBody(paging) ? paging['links'] : {}
  const isFurther = isBody(links) ? links['next'] : bodies.length >= limit
  const isLast = bodies.length === 0 || !isFurther
  const { total } = paginationOf(json)
  if (isLast) return { bodies, total, last: true }
  if (typeof end !== 'string' || end === cursor) throw unexpected(path, 'a cursor that does not go forward')
  return { bodies, total, last: false, cursor: end }
}

/**
 * The elements of a list. v2 answers an empty one with 204, and so do some others (`mayBeNone`).
 * @throws {UnexpectedAnswerError}
 */
export const readRows = (path: string, { status, json }: Content, mayBeNone = isOlderPath(path)): readonly Body[] => {
  if (status === 204 && mayBeNone) return []
  if (status !== 200) throw unexpected(path, `${status} instead of a list`)
  const rows = isOlderPath(path) ? json : isBody(json) ? json['data'] : undefined
  if (!(Array.isArray(rows) && rows.every(isBody))) throw unexpected(path, 'no list')
  return rows
}

/** Guards against a listing that ignores the filter or the sort: its pages would go round in a circle or leave rows out. */
const checkOrder = (resource: Resource, { after, upTo }: PageRequest, bodies: readonly Body[]): void => {
  const name = resource.key[0] ?? ''
  let last = after ?? Number.NEGATIVE_INFINITY
  for (const body of bodies) {
    const key = lookUp(body, resource.fields[name]?.at ?? name)
    if (typeof key !== 'number' || !(key > last)) {
      throw unexpected(listingOf(resource).path, `${name} ${JSON.stringify(key)} where one beyond ${last} was due`)
    }
    last = key
  }
  if (upTo !== undefined && last > upTo) {
    throw unexpected(listingOf(resource).path, `${name} ${last} where none beyond ${upTo} was due`)
  }
}

/** Sites count by other words (docs/bigcommerce.md, Channels and sites). */
const paginationOf = (json: unknown): { total: number | null; perPage: number | null; before: number } => {
  const pagination = isBody(json) ? lookUp(json, 'meta.pagination') : undefined
  if (!isBody(pagination)) return { total: null, perPage: null, before: 0 }
  const perPage = natural(pagination['per_page'] ?? pagination['limit'])
  const page = natural(pagination['current_page']) ?? 1
  const before = natural(pagination['offset']) ?? Math.max(0, page - 1) * (perPage ?? 0)
  return { total: natural(pagination['total'] ?? pagination['total_items']), perPage, before }
}

const natural = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

const timeOf = (date: string | null): string | null => {
  const millis = Date.parse(date ?? '')
  return Number.isNaN(millis) ? null : isoTime(millis)
}

const unexpected = (path: string, what: string): UnexpectedAnswerError =>
  new UnexpectedAnswerError(`GET ${path} answered with ${what}`, {
    where: path,
    hint: 'Run it again; if it stays, something between Skiff and the store changes the answers.',
  })

const isBody = (value: unknown): value is Body => value !== null && typeof value === 'object' && !Array.isArray(value)
