import { type UndoMoveOptions, undoMove, withRun } from '../engine/index.ts'
import { type UndoMoveReport, UsageError } from '../model/index.ts'
import type { Workspace } from './workspace.ts'

/**
 * Removes from one store what its migration from another one made and nobody touched since, or tells what that would be. The other one
 * is only named: it may be closed by now.
 */
export const undoMigration = (
  workspace: Workspace,
  from: string,
  to: string,
  options: UndoMoveOptions,
): Promise<UndoMoveReport> => {
  const old = workspace.settings.stores[from]
  if (!old) throw new UsageError(`there is no store called ${JSON.stringify(from)}`, { hint: 'name one of the config' })
  const context = workspace.contextOf(to)
  const what = `${from} ${to}`
  return workspace.withStore(to, `migrate --undo ${what}`, (side) =>
    withRun(context, side, 'migrate --undo', what, (run) =>
      undoMove(context, side, { name: from, hash: old.hash, resources: old.resources }, options, run),
    ),
  )
}
