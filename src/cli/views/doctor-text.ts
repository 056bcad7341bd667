import type { DoctorReport } from '../../app/index.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, cut } from './text.ts'

/** What was found, line by line, with what each cell should say; the first few of each kind. */
export const doctorText = (report: DoctorReport, screen: Screen, details = false): string => {
  const { paint } = screen
  const { source, file, rows, findings, notes, refused, counts } = report
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0)
  const shown = details ? findings : firstOfEach(findings)
  return [
    `Source ${source} (${clean(file)}): ${counted(rows, 'row')}`,
    ...notes.map((note) => `Note: ${clean(note)}`),
    shown.length > 0 ? `\n${table(COLUMNS, shown.map(cells), screen)}` : '',
    all > shown.length
      ? `and ${count(all - shown.length)} more like these${details ? '' : '; --details shows them'}`
      : '',
    '',
    refused ? paint.red(`The file is refused: ${clean(refused.message)}`) : '',
    refused?.hint ? `  hint: ${clean(refused.hint)}` : '',
    verdict(report, all, screen),
    fixedLine(report),
  ]
    .filter((line, at, lines) => line !== '' || (lines[at - 1] !== '' && at > 0 && at < lines.length - 1))
    .join('\n')
    .trimEnd()
}

type Finding = DoctorReport['findings'][number]

const FEW = 10

const firstOfEach = (findings: readonly Finding[]): readonly Finding[] => {
  const seen = new Map<string, number>()
  return findings.filter(({ rule }) => {
    const before = seen.get(rule) ?? 0
    seen.set(rule, before + 1)
    return before < FEW
  })
}

const COLUMNS = [
  { head: 'line', align: 'right', keep: true },
  { head: 'column', keep: true },
  { head: 'value' },
  { head: 'is', wrap: true },
  { head: 'repair' },
] as const

const cells = ({ line, column, value, problem, repair }: Finding): string[] => [
  String(line),
  clean(cut(column, 30)),
  column === '' ? '' : JSON.stringify(clean(value)),
  clean(problem),
  repair === null ? '' : JSON.stringify(clean(repair)),
]

const verdict = ({ repairable, copyable, refused, fixed }: DoctorReport, all: number, { paint }: Screen): string => {
  if (all === 0) return refused ? '' : paint.green('Nothing is wrong that can be seen.')
  const mine = copyable && !refused && !fixed ? '; --fix FILE writes a copy with them' : ''
  const repairs = repairable === 0 ? 'none of them has a repair' : `${count(repairable)} with a repair${mine}`
  return paint.yellow(`${counted(all, 'finding')}, ${repairs}`)
}

const fixedLine = ({ fixed }: DoctorReport): string => {
  if (!fixed) return ''
  const left =
    fixed.left === 0 ? 'nothing is left to find in it' : `${counted(fixed.left, 'finding')} left for a person`
  return `Wrote ${clean(fixed.file)}: ${counted(fixed.cells, 'cell')} repaired, ${left}`
}
