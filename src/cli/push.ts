import { findPlan, isFirstPush, isSweepingPlan, pushPlan } from '../app/index.ts'
import { ApprovalError, blockedBy, type Exit, type Plan, pushable } from '../model/index.ts'
import type { Face } from './face.ts'
import { planText } from './views/plan-text.ts'
import { pushText } from './views/run-text.ts'
import { counted } from './views/text.ts'
import { workspaceOf } from './work.ts'

export interface PushArgs {
  readonly plan: string
  readonly yes: boolean
  readonly only: readonly string[] | undefined
  readonly allow: readonly string[]
  readonly details: boolean
}

export const run = async ({ plan: id, yes, only, allow, details }: PushArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const { plan, state } = await findPlan(workspace, id, face.common.store)
  const isFirst = await isFirstPush(workspace, workspace.sync(plan.sync))
  const approvedBy =
    (yes && !(isFirst && face.io.ask)) || !isPushable(state)
      ? '--yes'
      : await approval(face, plan, { isFirst, isSweeping: isSweepingPlan(workspace, plan) })
  const typed = approvedBy === PERSON && isFirst ? { typedStore: plan.store } : {}
  const report = await pushPlan(workspace, id, { approvedBy, allow, only: only ?? null, store: plan.store, ...typed })
  face.report(report, (screen) => pushText(report, screen, details))
  return report.exit
}

// A plan that was pushed or superseded needs no question either.
const isPushable = (state: string): boolean => state !== 'pushed' && state !== 'superseded'

const PERSON = 'a person at the terminal'

/** What makes a plan too weighty for a mere yes. */
interface Weight {
  readonly isFirst: boolean
  readonly isSweeping: boolean
}

// A blocked plan, or one without changes, needs no question: the push itself says what is wrong with it.
const approval = async ({ io, screen, print, common }: Face, plan: Plan, weight: Weight): Promise<string> => {
  const rows = pushable(plan).length
  if (rows === 0 || blockedBy(plan).length > 0) return 'nobody'
  if (!io.ask) {
    throw new ApprovalError(`plan ${plan.plan} waits for approval`, {
      hint: `Approve it with: skiff push ${plan.plan} --yes`,
    })
  }
  if (!(common.json || common.quiet)) print(planText(plan, screen))
  const most = weight.isSweeping ? ' That is most of what this sync owns there.' : ''
  const text = `Write ${counted(rows, 'change')} to store ${plan.store}?${most}`
  const yes = await io.ask(weight.isFirst || weight.isSweeping ? { text, word: plan.store } : { text })
  if (yes) return PERSON
  throw new ApprovalError(`plan ${plan.plan} was not approved`, { hint: 'It stays as it is until it expires.' })
}
