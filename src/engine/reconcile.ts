import type { BadRow, Lookup } from '../mirror/index.ts'
import { isoTime, keyText, type Resource, type Values } from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody } from './incoming.ts'
import { totalOf } from './lists-of.ts'
import { readByKeys, readSince, soleKey } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'

/** What comparing the store's count of rows with the mirror's has led to. */
export interface Reconciled {
  readonly removed: number
  readonly added: number
  /** Rows that are in the store and that the mirror could not take over. */
  readonly bad: readonly BadRow[]
  /** False where the mirror lacks rows and nothing tells which: only a full pull finds them. */
  readonly complete: boolean
}

/**
 * After an incremental pull: the store's total against the mirror's tells whether rows went or are missing, and only then all
 * keys are read, without the rows, to find out which.
 */
export const reconcile = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  since: string,
  run: string,
): Promise<Reconciled> => {
  const { resource } = task
  const held = side.mirror.lookup(resource, resource.key, [])
  if (resource.api.list?.rows) return AS_IT_IS
  const total = await totalOf(context, side, resource, 'read')
  if (total === null || total === held.count()) return AS_IT_IS
  if (canSweep(resource)) return sweep(context, side, task, held, run)
  if (total < held.count()) return AS_IT_IS
  // Rows that came while the pull was under way are no gap.
  await readSince(context, side, { task, purpose: 'read', run }, Date.parse(since))
  return { ...AS_IT_IS, complete: held.count() >= total }
}

const AS_IT_IS: Reconciled = { removed: 0, added: 0, bad: [], complete: true }

/**
 * Rows that a complete pull did not meet, each asked for by its key before it counts as removed: a page may have missed it.
 * Those that answer are saved instead. Returns how many are gone.
 */
export const confirmMissing = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  missing: readonly Values[],
  run: string,
): Promise<number> => {
  if (!missing.length) return 0
  const gone = await readByKeys(context, side, { task, purpose: 'read', run }, missing)
  // With nothing to ask one row by, a complete reading of the whole list is all the proof there is.
  return side.mirror.remove(task.resource, gone ?? missing, run, isoTime(context.clock.now()))
}

const canSweep = ({ key, api: { list } }: Resource): boolean =>
  list?.keyset !== undefined && list.only !== undefined && key.length === 1

const sweep = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  held: Lookup,
  run: string,
): Promise<Reconciled> => {
  const { resource } = task
  const unknown = await liveKeys(context, side, resource)
  const missing: Values[] = []
  for (const { entity } of held.all()) if (!unknown.delete(soleKey(entity))) missing.push(entity)
  const removed = await confirmMissing(context, side, task, missing, run)
  const [name = ''] = resource.key
  const keys = [...unknown].map((key) => ({ [name]: key }))
  const gone = await confirmMissing(context, side, task, keys, run)
  const unread = keys.filter((key) => side.mirror.row(resource, key) === undefined)
  return {
    removed,
    added: keys.length - unread.length,
    // One that was gone again by the time it was asked for is not missing.
    bad: gone ? [] : unread.map((key) => ({ resource: resource.name, key: keyText(key), reason: 'it cannot be read' })),
    complete: true,
  }
}

const liveKeys = async (context: Context, side: StoreSide, resource: Resource): Promise<Set<number>> => {
  const live = new Set<number>()
  let after: number | undefined
  for (let last = false; !last; ) {
    stopIfAsked(context, `the pull of ${resource.name}`)
    const page = await side.store.page(resource, { ...(after === undefined ? {} : { after }), only: resource.key })
    for (const body of page.bodies) live.add(keyInBody(resource, body))
    const tail = page.bodies.at(-1)
    after = tail ? keyInBody(resource, tail) : after
    last = page.last
  }
  return live
}
