import { type Allowed, isBlocked, targetOf } from '../diff/index.ts'
import {
  EXIT,
  errorReport,
  isoTime,
  type PullReport,
  type PushReport,
  pushable,
  type Source,
  type SyncReport,
  type SyncSpec,
} from '../model/index.ts'
import { circuitOf, openCircuit } from './circuit.ts'
import type { Context, StoreSide } from './context.ts'
import { isInner, readChosen } from './inner-rows.ts'
import { openRowsOf } from './open-rows.ts'
import { plan } from './plan.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { recoverOthers } from './recover.ts'
import { namedResources } from './references.ts'
import { sumRequests } from './run.ts'
import { pullTasks } from './scope-of-pull.ts'
import { needsSales, salesResource } from './stock-age.ts'

export interface SyncOptions {
  /** Approves the plan by itself when its guards, halved, let it pass; null asks nobody and leaves the plan waiting. */
  readonly approvedBy: string | null
  readonly dryRun: boolean
  /** Read all rows of a source that could be read in part. */
  readonly full?: boolean
  /** A person sees it run: then an open circuit does not keep it from pushing. */
  readonly watched?: boolean
  readonly allowed: Allowed
  readonly configHash: string
  /** What syncs before it in the same run have read; what this one reads is added. */
  readonly met?: Met
}

/**
 * What syncs of one run have read, and need not read again: what they wrote since is in the mirror, and what others changed
 * since is met by the recheck before anything is sent.
 */
export interface Met {
  /** When the run began, UTC ISO-8601: the source may have been read as early as that. */
  readonly begun: string
  /** Listed resources. */
  readonly listed: Set<string>
  /** Resources of whose rows it was read what their inner rows choose from. */
  readonly chosen: Set<string>
}

/** Pull, plan, guards and push in one run: what cron calls. Nothing is pulled where syncs before it have done so. */
export const sync = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  options: SyncOptions,
  run: string,
): Promise<SyncReport> => {
  await recoverOthers(context, side, null, run, { sync: spec.name, source })
  const { met = { begun: isoTime(context.clock.now()), listed: new Set(), chosen: new Set() } } = options
  const pulled = await pullUnmet(context, side, spec, met, run)
  if (isInner(context.catalog, spec)) await readUnmet(context, side, spec, source, met, run)
  const planned = await plan(
    context,
    side,
    spec,
    source,
    {
      allowed: options.allowed,
      automatic: options.approvedBy !== null,
      staleOk: false,
      only: null,
      full: options.full === true,
      configHash: options.configHash,
      readAt: met.begun,
    },
    run,
  )
  const made = planned.plan
  const report = {
    run,
    plan: made.plan,
    sync: spec.name,
    store: side.name,
    pull: pulled,
    summary: made.summary,
    guards: made.guards,
  }
  const requests = pulled ? sumRequests(pulled.requests, planned.requests) : planned.requests
  const none = {
    counts: { applied: 0, skipped: 0, failed: 0, held: made.held.length },
    rows: [],
    open: openRowsOf(side.mirror, spec.name),
    requests,
  }
  if (isBlocked(made.guards)) return { ...report, ...none, state: 'blocked', exit: EXIT.blocked }
  const changes = pushable(made).length
  if (!changes || options.dryRun) {
    const end = quietEnd(made.rejected.length, made.held.length + made.summary.conflict)
    return { ...report, ...none, ...withPull(pulled, end) }
  }
  if (options.approvedBy === null || made.waits !== undefined)
    return { ...report, ...none, state: 'waiting', exit: EXIT.changes }
  const circuit = circuitOf(side.mirror, spec)
  if (circuit.isOpen && !options.watched) {
    const error = errorReport(openCircuit(spec, circuit, made.plan))
    return { ...report, ...none, error, state: 'blocked', exit: EXIT.blocked }
  }

  context.progress({ kind: 'step', text: `${spec.name}: pushing ${changes} changes` })
  const pushed: PushReport = await push(
    context,
    side,
    spec,
    made.plan,
    { approvedBy: options.approvedBy, allowed: options.allowed, only: null, source, configHash: options.configHash },
    run,
  )
  return {
    ...pushed,
    ...report,
    counts: { ...pushed.counts, held: pushed.counts.held + made.held.length },
    requests: sumRequests(requests, pushed.requests),
    ...withPull(pulled, made.held.length && pushed.exit === EXIT.done ? OPEN : pushed),
  }
}

type End = Pick<SyncReport, 'state' | 'exit'>

const OPEN: End = { state: 'partial', exit: EXIT.rows }

const quietEnd = (rejected: number, open: number): End =>
  open ? OPEN : { state: rejected ? 'complete-with-rejects' : 'complete', exit: EXIT.done }

/** Null where all that it needs was read already. */
const pullUnmet = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  { listed }: Met,
  run: string,
): Promise<PullReport | null> => {
  const only = needed(context, side, spec).filter((name) =>
    pullTasks(context.catalog, [name]).some(({ resource }) => !listed.has(resource.name)),
  )
  if (!only.length) return null
  context.progress({ kind: 'step', text: `${spec.name}: pulling ${side.name}` })
  const pulled = await pull(context, side, { only, isKnown: listed.size > 0 }, run)
  for (const { resource } of pulled.resources) listed.add(resource)
  return pulled
}

/** What inner rows choose from is read of all rows that lack something, so the syncs of both need one reading. */
const readUnmet = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  { chosen }: Met,
  run: string,
): Promise<void> => {
  const name = spec.partOf?.resource ?? spec.resource
  if (chosen.has(name)) return
  await readChosen(context, side, spec, source, run)
  chosen.add(name)
}

/** What the pull had to leave out is open, also where all else went well. */
const withPull = (pulled: PullReport | null, { state, exit }: End): End =>
  pulled && exit === EXIT.done
    ? { state: pulled.exit === EXIT.done ? state : pulled.state, exit: pulled.exit }
    : { state, exit }

/** Of the store's resources, those that the sync's target is read from, what its cells name, and orders where they tell of its stock. */
const needed = (context: Context, side: StoreSide, spec: SyncSpec): readonly string[] => {
  const roots = new Set(pullTasks(context.catalog, [spec.resource]).map(({ resource }) => resource.name))
  const named = namedResources(targetOf(context.catalog, spec.resource), spec)
  for (const { resource } of pullTasks(context.catalog, named)) roots.add(resource.name)
  const sales = needsSales(spec) ? salesResource(context)?.name : undefined
  for (const { resource } of sales === undefined ? [] : pullTasks(context.catalog, [sales])) roots.add(resource.name)
  const configured = side.resources.filter((name) =>
    pullTasks(context.catalog, [name]).some(({ resource }) => roots.has(resource.name)),
  )
  return configured.length ? configured : side.resources
}
