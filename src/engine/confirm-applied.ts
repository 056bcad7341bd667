import type { Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { keyOf } from './keep-written.ts'
import { readByKeys } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'

/**
 * Values of ours that stood for themselves until a reading late enough: once the pull has met their rows, the mirror's own values
 * count again. Rows that an incremental pull did not meet, because the store does not date such changes, are asked for.
 */
export const confirmApplied = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  pull: { readonly started: string; readonly full: boolean; readonly keys: ReadonlySet<string>; readonly run: string },
): Promise<void> => {
  const resources = new Map([task.resource, ...task.children].map((resource) => [resource.name, resource]))
  const due = side.mirror
    .unsettled('')
    .filter(({ resource, until }) => resources.has(resource) && until <= pull.started)
  if (!due.length) return
  const unmet = new Map<string, Values>()
  for (const { resource, key } of pull.full ? [] : due) {
    const listed = resource === task.resource.name ? key : parentOf(side, task, resource, key)
    if (listed !== null && !pull.keys.has(listed)) unmet.set(listed, keyOf(task.resource, listed))
  }
  await readByKeys(context, side, { task, purpose: 'read', run: pull.run }, [...unmet.values()])
  side.mirror.dropUnsettled(due)
}

const parentOf = (side: StoreSide, { children }: PullTask, resource: string, key: string): string | null => {
  const child = children.find(({ name }) => name === resource)
  const row = child && side.mirror.row(child, { [child.key[0] ?? 'id']: Number(key) })
  const link = child?.api.within?.link
  return row && link ? String(row[link]) : null
}
