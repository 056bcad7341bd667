import type { BadRow, PullState } from '../mirror/index.ts'
import { isoTime, type Resource, UnexpectedAnswerError } from '../model/index.ts'
import type { Page } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyTextInBody, rowsOf } from './incoming.ts'
import { type ListOf, listsOf } from './lists-of.ts'
import { includesOf, type PullTask } from './scope-of-pull.ts'

/** What one reading of a listing met. */
export interface ListingReading {
  readonly state: PullState
  /** Rows met, over all attempts of this pull. */
  readonly seen: number
  /** Keys met by this attempt, as texts; empty for a full pull by keys or of many lists, which needs none. */
  readonly keys: ReadonlySet<string>
  /** Elements that this attempt met, doubled ones included. */
  readonly elements: number
  /** What the first page of an unbroken pull told. */
  readonly totalAtStart: number | null
  /** Every total that the pages told; by page numbers, one only where the list stood still. */
  readonly totals: ReadonlySet<number | null>
  /** When the first page was read by the store's own clock; null after a break, because earlier pages came earlier. */
  readonly serverTime: string | null
  readonly bad: readonly BadRow[]
}

/** Reads a listing page by page from where the pull stands. Each page is durable together with the place to go on from. */
export const readListing = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  begun: PullState,
  run: string,
): Promise<ListingReading> => {
  const { resource, children } = task
  const { paging, per, rows } = resource.api.list ?? {}
  const bad: BadRow[] = []
  const keys = new Set<string>()
  const totals = new Set<number | null>()
  const keepsKeys = begun.since !== null || !(paging === 'keyset' || rows || per)
  let state = begun
  let totalAtStart: number | null = begun.cursor === null ? 0 : null
  let serverTime: string | null = null
  let elements = 0

  const readOne = async (list: ListOf): Promise<void> => {
    let pageNumber = 1
    let last = false
    let next = fetchPage(side, task, state, list, per ? null : begun.cursor, pageNumber)
    while (!last) {
      const page = await next
      const cursor =
        list.of === undefined ? nextCursor(resource, page, state.cursor, pageNumber) : wholeUpTo(list.of, page)
      last = page.last
      if (pageNumber === 1 && totalAtStart !== null) {
        totalAtStart = page.total === null ? null : totalAtStart + page.total
        serverTime ??= page.serverTime
      }
      totals.add(page.total)
      elements += page.bodies.length
      if (keepsKeys) for (const body of page.bodies) keys.add(keyTextInBody(resource, body))
      pageNumber += 1
      // The next page travels while this one is written.
      if (!last && !context.signal.aborted) {
        next = fetchPage(side, task, state, list, cursor, pageNumber, page.cursor)
        next.catch(() => undefined)
      }
      const saved = side.mirror.savePage(
        state,
        { resource, children, rows: rowsOf(resource, page.bodies), at: isoTime(context.clock.now()), run, last },
        cursor,
      )
      state = saved.pull
      for (const one of saved.bad) bad.push(one)
      reportProgress(context, side, resource, state, totalAtStart)
      if (!last) stopIfAsked(context, `the pull of ${resource.name}`)
    }
  }

  for (const list of await listsOf(context, side, resource, 'read')) {
    // What an attempt that was broken off has read to its end is not read again.
    if (list.of !== undefined && list.of <= (begun.cursor ?? 0)) continue
    stopIfAsked(context, `the pull of ${resource.name}`)
    await readOne(list)
  }
  // A list that was broken off was read twice, so its rows are counted by their keys.
  const seen = per && state.full ? side.mirror.seen(state) : rowsIn(state, resource)
  return { state, seen, keys, elements, totalAtStart, totals, serverTime, bad }
}

/** Of many lists, the place to go on from is the list that was read to its end, in the order of their keys. */
const wholeUpTo = (of: number, { last }: Page): number => (last ? of : of - 1)

const fetchPage = (
  side: StoreSide,
  { resource, children }: PullTask,
  state: PullState,
  list: ListOf,
  cursor: number | null,
  pageNumber: number,
  after?: string,
): Promise<Page> => {
  const paging = resource.api.list?.paging
  const include = includesOf(children)
  return side.store.page(resource, {
    ...list,
    ...(paging === 'keyset' && cursor !== null ? { after: cursor } : {}),
    ...(paging === 'page' ? { page: pageNumber } : {}),
    ...(after === undefined ? {} : { cursor: after }),
    ...(state.since ? { since: state.since } : {}),
    ...(include.length ? { include } : {}),
  })
}

const nextCursor = (resource: Resource, page: Page, before: number | null, pageNumber: number): number => {
  if (resource.api.list?.paging !== 'keyset') return pageNumber
  const key = resource.key[0] ?? 'id'
  const at = resource.fields[key]?.at ?? key
  const lastKey = page.bodies.at(-1)?.[at]
  if (lastKey === undefined) return before ?? 0
  if (typeof lastKey !== 'number' || (before !== null && lastKey <= before)) {
    throw new UnexpectedAnswerError(
      `${resource.name}: the list does not go forward (after ${before} came ${String(lastKey)})`,
      {
        hint: 'nothing was removed; run the pull again, and tell BigCommerce if it stays so',
      },
    )
  }
  return lastKey
}

const rowsIn = (state: PullState, resource: Resource): number =>
  state.counts.find((one) => one.resource === resource.name)?.rows ?? 0

const reportProgress = (
  context: Context,
  side: StoreSide,
  resource: Resource,
  state: PullState,
  total: number | null,
): void => {
  const done = rowsIn(state, resource)
  const size = resource.api.list?.pageSize ?? 250
  context.progress({
    kind: 'advance',
    what: `pull ${resource.name}`,
    done,
    total,
    eta: total === null ? null : side.store.eta(Math.ceil(Math.max(0, total - done) / size)),
  })
}
