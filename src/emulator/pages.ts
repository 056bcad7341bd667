import { ok, problem, refuse } from './answers.ts'
import type { Answer, Call } from './types.ts'

export interface PageRules {
  /** Rows a page without `limit`. */
  readonly usual?: number
  /** Most rows a page. */
  readonly most?: number
  /** `total_pages` is reckoned from this limit instead of the one that was applied. */
  readonly claimedLimit?: number
}

/** v3: one page of the rows, with `meta.pagination` (docs/bigcommerce.md, Paging). `shape` is called for the page's rows only. */
export const page = <R>(call: Call, rows: readonly R[], shape: (row: R) => unknown, rules: PageRules = {}): Answer => {
  const { number, limit } = pageOf(call, rules)
  const data = rows.slice((number - 1) * limit, number * limit).map(shape)
  const pages = Math.ceil(rows.length / (rules.claimedLimit ?? limit))
  const link = (to: number): string => `?page=${to}&limit=${limit}`
  return ok(data, {
    pagination: {
      total: rows.length,
      count: data.length,
      per_page: limit,
      current_page: number,
      total_pages: pages,
      links: {
        ...(number > 1 && { previous: link(number - 1) }),
        current: link(number),
        ...(number < pages && { next: link(number + 1) }),
      },
    },
  })
}

/**
 * v3 with cursors: `after` or `before` gives the page beyond that row and `meta.cursor_pagination` alone; without them a page by
 * number, the first of which tells its cursors too. Beyond the last row the cursor given comes back with no rows.
 */
export const cursorPage = <R extends { readonly id: number }>(
  call: Call,
  rows: readonly R[],
  shape: (row: R) => unknown,
): Answer => {
  const { query } = call
  const { number, limit } = pageOf(call)
  const [after, before] = [query.get('after'), query.get('before')]
  if (after !== null && before !== null) refuse(problem(422, 'before and after exclude each other.', {}))
  if (after === null && before === null) {
    const numbered = page(call, rows, shape)
    if (number > 1) return numbered
    const { data, meta } = numbered.body as { data: unknown[]; meta: object }
    return ok(data, { ...meta, ...cursors(rows.slice(0, limit), rows.length > limit, limit) })
  }
  const place = rows.findIndex(({ id }) => cursorOf(id) === (after ?? before))
  if (place < 0) refuse(problem(422, 'The cursor is not valid.', {}))
  const beyond = after === null ? rows.slice(Math.max(0, place - limit), place) : rows.slice(place + 1)
  const given = beyond.slice(0, limit)
  return ok(given.map(shape), cursors(given, beyond.length > limit, limit, after ?? before ?? ''))
}

/** v2: the bare rows of one page; 204 where there are none. */
export const v2Page = <R>(
  call: Call,
  rows: readonly R[],
  shape: (row: R) => unknown,
  rules: PageRules = {},
): Answer => {
  const { number, limit } = pageOf(call, rules)
  const data = rows.slice((number - 1) * limit, number * limit).map(shape)
  return data.length ? { status: 200, body: data } : { status: 204 }
}

/** `page` and `limit` as the server takes them. */
const pageOf = (
  { query, settings }: Call,
  { usual = 50, most = 250 }: PageRules = {},
): { number: number; limit: number } => {
  const asked = whole(query, 'limit', usual)
  if (asked > most && settings.overLimit === 'refuse') refuse(problem(413, `The maximum limit is ${most}.`))
  return { number: whole(query, 'page', 1), limit: Math.min(asked, most) }
}

/** Applies `include_fields` and `exclude_fields`; the fields named after the query stay, the id where none is. */
export const narrow = (query: URLSearchParams, ...always: readonly string[]): ((body: Body) => Body) => {
  const kept = always.length ? always : ['id']
  const only = listOf(query, 'include_fields')
  const without = listOf(query, 'exclude_fields')
  if (!only && !without) return (body) => body
  return (body) =>
    Object.fromEntries(
      Object.entries(body).filter(
        ([name]) => kept.includes(name) || ((only?.has(name) ?? true) && !without?.has(name)),
      ),
    )
}

/** A comma-separated parameter as a set; undefined when it was not sent. */
export const listOf = (query: URLSearchParams, name: string): ReadonlySet<string> | undefined => {
  const text = query.get(name)
  return text === null ? undefined : new Set(text.split(',').map((one) => one.trim()))
}

type Body = Readonly<Record<string, unknown>>

const whole = (query: URLSearchParams, name: string, otherwise: number): number => {
  const number = Number(query.get(name) ?? otherwise)
  return Number.isInteger(number) && number > 0 ? number : otherwise
}

const cursorOf = (id: number): string => btoa(`id:${id}`)

const cursors = (rows: readonly { readonly id: number }[], more: boolean, limit: number, given = ''): object => {
  const [first, last] = [rows[0], rows.at(-1)]
  const end_cursor = last ? cursorOf(last.id) : given
  const links = more ? { next: `?after=${encodeURIComponent(end_cursor)}&limit=${limit}` } : {}
  const start_cursor = first ? cursorOf(first.id) : given
  return { cursor_pagination: { count: rows.length, per_page: limit, start_cursor, end_cursor, links } }
}
