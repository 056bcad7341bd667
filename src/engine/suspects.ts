import type { Change, Plan } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { Suspect } from './verify-unknown.ts'

/**
 * Changes that a killed push left in flight, with the last moment of theirs that the journal knows. Their requests may have waited
 * for quota or been tried again after it, and left at any time before the store's lock was ours.
 */
export const suspectsOf = (
  { clock }: Pick<Context, 'clock'>,
  side: StoreSide,
  ledger: Ledger,
  plan: Plan,
  changes: readonly Change[],
): readonly Suspect[] =>
  changes
    .filter(({ id }) => ['intent', 'unknown'].includes(ledger.state(id)))
    .map((change) => {
      const last = side.mirror.journalOf(plan.plan, change.id).at(-1)
      return { change, since: last ? Date.parse(last.at) : 0, until: clock.now() }
    })
