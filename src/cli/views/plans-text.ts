import type { Plan } from '../../model/index.ts'
import { summaryLine } from './plan-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { shortTime } from './text.ts'

export interface PlanLine extends Pick<Plan, 'plan' | 'store' | 'sync' | 'created' | 'expires' | 'summary'> {
  readonly state: string
}

/** The stored plans, newest first. */
export const plansText = (plans: readonly PlanLine[], screen: Screen): string => {
  if (plans.length === 0) return 'No plan yet.'
  const rows = plans.map((line) => [
    line.plan,
    line.store,
    line.sync,
    shortTime(line.created),
    line.state,
    summaryLine(line, screen),
  ])
  return table(COLUMNS, rows, screen)
}

const COLUMNS = [
  { head: 'plan', keep: true },
  { head: 'store' },
  { head: 'sync' },
  { head: 'made (UTC)', keep: true },
  { head: 'state', keep: true },
  { head: '', wrap: true },
] as const
