import type { RehearsalReport } from '../../model/index.ts'
import { countsLine, errorLines, outcome, rowLines } from './run-text.ts'
import type { Screen } from './screen.ts'
import { clean, count, counted, duration } from './text.ts'

/** What a push would come to: a prediction, and it says so. */
export const rehearsalText = (report: RehearsalReport, screen: Screen, details = false): string => {
  const { paint } = screen
  const { plan, sync, store, predicted, unseen } = report
  const { requests, seconds, endpoints, quota, windowMs, quotaUsed } = predicted
  const all = requests.read + requests.write + requests.check
  return [
    outcome(report, `Rehearsal of ${plan} (sync ${sync}, store ${store})`, screen),
    paint.bold('A prediction. Nothing was sent, and nothing was written.'),
    countsLine(report, screen),
    rowLines(report, screen, details),
    errorLines(report, screen),
    `${counted(all, 'request')} in about ${duration(seconds * 1000)}: ${count(requests.write)} write, ${count(requests.check + requests.read)} check`,
    ...endpoints.map(({ endpoint, requests: number }) => paint.dim(`  ${clean(endpoint)}: ${count(number)}`)),
    `${Math.round(quotaUsed * 1000) / 10} % of the quota of ${count(quota)} requests in ${duration(windowMs)}`,
    'It cannot see:',
    ...unseen.map((text) => `  - ${clean(text)}`),
    nextLine(report, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

const nextLine = ({ exit, plan, sync }: RehearsalReport, { paint }: Screen): string =>
  exit === 0
    ? `Next: ${paint.bold(`skiff push ${plan}`)}`
    : `Next: put right what would not work and run ${paint.bold(`skiff plan ${sync}`)}, or ${paint.bold(`skiff push ${plan}`)} for the rest`
