import type { SyncReport } from '../model/index.ts'
import { failureOf } from './failure.ts'
import { type Ended, tellEnd } from './notices/index.ts'
import { type SyncOptions, syncOne } from './sync-one.ts'
import type { Workspace } from './workspace.ts'

/** A sync as cron calls it: where nobody watches, those whom the config names are told how it ended. */
export const syncAndTell = async (workspace: Workspace, name: string, options: SyncOptions): Promise<SyncReport> => {
  const { store } = workspace.sync(name)
  const tell = async (end: Pick<Ended, 'state' | 'exit' | 'report' | 'error'>): Promise<void> => {
    if (options.watched || options.dryRun) return
    await tellEnd(workspace, { ...end, job: null, step: `sync ${name}`, sync: name, store })
  }
  try {
    const report = await syncOne(workspace, name, options)
    await tell({ state: report.state, exit: report.exit, report, error: null })
    return report
  } catch (error) {
    await tell({ ...failureOf(error), report: null })
    throw error
  }
}
