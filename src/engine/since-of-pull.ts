import { isoTime } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { datedBy } from './lists-of.ts'
import type { PullTask } from './scope-of-pull.ts'

/**
 * The moment since which a listing and all that rides inside it is to be read; null asks for everything. Once in a while, a day
 * unless the config says otherwise, everything is read, because some changes are not dated by the store. Lists of their own for each row of another resource are read by the dates of those rows.
 */
export const sinceOf = (context: Context, side: StoreSide, { resource, children }: PullTask): string | null => {
  if (!resource.api.list?.since && !datedBy(context.catalog, resource)) return null
  const lastFull = side.mirror.freshness(resource.name)?.fullAsOf
  if (!lastFull || context.clock.now() - Date.parse(lastFull) >= side.fullMs) return null
  let oldest = Number.POSITIVE_INFINITY
  for (const { name } of [resource, ...children]) {
    const known = side.mirror.freshness(name)
    if (!(known?.complete && known.watermark)) return null
    oldest = Math.min(oldest, Date.parse(known.watermark))
  }
  return isoTime(oldest - OVERLAP_MS)
}

/** Rows changed within this time before the last pull are read again: clocks differ, and stamps have whole seconds only. */
const OVERLAP_MS = 10 * 60_000
