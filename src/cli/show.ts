import { findPlan } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import { EXIT } from '../model/index.ts'
import type { Face } from './face.ts'
import { type PlanFormat, planAs } from './plan-format.ts'
import { workspaceOf } from './work.ts'

export interface ShowArgs {
  readonly plan: string
  readonly format: PlanFormat
  readonly details: boolean
}

export const run = async ({ plan: id, format, details }: ShowArgs, face: Face): Promise<Exit> => {
  const { plan, state } = await findPlan(workspaceOf(face), id, face.common.store)
  if (state === 'pushed' || state === 'superseded') face.progress({ kind: 'warning', text: `plan ${id} is ${state}` })
  face.print(planAs(face.common.json ? 'json' : format, plan, face.screen, details))
  return EXIT.done
}
