import { moveOrder } from '../../diff/index.ts'
import {
  ApprovalError,
  type Catalog,
  EXIT,
  errorReport,
  keyText,
  type Resource,
  type RowResult,
  SkiffError,
  type UndoMoveReport,
  type UndoRow,
} from '../../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from '../context.ts'
import { pull } from '../pull.ts'
import { recoverOthers } from '../recover.ts'
import { requestsSince } from '../run.ts'
import { type Between, type Copy, copyOf } from './copies.ts'
import { forgetGone } from './forget-gone.ts'
import { labelOf } from './label.ts'
import { deepestFirst, leanersOn, staying, unseenBy } from './leaners.ts'
import { listSource } from './list-source.ts'
import { type MadeOf, type MadeRow, madeRows, type RowId } from './made-rows.ts'
import { refusePartial } from './refuse-partial.ts'
import { type Removing, removeRows, type Stop } from './remove-rows.ts'
import { waitUntilSettled } from './settled.ts'
import { touches } from './touched.ts'

/** The store that a migration was made from; it may be gone by now. */
export interface MovedFrom {
  readonly name: string
  readonly hash: string
  readonly resources: readonly string[]
}

export interface UndoMoveOptions {
  /** Only tell what would be removed. */
  readonly dry: boolean
  /** The store's name as a person typed it. */
  readonly typedStore: string | null
  readonly approvedBy: string
}

/**
 * Removes from the new store what its migration made and nobody touched since, in the reverse order of references, after a fresh reading
 * of everything. Stopped in the middle, it goes on with what is left.
 * @throws {ApprovalError} when it is to be done and nobody typed the store's name.
 */
export const undoMove = async (
  context: Context,
  to: StoreSide,
  from: MovedFrom,
  options: UndoMoveOptions,
  run: string,
): Promise<UndoMoveReport> => {
  if (!options.dry && options.typedStore !== to.name) throw unnamed(from.name, to.name)
  const before = to.store.requests()
  const made = madeResources(context.catalog, to.mirror, from.hash)
  const names = [...from.resources, ...to.resources, ...made.map(({ name }) => name)]
  const side = { ...to, resources: [...new Set(names)] }
  const empty = listSource(from.name, from.name, [])
  await waitUntilSettled(context, side)
  refusePartial(await pull(context, side, { full: true }, run))
  if (!options.dry) await recoverOthers(context, side, null, run, { sync: '', source: empty })
  const between = { from: from.name, to: to.name, conflict: 'ask' as const }
  const copies = made.map((one) => copyOf(context.catalog, one, between))
  const undoing = listed(context, side, from, copies, between)
  const { rows, stop } = options.dry
    ? { rows: undoing.rows, stop: undefined }
    : await carryOut(
        { context, side, source: empty, approvedBy: options.approvedBy, from: from.name, run, made: undoing.made },
        undoing,
      )
  if (!options.dry) forgetGone(side.mirror, context.catalog, from, copies, between)
  const isDone = rows.every(({ state }) => state !== 'failed' && state !== 'to-remove')
  return {
    run,
    from: from.name,
    to: to.name,
    dry: options.dry,
    resources: undoing.made.map((one) => countsOf(one, undoing.stays, rows)),
    rows,
    unseen: undoing.unseen,
    requests: requestsSince(to, before),
    ...(stop ?? (isDone ? { state: 'complete', exit: EXIT.done } : options.dry ? WAITING : PARTIAL)),
  }
}

const WAITING = { state: 'waiting', exit: EXIT.changes } as const
const PARTIAL = { state: 'partial', exit: EXIT.rows } as const

/** In the order in which they were copied, whatever the config says by now. */
const madeResources = ({ resources }: Catalog, mirror: StoreSide['mirror'], source: string): readonly Resource[] =>
  moveOrder([...resources.values()].filter(({ name, moves }) => moves && mirror.links(source, name).length > 0))

const unnamed = (from: string, to: string): ApprovalError =>
  new ApprovalError(`the undo of the migration from ${from} deletes rows of store ${to}`, {
    hint: `look at what it would delete first, and type ${to} to do it`,
  })

interface Undoing {
  readonly made: readonly MadeOf[]
  readonly stays: ReadonlyMap<RowId, string>
  /** Rows that go, in groups of which each goes before the next. */
  readonly groups: readonly { readonly copy: Copy; readonly rows: readonly MadeRow[] }[]
  readonly rows: readonly UndoRow[]
  readonly unseen: readonly string[]
}

const listed = (
  { catalog }: Context,
  { mirror }: StoreSide,
  from: MovedFrom,
  copies: readonly Copy[],
  between: Between,
): Undoing => {
  const made = madeRows(
    mirror,
    from.hash,
    copies.map(({ resource }) => resource),
  )
  const all = made.flatMap(({ rows }) => rows)
  const stays = staying(all, leanersOn(mirror, catalog, all), touches(mirror, catalog, copies, made, between))
  const isRoot = ({ id, root }: MadeRow): boolean => id === root
  const groups = [...copies].reverse().flatMap((copy) => {
    const going = made
      .find(({ resource }) => resource === copy.resource)
      ?.rows.filter((row) => isRoot(row) && !stays.has(row.id))
    return deepestFirst(copy.resource.tree, going ?? []).map((rows) => ({ copy, rows }))
  })
  const left = all.filter((row) => isRoot(row) && stays.has(row.id))
  return {
    made,
    stays,
    groups,
    unseen: unseenBy(mirror, catalog, all),
    rows: [
      ...groups.flatMap(({ rows }) => rows.map((row) => told(row, 'to-remove', null))),
      ...left.map((row) => told(row, 'stays', stays.get(row.id) ?? null)),
    ],
  }
}

const told = ({ resource, to, values }: MadeRow, state: UndoRow['state'], reason: string | null): UndoRow => ({
  resource: resource.name,
  key: keyText(to),
  label: labelOf(values),
  state,
  reason,
})

/** Group by group; what could not be sent stays to be removed, and the next undo goes on with it. */
const carryOut = async (
  removing: Removing,
  { groups, rows }: Undoing,
): Promise<{ readonly rows: readonly UndoRow[]; readonly stop: Stop | undefined }> => {
  const ended = new Map<RowId, RowResult>()
  let stop: Stop | undefined
  try {
    for (const { copy, rows: going } of groups) {
      stopIfAsked(removing.context, `the undo of the migration from ${removing.from}`)
      const done = await removeRows(removing, copy, going)
      for (const [id, result] of done.ended) ended.set(id, result)
      stop = done.stop
      if (stop) break
    }
  } catch (error) {
    if (!(error instanceof SkiffError)) throw error
    stop = stopOf(error)
  }
  return { rows: rows.map((row) => withEnd(row, ended.get(`${row.resource}\n${row.key}`))), stop }
}

const stopOf = (error: SkiffError): Stop => {
  const state = error.exit === EXIT.interrupted ? 'interrupted' : error.exit === EXIT.blocked ? 'blocked' : 'failed'
  return { state, exit: error.exit, error: errorReport(error) }
}

const withEnd = (row: UndoRow, result: RowResult | undefined): UndoRow => {
  if (result?.state === 'applied') return { ...row, state: 'removed' }
  if (result?.state === 'skipped') return { ...row, state: 'stays', reason: result.reason }
  return result?.state === 'failed' ? { ...row, state: 'failed', reason: result.reason } : row
}

const countsOf = (
  { resource, rows: made, gone, before }: MadeOf,
  stays: ReadonlyMap<RowId, string>,
  rows: readonly UndoRow[],
): UndoMoveReport['resources'][number] => {
  const of = (state: UndoRow['state']): number =>
    rows.filter((row) => row.resource === resource.name && row.state === state).length
  const left = made.filter(({ root }) => stays.has(root)).length
  const roots = made.filter(({ id, root }) => id === root && !stays.has(root)).length
  const inside = made.length - left - roots
  return {
    resource: resource.name,
    remove: roots,
    inside,
    stays: left,
    before,
    gone: gone.length,
    removed: of('removed'),
  }
}
