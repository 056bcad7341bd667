import { fieldsOf, isSweeping, parseAllow, targetOf } from '../diff/index.ts'
import {
  type Explanation,
  explain,
  explainParts,
  type PullOptions,
  partSyncs,
  plan,
  pull,
  push,
  withRun,
} from '../engine/index.ts'
import type { RunRecord, StoredPlan } from '../mirror/index.ts'
import {
  ApprovalError,
  type Plan,
  type PlanReport,
  type PullReport,
  type PushReport,
  type SyncSpec,
  UsageError,
} from '../model/index.ts'
import { forgetOld } from './forget-old.ts'
import { configHash } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** The verbs as the command line and the daemon call them: by names of the config, each a recorded run under the store's lock. */

/** Store names to work on: those given, else all of the config. */
export const storeNames = ({ settings }: Workspace, names: readonly string[]): readonly string[] =>
  names.length ? names : Object.keys(settings.stores)

export const syncNames = ({ settings }: Workspace, names: readonly string[]): readonly string[] =>
  names.length ? names : settings.syncs.map(({ name }) => name)

export const pullStore = (workspace: Workspace, store: string, options: PullOptions): Promise<PullReport> =>
  workspace.withStore(store, `pull ${store}`, async (side) => {
    const context = workspace.contextOf(store)
    const report = await withRun(context, side, 'pull', store, (run) => pull(context, side, options, run))
    forgetOld(workspace, side)
    return report
  })

export interface PlanSyncOptions {
  readonly allow: readonly string[]
  readonly staleOk: boolean
  readonly only: readonly string[] | null
  /** Read all rows of a source that could be read in part. */
  readonly full?: boolean
}

export const planSync = (workspace: Workspace, name: string, options: PlanSyncOptions): Promise<PlanReport> => {
  const spec = workspace.sync(name)
  const settings = {
    ...options,
    automatic: false,
    allowed: parseAllow(options.allow),
    configHash: configHash(workspace.settings, spec),
  }
  const context = workspace.contextOf(spec.store)
  return workspace.withStore(spec.store, `plan ${name}`, (side) =>
    withRun(context, side, 'plan', name, (run) => plan(context, side, spec, workspace.source(spec), settings, run)),
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
  const context = workspace.contextOf(found.store)
  return workspace.withStore(
    found.store,
    `push ${id}`,
    (side) => withRun(context, side, 'push', id, (run) => push(context, side, spec, id, settings, run)),
    { wholeQuota: settings.allowed.has('quotaReserve') },
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
