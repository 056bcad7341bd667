import type { UndoMoveReport, UndoRow } from '../../model/index.ts'
import type { Next } from '../migrate-next.ts'
import { restText } from './rest.ts'
import { errorLines, outcome, requestLine } from './run-text.ts'
import type { Screen } from './screen.ts'
import { type Column, table } from './table.ts'
import { clean, count, counted } from './text.ts'

/**
 * What the undo of a migration deletes, or would, and what it leaves and why.
 * @param next Null where a person is asked for the store's name right behind it.
 */
export const undoMoveText = (report: UndoMoveReport, screen: Screen, next: Next | null, details = false): string => {
  const { from, to, dry, rows } = report
  const { paint } = screen
  const of = (...states: UndoRow['state'][]): readonly UndoRow[] => rows.filter(({ state }) => states.includes(state))
  const counts = report.resources
    .filter(({ remove, inside, stays, before, gone }) => remove + inside + stays + before + gone > 0)
    .map(({ resource, ...one }) => [
      resource,
      ...[one.remove, one.inside, one.stays, one.before, one.gone].map((figure) => (figure ? count(figure) : '')),
      ...(dry ? [] : [count(one.removed)]),
    ])
  const columns = dry ? COUNTS : [...COUNTS, figure('deleted')]
  return [
    outcome(
      report,
      `${dry ? 'What the undo' : 'Undo'} of the migration from ${from} to ${to}${dry ? ' would do' : ''}`,
      screen,
    ),
    counts.length ? table(columns, counts, screen) : 'The migration made nothing that is still there.',
    block('To be deleted', of('to-remove'), screen, details),
    block('Failed', of('failed'), screen, details),
    block('Left alone', of('stays'), screen, details),
    report.unseen.length && of('to-remove', 'removed').length
      ? `Not looked at, because the "resources" of ${to} do not name them: ${report.unseen.join(', ')}`
      : '',
    errorLines(report, screen),
    ...(dry && of('to-remove').length
      ? [
          paint.yellow(`Nothing was deleted. Deleted rows of ${to} cannot be brought back; type its name to do it.`),
          next ? `Next: ${paint.bold(next.command('migrate', from, to, '--undo', '--confirm', to))}` : '',
        ]
      : []),
    requestLine(report, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

const figure = (head: string) => ({ head, align: 'right', keep: true }) as const

const COUNTS: readonly Column[] = [
  { head: 'resource', keep: true },
  ...['delete', 'inside those', 'left alone', 'there before', 'gone already'].map(figure),
]

const FEW = 12

const block = (title: string, rows: readonly UndoRow[], screen: Screen, details: boolean): string => {
  if (!rows.length) return ''
  const shown = details ? rows : rows.slice(0, FEW)
  const rest = rows.length - shown.length
  return [
    screen.paint.bold(`${title}: ${counted(rows.length, 'row')}`),
    table(ROWS, shown.map(cellsOf), screen),
    restText(rest, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

const ROWS = [
  { head: 'resource', keep: true },
  { head: 'key', keep: true },
  { head: 'name' },
  { head: 'why', wrap: true },
] as const

const cellsOf = ({ resource, key, label, reason }: UndoRow): string[] => [
  resource,
  clean(key.replaceAll('\t', ' ')),
  clean(label ?? ''),
  clean(reason ?? ''),
]
