import { applyGuards, fieldsOf, isBlocked } from '../diff/index.ts'
import { BlockedError, type Change } from '../model/index.ts'
import type { Step } from './ledger.ts'
import type { Pushing } from './pushing.ts'
import { recentChanges } from './recent-changes.ts'
import { recheck, type Standing } from './recheck.ts'
import { stale } from './refuse-stale.ts'

/**
 * Changes that are still as planned; the others are recorded as skipped, and the guards look at what is left. At the first look
 * a plan of which much has moved is refused as a whole.
 */
export const checkRows = async (
  pushing: Pushing,
  changes: readonly Change[],
  isFirst: boolean,
): Promise<readonly Change[]> => {
  const { side, plan, ledger } = pushing
  const standings = await recheck(pushing, changes)
  const moved = [...standings.values()].filter(({ kind }) => kind === 'stale').length
  if (isFirst && moved > ENOUGH_TO_JUDGE && moved > changes.length * MOST_STALE) {
    side.mirror.setPlanState(plan.plan, 'superseded')
    throw stale(plan, `${moved} of ${changes.length} rows were changed in the store since`)
  }
  const ready: Change[] = []
  const skipped: Step[] = []
  for (const change of changes) {
    const standing = standings.get(change.id) ?? { kind: 'gone' }
    if (standing.kind === 'as-planned') ready.push({ ...change, fields: standing.left })
    else skipped.push({ change: change.id, to: 'skipped', evidence: { reason: reasonOf(standing) } })
  }
  const guarded = applyGuardsAgain(pushing, ready)
  ledger.record(skipped)
  ledger.record(
    guarded.held.map(({ id, guard, reason }) => ({
      change: id,
      to: 'skipped',
      evidence: { reason: `${guard}: ${reason}` },
    })),
  )
  return guarded.changes
}

/** Why a row is left alone that holds the planned value already: nothing is open about it. */
export const ALREADY = 'already so in the store'

const MOST_STALE = 0.2
const ENOUGH_TO_JUDGE = 5

const reasonOf = (standing: Exclude<Standing, { kind: 'as-planned' }>): string =>
  standing.kind === 'stale' ? standing.reason : standing.kind === 'already' ? ALREADY : 'gone from the store'

const applyGuardsAgain = ({ context, side, target, spec, plan, allowed }: Pushing, changes: readonly Change[]) => {
  const guarded = applyGuards({
    changes,
    fields: fieldsOf(target),
    settings: spec.guards,
    allowed,
    automatic: plan.automatic,
    facts: plan.facts,
    recent: recentChanges(context, side, spec.resource, changes),
  })
  if (isBlocked(guarded.verdicts)) {
    const first = guarded.verdicts.find(({ verdict }) => verdict === 'blocked')
    throw new BlockedError(`${first?.guard} blocks the rows that are left: ${first?.detail}`, {
      hint: first?.allow && `to let it pass: ${first.allow}`,
    })
  }
  return guarded
}
