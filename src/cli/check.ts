import { checkAll } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { checkText } from './views/check-text.ts'
import { workspaceOf } from './work.ts'

export const run = async (_args: object, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const check = await checkAll(workspace, storesMeant(workspace.settings, [], face.common.store))
  face.report(check, (screen) => checkText(check, screen))
  return check.exit
}
