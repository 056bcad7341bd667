import { isoTime, keyText, type Resource } from '../../model/index.ts'
import { datedBy } from '../lists-of.ts'
import { pull } from '../pull.ts'
import type { Moving } from './moving.ts'

/**
 * The resource whose rows have a list of the resource's each, and show by their dates only that it changed. Where such a row tells by
 * itself that its list is empty, nothing has to be noted.
 */
export const listedBy = ({ context }: Pick<Moving, 'context'>, resource: Resource): Resource | undefined =>
  resource.api.create && resource.api.list?.having === undefined ? datedBy(context.catalog, resource) : undefined

/**
 * Before rows of a resource are made: notes that rows which this run made have none of them yet. The next pull asks only for the lists
 * of those that changed since, this run's own rows in them included.
 */
export const noteEmptyLists = async (moving: Moving, resource: Resource): Promise<void> => {
  const { context, to, map, run } = moving
  const parent = listedBy(moving, resource)
  const dated = parent?.api.list?.since?.field
  if (!parent || dated === undefined || !to.resources.includes(parent.name)) return
  const made = [...map.all(parent.name)].filter(([from]) => map.isCreatedBy(run, parent.name, from))
  if (!made.length) return
  // What was written of them since they were made has moved their dates.
  await context.clock.sleep(to.settleMs ?? parent.settleMs, context.signal)
  await pull(context, to, { only: [parent.name], isKnown: true }, run)
  const now = isoTime(context.clock.now())
  const lists = made.flatMap(([, key]): (readonly [number, string])[] => {
    const date = to.mirror.row(parent, key)?.[dated]
    // Within the second of its date a row may change again and show the same.
    return date && String(date) < now ? [[Number(keyText(key)), String(date)]] : []
  })
  to.mirror.saveKnownLists(resource.name, lists)
}
