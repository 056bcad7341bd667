import type { PageCounts, PullState } from '../mirror/index.ts'
import { isoTime, type ResourcePull, UnexpectedAnswerError, type UnreadRow } from '../model/index.ts'
import { isSteady, proofOf } from './completeness.ts'
import { confirmApplied } from './confirm-applied.ts'
import type { Context, StoreSide } from './context.ts'
import { readListing } from './read-listing.ts'
import type { ListingReading } from './reading-book.ts'
import { confirmMissing, type Reconciled, reconcile } from './reconcile.ts'
import type { PullTask } from './scope-of-pull.ts'
import { sinceOf } from './since-of-pull.ts'
import { readUnreadAgain, unreadRows } from './unread-rows.ts'

export interface TaskResult {
  readonly resources: readonly ResourcePull[]
  /** Rows that could not be read, as long as they cannot. */
  readonly unread: readonly UnreadRow[]
  /** Everything was read, not only what changed. */
  readonly full: boolean
}

/**
 * Brings one listing and what rides inside it up to date. Each page is durable together with the place to go on from, so a run
 * that was killed loses at most the page in flight. Rows are removed only after a pull that proved itself complete.
 * @throws {UnexpectedAnswerError} when more rows than a few are not as the API promises.
 */
export const pullTask = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  options: { readonly full: boolean; readonly run: string },
): Promise<TaskResult> => {
  const { resource } = task
  const { run } = options
  const since = options.full ? null : sinceOf(context, side, task)
  const { reading, earlier } = await readUntilSteady(context, side, task, since, run)
  const { state } = reading
  refuseManyBad(context, side, reading)
  const proof = await proofOf(context, side, resource, reading)
  const mended = proof.complete ? await mend(context, side, task, reading, run) : NOTHING_MENDED
  const complete = proof.complete && mended.complete
  if (complete) {
    await confirmApplied(context, side, task, { started: state.started, full: state.full, keys: reading.keys, run })
  }
  end(context, side, state, {
    complete,
    expected: proof.expected,
    watermark: complete ? (reading.serverTime ?? state.started) : null,
  })
  return {
    resources: reportOf(task, [...earlier, ...state.counts], state.counts, mended, { ...proof, complete }),
    unread: [...unreadRows(side, task), ...reading.bad.filter(({ key }) => key === '')],
    full: state.full,
  }
}

/**
 * Reads a listing, and by page numbers again while it moves under the reading. A broken reading by page numbers is not gone on
 * with: its earlier pages prove nothing about a list that has moved since.
 */
const readUntilSteady = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  since: string | null,
  run: string,
): Promise<{ readonly reading: ListingReading; readonly earlier: readonly PageCounts[] }> => {
  const { resource } = task
  const begin = () =>
    side.mirror.beginPull(resource, { full: since === null, since, at: isoTime(context.clock.now()), run })
  const unproven = { complete: false, expected: null, watermark: null }
  const earlier: PageCounts[] = []
  let begun = begin()
  // Only keys are a place to go on from: pages move, and a cursor is the server's own and may be forgotten.
  const { paging, per } = resource.api.list ?? {}
  const isMoved = paging !== 'keyset' && per === undefined && begun.cursor !== null
  if (isMoved || context.clock.now() - Date.parse(begun.started) > GOES_ON_MS) {
    end(context, side, begun, unproven)
    begun = begin()
  }
  for (let pass = 1; ; pass += 1) {
    const reading = await readListing(context, side, task, begun, run)
    if (isSteady(resource, reading) || pass === MOST_PASSES) return { reading, earlier }
    earlier.push(...reading.state.counts)
    end(context, side, reading.state, unproven)
    begun = begin()
  }
}

const MOST_PASSES = 3
/** What a reading brought that is older than this is too old to plan with by the time it ends. */
const GOES_ON_MS = 12 * 3_600_000

/** What lies between a complete reading and a mirror that holds the same rows as the store. */
const mend = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  { state, totalOfAll, keys }: ListingReading,
  run: string,
): Promise<Reconciled> => {
  if (state.since !== null) {
    const removed = await readUnreadAgain(context, side, task, keys, run)
    const mended = await reconcile(context, side, task, { since: state.since, told: totalOfAll, run })
    return { ...mended, removed: mended.removed + removed }
  }
  return { ...NOTHING_MENDED, removed: await confirmMissing(context, side, task, side.mirror.missing(state), run) }
}

const NOTHING_MENDED: Reconciled = { removed: 0, added: 0, complete: true }

/** A sick answer of single rows is a reject; of many rows it is a changed API, and nothing should go on as if all were well. */
const refuseManyBad = (context: Context, side: StoreSide, { state, bad }: ListingReading): void => {
  const rows = state.counts.reduce((sum, one) => sum + one.rows, 0)
  const [first] = bad
  if (!first || bad.length <= Math.max(1, rows * MOST_BAD)) return
  end(context, side, state, { complete: false, expected: null, watermark: null })
  throw new UnexpectedAnswerError(
    `${bad.length} of ${rows} rows are not as the API promises; first: ${first.resource} ${first.key}: ${first.reason}`,
    { hint: 'the mirror keeps what it had; a newer version of Skiff may know the new shape' },
  )
}

const MOST_BAD = 0.01

const end = (
  { clock }: Context,
  side: StoreSide,
  state: PullState,
  how: { readonly complete: boolean; readonly expected: number | null; readonly watermark: string | null },
): void => side.mirror.endPull(state, { ...how, at: isoTime(clock.now()) })

const reportOf = (
  { resource, children }: PullTask,
  all: readonly PageCounts[],
  last: readonly PageCounts[],
  mended: Reconciled,
  { complete, expected }: { readonly complete: boolean; readonly expected: number | null },
): readonly ResourcePull[] =>
  [resource, ...children].map(({ name }) => {
    const counts = all.filter((one) => one.resource === name)
    const sum = (what: 'added' | 'changed' | 'removed') => counts.reduce((total, one) => total + one[what], 0)
    const isListed = name === resource.name
    return {
      resource: name,
      rows: last.find((one) => one.resource === name)?.rows ?? 0,
      added: sum('added') + (isListed ? mended.added : 0),
      changed: sum('changed'),
      removed: sum('removed') + (isListed ? mended.removed : 0),
      complete,
      expected: isListed ? expected : null,
    }
  })
