import type { Change, Plan } from '../model/index.ts'
import type { StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { Suspect } from './verify-unknown.ts'

/** Changes that a killed push left in flight, with the last moment of theirs that the journal knows. */
export const suspectsOf = (
  side: StoreSide,
  ledger: Ledger,
  plan: Plan,
  changes: readonly Change[],
): readonly Suspect[] =>
  changes
    .filter(({ id }) => ['intent', 'unknown'].includes(ledger.state(id)))
    .map((change) => {
      const last = side.mirror.journalOf(plan.plan, change.id).at(-1)
      return { change, since: last ? Date.parse(last.at) : 0 }
    })
