import { undoRun } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { documentOf } from './plan.ts'
import { planText } from './views/plan-text.ts'
import { workspaceOf } from './work.ts'

export interface UndoArgs {
  readonly run: string
  readonly allow: readonly string[]
  readonly details: boolean
}

export const run = async ({ run: wanted, allow, details }: UndoArgs, face: Face): Promise<Exit> => {
  const report = await undoRun(workspaceOf(face), wanted, { allow, store: face.common.store })
  face.report(documentOf(report), (screen) => planText(report.plan, screen, details))
  return report.exit
}
