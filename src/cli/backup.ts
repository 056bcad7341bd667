import { resolve, sep } from 'node:path'
import { backupStore } from '../app/index.ts'
import { type Exit, UsageError } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { backupText } from './views/backup-text.ts'
import { oneByOne, workspaceOf } from './work.ts'

export interface BackupArgs {
  readonly stores: readonly string[]
  readonly to: string | undefined
}

export const run = async ({ stores, to }: BackupArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const meant = storesMeant(workspace.settings, stores, face.common.store)
  const target = to === undefined ? null : placeOf(face, to)
  if (target !== null && meant.length > 1 && !target.endsWith(sep)) {
    throw new UsageError('several stores do not go into one file', {
      hint: 'Name a folder with / at its end: --to DIR/',
    })
  }
  return oneByOne(face, meant, async (store) => {
    const report = await backupStore(workspace, store, target)
    return { exit: report.exit, document: report, view: (screen) => backupText(report, screen) }
  })
}

/** A / at the end says that a folder is meant, also one that is not there yet. */
const placeOf = ({ io }: Face, to: string): string => `${resolve(io.cwd, to)}${/[\\/]$/.test(to) ? sep : ''}`
