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
export const pageOf = (
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
