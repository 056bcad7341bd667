import { isoTime } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

/** Keeps how fast the store answered and what it lets us ask, for a rehearsal; a few answers do not outweigh many. */
export const rememberPace = (context: Context, { store, mirror }: StoreSide): void => {
  const latency = store.latency()
  if (!latency || (latency.requests < ENOUGH && mirror.pace())) return
  const { quota, windowMs } = store.quota()
  mirror.savePace({ ...latency, quota, windowMs, at: isoTime(context.clock.now()) })
}

const ENOUGH = 20
