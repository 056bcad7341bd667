import { changesSinceCopy, type MovingOptions, reconcileStores, undoMigration, type Workspace } from '../app/index.ts'
import type { Exit, ReconcileReport } from '../model/index.ts'
import type { Face } from './face.ts'
import type { Next } from './migrate-next.ts'
import { outFile } from './out-file.ts'
import { reconcileFormatOf } from './reconcile-format.ts'
import { freezeText } from './views/freeze-text.ts'
import { reconcileText } from './views/reconcile-text.ts'
import { undoMoveText } from './views/undo-move-text.ts'

/** What comes after a copy, between two stores of the configuration. */
export interface AfterArgs {
  readonly from: string
  readonly to: string
  readonly out: string | undefined
  readonly seed: number | undefined
  readonly confirm: string | undefined
  readonly details: boolean
}

/** Compares both stores, and writes the comparison to a file that a person can sign. */
export const verifyMigration = async (
  workspace: Workspace,
  { from, to, out, seed, details }: AfterArgs,
  options: MovingOptions,
  next: Next,
  face: Face,
): Promise<Exit> => {
  const save = out === undefined ? undefined : saving(face, out)
  const report = await reconcileStores(workspace, from, to, { ...options, pictures: PICTURES, seed })
  save?.(report)
  face.report(report, (screen) => reconcileText(report, screen, next, details))
  return report.exit
}

const saving = ({ io }: Face, out: string): ((report: ReconcileReport) => void) => {
  const format = reconcileFormatOf(out)
  const file = outFile(io.cwd, out)
  return (report) => file.write(format(report))
}

/** Of each resource that has some. */
const PICTURES = 20

/** Lists what changed in the old store since it was copied last. */
export const freezeMigration = async (
  workspace: Workspace,
  { from, to, details }: AfterArgs,
  options: MovingOptions,
  next: Next,
  face: Face,
): Promise<Exit> => {
  const report = await changesSinceCopy(workspace, from, to, options)
  face.report(report, (screen) => freezeText(report, screen, next, details))
  return report.exit
}

/** Shows what the undo would delete, asks for the new store's name, and deletes it. */
export const undoCopy = async (
  workspace: Workspace,
  { from, to, confirm, details }: AfterArgs,
  next: Next,
  face: Face,
): Promise<Exit> => {
  const undo = (typedStore: string | null) =>
    undoMigration(workspace, from, to, {
      dry: typedStore === null,
      approvedBy: 'a person who typed the name of the store',
      typedStore,
    })
  if (confirm === undefined) {
    const listed = await undo(null)
    const ask = listed.state === 'waiting' && !face.common.json ? face.io.ask : null
    if (ask) face.print(undoMoveText(listed, face.screen, null, details))
    else face.report(listed, (screen) => undoMoveText(listed, screen, next, details))
    const isMeant = await ask?.({ text: `Delete these rows of store ${to}?`, word: to })
    if (!isMeant) return listed.exit
  }
  const report = await undo(confirm ?? to)
  face.report(report, (screen) => undoMoveText(report, screen, next, details))
  return report.exit
}
