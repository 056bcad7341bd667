import type { Client } from '../../../test/support/pacing/simulate.ts'

/** No pacing: ten in flight, and after a 429 nothing before the window is over. */
export const after429: Client = ({ now, later, send }) => {
  let heldUntil = 0
  const next = (): void => {
    const wait = heldUntil - now()
    if (wait > 0) later(wait, next)
    else
      send((_, { facts, refusedMs }) => {
        if (refusedMs !== null) heldUntil = Math.max(heldUntil, now() + (facts?.resetMs ?? 1000))
        next()
      })
  }
  for (let lane = 0; lane < 10; lane += 1) next()
}
