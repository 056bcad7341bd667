import { rehearsePlan } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { rehearsalText } from './views/rehearsal-text.ts'
import { workspaceOf } from './work.ts'

export interface RehearseArgs {
  readonly plan: string
  readonly details: boolean
}

export const run = async ({ plan, details }: RehearseArgs, face: Face): Promise<Exit> => {
  const report = await rehearsePlan(workspaceOf(face), plan, face.common.store)
  face.report(report, (screen) => rehearsalText(report, screen, details))
  return report.exit
}
