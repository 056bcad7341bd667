import { targetOf } from '../diff/index.ts'
import type { Source } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { finishMade } from './finish-made.ts'
import { Ledger } from './ledger.ts'
import { suspectsOf } from './suspects.ts'
import { verifyUnknown } from './verify-unknown.ts'
import { settleWriteBacks } from './write-back.ts'

/**
 * Settles what earlier pushes left without an outcome, because they were killed between sending and recording. What was carried
 * out counts as applied; what was not is left for the next plan, and what is half made is finished.
 */
export const recoverOthers = async (
  context: Context,
  side: StoreSide,
  except: string | null,
  run: string,
  own: { readonly sync: string; readonly source: Source },
): Promise<void> => {
  const plans = new Set(side.mirror.openChanges().map(({ plan }) => plan))
  if (except) plans.delete(except)
  for (const id of plans) {
    const plan = side.mirror.plan(id)?.plan
    const [first] = plan?.changes ?? []
    if (!plan || !first) continue
    const ledger = new Ledger(context, side, plan, run)
    const target = targetOf(context.catalog, first.resource)
    const toStore = plan.changes.filter((change) => change.side === 'store')
    const writing = { context, side, plan, target, ledger, run }
    const undone = await verifyUnknown(writing, suspectsOf(context, side, ledger, plan, toStore))
    const made = undone.filter(({ id }) => ledger.made(id))
    const given = undone.filter(({ id }) => !ledger.made(id))
    const evidence = { reason: 'the push was interrupted before it was carried out' }
    ledger.record(given.map(({ id: change }) => ({ change, to: 'skipped', evidence })))
    if (made.length) await finishMade(writing, made)
    // What was on its way into another sync's source waits for that sync.
    const killed = plan.changes.filter(({ side: written, id }) => written === 'source' && ledger.state(id) === 'intent')
    if (killed.length && plan.sync === own.sync && own.source.write)
      await settleWriteBacks({ ledger }, own.source.write, killed)
  }
}
