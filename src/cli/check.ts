import { checkAll } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { checkText } from './views/check-text.ts'
import { workspaceOf } from './work.ts'

export interface CheckArgs {
  readonly notify: boolean
}

export const run = async ({ notify }: CheckArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const check = await checkAll(workspace, storesMeant(workspace.settings, [], face.common.store), { notify })
  face.report(check, (screen) => checkText(check, screen))
  return check.exit
}
