import { listPlans } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { plansText } from './views/plans-text.ts'
import { workspaceOf } from './work.ts'

export const run = async (_args: object, face: Face): Promise<Exit> => {
  const stored = await listPlans(workspaceOf(face), SHOWN, face.common.store)
  const lines = stored.map(({ plan: { plan, store, sync, created, expires, summary }, state }) => {
    return { plan, store, sync, created, expires, state, summary }
  })
  face.report(lines, (screen) => plansText(lines, screen))
  return EXIT.done
}

/** Newest plans. */
const SHOWN = 20
