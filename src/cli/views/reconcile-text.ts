import type { ReconcileReport, StoreDifference } from '../../model/index.ts'
import type { Next } from '../migrate-next.ts'
import { refusedLines } from './refused-text.ts'
import { restText } from './rest.ts'
import { outcome, requestLine } from './run-text.ts'
import type { Screen } from './screen.ts'
import { type Column, table } from './table.ts'
import { clean, count, counted, show } from './text.ts'

/** What two stores of a migration have in common: counts for each resource, then what differs. */
export const reconcileText = (report: ReconcileReport, screen: Screen, next: Next, details = false): string => {
  const { paint } = screen
  const rows = report.resources.map((one) => [
    one.resource,
    ...[one.old, one.new, one.linked, one.created, one.adopted].map(count),
    one.onlyOld ? paint.red(count(one.onlyOld)) : '',
    one.onlyNew ? paint.yellow(count(one.onlyNew)) : '',
    count(one.compared),
    one.differs ? paint.red(count(one.differs)) : '',
    one.agreed ? count(one.agreed) : '',
  ])
  return [
    outcome(report, `Comparison of ${report.from} and ${report.to}`, screen),
    table(COUNTS, rows, screen),
    report.exit === 0 ? paint.green(`Equal: every value that the migration carries ${sameness(report)}`) : '',
    differenceBlock(report, screen, details),
    pictureBlock(report, screen, next),
    ...refusedLines(report.refused, screen),
    requestLine(report, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

/** Ends the sentence on every value that a migration carries. */
export const sameness = ({ resources }: ReconcileReport): string => {
  const left = resources.reduce((sum, { agreed }) => sum + agreed, 0)
  const but = left ? `, but for ${counted(left, 'value')} left to differ by agreement` : ''
  return `is the same in both stores${but}.`
}

const figure = (head: string) => ({ head, align: 'right', keep: true }) as const

const COUNTS: readonly Column[] = [
  { head: 'resource', keep: true },
  ...['old', 'new', 'linked', 'made', 'recognised', 'only old', 'only new', 'values', 'differ', 'left'].map(figure),
]

const FEW = 20

const differenceBlock = ({ differences, resources }: ReconcileReport, screen: Screen, details: boolean): string => {
  const total = resources.reduce((sum, { differs }) => sum + differs, 0)
  if (!total) return ''
  const shown = details ? differences : differences.slice(0, FEW)
  const rest = total - shown.length
  return [
    '',
    screen.paint.bold(counted(total, 'difference')),
    table(DIFFERENCES, shown.map(cellsOf), screen),
    restText(rest, screen, '--details shows more, --out FILE.html all'),
  ]
    .filter((line, at) => line || at === 0)
    .join('\n')
}

const DIFFERENCES = [
  { head: 'resource', keep: true },
  { head: 'old key', keep: true },
  { head: 'name' },
  { head: 'field', keep: true },
  { head: 'old store' },
  { head: 'new store' },
  { head: 'why', wrap: true },
] as const

const cellsOf = ({ resource, key, label, field, old, new: now, why }: StoreDifference): string[] => [
  resource,
  clean((key.old ?? '').replaceAll('\t', ' ')),
  clean(label ?? ''),
  field ?? 'whole row',
  field === null ? '' : show(old),
  field === null ? '' : show(now),
  clean(why),
]

const pictureBlock = ({ pictures, seed }: ReconcileReport, { paint }: Screen, next: Next): string => {
  if (!pictures.length) return ''
  const of = (verdict: string): number => pictures.filter((one) => one.verdict === verdict).length
  const [differs, unknown] = [of('differs'), of('unknown')]
  return [
    `${counted(pictures.length, 'picture')} looked at: ${count(of('same'))} the same`,
    differs ? paint.red(`${count(differs)} not`) : '',
    unknown ? paint.yellow(`${count(unknown)} that nobody can tell`) : '',
    paint.dim(`the same ones again: ${next.again('--verify', '--seed', String(seed))}`),
  ]
    .filter(Boolean)
    .join(', ')
}
