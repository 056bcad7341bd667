import { deriveWrites, routeWrites } from '../diff/index.ts'
import type { Change } from '../model/index.ts'
import { Breaker } from './breaker.ts'
import { dispatch } from './dispatch.ts'
import type { Ledger } from './ledger.ts'
import { Pulse } from './pulse.ts'
import type { Writing } from './pushing.ts'
import type { Sender } from './send.ts'
import { writeContext } from './store-rows.ts'

/** A create whose row is there already names it, so that only what follows it is sent. */
export const asMade =
  (ledger: Ledger) =>
  (change: Change): Change => {
    const entity = ledger.made(change.id)
    return entity ? { ...change, entity } : change
  }

/**
 * Sends what follows rows that an earlier push made before it was killed. They were approved with it, and to send them again changes
 * nothing. What gets no answer stays open for the next run.
 */
export const finishMade = async (writing: Writing, made: readonly Change[]): Promise<void> => {
  const { context, side, plan, target, ledger } = writing
  const { writes } = deriveWrites(target, made.map(asMade(ledger)), writeContext(side, target))
  ledger.expect(writes)
  const pulse = new Pulse(context.clock)
  const breaker = new Breaker({ plan, spec: { guards: { breaker: false } }, allowed: new Map() })
  const sender: Sender = {
    unknown: [],
    overdue: [],
    delays: new Map(),
    stopped: null,
    full: new Set(),
    breaker,
    pulse,
    readAt: pulse.beat(),
  }
  await dispatch(writing, sender, routeWrites(context.catalog, writes))
}
