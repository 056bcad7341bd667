import type { Mirror } from '../mirror/index.ts'
import { keyText, type Resource, type Value, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { totalOf } from './lists-of.ts'
import { type Reading, readByKeys, readEvery, requestsFor } from './read-rows.ts'
import { isSampled, type Sample } from './sample.ts'
import { askedBy, type PullTask } from './scope-of-pull.ts'
import { knownRows } from './unread-rows.ts'

/** What the store says now, read into a mirror of its own. */
export interface Fresh {
  readonly rows: Mirror
  /** Whether the store was heard about what hangs on a value of the field that its rows are asked for by. */
  answered(asked: Value): boolean
  /** A row that is there and cannot be read. */
  isUnreadable(resource: Resource, key: Values): boolean
  /** Rows that the store has more than the mirror, where only some were read; below 0 when it has fewer. */
  readonly surplus: number
}

/**
 * Reads the sampled rows of a listing, page by page or by their keys, whichever takes fewer requests. What a page did not bring is
 * asked for by its key before it counts as gone. The mirror is only read.
 */
export const readFresh = async (
  context: Context,
  side: StoreSide,
  scratch: Mirror,
  task: PullTask,
  sample: Sample,
  run: string,
): Promise<Fresh> => {
  const { resource } = task
  const asked = askedBy(resource)
  const unreadable = new Set<string>()
  const rows: Mirror = {
    ...scratch,
    saveRows: (page) => {
      const bad = scratch.saveRows(page)
      for (const { resource: name, key } of bad) unreadable.add(`${name}\n${key}`)
      return bad
    },
  }
  const reading: Reading = { task, purpose: 'read', run }
  const target = { ...side, mirror: rows }
  const held = side.mirror.lookup(resource, resource.key, [asked])
  const wanted = new Set<Value>()
  for (const { values } of held.all()) if (isSampled(sample, values[asked])) wanted.add(values[asked] ?? null)
  const total = await totalOf(context, side, resource, 'read')
  const pages = requestsFor(task, total ?? held.count(), 'pages')
  const isWhole = sample.share >= 1 || pages <= requestsFor(task, wanted.size, 'keys')

  if (isWhole) await readEvery(context, target, reading, total)
  const has = (value: Value): boolean => rows.rowsWhere(resource, asked, value).length > 0
  const missing = isWhole ? [...wanted].filter((value) => !has(value)) : [...wanted]
  const keys = missing.map((value) => ({ [asked]: value }))
  // With nothing to ask one row by, a reading of the whole list is all the proof there is.
  const gone = keys.length ? ((await readByKeys(context, target, reading, keys)) ?? keys) : []
  const goneValues = new Set(gone.map((key) => key[asked]))
  return {
    rows,
    answered: (value) => goneValues.has(value) || has(value),
    isUnreadable: ({ name, key }, values) =>
      unreadable.has(`${name}\n${keyText(Object.fromEntries(key.map((field) => [field, values[field] ?? null])))}`),
    surplus: isWhole || total === null || resource.api.list?.rows ? 0 : total - knownRows(side, resource),
  }
}
