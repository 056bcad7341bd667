import { deriveWrites, routeWrites } from '../diff/index.ts'
import type { Change } from '../model/index.ts'
import { checkRows } from './check-rows.ts'
import { dispatch } from './dispatch.ts'
import type { Ledger } from './ledger.ts'
import type { Pushing } from './pushing.ts'
import type { Sender } from './send.ts'
import { keepWritten } from './settle.ts'
import { writeContext } from './store-rows.ts'
import { type Suspect, verifyUnknown } from './verify-unknown.ts'

/**
 * Sends what is still as planned, and again what was certainly not carried out, at most three times. Returns why it had to stop
 * early, or null.
 */
export const carryOut = async (pushing: Pushing, changes: readonly Change[]): Promise<Error | null> => {
  const { context, side, target, plan, ledger, run } = pushing
  let todo = changes
  for (let round = 0; todo.length && round < MOST_ROUNDS; round += 1) {
    const ready = await checkRows(pushing, todo)
    const { writes, impossible } = deriveWrites(target, ready, writeContext(side, target))
    ledger.record(impossible.map(({ change, reason }) => ({ change, to: 'skipped' as const, evidence: { reason } })))
    const stages = routeWrites(context.catalog, writes)
    ledger.expect(writes)
    const sender: Sender = { written: [], unknown: [], stopped: null }
    await dispatch(context, side, ledger, sender, stages, `push ${plan.sync}`)
    keepWritten(context, side, target, sender.written, run)
    releaseHalves(ledger, sender, ready)
    if (sender.stopped) return sender.stopped
    const byId = new Map(ready.map((change) => [change.id, change]))
    const suspects = sender.unknown.flatMap(({ write, at }) =>
      write.changes.flatMap((id): Suspect[] => {
        const change = byId.get(id)
        return change ? [{ change, since: at }] : []
      }),
    )
    todo = suspects.length ? await verifyUnknown(context, side, target, ledger, oncePerChange(suspects), run) : []
  }
  ledger.record(
    todo.map(({ id }) => ({
      change: id,
      to: 'failed' as const,
      evidence: { reason: 'sent three times without an answer' },
    })),
  )
  return null
}

const MOST_ROUNDS = 3

/** A change of several requests that was stopped between them is not in flight: the next push sends what is left of it. */
const releaseHalves = (ledger: Ledger, { unknown }: Sender, changes: readonly Change[]): void => {
  const unsure = new Set(unknown.flatMap(({ write }) => write.changes))
  ledger.record(
    changes
      .filter(({ id }) => ledger.state(id) === 'intent' && !unsure.has(id))
      .map(({ id }) => ({ change: id, to: 'approved' as const, evidence: { reason: 'a part of it was not sent' } })),
  )
}

const oncePerChange = (suspects: readonly Suspect[]): readonly Suspect[] => [
  ...new Map(suspects.map((suspect) => [suspect.change.id, suspect])).values(),
]
