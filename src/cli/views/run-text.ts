import type { PullReport, PushReport, RowResult, RunReport, RunState, SyncReport } from '../../model/index.ts'
import { summaryLine, verdicts } from './plan-text.ts'
import { restText } from './rest.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, shortTime, showKey } from './text.ts'

/** What a pull brought, resource by resource. */
export const pullText = (report: PullReport, screen: Screen): string => {
  const rows = report.resources.map(({ resource, rows: total, added, changed, removed, complete, expected }) => [
    resource,
    count(total),
    added ? `+${count(added)}` : '',
    changed ? `~${count(changed)}` : '',
    removed ? `-${count(removed)}` : '',
    complete ? '' : screen.paint.red(expected === null ? 'incomplete' : `incomplete: the store has ${count(expected)}`),
  ])
  return [
    outcome(report, `${report.full ? 'Full pull' : 'Pull'} of ${report.store}`, screen),
    table(PULL_COLUMNS, rows, screen),
    nextFullLine(report, screen),
    requestLine(report, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

/** Until then a pull sees what the store dates, and no more. */
const nextFullLine = ({ nextFull }: PullReport, { paint }: Screen): string => {
  const each = nextFull.map(
    ({ resource, due, requests }) => `${resource} from ${shortTime(due)} UTC on, ${counted(requests, 'request')}`,
  )
  return each.length ? paint.dim(`next full pull: ${each.join('; ')}`) : ''
}

/** What became of each row of a plan; the rows that were applied are counted, the others listed. */
export const pushText = (report: PushReport, screen: Screen, details = false): string =>
  [
    outcome(report, `Push of ${report.plan} (sync ${report.sync}, store ${report.store})`, screen),
    countsLine(report, screen),
    rowLines(report, screen, details),
    openLine(report, screen),
    errorLines(report, screen),
    requestLine(report, screen),
    report.state === 'interrupted'
      ? `Next: ${screen.paint.bold(`skiff push ${report.plan}`)} (it goes on from here)`
      : '',
  ]
    .filter(Boolean)
    .join('\n')

/** Why it stopped before its end, and what to do. */
export const errorLines = ({ error }: Pick<PushReport, 'error'>, screen: Screen): string =>
  error
    ? [screen.paint.red(`Stopped: ${clean(error.message)}`), error.where, error.hint].filter(Boolean).join('\n  ')
    : ''

/** What the sync has left open over all of its runs, so that nobody gets used to it. */
const openLine = ({ open: { rows, since } }: PushReport, { paint }: Screen): string =>
  since === null ? '' : paint.yellow(`${openText(rows)}, the oldest since ${shortTime(since)} UTC`)

const openText = (rows: number): string => `${counted(rows, 'row')} ${rows === 1 ? 'is' : 'are'} open`

/** A sync from pull to push. */
export const syncText = (report: SyncReport, screen: Screen, details = false, dryRun = false): string => {
  const speaking = report.guards.filter(({ verdict }) => verdict !== 'ok')
  return [
    outcome(report, `Sync ${report.sync} (store ${report.store}, plan ${report.plan})`, screen),
    pulledLine(report),
    summaryLine(report, screen),
    verdicts(speaking, screen),
    report.rows.length > 0 ? countsLine(report, screen) : '',
    rowLines(report, screen, details),
    openLine(report, screen),
    errorLines(report, screen),
    requestLine(report, screen),
    dryRun && report.rows.length === 0 ? 'Dry run: nothing was written.' : '',
    nextLine(report, screen, dryRun),
    ...(report.parts ?? [])
      .filter((part) => details || !isSilent(part))
      .map((part) => `\n${syncText(part, screen, details, dryRun)}`),
  ]
    .filter(Boolean)
    .join('\n')
}

/** A part that had no row in the source, and went well. */
const isSilent = ({ state, summary, open }: SyncReport): boolean =>
  state === 'complete' && open.rows === 0 && Object.values(summary).every((rows) => rows === 0)

const pulledLine = ({ pull }: SyncReport): string =>
  pull ? `pulled ${pull.resources.map(({ resource, rows }) => `${resource} ${count(rows)}`).join(', ')}` : ''

/** A plan that is worth a look is named; one that waits also with the word that carries it out. */
const nextLine = ({ state, plan, summary }: SyncReport, { paint }: Screen, dryRun: boolean): string => {
  const look = paint.bold(`skiff show ${plan} --details`)
  if (state === 'waiting' || (dryRun && summary.update + summary.create + summary.remove > 0)) {
    return `Next: ${look}, then ${paint.bold(`skiff push ${plan}`)}`
  }
  return state === 'blocked' || summary.held + summary.rejected + summary.conflict > 0 ? `See them: ${look}` : ''
}

/** A state in its colour; only `complete` is green. */
export const stateText = (state: RunState | 'running', { paint }: Screen): string => {
  if (state === 'complete') return paint.green(state)
  if (state === 'running') return paint.cyan(state)
  return state === 'failed' || state === 'blocked' ? paint.red(state) : paint.yellow(state)
}

const PULL_COLUMNS = [
  { head: 'resource', keep: true },
  { head: 'rows', align: 'right', keep: true },
  { head: 'added', align: 'right', keep: true },
  { head: 'changed', align: 'right', keep: true },
  { head: 'removed', align: 'right', keep: true },
  { head: '', wrap: true },
] as const

/** What ran and how it ended, in one line. */
export const outcome = (report: RunReport, what: string, screen: Screen): string =>
  `${screen.paint.bold(clean(what))}: ${stateText(report.state, screen)} ${screen.paint.dim(`(run ${report.run})`)}`

/** How many rows ended in which way. */
export const countsLine = ({ counts }: Pick<PushReport, 'counts'>, { paint }: Screen): string =>
  [
    paint.green(`${count(counts.applied)} applied`),
    counts.skipped ? paint.yellow(`${count(counts.skipped)} skipped`) : '',
    counts.failed ? paint.red(`${count(counts.failed)} failed`) : '',
    counts.held ? paint.magenta(`${count(counts.held)} held`) : '',
  ]
    .filter(Boolean)
    .join('   ')

const FEW = 20

/** The rows that were not applied, with their reasons. */
export const rowLines = ({ rows }: Pick<PushReport, 'rows'>, screen: Screen, details: boolean): string => {
  const open = rows.filter(({ state }) => state !== 'applied')
  const shown = details ? open : open.slice(0, FEW)
  if (shown.length === 0) return ''
  const rest = open.length - shown.length
  const more = rest > 0 ? `\n${restText(rest, screen)}` : ''
  return `${table(
    [
      { head: 'row', keep: true },
      { head: 'state', keep: true },
      { head: 'reason', wrap: true },
    ],
    shown.map(rowCells),
    screen,
  )}${more}`
}

const rowCells = ({ key, state, reason }: RowResult): string[] => [showKey(key), state, clean(reason ?? '')]

/** How many requests it took. */
export const requestLine = ({ requests: { read, write, check } }: RunReport, { paint }: Screen): string =>
  paint.dim(
    `${counted(read + write + check, 'request')}: ${count(read)} read, ${count(write)} write, ${count(check)} check`,
  )
