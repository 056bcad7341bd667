import { type Resource, type SourceRow, UsageError } from '../../model/index.ts'
import { pull } from '../pull.ts'
import { readByKeys } from '../read-rows.ts'
import { type PullTask, pullTasks } from '../scope-of-pull.ts'
import type { Moving } from './moving.ts'

/**
 * Reads what was made as the store shows it, with the rows that came inside it, where an answer does not tell all of that. What rides
 * in other rows is read with those by their keys, because what it belongs to does not count as changed. A reading right after a write
 * may be of before it, so it waits until the store has settled.
 */
export const readAgain = async (moving: Moving, resource: Resource, made: readonly SourceRow[]): Promise<void> => {
  const { context, to, run } = moving
  const again = readingAgain(moving, resource)
  if (!again) return
  await context.clock.sleep(again.settleMs, context.signal)
  context.progress({ kind: 'step', text: `reading what was made of ${resource.name}` })
  const { task, only, owner } = again
  if (owner === null) {
    await pull(context, to, { only, isKnown: true }, run)
    return
  }
  const [key = 'id'] = task.resource.key
  const owners = [...new Set(made.map((row) => row.key[owner] ?? null))].map((one) => ({ [key]: one }))
  await readByKeys(context, to, { task, purpose: 'check', run }, owners)
}

/** How what was made is read again. */
export interface ReadingAgain {
  readonly task: PullTask
  /** The configured resources that bring it. */
  readonly only: readonly string[]
  /** The field with the row that it is read with, by that one's key; null where it is listed by itself. */
  readonly owner: string | null
  /** How long the store may show what was before. */
  readonly settleMs: number
}

/** Null where the answers tell everything. */
export const readingAgain = ({ context, to }: Pick<Moving, 'context' | 'to'>, resource: Resource) => {
  const all = [...context.catalog.resources.values()]
  const { within, create } = resource.api
  const isParent = create?.nest !== undefined || all.some(({ api }) => api.within?.parent === resource.name)
  if (!isParent && create?.echo !== 'none') return null
  const root = within?.parent ?? resource.name
  const parts = all.filter(({ api }) => api.within?.parent === root)
  const named = [root, ...parts.map(({ name }) => name)].filter((name) => to.resources.includes(name))
  // A word for several may bring them.
  const only = named.length ? named : [...to.resources]
  const task = pullTasks(context.catalog, only).find((one) => one.resource.name === root)
  if (!task) throw new UsageError(`${resource.name} comes from no listing`)
  const owner = within && task.resource.api.list?.ids ? within.link : null
  return { task, only, owner, settleMs: to.settleMs ?? resource.settleMs } satisfies ReadingAgain
}
