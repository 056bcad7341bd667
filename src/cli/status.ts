import { readStatus } from '../app/index.ts'
import { outlook } from '../daemon/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { statusText } from './views/status-text.ts'
import { workspaceOf } from './work.ts'

export const run = async (_args: object, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const { settings, context } = workspace
  const stores = storesMeant(settings, [], face.common.store)
  const status = await readStatus(workspace, stores, outlook(settings, context.clock.now()))
  face.report(status, (screen) => statusText(status, screen))
  return status.exit
}
