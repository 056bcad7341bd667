import { DRIFT, type DriftCause, type DriftRow, type VerifyReport } from '../../model/index.ts'
import { restText } from './rest.ts'
import { outcome, requestLine } from './run-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, show, showKey } from './text.ts'

/** What disagrees, by cause, with the first rows of each; or that nothing does. */
export const verifyText = (report: VerifyReport, screen: Screen, details = false): string => {
  const { syncs, store, drift, unsettled, notes } = report
  const what = syncs.length ? `Verify of ${syncs.join(', ')} (store ${store})` : `Verify of store ${store}`
  const causes = Object.entries(drift) as [DriftCause, number][]
  return [
    outcome(report, what, screen),
    sampleLine(report),
    ...mirrorLines(report, screen),
    causes.length ? '' : screen.paint.green('No drift: all sides agree.'),
    unsettled ? `${counted(unsettled, 'value')} written so lately that nothing can be said of them yet` : '',
    ...notes.map((note) => `Note: ${clean(note)}`),
    ...causes.map(([cause, number]) => causeBlock(report, cause, number, screen, details)),
    requestLine(report, screen),
  ]
    .filter(Boolean)
    .join('\n')
}

const sampleLine = ({ sampled, of, seed }: VerifyReport): string =>
  seed === null
    ? `${counted(sampled, 'row')} compared`
    : `${count(sampled)} of ${counted(of, 'row')} compared; the same ones again: --seed ${seed}`

const mirrorLines = ({ mirror: { damage, altered, open } }: VerifyReport, { paint }: Screen): readonly string[] => [
  damage === null ? '' : paint.red(`The mirror's file is damaged: ${clean(damage)}. Restore a copy: skiff restore`),
  altered === null ? '' : paint.red(`The journal was altered: entry ${altered} is not what was written.`),
  open.length
    ? paint.yellow(`left open: ${open.map(({ plan, change }) => `${plan} change ${change}`).join(', ')}`)
    : '',
]

const FEW = 12

const causeBlock = (
  { rows }: VerifyReport,
  cause: DriftCause,
  number: number,
  screen: Screen,
  details: boolean,
): string => {
  const { paint } = screen
  const those = rows.filter((row) => row.cause === cause)
  const shown = details ? those : those.slice(0, FEW)
  const rest = those.length - shown.length
  return [
    '',
    `${paint.bold(cause)} (${count(number)}): ${DRIFT[cause].means}`,
    shown.length ? table(COLUMNS, shown.map(rowCells), screen) : '',
    restText(rest, screen),
    `Next: ${paint.bold(DRIFT[cause].next)}`,
  ]
    .filter((line, index) => line || index === 0)
    .join('\n')
}

const COLUMNS = [
  { head: 'row', keep: true },
  { head: 'name' },
  { head: 'field', keep: true },
  { head: 'store' },
  { head: 'mirror' },
  { head: 'last agreed' },
  { head: 'source' },
] as const

const rowCells = (row: DriftRow): string[] => [
  showKey(row.key),
  clean(row.label ?? ''),
  row.field ?? 'whole row',
  ...(['store', 'mirror', 'base', 'source'] as const).map((side) => (row[side] === undefined ? '' : show(row[side]))),
]
