import { isoTime, type Resource, UnexpectedAnswerError, type Values } from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { type CountSearch, countSearch } from './count-search.ts'
import { keyInBody } from './incoming.ts'
import { boundsOf } from './key-range.ts'
import { datedBy, totalOf } from './lists-of.ts'
import { readByKeys, readSince, soleKey } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'
import { knownRows, unreadKeys } from './unread-rows.ts'

/** What comparing the store's count of rows with the mirror's has led to. */
export interface Reconciled {
  readonly removed: number
  readonly added: number
  /** False where the mirror lacks rows and nothing tells which: only a full pull finds them. */
  readonly complete: boolean
}

/**
 * After an incremental pull: the store's total against the rows that the mirror knows tells whether rows went or are missing, and
 * only then counts of ever smaller ranges of keys find out which.
 * @param told the total, where the reading has told it already
 */
export const reconcile = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  { since, told, run }: { readonly since: string; readonly told: number | null; readonly run: string },
): Promise<Reconciled> => {
  const { resource } = task
  // To count many lists takes as many requests as to read them, which the next full pull does.
  if (resource.api.list?.rows || datedBy(context.catalog, resource)) return AS_IT_IS
  const known = knownRows(side, resource)
  const total = told ?? (await totalOf(context, side, resource, 'read'))
  if (total === null || total === known) return AS_IT_IS
  if (isCountable(resource)) return settle(context, side, task, await search(context, side, resource, total), run)
  if (total < known) return AS_IT_IS
  // Rows that came while the pull was under way are no gap.
  await readSince(context, side, { task, purpose: 'read', run }, Date.parse(since))
  return { ...AS_IT_IS, complete: knownRows(side, resource) >= total }
}

const AS_IT_IS: Reconciled = { removed: 0, added: 0, complete: true }

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

/** Ranges of its keys can be counted, with a page of them alone. */
const isCountable = ({ key, api: { list } }: Resource): boolean =>
  list?.keyset?.upTo !== undefined && list.only !== undefined && key.length === 1

const search = async (context: Context, side: StoreSide, resource: Resource, total: number): Promise<CountSearch> => {
  const keys = unreadKeys(side, resource).map(soleKey)
  for (const { entity } of side.mirror.lookup(resource, resource.key, []).all()) keys.push(soleKey(entity))
  keys.sort((a, b) => a - b)
  const found = countSearch(keys, total, resource.api.list?.pageSize ?? 1)
  for (let range = found.next(); range; range = found.next()) {
    stopIfAsked(context, `the pull of ${resource.name}`)
    const { bodies, total: count } = await side.store.page(resource, { ...boundsOf(range), only: resource.key })
    if (count === null || (count > 0 && !bodies.length)) throw uncounted(resource)
    found.learn(
      bodies.map((body) => keyInBody(resource, body)),
      count,
    )
  }
  return found
}

const uncounted = ({ name }: Resource): UnexpectedAnswerError =>
  new UnexpectedAnswerError(`${name}: the store no longer says how many there are`, {
    hint: 'nothing was removed; run the pull again',
  })

const settle = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  found: CountSearch,
  run: string,
): Promise<Reconciled> => {
  const { resource } = task
  const [name = ''] = resource.key
  const entities = (keys: readonly number[]): readonly Values[] => keys.map((key) => ({ [name]: key }))
  const removed = await confirmMissing(context, side, task, entities(found.missing), run)
  const unknown = entities(found.unknown)
  await confirmMissing(context, side, task, unknown, run)
  const added = unknown.filter((key) => side.mirror.row(resource, key) !== undefined).length
  return { removed, added, complete: true }
}
