import { listConflicts } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { conflictsText } from './views/conflicts-text.ts'
import { workspaceOf } from './work.ts'

export interface ConflictsArgs {
  readonly sync: string | undefined
}

export const run = async ({ sync }: ConflictsArgs, face: Face): Promise<Exit> => {
  const open = await listConflicts(workspaceOf(face), sync, face.common.store)
  face.report(open, (screen) => conflictsText(open, screen))
  return open.length > 0 ? EXIT.rows : EXIT.done
}
