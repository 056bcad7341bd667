import { findPlan, pushPlan } from '../app/index.ts'
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
  const { plan } = await findPlan(workspace, id, face.common.store)
  const production = workspace.settings.stores[plan.store]?.production === true
  const approvedBy = yes ? '--yes' : await approval(face, plan, production)
  const report = await pushPlan(workspace, id, { approvedBy, allow, only: only ?? null, store: plan.store })
  face.report(report, (screen) => pushText(report, screen, details))
  return report.exit
}

/** Rows from which a live shop asks for its name instead of a yes. */
const MANY = 100

// A blocked plan, or one without changes, needs no question: the push itself says what is wrong with it.
const approval = async ({ io, screen, print, common }: Face, plan: Plan, production: boolean): Promise<string> => {
  const rows = pushable(plan).length
  if (rows === 0 || blockedBy(plan).length > 0) return 'nobody'
  if (!io.ask) {
    throw new ApprovalError(`plan ${plan.plan} waits for approval`, {
      hint: `Approve it with: skiff push ${plan.plan} --yes`,
    })
  }
  if (!(common.json || common.quiet)) print(planText(plan, screen))
  const text = `Write ${counted(rows, 'change')} to store ${plan.store}?`
  const yes = await io.ask(production && rows > MANY ? { text, word: plan.store } : { text })
  if (yes) return 'a person at the terminal'
  throw new ApprovalError(`plan ${plan.plan} was not approved`, { hint: 'It stays as it is until it expires.' })
}
