import type { KeyRange } from '../mirror/index.ts'
import type { Page } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody } from './incoming.ts'
import { boundsOf, isWithin } from './key-range.ts'
import type { ReadingBook } from './reading-book.ts'
import { includesOf } from './scope-of-pull.ts'
import { sideBySide } from './side-by-side.ts'

/**
 * Reads the ranges of keys that a pull has still open, side by side. One range alone is cut into stretches of whole pages first, so
 * that all of them together take no more requests than one page after the other.
 */
export const readRanges = async (context: Context, side: StoreSide, book: ReadingBook): Promise<void> => {
  const [range, ...others] = book.state().open
  if (range && !others.length) await cut(context, side, book, range)
  await sideBySide(book.state().open.map((open) => (isHalted) => readRange(context, side, book, open, isHalted)))
}

/**
 * Reads the first page of a range, and the first page of each stretch, which lies as many pages further on. A stretch ends where the
 * next one was seen to begin: asked for keys up to there, the store says itself that nothing is left out in between.
 */
const cut = async (context: Context, side: StoreSide, book: ReadingBook, range: KeyRange): Promise<void> => {
  const first = await fetchPage(side, book, range)
  book.opened(first)
  const heads = startsOf(book, first).map((number) => fetchPage(side, book, range, number))
  for (const head of heads) head.catch(() => undefined)
  book.take(first, { covers: { after: range.after, upTo: endOf(book, range, first) } })
  await sideBySide(
    heads.map((head) => async () => {
      const page = await head
      const [body] = page.bodies
      if (!body) return
      const covers = { after: keyInBody(book.task.resource, body) - 1, upTo: endOf(book, range, page) }
      // Where the list has moved so far that it was read in part, it is read again from where the stretch before ends.
      if (isWithin(book.state().open, covers)) book.take(page, { covers })
    }),
  )
  if (!first.last) stopIfAsked(context, `the pull of ${book.task.resource.name}`)
}

/** Numbers of the pages at which further stretches begin: none shorter than two pages, of which the second proves where it ends. */
const startsOf = (book: ReadingBook, { bodies, total, last }: Page): readonly number[] => {
  if (last || total === null || book.task.resource.api.list?.keyset?.upTo === undefined) return []
  const pages = Math.ceil(total / bodies.length)
  const stretches = Math.min(MOST_STRETCHES, pages >> 1)
  return Array.from({ length: stretches }, (_none, at) => Math.floor((at * pages) / stretches) + 1).slice(1)
}

/** At 15 requests a second they keep the pace up to round trips of 400 ms. */
const MOST_STRETCHES = 6

const readRange = async (
  context: Context,
  side: StoreSide,
  book: ReadingBook,
  { after: start, upTo: end }: KeyRange,
  isHalted: () => boolean,
): Promise<void> => {
  let next: Promise<Page> | null = fetchPage(side, book, { after: start, upTo: end })
  for (let after = start; next; ) {
    const page: Page = await next
    const upTo = endOf(book, { after, upTo: end }, page)
    // The next page travels while this one is written.
    const goesOn = !page.last && !isHalted() && !context.signal.aborted
    next = goesOn ? fetchPage(side, book, { after: upTo, upTo: end }) : null
    next?.catch(() => undefined)
    book.take(page, { covers: { after, upTo } })
    after = upTo
    if (!page.last && !next) stopIfAsked(context, `the pull of ${book.task.resource.name}`)
  }
}

/** Up to which key a page holds everything: to the end of its range, when no page follows. */
const endOf = (
  { task: { resource } }: ReadingBook,
  { after, upTo }: KeyRange,
  { bodies, last }: Page,
): number | null => {
  const tail = bodies.at(-1)
  return last ? upTo : tail ? keyInBody(resource, tail) : after
}

const fetchPage = (
  side: StoreSide,
  { task: { resource, children }, state }: ReadingBook,
  range: KeyRange,
  page?: number,
): Promise<Page> => {
  const include = includesOf(children)
  const { since } = state()
  return side.store.page(resource, {
    ...boundsOf(range),
    ...(page === undefined ? {} : { page }),
    ...(since ? { since } : {}),
    ...(include.length ? { include } : {}),
  })
}
