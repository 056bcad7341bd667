import { parseAllow } from '../diff/index.ts'
import { undo, withRun, writtenBy } from '../engine/index.ts'
import { type PlanReport, UsageError } from '../model/index.ts'
import { openJobBook } from './jobs-book.ts'
import { configHash } from './settings/index.ts'
import { findRun } from './verbs.ts'
import type { Workspace } from './workspace.ts'

export interface UndoOptions {
  readonly allow: readonly string[]
  /** Needed where several stores have a run of that name. */
  readonly store: string | undefined
}

/**
 * Makes the plan that restores what a run overwrote. The run of a job stands for the sync in it that wrote something.
 * @throws {UsageError} when there is no such run, when it wrote nothing, or when several syncs of a job did.
 */
export const undoRun = async (workspace: Workspace, id: string, options: UndoOptions): Promise<PlanReport> => {
  const { run: wanted, store } = (await runOfJob(workspace, id)) ?? (await findRun(workspace, id, options.store))
  const { sync } = await workspace.withMirror(store, (mirror) => writtenBy(mirror, wanted).plan)
  const spec = workspace.sync(sync)
  const settings = {
    allowed: parseAllow(options.allow),
    automatic: false,
    configHash: configHash(workspace.settings, spec),
  }
  const context = workspace.contextOf(store)
  return workspace.withStore(store, `undo ${wanted}`, (side) =>
    withRun(context, side, 'undo', wanted, async (run) => undo(context, side, spec, wanted, settings, run)),
  )
}

interface Found {
  readonly run: string
  readonly store: string
}

/** The sync run that wrote something in a job's run; undefined when no job has such a run. */
const runOfJob = async (workspace: Workspace, id: string): Promise<Found | undefined> => {
  const jobs = Object.keys(workspace.settings.jobs)
  const job = jobs.flatMap((name) => openJobBook(workspace.settings, name).runs()).find(({ run }) => run === id)
  if (!job) return undefined
  const found: Found[] = []
  for (const one of job.syncs ?? []) {
    const wrote = await workspace.withMirror(one.store, (mirror) => mirror.sentIn(one.run).length > 0)
    if (wrote) found.push(one)
  }
  const [only, another] = found
  if (!only) throw new UsageError(`run ${id} wrote nothing, so there is nothing to undo`)
  if (!another) return only
  const names = found.map(({ run, store }) => `${run} (store ${store})`).join(', ')
  throw new UsageError(`in ${id} several runs wrote something: ${names}`, {
    hint: `undo one after the other, the last first: \`skiff undo ${found.at(-1)?.run}\``,
  })
}
