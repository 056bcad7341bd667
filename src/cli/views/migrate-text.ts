import type { LeftBehind, MigrateReport, MigrationPlanReport, UnmetName } from '../../model/index.ts'
import type { Next } from '../migrate-next.ts'
import { refusedLines } from './refused-text.ts'
import { restText } from './rest.ts'
import { errorLines, outcome, requestLine } from './run-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, duration } from './text.ts'

/** What a migration would do, resource by resource, what stays behind, and what nobody can carry over. */
export const forecastText = (report: MigrationPlanReport, screen: Screen, next: Next, details = false): string => {
  const { from, to, resources, left, refused, unmet, reading, scopes, cost } = report
  const { paint } = screen
  return [
    outcome(report, `Migration of ${from} to ${to}, planned`, screen),
    table(
      FORECAST,
      resources.map((one) => [
        one.resource,
        ...[one.rows, one.standing, sumOf(one.existing), one.create, one.update, one.conflicts, one.left].map(number),
        number(one.requests),
      ]),
      screen,
    ),
    ...existingLines(report, screen),
    ...refusedLines(refused, screen),
    ...unmetLines(unmet, screen),
    ...undatedLines(report),
    ...unreadLines(report, screen),
    ...leftLines(left, screen, details),
    `Writing takes ${counted(cost.requests, 'request')}, and about ${duration(cost.seconds * 1000)} at the quota of ${to}, with what is looked at in between. Reading ${from} took ${counted(reading.requests, 'request')}, about ${duration(reading.seconds * 1000)} at its quota.`,
    ...(report.state === 'waiting'
      ? [
          `The token of ${to} has to be allowed to modify ${scopes.join(', ')}; only a copy can tell whether it is.`,
          `Nothing is written yet. Next: ${paint.bold(nextOfPlan(report, next))}`,
        ]
      : [`Nothing is to be done: ${to} says what ${from} says.`]),
  ]
    .filter(Boolean)
    .join('\n')
}

/** What exists is decided on before anything is written: rows made beside those that are left alone may lack what they refer to. */
const nextOfPlan = ({ resources }: MigrationPlanReport, next: Next): string =>
  next.decides || resources.every(({ existing }) => sumOf(existing) === 0)
    ? next.again('--yes')
    : next.again('--existing', 'adopt', '--plan')

const FORECAST = [
  { head: 'resource', keep: true },
  { head: 'rows', align: 'right' },
  { head: 'copied', align: 'right' },
  { head: 'there', align: 'right' },
  { head: 'new', align: 'right' },
  { head: 'changed', align: 'right' },
  { head: 'conflicts', align: 'right' },
  { head: 'stay', align: 'right' },
  { head: 'requests', align: 'right' },
] as const

/** What became of a migration. */
export const migrationText = (report: MigrateReport, screen: Screen, next: Next, details = false): string => {
  const { from, to, resources, left, refused, unmet } = report
  return [
    outcome(report, `Migration of ${from} to ${to}`, screen),
    table(
      DONE,
      resources.map((one) => [
        one.resource,
        ...[one.rows, one.created, one.adopted, one.updated, one.conflicts, one.failed, one.left].map(number),
      ]),
      screen,
    ),
    ...refusedLines(refused, screen),
    ...unmetLines(unmet, screen),
    ...undatedLines(report),
    ...unreadLines(report, screen),
    ...leftLines(left, screen, details),
    errorLines(report, screen),
    requestLine(report, screen),
    `Next: ${nextLine(report, screen, next)}`,
  ]
    .filter(Boolean)
    .join('\n')
}

const DONE = [
  { head: 'resource', keep: true },
  { head: 'rows', align: 'right' },
  { head: 'made', align: 'right' },
  { head: 'adopted', align: 'right' },
  { head: 'changed', align: 'right' },
  { head: 'conflicts', align: 'right' },
  { head: 'failed', align: 'right' },
  { head: 'stay', align: 'right' },
] as const

const nextLine = ({ error, resources }: MigrateReport, { paint }: Screen, next: Next): string => {
  if (error) return `${paint.bold(next.again())} (it goes on from here)`
  const hasConflicts = resources.some(({ conflicts }) => conflicts)
  return paint.bold(hasConflicts ? next.command('conflicts') : next.again('--verify'))
}

/** 0 says less than nothing in a table of figures. */
const number = (figure: number): string => (figure === 0 ? '·' : count(figure))

const sumOf = (figures: Readonly<Record<string, number>>): number =>
  Object.values(figures).reduce((sum, one) => sum + one, 0)

const existingLines = ({ to, resources }: MigrationPlanReport, { paint }: Screen): readonly string[] => {
  const there = resources.filter(({ existing }) => sumOf(existing) > 0)
  if (!there.length) return []
  const ways = there.map(({ resource, existing }) =>
    Object.entries(existing).map(([how, rows]) => `${count(rows)} ${resource} by ${how}`),
  )
  return [
    paint.yellow(
      `${to} has already ${ways.flat().join(', ')}: --existing adopt keeps what it says, overwrite replaces it, refuse leaves both alone.`,
    ),
  ]
}

const unmetLines = (unmet: readonly UnmetName[], { paint }: Screen): readonly string[] =>
  unmet.map(({ resource, name }) =>
    paint.yellow(`--map: no row of ${resource} in the old store is called ${JSON.stringify(clean(name))}`),
  )

const undatedLines = ({ undated }: Pick<MigrateReport, 'undated'>): readonly string[] =>
  undated.length
    ? [
        `--since: ${undated.join(', ')} tell no time of change, so all of their rows are compared; what belongs to a row that is not copied stays with it.`,
      ]
    : []

const unreadLines = ({ to, unread }: Pick<MigrateReport, 'to' | 'unread'>, { paint }: Screen): readonly string[] =>
  unread.length
    ? [
        paint.yellow(
          `${to} has ${counted(unread.length, 'row')} that could not be read, so nothing stands for them and edits of them are not seen:`,
        ),
        ...unread
          .slice(0, FEW)
          .map(({ resource, key, reason }) => `  ${resource} ${key.replaceAll('\t', ' ')}: ${clean(reason)}`),
        restText(unread.length - FEW, { paint }, '--json lists all'),
      ]
    : []

const FEW = 10

const leftLines = (left: readonly LeftBehind[], screen: Screen, details: boolean): readonly string[] => {
  if (!left.length) return []
  const shown = details ? left : left.slice(0, FEW)
  const rest = left.length - shown.length
  return [
    screen.paint.bold(`What stays behind (${count(left.length)})`),
    table(
      LEFT,
      shown.map(({ resource, key, label, reason }) => [
        resource,
        key.replaceAll('\t', ' '),
        clean(label ?? ''),
        clean(reason),
      ]),
      screen,
    ),
    restText(rest, screen),
  ]
}

const LEFT = [
  { head: 'resource', keep: true },
  { head: 'key', keep: true },
  { head: 'name' },
  { head: 'why', wrap: true },
] as const
