import { resourcesOf, targetOf } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  BlockedError,
  EXIT,
  isoTime,
  MirrorError,
  type MirrorState,
  type RunReport,
  type Source,
  type SyncSpec,
  type VerifyReport,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { DriftBook } from './drift-book.ts'
import { type Compared, driftOfTarget } from './drift-of-target.ts'
import { meetStore, strangerReason } from './identity.ts'
import { readFresh } from './read-fresh.ts'
import { requestsSince } from './run.ts'
import type { Sample } from './sample.ts'
import { type PullTask, taskOf } from './scope-of-pull.ts'

export interface VerifyOptions {
  /** With their sources; none compares every resource of the store with the mirror alone. */
  readonly syncs: readonly { readonly spec: SyncSpec; readonly source: Source }[]
  readonly sample: Sample
  /** An empty mirror that takes in what the store says. */
  readonly scratch: Mirror
}

/**
 * Compares store, mirror, base and source, and looks at the mirror itself. It changes nothing on any of these sides.
 * @throws {MirrorError} when a resource was never pulled.
 * @throws {BlockedError} when another store answers than the mirror's.
 */
export const verify = async (
  context: Context,
  side: StoreSide,
  { syncs, sample, scratch }: VerifyOptions,
  run: string,
): Promise<VerifyReport> => {
  const before = side.store.requests()
  await refuseStranger(context, side)
  const compared: readonly Compared[] = syncs.length
    ? syncs.map((sync) => ({ target: targetOf(context.catalog, sync.spec.resource), sync }))
    : side.resources.map((name) => ({ target: targetOf(context.catalog, name), sync: null }))
  const book = new DriftBook()
  const notes: string[] = []
  for (const [task, those] of byTask(context, compared)) {
    requirePulled(side, task)
    const readAt = isoTime(context.clock.now())
    context.progress({ kind: 'step', text: `${side.name}: reading ${task.resource.name} to compare` })
    const fresh = await readFresh(context, side, scratch, task, sample, run)
    for (const one of those) {
      notes.push(...(await driftOfTarget({ context, side, task, fresh, sample, readAt, book }, one)))
    }
    notes.push(...surplusNotes(book, task, fresh.surplus))
  }
  const mirror = stateOfMirror(side.mirror)
  book.atLeast('open-change', mirror.open.length)
  const { sampled, of, drift, rows, unsettled } = book
  return {
    run,
    ...outcome(mirror, Object.keys(drift).length > 0),
    requests: requestsSince(side, before),
    store: side.name,
    syncs: syncs.map(({ spec }) => spec.name),
    sampled,
    of,
    seed: sample.share < 1 ? sample.seed : null,
    drift,
    rows,
    unsettled,
    mirror,
    notes,
  }
}

const refuseStranger = async (context: Context, side: StoreSide): Promise<void> => {
  const reason = strangerReason(side.mirror.lineage(), await meetStore(context, side))
  if (reason) throw new BlockedError(`storeIdentity: ${reason}`, { where: side.mirror.path })
}

const requirePulled = (side: StoreSide, { resource, children }: PullTask): void => {
  const never = [resource, ...children].filter(({ name }) => side.mirror.freshness(name) === null)
  if (!never.length) return
  throw new MirrorError(`the mirror of store ${side.name} never held ${never.map(({ name }) => name).join(', ')}`, {
    where: side.mirror.path,
    hint: `run \`skiff pull ${side.name}\` first`,
  })
}

/** What comes from one listing is read once, with no more riding along than is compared. */
const byTask = (context: Context, compared: readonly Compared[]): ReadonlyMap<PullTask, readonly Compared[]> => {
  const byRoot = new Map<string, Compared[]>()
  for (const one of compared) {
    const { name } = taskOf(context.catalog, one.target).resource
    byRoot.set(name, [...(byRoot.get(name) ?? []), one])
  }
  return new Map(
    [...byRoot.values()].map((those) => {
      const needed = new Set(those.flatMap(({ target }) => resourcesOf(target).map(({ name }) => name)))
      const tasks = those.map(({ target }) => taskOf(context.catalog, target))
      const children = new Map(tasks.flatMap((task) => task.children.map((child) => [child.name, child])))
      const [{ resource }] = tasks as [PullTask]
      return [{ resource, children: [...children.values()].filter(({ name }) => needed.has(name)) }, those]
    }),
  )
}

/** A sample does not meet rows that the mirror lacks, but their number shows. */
const surplusNotes = (book: DriftBook, { resource }: PullTask, surplus: number): readonly string[] => {
  if (!surplus) return []
  book.atLeast(surplus > 0 ? 'missing-in-mirror' : 'missing-in-store', Math.abs(surplus))
  const text = `${Math.abs(surplus)} ${surplus > 0 ? 'more' : 'fewer'} ${resource.name} than the mirror`
  return [`the store has ${text}; verify without --sample names them`]
}

const stateOfMirror = (mirror: Mirror): MirrorState => ({
  damage: mirror.damage(),
  altered: mirror.brokenJournal(),
  open: mirror.openChanges(),
})

const outcome = ({ damage, altered }: MirrorState, hasDrift: boolean): Pick<RunReport, 'state' | 'exit'> => {
  if (damage !== null || altered !== null) return { state: 'failed', exit: EXIT.failed }
  return hasDrift ? { state: 'partial', exit: EXIT.rows } : { state: 'complete', exit: EXIT.done }
}
