import type { Resource } from '../../model/index.ts'
import { recoverOthers } from '../recover.ts'
import { betweenOf, copyOf } from './copies.ts'
import { listSource } from './list-source.ts'
import { noteEarlier } from './make-rows.ts'
import type { Moving } from './moving.ts'

/**
 * Finishes what an earlier migration could not, once the new store is read and before anything is copied: what it made is not made again,
 * and what that changed of other rows is nobody's edit.
 */
export const settleEarlier = async (moving: Moving, resources: readonly Resource[]): Promise<void> => {
  const { context, from, to, run } = moving
  if (to.mirror.openChanges().length)
    await recoverOthers(context, to, null, run, { sync: '', source: listSource(from.name, from.name, []) })
  for (const resource of resources) await noteEarlier(moving, copyOf(context.catalog, resource, betweenOf(moving)))
}
