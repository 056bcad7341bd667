import type { PullState } from '../mirror/index.ts'
import type { Page } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { type ListOf, listsOf } from './lists-of.ts'
import { readNewest } from './read-newest.ts'
import { readRanges } from './read-ranges.ts'
import { type ListingReading, openBook, type ReadingBook } from './reading-book.ts'
import { includesOf, type PullTask } from './scope-of-pull.ts'

/** Reads a listing page by page from where the pull stands. Each page is durable together with the place to go on from. */
export const readListing = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  begun: PullState,
  run: string,
): Promise<ListingReading> => {
  const book = openBook(context, side, task, begun, run)
  if (task.resource.api.list?.paging === 'keyset') {
    if (!(await readNewest(side, book))) await readRanges(context, side, book)
  } else {
    const { resource } = task
    const known = begun.since === null ? undefined : side.mirror.knownLists(resource.name)
    for (const list of await listsOf(context, side, resource, 'read', begun.since, known)) {
      // What an attempt that was broken off has read to its end is not read again.
      if (list.of !== undefined && list.of <= (begun.cursor ?? 0)) continue
      stopIfAsked(context, `the pull of ${resource.name}`)
      await readList(context, side, book, list)
    }
  }
  return book.close()
}

const readList = async (context: Context, side: StoreSide, book: ReadingBook, list: ListOf): Promise<void> => {
  let next = fetchPage(side, book, list, 1)
  for (let number = 1, last = false; !last; number += 1) {
    const page = await next
    last = page.last
    if (number === 1) book.opened(page)
    // The next page travels while this one is written.
    if (!last && !context.signal.aborted) {
      next = fetchPage(side, book, list, number + 1, page.cursor)
      next.catch(() => undefined)
    }
    book.take(page, { cursor: list.of === undefined ? number : wholeUpTo(list.of, page) })
    if (!last) stopIfAsked(context, `the pull of ${book.task.resource.name}`)
  }
}

/** Of many lists, the place to go on from is the list that was read to its end, in the order of their keys. */
const wholeUpTo = (of: number, { last }: Page): number => (last ? of : of - 1)

const fetchPage = (
  side: StoreSide,
  { task: { resource, children }, state }: ReadingBook,
  list: ListOf,
  page: number,
  cursor?: string,
): Promise<Page> => {
  const include = includesOf(children)
  const { since } = state()
  return side.store.page(resource, {
    ...list,
    ...(resource.api.list?.paging === 'page' ? { page } : {}),
    ...(cursor === undefined ? {} : { cursor }),
    ...(since && resource.api.list?.since ? { since } : {}),
    ...(include.length ? { include } : {}),
  })
}
