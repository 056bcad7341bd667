import { applyGuards, fieldsOf, isBlocked, parseAllow } from '../diff/index.ts'
import { BlockedError, type Change } from '../model/index.ts'
import type { Pushing } from './pushing.ts'
import { recheck } from './recheck.ts'
import { stale } from './refuse-stale.ts'

/** Changes that are still as planned; the others are recorded as skipped, and the guards look at what is left. */
export const checkRows = async (pushing: Pushing, changes: readonly Change[]): Promise<readonly Change[]> => {
  const { context, side, target, spec, plan, ledger, options, run } = pushing
  const standings = await recheck(context, side, target, changes, spec.recheck, run)
  const ready: Change[] = []
  for (const change of changes) {
    const standing = standings.get(change.id)
    if (standing?.kind === 'as-planned') ready.push({ ...change, fields: standing.left })
    else {
      const reason =
        standing?.kind === 'stale'
          ? standing.reason
          : standing?.kind === 'already'
            ? 'already so in the store'
            : 'gone from the store'
      ledger.record([{ change: change.id, to: 'skipped', evidence: { reason } }])
    }
  }
  const staleRows = [...standings.values()].filter(({ kind }) => kind === 'stale').length
  if (staleRows > ENOUGH_TO_JUDGE && staleRows > changes.length * MOST_STALE) {
    throw stale(plan, `${staleRows} of ${changes.length} rows were changed in the store since`)
  }
  const {
    verdicts,
    held,
    changes: passed,
  } = applyGuards({
    changes: ready,
    fields: fieldsOf(target),
    settings: spec.guards,
    allowed: new Map([...parseAllow(plan.allowed), ...options.allowed]),
    automatic: plan.automatic,
    facts: plan.facts,
  })
  if (isBlocked(verdicts)) {
    const [first] = verdicts.filter(({ verdict }) => verdict === 'blocked')
    throw new BlockedError(`${first?.guard} blocks the rows that are left: ${first?.detail}`, {
      hint: first?.allow && `to let it pass: ${first.allow}`,
    })
  }
  ledger.record(
    held.map(({ id, guard, reason }) => ({ change: id, to: 'skipped', evidence: { reason: `${guard}: ${reason}` } })),
  )
  return passed
}

const MOST_STALE = 0.2
const ENOUGH_TO_JUDGE = 5
