import { MirrorError, type Resource, type Values } from '../model/index.ts'
import { absenteesOf } from './absentees.ts'
import { type Control, tables as sql } from './control.ts'
import { type Freshness, freshnessOf } from './freshness.ts'
import type { LateIndexes } from './late-indexes.ts'
import type { BadRow, KeyRange, PageCounts, PageWrite, PageWriter } from './page-writer.ts'
import type { Table } from './table.ts'

export interface Pulls {
  /** Resumes the unfinished pull of the same resource and kind, or begins one. */
  beginPull(resource: Resource, options: { full: boolean; since: string | null; at: string; run: string }): PullState
  /** Rows, children, removals seen inside the page, the place to go on from and counters in one transaction. */
  savePage(
    pull: PullState,
    page: PageWrite,
    place: Partial<Pick<PullState, 'cursor' | 'open'>>,
  ): { readonly pull: PullState; readonly bad: readonly BadRow[] }
  /** Rows that a write's echo or a re-read brought, outside a pull; what a body leaves out keeps its value. */
  saveRows(page: PageWrite): readonly BadRow[]
  /** Keys that the mirror holds, or could not read, and that a full pull did not meet, in key order. */
  missing(pull: PullState): readonly Values[]
  /** How many different rows a full pull by pages met, over all its attempts. */
  seen(pull: PullState): number
  /** Moves rows and their children to the removed ones. */
  remove(resource: Resource, keys: readonly Values[], run: string, at: string): number
  endPull(pull: PullState, end: PullEnd): void
  freshness(resource: string): Freshness | null
}

/** Where a pull of one resource stands; survives a crash. */
export interface PullState {
  /** Grows with each pull of the store. */
  readonly pull: number
  readonly resource: string
  readonly full: boolean
  /** Lower bound of an incremental pull, UTC ISO-8601. */
  readonly since: string | null
  /** Last page number done, or of many lists the last one read to its end; null before the first. */
  readonly cursor: number | null
  /** Of a listing by keys: those still to be read. */
  readonly open: readonly KeyRange[]
  readonly started: string
  readonly counts: readonly PageCounts[]
}

interface PullEnd {
  readonly complete: boolean
  readonly expected: number | null
  /** Server time from which the next incremental pull starts (before overlap); null keeps the old one. */
  readonly watermark: string | null
  readonly at: string
}

/** Pulls: rows, cursor and counters go together in one transaction, so a pull goes on after any crash. */
export const pullsOf = (
  control: Control,
  tables: ReadonlyMap<string, Table>,
  writer: PageWriter,
  indexes: LateIndexes,
): Pulls => {
  const absentees = absenteesOf(control.db, tables)
  const freshness = freshnessOf(control, tables)
  return {
    beginPull: (resource, { full, since, at, run }) =>
      control.atOnce(() => {
        const open = openPull(control, resource.name, full)
        if (open) return open
        absentees.forget(resource)
        if (full) indexes.drop(resource)
        const pull = newPull(control, { resource: resource.name, full, since, started: at }, run)
        freshness.begun(pull, resource.name)
        return pull
      }),

    savePage: (pull, page, place) =>
      control.atOnce(() => {
        const expected = absentees.expected(pull, page)
        const { counts, bad, met } = writer.write(page, pull.full ? 'whole' : 'changes')
        absentees.compare(pull, page, expected, met)
        for (const { resource } of counts) {
          if (!pull.counts.some((one) => one.resource === resource)) freshness.begun(pull, resource)
        }
        const next = { ...pull, ...place, counts: addUp(pull.counts, counts) }
        const { cursor, open } = next
        update(control, pull, { cursor, open: JSON.stringify(open), counts: JSON.stringify(next.counts) })
        return { pull: next, bad }
      }),

    saveRows: (page) =>
      control.atOnce(() => {
        const { bad, met } = writer.write(page, 'rows')
        absentees.found(page.resource, met)
        return bad
      }),

    missing: (pull) => absentees.of(pull),
    seen: (pull) => absentees.seen(pull),

    remove: (resource, keys, run, at) =>
      control.atOnce(() => {
        const gone = absentees.gone(resource, keys)
        return gone.reduce((removed, key) => removed + writer.remove(resource, key, { at, run }), 0)
      }),

    endPull: (pull, { complete, expected, watermark, at }) =>
      control.atOnce(() => {
        update(control, pull, { finished: at, complete: complete ? 1 : 0, expected })
        if (pull.full) indexes.make()
        absentees.settle(pull, complete)
        if (!complete) return
        const proven = new Set([pull.resource, ...pull.counts.map(({ resource }) => resource)])
        for (const resource of proven) freshness.proven(pull, resource, watermark)
        if (pull.full) abandonOlder(control, pull, at)
      }),

    freshness: freshness.of,
  }
}

interface StoredPull {
  readonly pull: number
  readonly resource: string
  readonly full: number
  readonly since: string | null
  readonly cursor: number | null
  readonly open: string
  readonly started: string
  readonly counts: string
}

const stateOf = ({ pull, resource, full, since, cursor, open, started, counts }: StoredPull): PullState => ({
  pull,
  resource,
  full: full === 1,
  since,
  cursor,
  open: JSON.parse(open),
  started,
  counts: JSON.parse(counts),
})

const openPull = (control: Control, resource: string, full: boolean): PullState | undefined => {
  const row = control.first(
    sql
      .selectFrom('sync_pull')
      .select(['pull', 'resource', 'full', 'since', 'cursor', 'open', 'started', 'counts'])
      .where('resource', '=', resource)
      .where('full', '=', full ? 1 : 0)
      .where('finished', 'is', null),
  )
  return row && stateOf(row)
}

const newPull = (
  control: Control,
  { resource, full, since, started }: Pick<PullState, 'resource' | 'full' | 'since' | 'started'>,
  run: string,
): PullState => {
  const added = control.first(
    sql
      .insertInto('sync_pull')
      .values({ resource, full: full ? 1 : 0, since, open: JSON.stringify(EVERY_KEY), counts: '[]', started, run })
      .returning('pull'),
  )
  return { pull: added?.pull ?? 0, resource, full, since, cursor: null, open: EVERY_KEY, started, counts: [] }
}

const EVERY_KEY = [{ after: null, upTo: null }] as const

const update = (
  control: Control,
  { pull, resource }: PullState,
  set: {
    cursor?: number | null
    open?: string
    counts?: string
    finished?: string
    complete?: number
    expected?: number | null
  },
): void => {
  const query = sql.updateTable('sync_pull').set(set).where('pull', '=', pull).where('finished', 'is', null)
  if (control.run(query) > 0) return
  throw new MirrorError(`pull ${pull} of ${resource} is not open`, { hint: 'begin the pull again' })
}

/** An incremental pull that was left open adds nothing once everything was read anew. */
const abandonOlder = (control: Control, { pull, resource }: PullState, at: string): void => {
  control.run(
    sql
      .updateTable('sync_pull')
      .set({ finished: at })
      .where('resource', '=', resource)
      .where('pull', '<', pull)
      .where('finished', 'is', null),
  )
}

const addUp = (before: readonly PageCounts[], more: readonly PageCounts[]): PageCounts[] => {
  const all = new Map(before.map((one) => [one.resource, one]))
  for (const one of more) {
    const known = all.get(one.resource)
    all.set(one.resource, {
      resource: one.resource,
      rows: one.rows + (known?.rows ?? 0),
      added: one.added + (known?.added ?? 0),
      changed: one.changed + (known?.changed ?? 0),
      removed: one.removed + (known?.removed ?? 0),
    })
  }
  return [...all.values()]
}
