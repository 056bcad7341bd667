import { targetOf } from '../diff/index.ts'
import type { Context, StoreSide } from './context.ts'
import { Ledger } from './ledger.ts'
import { suspectsOf } from './suspects.ts'
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
    const plan = side.mirror.plan(id)?.plan
    const [first] = plan?.changes ?? []
    if (!plan || !first) continue
    const ledger = new Ledger(context, side, plan, run)
    const target = targetOf(context.catalog, first.resource)
    const undone = await verifyUnknown(
      { context, side, plan, target, ledger, run },
      suspectsOf(side, ledger, plan, plan.changes),
    )
    const evidence = { reason: 'the push was interrupted before it was carried out' }
    ledger.record(undone.map(({ id: change }) => ({ change, to: 'skipped', evidence })))
  }
}
