import type { JobReport, StepReport } from '../../app/index.ts'
import { readyReportText } from './ready-report-text.ts'
import { pullText, stateText, syncText } from './run-text.ts'
import type { Screen } from './screen.ts'
import { clean, duration } from './text.ts'

/** A job, step by step, and how it ended. */
export const jobText = (report: JobReport, screen: Screen): string => {
  const took = duration(Date.parse(report.finished) - Date.parse(report.started))
  const { paint } = screen
  return [
    ...report.steps.map((step) => stepText(step, screen)),
    `${paint.bold(`Job ${clean(report.job)}`)}: ${stateText(report.state, screen)} ${paint.dim(`(run ${report.run}, ${took})`)}`,
  ].join('\n\n')
}

const stepText = ({ step, report, error, reason }: StepReport, screen: Screen): string => {
  const { paint } = screen
  const name = paint.bold(clean(step))
  if (error) {
    const lines = [`${name}: ${paint.red('failed')}`, `  ${clean(error.message)}`]
    if (error.where !== null) lines.push(`  where: ${clean(error.where)}`)
    if (error.hint !== null) lines.push(`  hint: ${clean(error.hint)}`)
    return lines.join('\n')
  }
  if (report === null) return `${name}: ${paint.yellow('not run')}, ${clean(reason ?? '')}`
  if ('columns' in report) return readyReportText(report, screen)
  return 'plan' in report ? syncText(report, screen) : pullText(report, screen)
}
