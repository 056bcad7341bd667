import { targetOf } from '../diff/index.ts'
import type { Context, StoreSide } from './context.ts'
import { Ledger } from './ledger.ts'
import { verifyUnknown } from './verify-unknown.ts'

/**
 * Settles what earlier pushes left without an outcome, because they were killed between sending and recording. What was carried
 * out counts as applied; what was not is left for the next plan.
 */
export const recoverOthers = async (
  context: Context,
  side: StoreSide,
  except: string | null,
  run: string,
): Promise<void> => {
  const plans = new Set(side.mirror.openChanges().map(({ plan }) => plan))
  if (except) plans.delete(except)
  for (const id of plans) {
    const stored = side.mirror.plan(id)
    if (!stored) continue
    const ledger = new Ledger(context, side, id, run)
    const open = stored.plan.changes.filter((change) => ['intent', 'unknown'].includes(ledger.state(change.id)))
    const suspects = open.map((change) => {
      const last = side.mirror.journalOf(id, change.id).at(-1)
      return { change, since: last ? Date.parse(last.at) : 0 }
    })
    const [first] = open
    if (!first) continue
    const undone = await verifyUnknown(context, side, targetOf(context.catalog, first.resource), ledger, suspects, run)
    ledger.record(
      undone.map(({ id: change }) => ({
        change,
        to: 'skipped',
        evidence: { reason: 'the push was interrupted before it was carried out' },
      })),
    )
  }
}
