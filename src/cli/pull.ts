import { pullStore } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { pullText } from './views/run-text.ts'
import { oneByOne, workspaceOf } from './work.ts'

export interface PullArgs {
  readonly stores: readonly string[]
  readonly only: readonly string[] | undefined
  readonly full: boolean
  readonly verify: boolean
}

export const run = async ({ stores, only, full, verify }: PullArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  return oneByOne(face, storesMeant(workspace.settings, stores, face.common.store), async (store) => {
    const report = await pullStore(workspace, store, { full, verify, ...(only ? { only } : {}) })
    return { exit: report.exit, document: report, view: (screen) => pullText(report, screen) }
  })
}
