import PQueue from 'p-queue'
import { type Clock, type Route, routeName } from '../model/index.ts'
import { createGroups } from './groups.ts'
import type { Pacer } from './pacer.ts'

/** Lets requests out: never more at once than a lane, a group and the store allow, and at the pacer's pace. */
export interface Gate {
  /** Holds a lane of the route for the whole task, its retries included. */
  lane<T>(route: Route, task: () => Promise<T>): Promise<T>
  /**
   * Runs the exchange when its turn has come. `group` is null for reads, which go beside everything.
   * @throws the signal's reason, without having run it, when the signal is aborted before the turn
   */
  pass<T>(group: string | null, run: () => Promise<T>): Promise<T>
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>
}

/** Most requests in flight at once. At 450 in 30 s it keeps the pace up to round trips of a second. */
export const LANES = 16

export const createGate = (pacer: Pacer, clock: Clock, signal: AbortSignal): Gate => {
  const lanes = new Map<string, PQueue>()
  const groups = createGroups()
  const slots = new PQueue({ concurrency: LANES })
  // One at a time asks the pacer, so that two requests never take the same turn.
  const turnstile = new PQueue({ concurrency: 1 })

  const turn = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const wait = pacer.wait(clock.elapsed())
      if (wait === 0) return pacer.leave(clock.elapsed())
      await clock.sleep(wait, signal)
    }
  }
  const exchange = <T>(run: () => Promise<T>): Promise<T> =>
    slots.add(async () => {
      await turnstile.add(turn)
      return run()
    })

  return {
    lane: (route, task) => {
      const name = routeName(route)
      const lane = lanes.get(name) ?? new PQueue({ concurrency: route.lanes })
      lanes.set(name, lane)
      return lane.add(task)
    },
    pass: (group, run) => (group === null ? exchange(run) : groups.run(group, () => exchange(run))),
    idle: () => slots.onIdle(),
  }
}
