import type { Check, Finding } from '../../app/index.ts'
import type { Paint, Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, counted } from './text.ts'

/** What was looked at, in its order, each fault with what to do about it. */
export const checkText = ({ findings }: Check, screen: Screen): string => {
  const { paint } = screen
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length
  const warned = findings.filter(({ verdict }) => verdict === 'warn').length
  return [
    table(
      COLUMNS,
      findings.map((finding) => cells(finding, paint)),
      screen,
    ),
    '',
    bad
      ? paint.red(`${counted(bad, 'fault')}${warned ? `, ${counted(warned, 'warning')}` : ''}`)
      : warned
        ? paint.yellow(`No fault, ${counted(warned, 'warning')}`)
        : paint.green('No fault'),
  ].join('\n')
}

const COLUMNS = [
  { head: '', keep: true },
  { head: '', keep: true },
  { head: '', keep: true },
  { head: '', wrap: true },
] as const

const cells = ({ of, what, verdict, detail, hint }: Finding, paint: Paint): string[] => [
  VERDICT[verdict](paint),
  clean(of),
  clean(what),
  hint === null ? clean(detail) : `${clean(detail)}. ${paint.bold(clean(hint))}`,
]

const VERDICT: Readonly<Record<Finding['verdict'], (paint: Paint) => string>> = {
  ok: (paint) => paint.green('ok'),
  note: (paint) => paint.dim('note'),
  warn: (paint) => paint.yellow('warn'),
  bad: (paint) => paint.red('bad'),
}
