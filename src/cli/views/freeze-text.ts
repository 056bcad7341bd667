import type { ChangedRow, FreezeReport } from '../../model/index.ts'
import type { Next } from '../migrate-next.ts'
import { restText } from './rest.ts'
import { outcome } from './run-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, show } from './text.ts'

/** What the old store changed since it was copied last, or that nothing did. */
export const freezeText = (report: FreezeReport, screen: Screen, next: Next, details = false): string => {
  const { paint } = screen
  const moved = report.resources.filter(({ added, changed, gone }) => added + changed + gone > 0)
  const counts = moved.map(({ resource, added, changed, gone }) => [
    resource,
    added ? `+${count(added)}` : '',
    changed ? `~${count(changed)}` : '',
    gone ? `-${count(gone)}` : '',
  ])
  const shown = details ? report.rows : report.rows.slice(0, FEW)
  const rest = moved.reduce((sum, { added, changed, gone }) => sum + added + changed + gone, 0) - shown.length
  const { read, check } = report.reads
  return [
    outcome(report, `Changes in ${report.from} since it was copied to ${report.to}`, screen),
    moved.length ? table(COUNTS, counts, screen) : paint.green('Nothing changed since the last copy.'),
    shown.length ? table(ROWS, shown.flatMap(cellsOf), screen) : '',
    restText(rest, screen, '--details shows more'),
    ...toldLines(report, screen, details),
    moved.length ? `Next: ${paint.bold(next.again())} carries over what came and what changed` : '',
    paint.dim(`${counted(read + check, 'request')} to ${report.from}, none of which wrote; ${report.to} was not asked`),
  ]
    .filter(Boolean)
    .join('\n')
}

const FEW = 20

const COUNTS = [
  { head: 'resource', keep: true },
  { head: 'new', align: 'right' },
  { head: 'changed', align: 'right' },
  { head: 'gone', align: 'right' },
] as const

const ROWS = [
  { head: 'what', keep: true },
  { head: 'resource', keep: true },
  { head: 'old key', keep: true },
  { head: 'name' },
  { head: 'field', keep: true },
  { head: 'copied' },
  { head: 'now' },
] as const

const WORDS: Readonly<Record<ChangedRow['what'], string>> = { added: 'new', changed: 'changed', gone: 'gone' }

/** What no further copy carries over, as the last one told it: what stays behind, and what is to be deleted by hand if at all. */
const toldLines = ({ resources, told, to }: FreezeReport, screen: Screen, details: boolean): readonly string[] => {
  const all = resources.reduce((sum, one) => sum + one.told, 0)
  if (!all) return []
  const shown = details ? told : told.slice(0, FEW)
  const rest = all - shown.length
  return [
    screen.paint.bold(`What the last copy told already (${count(all)})`),
    table(
      [...TOLD.slice(0, 2), { head: `key in ${to}`, keep: true }, ...TOLD.slice(2)],
      shown.map(({ resource, key, label, reason }) => [
        resource,
        ...[key.old, key.new].map((one) => clean((one ?? '').replaceAll('\t', ' '))),
        clean(label ?? ''),
        clean(reason),
      ]),
      screen,
    ),
    restText(rest, screen, '--details shows more'),
  ]
}

const TOLD = [
  { head: 'resource', keep: true },
  { head: 'old key', keep: true },
  { head: 'name' },
  { head: 'why', wrap: true },
] as const

const cellsOf = ({ what, resource, key, label, fields }: ChangedRow): readonly string[][] => {
  const row = [WORDS[what], resource, clean((key.old ?? '').replaceAll('\t', ' ')), clean(label ?? '')]
  return fields.length
    ? fields.map(({ field, was, now }) => [...row, field, show(was), show(now)])
    : [[...row, 'whole row', '', '']]
}
