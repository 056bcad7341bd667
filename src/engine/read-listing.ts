import type { BadRow, PullState } from '../mirror/index.ts'
import { isoTime, type Resource, UnexpectedAnswerError } from '../model/index.ts'
import type { Page } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { rowsOf } from './incoming.ts'
import { keyInBody } from './read-rows.ts'
import { includesOf, type PullTask } from './scope-of-pull.ts'

/** What one reading of a listing met. */
export interface ListingReading {
  readonly state: PullState
  /** Rows met, over all attempts of this pull. */
  readonly seen: number
  /** Keys met by this attempt; empty for a full pull by keys, which needs none. */
  readonly keys: ReadonlySet<number>
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
  const bad: BadRow[] = []
  const keys = new Set<number>()
  const totals = new Set<number | null>()
  const isKeyset = resource.api.list?.paging === 'keyset'
  const keepsKeys = begun.since !== null || !(isKeyset || resource.api.list?.rows)
  let state = begun
  let totalAtStart: number | null = null
  let serverTime: string | null = null
  let elements = 0
  let pageNumber = 1
  let last = false
  let next = fetchPage(side, task, state, begun.cursor, pageNumber)
  while (!last) {
    const page = await next
    const cursor = nextCursor(resource, page, state.cursor, pageNumber)
    last = page.last
    if (state.cursor === null) {
      totalAtStart = page.total
      serverTime = page.serverTime
    }
    totals.add(page.total)
    elements += page.bodies.length
    if (keepsKeys) for (const body of page.bodies) keys.add(keyInBody(resource, body))
    pageNumber += 1
    // The next page travels while this one is written.
    if (!last && !context.signal.aborted) {
      next = fetchPage(side, task, state, cursor, pageNumber, page.cursor)
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
  return { state, seen: rowsIn(state, resource), keys, elements, totalAtStart, totals, serverTime, bad }
}

const fetchPage = (
  side: StoreSide,
  { resource, children }: PullTask,
  state: PullState,
  cursor: number | null,
  pageNumber: number,
  after?: string,
): Promise<Page> => {
  const paging = resource.api.list?.paging
  const include = includesOf(children)
  return side.store.page(resource, {
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
