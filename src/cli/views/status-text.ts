import type { Freshness, JobStatus, Status, StoreStatus } from '../../app/index.ts'
import { summaryLine } from './plan-text.ts'
import { stateText } from './run-text.ts'
import { runsText } from './runs-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, duration, shortTime } from './text.ts'

/** What is fresh, what is due and what is wrong, the verdict first. */
export const statusText = (status: Status, screen: Screen): string =>
  [
    verdictLines(status, screen).join('\n'),
    ...status.stores.map((store) => storeText(store, status.at, screen)),
    jobsText(status.jobs, screen),
  ]
    .filter(Boolean)
    .join('\n\n')

const verdictLines = ({ verdict, wrong, open }: Status, { paint }: Screen): string[] => {
  if (verdict === 'well') return [paint.green('All is well.')]
  return [
    ...(wrong.length ? [paint.red(`${counted(wrong.length, 'thing')} wrong:`)] : []),
    ...wrong.map((text) => `  ${clean(text)}`),
    ...(open.length ? [paint.yellow(`${counted(open.length, 'thing')} open:`)] : []),
    ...open.map((text) => `  ${clean(text)}`),
  ]
}

const storeText = (status: StoreStatus, at: string, screen: Screen): string => {
  const { store, mirror, holder, open, waiting, lastRuns } = status
  const { paint } = screen
  const title = paint.bold(`Store ${clean(store)}`)
  if (mirror === null) return `${title}\nno mirror yet; run: skiff pull ${clean(store)}`
  return [
    title,
    holder
      ? `held by ${clean(holder.work)} (process ${holder.pid} on ${clean(holder.host)}, since ${shortTime(holder.since)} UTC)`
      : '',
    open > 0 ? paint.red(`${counted(open, 'change')} with an unknown outcome`) : '',
    ...waiting.map((plan) => `plan ${plan.plan} of ${clean(plan.sync)} waits: ${summaryLine(plan, screen)}`),
    table(
      RESOURCES,
      status.resources.map((one) => freshnessCells(one, at, screen)),
      screen,
    ),
    lastRuns.length > 0
      ? `\n${runsText(
          lastRuns.map((run) => ({ ...run, store })),
          screen,
        )}`
      : '',
  ]
    .filter(Boolean)
    .join('\n')
}

const RESOURCES = [
  { head: 'resource', keep: true },
  { head: 'rows', align: 'right', keep: true },
  { head: 'as of (UTC)', keep: true },
  { head: 'age', align: 'right', keep: true },
  { head: '', wrap: true },
] as const

const freshnessCells = ({ resource, rows, asOf, complete }: Freshness, at: string, { paint }: Screen): string[] => [
  resource,
  count(rows),
  asOf === null ? 'never' : shortTime(asOf),
  asOf === null ? '' : duration(Math.max(Date.parse(at) - Date.parse(asOf), 0)),
  complete ? '' : paint.red('the last pull did not end'),
]

const jobsText = (jobs: readonly JobStatus[], screen: Screen): string => {
  if (jobs.length === 0) return ''
  const rows = jobs.map(({ job, cron, timezone, next, last }) => [
    clean(job),
    cron === null ? 'when asked for' : `${cron} ${timezone}`,
    next === null ? '' : shortTime(next),
    last === null ? 'never' : shortTime(last.started),
    last === null ? '' : stateText(last.state, screen),
  ])
  return `${screen.paint.bold('Jobs')}\n${table(JOBS, rows, screen)}`
}

const JOBS = [
  { head: 'job', keep: true },
  { head: 'schedule' },
  { head: 'next (UTC)', keep: true },
  { head: 'last (UTC)', keep: true },
  { head: '', keep: true },
] as const
