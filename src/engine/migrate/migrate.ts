import {
  BlockedError,
  EXIT,
  errorReport,
  GUARD_NAMES,
  type GuardName,
  InterruptedError,
  type LeftBehind,
  type MigrateReport,
  type Resource,
  SkiffError,
  type UnreadRow,
} from '../../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from '../context.ts'
import { type PullOptions, pull } from '../pull.ts'
import { requestsSince } from '../run.ts'
import { type Between, betweenOf, copyOf, stockOf } from './copies.ts'
import { copyLeads } from './copy-leads.ts'
import { type Copied, copyResource } from './copy-resource.ts'
import { copyFigures, copyStock } from './copy-stock.ts'
import { noteEmptyLists } from './empty-lists.ts'
import { IdMap } from './id-map.ts'
import { broughtBy, movable } from './movable.ts'
import type { MoveOptions, Moving } from './moving.ts'
import { whyStopped } from './push-copy.ts'
import { type OldReading, readOld } from './read-old.ts'
import { refusals } from './refusals.ts'
import { refusePartial } from './refuse-partial.ts'
import { settleEarlier } from './settle-earlier.ts'
import { stirredBy } from './stirred.ts'
import { type Places, placedRows, placesOf, placesSpec } from './stock-places.ts'
import { undated } from './undated.ts'
import { unmetNames } from './unmet-names.ts'
import { unreadThere } from './unread-there.ts'

/** Both stores of a migration, opened, and the runs that their mirrors record. */
export interface Stores {
  readonly from: StoreSide
  /** For work on the old store: with what that one can be asked for. */
  readonly fromContext: Context
  readonly to: StoreSide
  /** Of the old store's mirror. */
  readonly fromRun: string
  readonly run: string
}

export interface MigrateOptions extends MoveOptions {
  /** Only these resources. */
  readonly only: readonly string[] | null
}

/**
 * Copies one store into another, resource by resource in the order of their references. Run again, it goes on where it was stopped,
 * and carries over what changed in the old store since; what was edited in the new one meanwhile stays or becomes a conflict.
 */
export const migrate = async (context: Context, stores: Stores, options: MigrateOptions): Promise<MigrateReport> => {
  const { from, fromContext, fromRun, to, run } = stores
  const marks = { from: from.store.requests(), to: to.store.requests() }
  const { moving, resources } = movingOf(context, stores, options)
  const reading = await readOld(fromContext, from, fromRun)
  const { copied, unread: bad, failure } = await copyInto(moving, resources, reading).finally(() => reading.stop())
  const unread = leftUnread(moving, bad)
  const there = unreadThere(moving, resources)
  const stop = copied.find((one) => one.stop)?.stop
  const error = failure ?? (stop ? stopError(stop) : undefined)
  return {
    run,
    from: from.name,
    to: to.name,
    resources: copied.map(({ left, stop: _stop, ...one }) => ({ ...one, left: left.length })),
    left: [...unread, ...copied.flatMap(({ left }) => left)],
    refused: refusals(moving, resources),
    unmet: unmetNames(moving, resources),
    undated: undated(moving, resources),
    unread: there,
    reads: requestsSince(from, marks.from),
    requests: requestsSince(to, marks.to),
    ...(error ? { error: errorReport(error) } : {}),
    ...endOf(copied, [...unread, ...there], error),
  }
}

/**
 * Brings both mirrors up to date, side by side within each store's own quota, and opens the id map.
 * @throws {MirrorError} when a pull could not prove itself complete: rows that were not read would look like rows that are not there.
 */
export const openMove = async (
  context: Context,
  stores: Stores,
  options: MigrateOptions,
  pulling: PullOptions = {},
): Promise<Move> => {
  const { from, fromContext, fromRun, run } = stores
  const { moving, resources } = movingOf(context, stores, options)
  // Whoever reads everything wants to compare it.
  const only = pulling.full ? {} : { only: neededOf(moving) }
  const pulled = await Promise.all([
    pull(fromContext, from, pulling, fromRun),
    pull(context, moving.to, { ...pulling, ...only }, run),
  ])
  for (const report of pulled) refusePartial(report)
  const [{ unread }] = pulled
  return { moving, resources, unread: leftUnread(moving, unread) }
}

/** What is to be known of the new store: all but what nobody can write there, and which is read one list for each row. */
const neededOf = ({ context: { catalog }, to }: Moving): readonly string[] =>
  to.resources.filter((name) => {
    const resource = catalog.resources.get(name)
    return !resource?.moves || resource.moves.by.length > 0 || placesOf(catalog, resource) !== undefined
  })

const leftUnread = ({ copied }: Moving, unread: readonly UnreadRow[]): readonly LeftBehind[] =>
  unread.filter(({ resource }) => copied.has(resource)).map((one) => ({ ...one, label: null }))

/** What a migration works on, as the mirrors stand. */
export interface Move {
  readonly moving: Moving
  readonly resources: readonly Resource[]
  /** Rows of the old store that could not be read, and so stay behind. */
  readonly unread: readonly LeftBehind[]
}

/** What a migration works on, with both mirrors as they are. */
export const movingOf = (
  context: Context,
  { from, to, fromContext, run }: Stores,
  options: MigrateOptions,
): Omit<Move, 'unread'> => {
  const resources = movable(context.catalog, fromContext.catalog, from.resources, options.only)
  const moving: Moving = {
    context,
    from: {
      name: from.name,
      hash: from.hash,
      mirror: from.mirror,
      catalog: fromContext.catalog,
      brought: broughtBy(fromContext.catalog, from.resources),
    },
    to: { ...to, resources: from.resources },
    copied: new Set(resources.map(({ name }) => name)),
    map: new IdMap(to.mirror, from.hash, context.catalog),
    options,
    run,
  }
  return { moving, resources }
}

interface CopiedAll {
  readonly copied: readonly Copied[]
  /** Rows of the old store that could not be read; none where the reading was not waited for. */
  readonly unread: readonly UnreadRow[]
  readonly failure?: SkiffError
}

/** Copying begins when the new store is known as a whole, and of the old one what is copied first. */
const copyInto = async (moving: Moving, resources: readonly Resource[], reading: OldReading): Promise<CopiedAll> => {
  const [first] = resources
  const known = pull(moving.context, moving.to, { only: neededOf(moving) }, moving.run)
  const begun = first ? reading.until(first) : reading.whole()
  await Promise.allSettled([known, begun])
  refusePartial(await known)
  await settleEarlier(moving, resources)
  await begun
  return copyAll(moving, resources, reading)
}

/** Once something was written, a failure ends the migration with its report instead of in its place. */
const copyAll = async (moving: Moving, resources: readonly Resource[], reading: OldReading): Promise<CopiedAll> => {
  const { context, from } = moving
  const between = betweenOf(moving)
  const copied: Copied[] = []
  try {
    for (const resource of resources) {
      stopIfAsked(context, `the migration of ${from.name}`)
      const places = placesOf(context.catalog, resource)
      if (!places && !resource.moves?.by.length) continue
      await reading.until(resource)
      context.progress({ kind: 'step', text: `copying ${resource.name}` })
      if (places) copied.push(await copyPlaces(moving, places, between))
      else await copyRows(moving, between, resource, copied)
      if (copied.some(({ stop }) => stop)) return { copied, unread: [] }
    }
    return { copied, unread: await reading.whole() }
  } catch (error) {
    if (error instanceof SkiffError) return { copied, unread: [], failure: error }
    throw error
  }
}

/** Rows, what leads to them, and the stock that is counted on them. */
const copyRows = async (moving: Moving, between: Between, resource: Resource, copied: Copied[]): Promise<void> => {
  const { catalog } = moving.context
  await noteEmptyLists(moving, resource)
  copied.push(await copyResource(moving, copyOf(catalog, resource, between)))
  await putRight(moving, between, resource, copied)
  if (resource.moves?.leads && !copied.some(({ stop }) => stop)) copied.push(await copyLeads(moving, resource, between))
  const derived = stockOf(catalog, resource)
  if (derived?.child === resource.name) copied.push(await copyStock(moving, derived, between))
}

const copyPlaces = (moving: Moving, places: Places, between: Between): Promise<Copied> => {
  const spec = placesSpec(places, between)
  return copyFigures(moving, spec, placedRows(moving, places, spec))
}

/** What new rows changed of the rows that they belong to says again what the old store says. */
const putRight = async (moving: Moving, between: Between, resource: Resource, copied: Copied[]): Promise<void> => {
  const parent = stirredBy(moving, resource)
  const at = copied.findIndex((one) => one.resource === parent?.name)
  const before = copied[at]
  if (!parent || !before || !copied.at(-1)?.created) return
  const again = await copyResource(moving, copyOf(moving.context.catalog, parent, between))
  copied[at] = { ...again, created: before.created, adopted: before.adopted, updated: before.updated + again.updated }
}

const stopError = (stop: NonNullable<Copied['stop']>): SkiffError => {
  const text = whyStopped(stop) ?? ''
  if (stop.report?.state === 'interrupted')
    return new InterruptedError(text, { hint: 'run the same command again; it goes on from here' })
  const hint = 'run the same command again when it is put right; it goes on from here'
  const guard = stop.plan?.guards.find(({ verdict }) => verdict === 'blocked')?.guard ?? guardOfPush(text)
  const pass = guard ? `; where it is meant, add \`--allow ${guard}\` to it` : ''
  return new BlockedError(text, {
    hint: stop.plan ? `look at it with \`skiff show ${stop.plan.plan}\`; ${hint}${pass}` : hint,
  })
}

/** A guard that looks at a push begins with its name what it says. */
const guardOfPush = (text: string): GuardName | undefined => GUARD_NAMES.find((name) => text.startsWith(`${name}: `))

const endOf = (
  copied: readonly Copied[],
  unread: readonly UnreadRow[],
  error: SkiffError | undefined,
): Pick<MigrateReport, 'state' | 'exit'> => {
  if (error instanceof InterruptedError) return { state: 'interrupted', exit: EXIT.interrupted }
  if (error) return { state: error.exit === EXIT.blocked ? 'blocked' : 'failed', exit: error.exit }
  if (copied.some(({ conflicts, failed }) => conflicts + failed > 0)) return { state: 'partial', exit: EXIT.rows }
  const isLacking = unread.length > 0 || copied.some(({ left }) => left.length > 0)
  return { state: isLacking ? 'complete-with-rejects' : 'complete', exit: EXIT.done }
}
