import { type Allowed, fieldsOf, isSweeping, parseAllow, targetOf } from '../diff/index.ts'
import {
  type Explanation,
  explain,
  explainParts,
  namingSyncs,
  type PullOptions,
  partSyncs,
  plan,
  pull,
  push,
  type StoreSide,
  sync,
  withRun,
} from '../engine/index.ts'
import type { RunRecord, StoredPlan } from '../mirror/index.ts'
import {
  ApprovalError,
  EXIT,
  MirrorError,
  type Plan,
  type PlanReport,
  type PullReport,
  type PushReport,
  type RunState,
  type SyncReport,
  type SyncSpec,
  UsageError,
} from '../model/index.ts'
import { configHash } from './settings/index.ts'
import type { StoreUse, Workspace } from './workspace.ts'

/** The verbs as the command line and the daemon call them: by names of the config, each a recorded run under the store's lock. */

/** Store names to work on: those given, else all of the config. */
export const storeNames = ({ settings }: Workspace, names: readonly string[]): readonly string[] =>
  names.length ? names : Object.keys(settings.stores)

export const syncNames = ({ settings }: Workspace, names: readonly string[]): readonly string[] =>
  names.length ? names : settings.syncs.map(({ name }) => name)

export const pullStore = (workspace: Workspace, store: string, options: PullOptions): Promise<PullReport> =>
  workspace.withStore(store, `pull ${store}`, async (side) => {
    const report = await withRun(workspace.context, side, 'pull', store, (run) =>
      pull(workspace.context, side, options, run),
    )
    forgetOld(workspace, side)
    return report
  })

export interface PlanSyncOptions {
  readonly allow: readonly string[]
  readonly staleOk: boolean
  readonly only: readonly string[] | null
}

export const planSync = (workspace: Workspace, name: string, options: PlanSyncOptions): Promise<PlanReport> => {
  const spec = workspace.sync(name)
  const settings = {
    ...options,
    automatic: false,
    allowed: parseAllow(options.allow),
    configHash: configHash(workspace.settings, spec),
  }
  return workspace.withStore(spec.store, `plan ${name}`, (side) =>
    withRun(workspace.context, side, 'plan', name, (run) =>
      plan(workspace.context, side, spec, workspace.source(spec), settings, run),
    ),
  )
}

export interface PushPlanOptions {
  readonly approvedBy: string
  readonly allow: readonly string[]
  readonly only: readonly string[] | null
  /** Needed where several stores have a plan of that name. */
  readonly store?: string
  /** The store's name as a person typed it; a live store asks for it before the first push of a sync. */
  readonly typedStore?: string
}

export const pushPlan = async (workspace: Workspace, id: string, options: PushPlanOptions): Promise<PushReport> => {
  const { plan: found } = await findPlan(workspace, id, options.store)
  const spec = workspace.sync(found.sync)
  if (options.typedStore !== found.store && (await isFirstPush(workspace, spec))) throw firstPush(found.store, id)
  const settings = {
    ...options,
    allowed: parseAllow(options.allow),
    source: workspace.source(spec),
    configHash: configHash(workspace.settings, spec),
  }
  return workspace.withStore(
    found.store,
    `push ${id}`,
    (side) =>
      withRun(workspace.context, side, 'push', id, (run) => push(workspace.context, side, spec, id, settings, run)),
    quotaUse(settings.allowed),
  )
}

/** Whether a live store has never been written to by this sync: then a person types the store's name. */
export const isFirstPush = async (workspace: Workspace, { name, store }: SyncSpec): Promise<boolean> => {
  if (!workspace.settings.stores[store]?.production) return false
  if (!workspace.hasMirror(store)) return true
  return !(await workspace.withMirror(store, (mirror) => mirror.wasPushed(name)))
}

/** Whether a plan changes so much of its store that a person types the store's name for it. */
export const isSweepingPlan = ({ context, sync }: Workspace, plan: Plan): boolean =>
  isSweeping(plan, fieldsOf(targetOf(context.catalog, sync(plan.sync).resource)))

const firstPush = (store: string, plan: string): ApprovalError =>
  new ApprovalError(`store ${store} is a live shop, and this sync has never written to it`, {
    hint: `run \`skiff push ${plan}\` at a terminal and type the store's name`,
  })

export interface SyncOptions {
  /** Who approves; null leaves a plan with changes waiting. */
  readonly approvedBy: string | null
  readonly dryRun: boolean
  /** A person sees it run: then an open circuit does not keep it from pushing. */
  readonly watched?: boolean
  readonly allow: readonly string[]
}

/** A sync with what hangs on it: what its cells name is made first, the parts of its rows come after it. */
export const syncOne = async (workspace: Workspace, name: string, options: SyncOptions): Promise<SyncReport> => {
  const spec = workspace.sync(name)
  for (const naming of namingSyncs(workspace.context.catalog, spec)) {
    const report = await makeNames(workspace, naming.name, options)
    if (report.exit !== EXIT.done) return report
  }
  const whole = await syncRows(workspace, spec, options)
  const parts: SyncReport[] = []
  for (const part of partSyncs(workspace.context.catalog, spec)) {
    if (isAtEnd(whole)) break
    parts.push(await syncRows(workspace, part, options))
  }
  return parts.length ? withParts(whole, parts) : whole
}

/** Its parts are of no use where a run was stopped, or a guard finds that the source as a whole is wrong. */
const isAtEnd = ({ state }: SyncReport): boolean => state === 'blocked' || state === 'failed' || state === 'interrupted'

/** It went as well as the worst of them. */
const withParts = (whole: SyncReport, parts: readonly SyncReport[]): SyncReport => {
  const worst = [whole, ...parts].reduce((worse, one) =>
    RANK.indexOf(one.state) > RANK.indexOf(worse.state) ? one : worse,
  )
  return { ...whole, state: worst.state, exit: worst.exit, parts }
}

/** From the best to the worst. */
const RANK: readonly RunState[] = [
  'complete',
  'complete-with-rejects',
  'waiting',
  'partial',
  'blocked',
  'interrupted',
  'failed',
]

const syncRows = async (workspace: Workspace, spec: SyncSpec, options: SyncOptions): Promise<SyncReport> => {
  const { name } = spec
  const approvedBy = (await isFirstPush(workspace, spec)) ? null : options.approvedBy
  const allowed: Allowed = parseAllow(options.allow)
  const settings = { ...options, approvedBy, allowed, configHash: configHash(workspace.settings, spec) }
  return workspace.withStore(
    spec.store,
    `sync ${name}`,
    async (side) => {
      const report = await withRun(workspace.context, side, 'sync', name, (run) =>
        sync(workspace.context, side, spec, workspace.source(spec), settings, run),
      )
      forgetOld(workspace, side)
      return report
    },
    quotaUse(allowed),
  )
}

/** Makes what a sync names, one level of a tree after the other, until nothing is left to make. */
const makeNames = async (workspace: Workspace, name: string, options: SyncOptions): Promise<SyncReport> => {
  const report = await syncOne(workspace, name, options)
  return report.exit === EXIT.done && report.counts.applied ? makeNames(workspace, name, options) : report
}

/** Drops history by its age. The run is over by then, so a failure is told and takes nothing from it. */
const forgetOld = ({ settings, context }: Workspace, { name, mirror }: StoreSide): void => {
  try {
    mirror.prune(settings.retention, context.clock.now())
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error
    context.progress({ kind: 'warning', text: `old history of ${name} could not be dropped: ${error.message}` })
  }
}

const quotaUse = (allowed: Allowed): StoreUse => ({ wholeQuota: allowed.has('quotaReserve') })

/** Why a key did or did not change, by every sync (or one) that knows it. Needs no store. */
export const explainKey = async (
  workspace: Workspace,
  key: string,
  only: string | undefined,
): Promise<readonly Explanation[]> => {
  const found: Explanation[] = []
  for (const name of syncNames(workspace, only ? [only] : [])) {
    const spec = workspace.sync(name)
    const story = await workspace.withMirror(spec.store, (mirror) =>
      explain(workspace.context, mirror, spec, workspace.source(spec), key),
    )
    if (story) found.push(story)
    for (const part of partSyncs(workspace.context.catalog, spec)) {
      const stories = await workspace.withMirror(spec.store, (mirror) =>
        explainParts(workspace.context, mirror, part, workspace.source(part), key),
      )
      found.push(...stories)
    }
  }
  return found
}

/** A stored plan by its id, in whichever store's mirror it lies. */
export const findPlan = async (workspace: Workspace, id: string, store: string | undefined): Promise<StoredPlan> => {
  const found: StoredPlan[] = []
  for (const name of mirrored(workspace, store)) {
    const stored = await workspace.withMirror(name, (mirror) => mirror.plan(id))
    if (stored) found.push(stored)
  }
  const [only, second] = found
  if (!only) throw new UsageError(`there is no plan ${id}`, { hint: 'list them with `skiff plans`' })
  if (second) {
    throw new UsageError(`several stores have a plan ${id}: ${found.map(({ plan: one }) => one.store).join(', ')}`, {
      hint: 'say which with --store',
    })
  }
  return only
}

export const listPlans = async (
  workspace: Workspace,
  limit: number,
  store: string | undefined,
): Promise<readonly StoredPlan[]> => {
  const all: StoredPlan[] = []
  for (const name of mirrored(workspace, store))
    all.push(...(await workspace.withMirror(name, (mirror) => mirror.plans(limit))))
  return all.sort((a, b) => b.plan.created.localeCompare(a.plan.created)).slice(0, limit)
}

export interface StoreRun extends RunRecord {
  readonly store: string
}

export const listRuns = async (
  workspace: Workspace,
  limit: number,
  store: string | undefined,
): Promise<readonly StoreRun[]> => {
  const all: StoreRun[] = []
  for (const name of mirrored(workspace, store)) {
    const runs = await workspace.withMirror(name, (mirror) => mirror.runs(limit))
    all.push(...runs.map((run) => ({ ...run, store: name })))
  }
  return all.sort((a, b) => b.started.localeCompare(a.started)).slice(0, limit)
}

/** A run by its id, in whichever store's mirror it is recorded. */
export const findRun = async (workspace: Workspace, id: string, store: string | undefined): Promise<StoreRun> => {
  const found: StoreRun[] = []
  for (const name of mirrored(workspace, store)) {
    const record = await workspace.withMirror(name, (mirror) => mirror.run(id))
    if (record) found.push({ ...record, store: name })
  }
  const [only, second] = found
  if (!only) throw new UsageError(`there is no run ${id}`, { hint: 'list them with `skiff runs`' })
  if (second) throw new UsageError(`several stores have a run ${id}`, { hint: 'say which with --store' })
  return only
}

export const mirrored = (workspace: Workspace, store: string | undefined): readonly string[] =>
  storeNames(workspace, store ? [store] : []).filter((name) => workspace.hasMirror(name))
