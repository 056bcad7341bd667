import type { BadRow, KeyRange, PullState } from '../mirror/index.ts'
import { isoTime, type Resource } from '../model/index.ts'
import type { Page } from '../store/index.ts'
import type { Context, StoreSide } from './context.ts'
import { keyTextInBody, rowsOf } from './incoming.ts'
import { without } from './key-range.ts'
import type { PullTask } from './scope-of-pull.ts'

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
  /** How many rows the store has in all, where a page of a pull of changes told it. */
  readonly totalOfAll: number | null
  /** When the first page was read by the store's own clock; null after a break, because earlier pages came earlier. */
  readonly serverTime: string | null
  readonly bad: readonly BadRow[]
}

/** Takes the pages of a reading, in whatever order they come, and remembers what they tell. */
export interface ReadingBook {
  readonly task: PullTask
  state(): PullState
  /** Notes what the first page of a list tells of the list. */
  opened(page: Page): void
  /** Notes how many rows the store has, whatever part of them is read. */
  told(totalOfAll: number | null): void
  /** Makes a page durable together with the place to go on from: what a range of keys leaves open, or a number. */
  take(page: Page, done: { readonly covers: KeyRange } | { readonly cursor: number }): void
  close(): ListingReading
}

export const openBook = (
  context: Context,
  side: StoreSide,
  task: PullTask,
  begun: PullState,
  run: string,
): ReadingBook => {
  const { resource, children } = task
  const { paging, per, rows } = resource.api.list ?? {}
  const keepsKeys = begun.since !== null || !(paging === 'keyset' || rows || per)
  const bad: BadRow[] = []
  const keys = new Set<string>()
  const totals = new Set<number | null>()
  let state = begun
  let totalAtStart: number | null = isUnbroken(begun) ? 0 : null
  let totalOfAll: number | null = null
  let serverTime: string | null = null
  let elements = 0

  return {
    task,
    state: () => state,
    opened: (page) => {
      if (totalAtStart === null) return
      totalAtStart = page.total === null ? null : totalAtStart + page.total
      serverTime ??= page.serverTime
    },
    told: (total) => {
      totalOfAll = total
    },
    take: (page, done) => {
      const { bodies, total } = page
      totals.add(total)
      elements += bodies.length
      if (keepsKeys) for (const body of bodies) keys.add(keyTextInBody(resource, body))
      const write = { resource, children, rows: rowsOf(resource, page), at: isoTime(context.clock.now()), run }
      const saved =
        'covers' in done
          ? side.mirror.savePage(state, { ...write, covers: done.covers }, { open: without(state.open, done.covers) })
          : side.mirror.savePage(state, write, done)
      state = saved.pull
      for (const one of saved.bad) bad.push(one)
      reportProgress(context, side, resource, state, totalAtStart)
    },
    close: () => {
      // A list that was broken off was read twice, so its rows are counted by their keys.
      const seen = per && state.full ? side.mirror.seen(state) : rowsIn(state, resource)
      return { state, seen, keys, elements, totalAtStart, totals, totalOfAll, serverTime, bad }
    },
  }
}

/** Nothing was read of it by an earlier attempt. */
const isUnbroken = ({ cursor, open }: PullState): boolean =>
  cursor === null && open.length === 1 && open.every(({ after, upTo }) => after === null && upTo === null)

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
