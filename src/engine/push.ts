import {
  type Allowed,
  applyGuards,
  deriveWrites,
  fieldsOf,
  isBlocked,
  routeWrites,
  type Target,
  targetOf,
} from '../diff/index.ts'
import type { BaseRow, MirrorRow, StoredPlan } from '../mirror/index.ts'
import {
  BlockedError,
  blockedBy,
  type Change,
  EXIT,
  InterruptedError,
  isoTime,
  matchText,
  type Plan,
  type PushReport,
  pushable,
  StalePlanError,
  type SyncSpec,
  stableJson,
  UsageError,
  type Values,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { dispatch } from './dispatch.ts'
import { lineageText, linkStore } from './identity.ts'
import { isTerminal, Ledger } from './ledger.ts'
import { hashOf } from './plan.ts'
import { recheck } from './recheck.ts'
import { recoverOthers } from './recover.ts'
import { requestsSince } from './run.ts'
import type { Sender } from './send.ts'
import { keepWritten } from './settle.ts'
import { appliedSince, currentValues, rowFinder, writeContext } from './store-rows.ts'
import { type Suspect, verifyUnknown } from './verify-unknown.ts'

export interface PushOptions {
  /** Who said yes: a person at the terminal, `--yes`, or the rule of a job. */
  readonly approvedBy: string
  readonly allowed: Allowed
  /** Only these keys of the plan. */
  readonly only: readonly string[] | null
  /** Hash of the config's sections as they are now. */
  readonly configHash: string
}

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
  const failure = await carryOut(context, side, target, spec, plan, ledger, union(fresh, again), options, run)
  saveBaseOf(context, side, spec, target, ledger, chosen)

  const states = chosen.map(({ id }) => ledger.state(id))
  const finished = states.every(isTerminal)
  if (finished && options.only === null) side.mirror.setPlanState(planId, 'pushed')
  const counts = ledger.counts(chosen)
  const report = {
    run,
    plan: planId,
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

const MOST_ROUNDS = 3

const carryOut = async (
  context: Context,
  side: StoreSide,
  target: Target,
  spec: SyncSpec,
  plan: Plan,
  ledger: Ledger,
  changes: readonly Change[],
  options: PushOptions,
  run: string,
): Promise<Error | null> => {
  let todo = changes
  for (let round = 0; todo.length && round < MOST_ROUNDS; round += 1) {
    const ready = await checkRows(context, side, target, spec, plan, ledger, todo, options, run)
    const { writes, impossible } = deriveWrites(target, ready, writeContext(side, target))
    ledger.record(impossible.map(({ change, reason }) => ({ change, to: 'skipped' as const, evidence: { reason } })))
    const stages = routeWrites(context.catalog, writes)
    ledger.expect(writes)
    const sender: Sender = { written: [], unknown: [], stopped: null }
    await dispatch(context, side, ledger, sender, stages, `push ${plan.sync}`)
    keepWritten(context, side, target, sender.written, run)
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

/** Changes that are still as planned; the others are recorded as skipped, and the guards look at what is left. */
const checkRows = async (
  context: Context,
  side: StoreSide,
  target: Target,
  spec: SyncSpec,
  plan: Plan,
  ledger: Ledger,
  changes: readonly Change[],
  options: PushOptions,
  run: string,
): Promise<readonly Change[]> => {
  const standings = await recheck(context, side, target, changes, spec.recheck, run)
  const ready: Change[] = []
  for (const change of changes) {
    const standing = standings.get(change.id)
    if (standing?.kind === 'as-planned') ready.push(change)
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
  const { verdicts } = applyGuards({
    changes: ready,
    fields: fieldsOf(target),
    settings: spec.guards,
    allowed: new Map([...allowedInPlan(plan), ...options.allowed]),
    automatic: plan.automatic,
    facts: plan.facts,
  })
  if (isBlocked(verdicts)) {
    const [first] = verdicts.filter(({ verdict }) => verdict === 'blocked')
    throw new BlockedError(`${first?.guard} blocks the rows that are left: ${first?.detail}`, {
      hint: first?.allow && `to let it pass: ${first.allow}`,
    })
  }
  return ready
}

const MOST_STALE = 0.2
const ENOUGH_TO_JUDGE = 5

/** What the plan's own approval already let pass. */
const allowedInPlan = (plan: Plan): Allowed =>
  new Map(plan.guards.filter(({ verdict }) => verdict === 'allowed').map(({ guard }) => [guard, true] as const))

const refuseStale = (context: Context, side: StoreSide, { plan, state }: StoredPlan, options: PushOptions): void => {
  const { plan: id, hash, ...draft } = plan
  if (hashOf(draft) !== hash) throw stale(plan, 'its rows are not those that were planned')
  if (state === 'pushed') throw stale(plan, 'it was pushed already')
  if (state === 'superseded') throw stale(plan, 'a later plan took its place')
  if (context.clock.now() > Date.parse(plan.expires)) throw stale(plan, `it expired at ${plan.expires}`)
  if (plan.store !== side.name) throw stale(plan, `it was made for store ${plan.store}`)
  if (plan.binding.config !== options.configHash) throw stale(plan, 'the config of its sync or store was changed since')
  if (major(plan.binding.tool) !== major(context.tool)) throw stale(plan, `it was made by Skiff ${plan.binding.tool}`)
  const blocks = blockedBy(plan).filter(({ guard }) => !options.allowed.has(guard))
  const [first] = blocks
  if (first) {
    throw new BlockedError(`${id} is blocked by ${blocks.map(({ guard }) => guard).join(', ')}: ${first.detail}`, {
      hint: first.allow && `look at the rows with \`skiff show ${id} --details\`; to let them pass: ${first.allow}`,
    })
  }
}

const stale = (plan: Plan, reason: string): StalePlanError =>
  new StalePlanError(`plan ${plan.plan} cannot be pushed: ${reason}`, {
    hint: `make a new one with \`skiff plan ${plan.sync}\``,
  })

const major = (version: string): string => version.split('.')[0] ?? ''

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
  allowed: [...allowed].map(([guard, value]) => (value === true ? guard : `${guard}=${value}`)),
})

/** When the last request of an interrupted change left, as its journal tells. */
const suspectsOf = (side: StoreSide, plan: Plan, changes: readonly Change[]): readonly Suspect[] =>
  changes.map((change) => {
    const last = side.mirror.journalOf(plan.plan, change.id).at(-1)
    return { change, since: last ? Date.parse(last.at) : 0 }
  })

const oncePerChange = (suspects: readonly Suspect[]): readonly Suspect[] => [
  ...new Map(suspects.map((suspect) => [suspect.change.id, suspect])).values(),
]

const union = (a: readonly Change[], b: readonly Change[]): readonly Change[] => [
  ...new Map([...a, ...b].map((change) => [change.id, change])).values(),
]

/** Both sides agree on what was applied: on what the store made of it and on what the source says. */
const saveBaseOf = (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  target: Target,
  ledger: Ledger,
  changes: readonly Change[],
): void => {
  const find = rowFinder(side.mirror, target)
  const applied = appliedSince(side.mirror, '')
  const rows = changes
    .filter(({ id, action }) => ledger.state(id) === 'applied' && action !== 'remove' && action !== 'hide')
    .flatMap((change): BaseRow[] => {
      const row = change.action === 'create' ? createdRow(side, target, change) : find(change.entity)
      if (!row) return []
      const names = change.fields.map(({ field }) => field)
      const store = currentValues(target, row, names, applied)
      const fields = Object.fromEntries(
        change.fields.map(({ field, to }) => [field, { store: store[field] ?? null, source: to }]),
      )
      return [{ key: matchText(change.key), entity: stableJson(row.entity), fields }]
    })
  side.mirror.saveBase(spec.name, rows, isoTime(context.clock.now()))
}

const createdRow = (side: StoreSide, target: Target, { key }: Change): MirrorRow | undefined =>
  side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(key)).find(key)[0]
