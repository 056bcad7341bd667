import { allowedTexts, targetOf } from '../diff/index.ts'
import {
  type Change,
  EXIT,
  InterruptedError,
  isoTime,
  matchText,
  type Plan,
  type PushReport,
  pushable,
  type Requests,
  type SyncSpec,
  UsageError,
  type Values,
} from '../model/index.ts'
import { saveAppliedBase } from './applied-base.ts'
import { carryOut } from './carry-out.ts'
import type { Context, StoreSide } from './context.ts'
import { lineageText, linkStore } from './identity.ts'
import { isTerminal, Ledger } from './ledger.ts'
import type { Pushing, PushOptions } from './pushing.ts'
import { recoverOthers } from './recover.ts'
import { refuseStale, stale } from './refuse-stale.ts'
import { requestsSince } from './run.ts'
import { type Suspect, verifyUnknown } from './verify-unknown.ts'

/**
 * Carries out exactly the rows of one stored plan. Every row is checked against the store first, its intent is durable before its
 * request leaves, and it ends as applied, skipped or failed with evidence.
 * @throws {StalePlanError} when the plan, the config, the store or the time is not what it was made for.
 */
export const push = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  planId: string,
  options: PushOptions,
  run: string,
): Promise<PushReport> => {
  const before = side.store.requests()
  const stored = side.mirror.plan(planId)
  if (!stored) throw new UsageError(`there is no plan ${planId}`, { hint: 'list them with `skiff plans`' })
  const { plan } = stored
  refuseStale(context, side, stored, options)
  const lineage = await linkStore(context, side, isoTime(context.clock.now()))
  if (lineageText(lineage) !== plan.binding.lineage) throw stale(plan, 'it was made for another store')

  const target = targetOf(context.catalog, spec.resource)
  await recoverOthers(context, side, planId, run)
  const ledger = new Ledger(context, side, planId, run)
  const chosen = chooseRows(plan, options.only)
  const todo = chosen.filter(({ id }) => !isTerminal(ledger.state(id)))
  side.mirror.setPlanState(planId, 'approved')

  const suspects = todo.filter(({ id }) => ['intent', 'unknown'].includes(ledger.state(id)))
  const again = suspects.length
    ? await verifyUnknown(context, side, target, ledger, suspectsOf(side, plan, suspects), run)
    : []
  const fresh = todo.filter(({ id }) => ['planned', 'approved'].includes(ledger.state(id)))
  ledger.record(
    fresh
      .filter(({ id }) => ledger.state(id) === 'planned')
      .map(({ id }) => ({ change: id, to: 'approved' as const, evidence: approval(options) })),
  )
  const pushing: Pushing = { context, side, spec, plan, target, ledger, options, run }
  const failure = await carryOut(pushing, union(fresh, again))
  saveAppliedBase(pushing, chosen)

  return reportOf(pushing, chosen, before, failure)
}

const reportOf = (
  { context, side, plan, ledger, options, run }: Pushing,
  chosen: readonly Change[],
  before: Requests,
  failure: Error | null,
): PushReport => {
  const states = chosen.map(({ id }) => ledger.state(id))
  const finished = states.every(isTerminal)
  if (finished && options.only === null) side.mirror.setPlanState(plan.plan, 'pushed')
  const counts = ledger.counts(chosen)
  const report = {
    run,
    plan: plan.plan,
    sync: plan.sync,
    store: side.name,
    counts,
    rows: ledger.results(chosen),
    requests: requestsSince(side, before),
  }
  const stopped = failure instanceof InterruptedError || (context.signal.aborted && !finished)
  if (stopped) return { ...report, state: 'interrupted', exit: EXIT.interrupted }
  if (failure) throw failure
  if (counts.failed || counts.held) return { ...report, state: 'partial', exit: EXIT.rows }
  if (plan.summary.conflict || counts.skipped)
    return { ...report, state: counts.skipped ? 'partial' : 'complete', exit: EXIT.rows }
  return { ...report, state: plan.rejected.length ? 'complete-with-rejects' : 'complete', exit: EXIT.done }
}

const chooseRows = (plan: Plan, only: readonly string[] | null): readonly Change[] => {
  const rows = pushable(plan).filter(({ side }) => side === 'store')
  if (only === null) return rows
  const wanted = new Set(only.map((one) => one.toLowerCase()))
  const chosen = rows.filter(({ key }) => wanted.has(matchText(key)))
  if (!chosen.length) throw new UsageError(`plan ${plan.plan} has no row with key ${only.join(', ')}`)
  return chosen
}

const approval = ({ approvedBy, allowed }: PushOptions): Values => ({
  by: approvedBy,
  allowed: allowedTexts(allowed),
})

/** When the last request of an interrupted change left, as its journal tells. */
const suspectsOf = (side: StoreSide, plan: Plan, changes: readonly Change[]): readonly Suspect[] =>
  changes.map((change) => {
    const last = side.mirror.journalOf(plan.plan, change.id).at(-1)
    return { change, since: last ? Date.parse(last.at) : 0 }
  })

const union = (a: readonly Change[], b: readonly Change[]): readonly Change[] => [
  ...new Map([...a, ...b].map((change) => [change.id, change])).values(),
]
