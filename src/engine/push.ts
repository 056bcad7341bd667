import { parseAllow, targetOf } from '../diff/index.ts'
import {
  type Change,
  EXIT,
  errorReport,
  InterruptedError,
  isoTime,
  matchText,
  type Plan,
  type PushReport,
  pushable,
  type Requests,
  type SkiffError,
  type SyncSpec,
  UsageError,
} from '../model/index.ts'
import { Breaker } from './breaker.ts'
import { carryOut } from './carry-out.ts'
import { ALREADY } from './check-rows.ts'
import { settleResolved } from './conflicts.ts'
import type { Context, StoreSide } from './context.ts'
import { lineageText, linkStore } from './identity.ts'
import { isTerminal, Ledger } from './ledger.ts'
import { noteOutcomes } from './note-outcomes.ts'
import { openAfterPush, openRowsOf } from './open-rows.ts'
import { Pulse } from './pulse.ts'
import type { Pushing, PushOptions } from './pushing.ts'
import { recoverOthers } from './recover.ts'
import { refuseStale, stale } from './refuse-stale.ts'
import { rememberPace } from './remember-pace.ts'
import { requestsSince } from './run.ts'
import { endWatermark } from './source-since.ts'

/**
 * Carries out exactly the rows of one stored plan. Every row is checked against the store first, its intent is durable before its
 * request leaves, and it ends as applied, skipped or failed with evidence. A push that has to stop early still reports its rows.
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
  const chosen = chooseRows(plan, options.only)
  const lineage = await linkStore(context, side, isoTime(context.clock.now()))
  if (lineageText(lineage) !== plan.binding.lineage) throw stale(plan, 'it was made for another store')

  await recoverOthers(context, side, planId, run, { sync: spec.name, source: options.source })
  side.mirror.setPlanState(planId, 'approved')
  const target = targetOf(context.catalog, spec.resource)
  const ledger = new Ledger(context, side, plan, run)
  const allowed = new Map([...parseAllow(plan.allowed), ...options.allowed])
  const breaker = new Breaker({ plan, spec, allowed })
  const pulse = new Pulse(context.clock)
  const pushing: Pushing = { context, side, spec, plan, target, ledger, options, allowed, breaker, pulse, run }
  const failure = await carryOut(pushing, chosen)
  settleResolved(context, side, plan, ledger)
  if (pushable(plan).every(({ id }) => isTerminal(ledger.state(id)))) side.mirror.setPlanState(planId, 'pushed')
  await noteOutcomes(pushing, chosen)
  rememberPace(context, side)
  const report = reportOf(pushing, chosen, before, failure)
  if (side.mirror.plan(planId)?.state === 'pushed') endWatermark(side, plan)
  return report
}

const chooseRows = (plan: Plan, only: readonly string[] | null): readonly Change[] => {
  const rows = pushable(plan)
  if (only === null) return rows
  const wanted = new Set(only.map((key) => matchText({ key })))
  const chosen = rows.filter(({ key }) => wanted.has(matchText(key)))
  if (!chosen.length) throw new UsageError(`plan ${plan.plan} has no row with key ${only.join(', ')}`)
  return chosen
}

const reportOf = (
  { context, side, plan, ledger, run }: Pushing,
  chosen: readonly Change[],
  before: Requests,
  failure: SkiffError | null,
): PushReport => {
  const counts = ledger.counts(chosen)
  const rows = ledger.results(chosen)
  openAfterPush(side.mirror, plan.sync, rows, isoTime(context.clock.now()))
  const isFinished = rows.every(({ state }) => isTerminal(state))
  const report = {
    run,
    plan: plan.plan,
    sync: plan.sync,
    store: side.name,
    counts,
    rows,
    open: openRowsOf(side.mirror, plan.sync),
    requests: requestsSince(side, before),
  }
  if (failure instanceof InterruptedError || (context.signal.aborted && !isFinished)) {
    return { ...report, state: 'interrupted', exit: EXIT.interrupted }
  }
  if (failure) {
    const { exit } = failure
    const state = exit === EXIT.blocked ? 'blocked' : 'failed'
    return { ...report, state, exit, error: errorReport(failure) }
  }
  const isOpen = rows.some(({ state, reason }) => state !== 'applied' && reason !== ALREADY)
  if (isOpen || plan.summary.conflict || plan.held.length) return { ...report, state: 'partial', exit: EXIT.rows }
  return { ...report, state: plan.rejected.length ? 'complete-with-rejects' : 'complete', exit: EXIT.done }
}
