import { isoTime, type Values } from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody, NOTHING_TO_ASK, readByKeys, soleKey } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'

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
  if (gone !== NOTHING_TO_ASK) return gone
  // Nothing to ask one row by: a complete reading of the whole list is all the proof there is.
  return side.mirror.remove(task.resource, missing, run, isoTime(context.clock.now()))
}

/**
 * After an incremental pull: the store's total against the mirror's tells whether something is gone, and only then all keys are
 * read to find out what.
 */
export const sweepRemoved = async (context: Context, side: StoreSide, task: PullTask, run: string): Promise<number> => {
  const { resource } = task
  const { list } = resource.api
  if (!list?.keyset || !list.only || resource.key.length !== 1) return 0
  const held = side.mirror.lookup(resource, resource.key)
  const total = await side.store.total(resource)
  if (total === null || total >= held.count()) return 0
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
  const missing = [...held.all()].map(({ entity }) => entity).filter((key) => !live.has(soleKey(key)))
  return confirmMissing(context, side, task, missing, run)
}
