import type { PlanReport, PullReport, PushReport, ResolveReport, SyncReport } from '../../model/index.ts'
import { resolveText } from './conflicts-text.ts'
import { planText } from './plan-text.ts'
import { pullText, pushText, syncText } from './run-text.ts'
import type { Screen } from './screen.ts'
import { clean, plainJson } from './text.ts'

/** The stored report of a run, as its verb printed it, with every row. */
export const reportText = (verb: string, report: unknown, screen: Screen): string => {
  if (report === null || report === undefined) return 'It has no report: it still goes on, or was killed.'
  const failure = (report as { error?: { message: string } }).error
  if (failure) return clean(failure.message)
  switch (verb) {
    case 'pull':
      return pullText(report as PullReport, screen)
    case 'resolve':
      return resolveText(report as ResolveReport, screen, true)
    case 'plan':
    case 'undo':
      return planText((report as PlanReport).plan, screen, true)
    case 'push':
      return pushText(report as PushReport, screen, true)
    case 'sync':
      return syncText(report as SyncReport, screen, true)
    default:
      return plainJson(report)
  }
}
