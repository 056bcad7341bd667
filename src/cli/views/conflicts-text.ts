import type { OpenConflict } from '../../app/index.ts'
import type { ResolveReport } from '../../model/index.ts'
import { planText } from './plan-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, counted, shortTime, show, showKey } from './text.ts'

/** The conflict inbox, and what to type next. */
export const conflictsText = (conflicts: readonly OpenConflict[], screen: Screen): string => {
  const { paint } = screen
  const [first] = conflicts.filter(({ decision }) => !decision)
  const decided = conflicts.filter(({ decision }) => decision)
  if (conflicts.length === 0) return 'No conflict is open.'
  return [
    table(COLUMNS, conflicts.map(cells), screen),
    ...decided.map(decisionLine),
    first ? `Next: ${paint.bold(`skiff resolve ${first.id} --take store`)}, source, or another value` : '',
    ...new Set(decided.map(({ next }) => `To carry out what is decided: ${paint.bold(clean(next))}${optionsOf(next)}`)),
  ]
    .filter(Boolean)
    .join('\n')
}

// A migration without the map or the rules that it was run with would take back what those said.
const optionsOf = (next: string): string =>
  next.startsWith('skiff migrate ') ? ', with the options that it was run with before' : ''

const COLUMNS = [
  { head: 'id', keep: true },
  { head: 'sync' },
  { head: 'key', wrap: true },
  { head: 'field', keep: true },
  { head: 'last agreed', wrap: true },
  { head: 'store', wrap: true },
  { head: 'source', wrap: true },
  { head: 'since (UTC)', keep: true },
  { head: 'plan', keep: true },
] as const

const cells = ({ id, sync, key, label, field, base, inStore, inSource, since, plan }: OpenConflict): string[] => [
  id,
  clean(sync),
  [showKey(key), clean(label ?? '')].filter(Boolean).join(' '),
  field,
  show(base),
  sideCell(inStore),
  sideCell(inSource),
  shortTime(since),
  plan,
]

const sideCell = ({ value, changed }: OpenConflict['inStore']): string =>
  changed === null ? show(value) : `${show(value)} (${shortTime(changed)})`

const decisionLine = ({ id, decision }: OpenConflict): string => {
  if (!decision) return ''
  const { take, by, at, plan } = decision
  return `${id} is decided: ${clean(take)}, by ${clean(by)} at ${shortTime(at)} UTC${plan === null ? '' : `, in plan ${plan}`}`
}

/** What was decided, and the plan that carries it out. */
export const resolveText = ({ decided, plan }: ResolveReport, screen: Screen, details = false): string =>
  [
    decided
      .map(({ conflict, key, field, value }) => `${conflict} ${showKey(key)}: ${field} is to be ${show(value)}`)
      .join('\n'),
    plan
      ? planText(plan, screen, details)
      : `Nothing has to be written: both sides stay as they are, and ${counted(decided.length, 'conflict')} ${
          decided.length === 1 ? 'is' : 'are'
        } settled.`,
  ].join('\n\n')
