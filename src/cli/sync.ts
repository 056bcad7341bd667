import { syncAndTell } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { syncsMeant } from './targets.ts'
import { syncText } from './views/run-text.ts'
import { isWatched, oneByOne, workspaceOf } from './work.ts'

export interface SyncArgs {
  readonly syncs: readonly string[]
  readonly yes: boolean
  readonly dryRun: boolean
  readonly full: boolean
  readonly allow: readonly string[]
  readonly details: boolean
}

export const run = async ({ syncs, yes, dryRun, full, allow, details }: SyncArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  return oneByOne(face, syncsMeant(workspace, syncs, face.common.store), async (sync) => {
    const options = { approvedBy: yes ? '--yes' : null, dryRun, full, watched: isWatched(face), allow }
    const report = await syncAndTell(workspace, sync, options)
    return { exit: report.exit, document: report, view: (screen) => syncText(report, screen, details, dryRun) }
  })
}
