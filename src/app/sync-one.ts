import { parseAllow } from '../diff/index.ts'
import { innerSyncs, type Met, namingSyncs, partSyncs, type StoreSide, sync, withRun } from '../engine/index.ts'
import { EXIT, isoTime, type RunState, type Source, type SyncReport, type SyncSpec } from '../model/index.ts'
import { forgetOld } from './forget-old.ts'
import { configHash } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

export interface SyncOptions {
  /** Who approves; null leaves a plan with changes waiting. */
  readonly approvedBy: string | null
  readonly dryRun: boolean
  /** Read all rows of a source that could be read in part. */
  readonly full?: boolean
  /** A person sees it run: then an open circuit does not keep it from pushing. */
  readonly watched?: boolean
  readonly allow: readonly string[]
}

/**
 * A sync with what hangs on it: what its cells name is made first, the parts of its rows come after it. Each of them is a recorded run;
 * all go on in one hold of the store's lock, over one reading of the source, and read no listing of the store twice.
 */
export const syncOne = async (workspace: Workspace, name: string, options: SyncOptions): Promise<SyncReport> => {
  const spec = workspace.sync(name)
  const wholeQuota = parseAllow(options.allow).has('quotaReserve')
  const work = (side: StoreSide) =>
    workspace.withSources(spec, async (sourceOf) => {
      const begun = isoTime(workspace.context.clock.now())
      const met = { begun, listed: new Set<string>(), chosen: new Set<string>() }
      const report = await syncWhole({ workspace, side, sourceOf, options, met }, spec)
      forgetOld(workspace, side)
      return report
    })
  return workspace.withStore(spec.store, `sync ${name}`, work, { wholeQuota })
}

/** One call of a sync, with what all syncs that go on in it share. */
interface Syncing {
  readonly workspace: Workspace
  readonly side: StoreSide
  readonly sourceOf: (spec: SyncSpec) => Source
  readonly options: SyncOptions
  readonly met: Met
}

const syncWhole = async (syncing: Syncing, spec: SyncSpec): Promise<SyncReport> => {
  const { catalog } = syncing.workspace.context
  for (const naming of namingSyncs(catalog, spec)) {
    const report = await makeNames(syncing, naming)
    if (report.exit !== EXIT.done) return report
  }
  const whole = await syncRows(syncing, spec)
  const parts: SyncReport[] = []
  for (const part of [...innerSyncs(catalog, spec), ...partSyncs(catalog, spec)]) {
    if (isAtEnd(whole)) break
    parts.push(await syncRows(syncing, part))
  }
  return parts.length ? withParts(whole, parts) : whole
}

/** Makes what a sync names, one level of a tree after the other, until nothing is left to make. */
const makeNames = async (syncing: Syncing, naming: SyncSpec): Promise<SyncReport> => {
  const report = await syncRows(syncing, naming)
  return report.exit === EXIT.done && report.counts.applied ? makeNames(syncing, naming) : report
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

const syncRows = ({ workspace, side, sourceOf, options, met }: Syncing, spec: SyncSpec): Promise<SyncReport> => {
  const { settings } = workspace
  const context = workspace.contextOf(spec.store)
  const isFirst = (settings.stores[spec.store]?.production ?? false) && !side.mirror.wasPushed(spec.name)
  const approvedBy = isFirst ? null : options.approvedBy
  const allowed = parseAllow(options.allow)
  return withRun(context, side, 'sync', spec.name, (run) =>
    sync(
      context,
      side,
      spec,
      sourceOf(spec),
      { ...options, approvedBy, allowed, configHash: configHash(settings, spec), met },
      run,
    ),
  )
}
