import { isoTime, type NextFull } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { datedBy } from './lists-of.ts'
import { requestsFor } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'

/** When a listing that is pulled by changes is to be read as a whole again, and what that takes; none where every pull does so. */
export const nextFull = ({ catalog, clock }: Context, side: StoreSide, task: PullTask): readonly NextFull[] => {
  const { name, api } = task.resource
  const parent = datedBy(catalog, task.resource)
  if (!api.list?.since && !parent) return []
  const known = side.mirror.freshness(name)
  const due = known?.fullAsOf ? Date.parse(known.fullAsOf) + side.fullMs : clock.now()
  // At most: only some of them may have a list of their own.
  const lists = parent && side.mirror.lookup(parent, parent.key, []).count()
  return [{ resource: name, due: isoTime(due), requests: lists ?? requestsFor(task, known?.rows ?? 0, 'pages') }]
}
