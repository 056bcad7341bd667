import { resolve } from 'node:path'
import { lookAtCopy, restoreStore } from '../app/index.ts'
import { ApprovalError, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storeMeant } from './targets.ts'
import { copyAge, restoreText } from './views/backup-text.ts'
import { workspaceOf } from './work.ts'

export interface RestoreArgs {
  readonly file: string
  readonly yes: boolean
}

export const run = async ({ file, yes }: RestoreArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const store = storeMeant(workspace.settings, face.common.store)
  const from = resolve(face.io.cwd, file)
  const copy = lookAtCopy(workspace, store, from)
  if (!yes) await approval(face, store, copyAge(copy))
  const report = await restoreStore(workspace, store, from)
  face.report(report, (screen) => restoreText(report, screen))
  return report.exit
}

const approval = async ({ io }: Face, store: string, age: string): Promise<void> => {
  if (!io.ask) {
    throw new ApprovalError(`putting a copy in the place of the mirror of ${store} waits for approval`, {
      hint: 'Approve it with --yes; the mirror that is there stays beside it.',
    })
  }
  const text = `Put the copy (${age}) in the place of the mirror of ${store}? Plans that were made later go with it.`
  if (await io.ask({ text })) return
  throw new ApprovalError('the copy was not put back', { hint: 'The mirror is as it was.' })
}
