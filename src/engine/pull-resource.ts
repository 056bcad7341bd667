import type { BadRow, Incoming, PullState } from '../mirror/index.ts'
import {
  type Body,
  bodiesAt,
  isoTime,
  type Resource,
  type ResourcePull,
  UnexpectedAnswerError,
} from '../model/index.ts'
import type { Page, PageRequest } from '../store/index.ts'
import { confirmApplied } from './confirm-applied.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody } from './read-rows.ts'
import { confirmMissing, sweepRemoved } from './removed.ts'
import { includesOf, type PullTask } from './scope-of-pull.ts'

export interface TaskResult {
  readonly resources: readonly ResourcePull[]
  readonly bad: readonly BadRow[]
}

/**
 * Brings one listing and what rides inside it up to date. Each page is durable together with the place to go on from, so a run
 * that was killed loses at most the page in flight. Rows are removed only after a pull that proved itself complete.
 */
export const pullTask = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  options: { readonly full: boolean; readonly run: string },
): Promise<TaskResult> => {
  const { resource } = task
  const since = options.full ? null : sinceOf(side, task)
  const begun = side.mirror.beginPull(resource, {
    full: since === null,
    since,
    at: isoTime(context.clock.now()),
    run: options.run,
  })
  const bad: BadRow[] = []
  const reading = await readPages(context, side, task, begun, options.run, bad)
  const { state, serverTime } = reading
  const expected = state.full ? await expectedRows(side, resource, reading) : null
  const complete = !state.full || expected === null || isWithin(reading.seen, expected)

  let removed = 0
  if (complete) {
    removed = state.full
      ? await confirmMissing(context, side, task, side.mirror.missing(state), options.run)
      : await sweepRemoved(context, side, task, options.run)
  }
  if (complete) {
    await confirmApplied(context, side, task, {
      started: state.started,
      full: state.full,
      keys: reading.keys,
      run: options.run,
    })
  }
  side.mirror.endPull(state, {
    complete,
    expected: expected?.atEnd ?? null,
    watermark: complete ? (serverTime ?? state.started) : null,
    at: isoTime(context.clock.now()),
  })
  return { resources: reportOf(state, task, complete, expected?.atEnd ?? null, removed), bad }
}

/** Rows changed within this time before the last pull are read again: clocks differ, and stamps have whole seconds only. */
const OVERLAP_MS = 10 * 60_000

/** The oldest moment up to which the listing and all that rides inside it is known; null asks for everything. */
const sinceOf = (side: StoreSide, { resource, children }: PullTask): string | null => {
  if (!resource.api.list?.since) return null
  let oldest = Number.POSITIVE_INFINITY
  for (const { name } of [resource, ...children]) {
    const known = side.mirror.freshness(name)
    if (!(known?.complete && known.watermark)) return null
    oldest = Math.min(oldest, Date.parse(known.watermark))
  }
  return isoTime(oldest - OVERLAP_MS)
}

interface Reading {
  readonly state: PullState
  /** Rows met, over all attempts of this pull. */
  readonly seen: number
  /** What the first page of an unbroken full pull told. */
  readonly totalAtStart: number | null
  readonly serverTime: string | null
  /** Keys of the rows that an incremental pull met. */
  readonly keys: ReadonlySet<number>
}

const readPages = async (
  context: Context,
  side: StoreSide,
  { resource, children }: PullTask,
  begun: PullState,
  run: string,
  bad: BadRow[],
): Promise<Reading> => {
  const include = includesOf(children)
  let state = begun
  let serverTime: string | null = null
  const keys = new Set<number>()
  let totalAtStart: number | null = null
  let pageNumber = resource.api.list?.paging === 'page' ? (begun.cursor ?? 0) + 1 : 1
  let last = false
  let next = fetchPage(side, resource, include, state, begun.cursor, pageNumber)
  while (!last) {
    const page = await next
    const cursor = nextCursor(resource, page, state.cursor, pageNumber)
    last = page.last
    serverTime ??= page.serverTime
    if (state.since !== null) for (const body of page.bodies) keys.add(keyInBody(resource, body))
    if (state.cursor === null) totalAtStart = page.total
    pageNumber += 1
    // The next page travels while this one is written.
    if (!last && !context.signal.aborted) {
      next = fetchPage(side, resource, include, state, cursor, pageNumber)
      next.catch(() => undefined)
    }
    const saved = side.mirror.savePage(
      state,
      { resource, children, rows: rowsOf(resource, page.bodies), at: isoTime(context.clock.now()), run, last },
      cursor,
    )
    state = saved.pull
    bad.push(...saved.bad)
    reportProgress(context, side, resource, state, totalAtStart)
    if (!last) stopIfAsked(context, `the pull of ${resource.name}`)
  }
  return { state, seen: rowsIn(state, resource), totalAtStart, serverTime, keys }
}

const fetchPage = (
  side: StoreSide,
  resource: Resource,
  include: PageRequest['include'],
  state: PullState,
  cursor: number | null,
  pageNumber: number,
): Promise<Page> => {
  const paging = resource.api.list?.paging
  return side.store.page(resource, {
    ...(paging === 'keyset' && cursor !== null ? { after: cursor } : {}),
    ...(paging === 'page' ? { page: pageNumber } : {}),
    ...(state.since ? { since: state.since } : {}),
    ...(include?.length ? { include } : {}),
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

const rowsOf = (resource: Resource, bodies: readonly Body[]): readonly Incoming[] => {
  const path = resource.api.list?.rows
  return path ? bodies.flatMap((body) => bodiesAt(body, path)) : bodies.map((body) => ({ body }))
}

interface Expected {
  readonly atStart: number
  readonly atEnd: number
}

/** How many rows the store says there are; asked once more only when that differs from what came. */
const expectedRows = async (
  side: StoreSide,
  resource: Resource,
  { seen, totalAtStart }: Reading,
): Promise<Expected | null> => {
  // One element of the answer may hold several rows, which the store's total does not count.
  if (resource.api.list?.rows) return null
  if (totalAtStart === seen) return { atStart: seen, atEnd: seen }
  const atEnd = await side.store.total(resource)
  if (atEnd === null) return null
  return { atStart: totalAtStart ?? atEnd, atEnd }
}

/** Rows may come and go while they are read; what was seen must lie between what there was and what there is. */
const isWithin = (seen: number, { atStart, atEnd }: Expected): boolean =>
  seen >= Math.min(atStart, atEnd) && seen <= Math.max(atStart, atEnd)

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

const reportOf = (
  state: PullState,
  { resource, children }: PullTask,
  complete: boolean,
  expected: number | null,
  removed: number,
): readonly ResourcePull[] =>
  [resource, ...children].map(({ name }) => {
    const counts = state.counts.find((one) => one.resource === name)
    return {
      resource: name,
      rows: counts?.rows ?? 0,
      added: counts?.added ?? 0,
      changed: counts?.changed ?? 0,
      removed: (counts?.removed ?? 0) + (name === resource.name ? removed : 0),
      complete,
      expected: name === resource.name ? expected : null,
    }
  })
