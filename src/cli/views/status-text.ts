import type { Freshness, Holder } from '../../app/index.ts'
import type { Plan } from '../../model/index.ts'
import { summaryLine } from './plan-text.ts'
import { type RunLine, runsText } from './runs-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, duration, shortTime } from './text.ts'

export interface StoreStatus {
  readonly store: string
  /** Null before the first pull. */
  readonly mirror: string | null
  /** Who works on the store now. */
  readonly holder: Holder | null
  /** Moment of the asking, ms since 1970. */
  readonly now: number
  readonly resources: readonly Freshness[]
  /** Plans that wait for a person. */
  readonly waiting: readonly Pick<Plan, 'plan' | 'sync' | 'summary'>[]
  /** Changes whose outcome is not known yet. */
  readonly open: number
  /** The newest run of each kind of work. */
  readonly lastRuns: readonly Omit<RunLine, 'store'>[]
}

/** What is fresh, what waits and what is wrong in one store. */
export const statusText = (status: StoreStatus, screen: Screen): string => {
  const { paint } = screen
  const title = paint.bold(`Store ${clean(status.store)}`)
  if (status.mirror === null) return `${title}\nno mirror yet; run: skiff pull ${clean(status.store)}`
  const { holder, open } = status
  return [
    title,
    holder
      ? `held by ${clean(holder.work)} (process ${holder.pid} on ${clean(holder.host)}, since ${shortTime(holder.since)} UTC)`
      : '',
    open > 0 ? paint.red(`${counted(open, 'change')} with an unknown outcome; the next push finds out`) : '',
    ...status.waiting.map((plan) => `plan ${plan.plan} of ${clean(plan.sync)} waits: ${summaryLine(plan, screen)}`),
    table(
      COLUMNS,
      status.resources.map((one) => freshnessCells(one, status.now, screen)),
      screen,
    ),
    status.lastRuns.length > 0
      ? `\n${runsText(
          status.lastRuns.map((run) => ({ ...run, store: status.store })),
          screen,
        )}`
      : '',
  ]
    .filter(Boolean)
    .join('\n')
}

const COLUMNS = [
  { head: 'resource', keep: true },
  { head: 'rows', align: 'right', keep: true },
  { head: 'as of (UTC)', keep: true },
  { head: 'age', align: 'right', keep: true },
  { head: '', wrap: true },
] as const

const freshnessCells = ({ resource, rows, asOf, complete }: Freshness, now: number, { paint }: Screen): string[] => [
  resource,
  count(rows),
  asOf === null ? 'never' : shortTime(asOf),
  asOf === null ? '' : duration(Math.max(now - Date.parse(asOf), 0)),
  complete ? '' : paint.red('the last pull did not end'),
]
