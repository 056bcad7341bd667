import type { ConflictStory, Explanation, PlanStory } from '../../engine/index.ts'
import type { Values } from '../../model/index.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, shortTime, show, showKey } from './text.ts'

/** Why a key did or did not change, from the cell of the source to the verdict, and what became of it before. */
export const explainText = (story: Explanation, screen: Screen): string => {
  const { paint } = screen
  const line = story.line === null ? '' : `, line ${story.line} of the source`
  return [
    `${paint.bold(showKey(story.key))}${story.label ? ` ${clean(story.label)}` : ''}: sync ${clean(story.sync)}${line}`,
    story.rejected === null ? '' : paint.red(`takes no part: ${clean(story.rejected)}`),
    recordsText(story, screen),
    table(FIELDS, story.fields.map(fieldCells), screen),
    story.conflicts.length > 0 ? `\n${paint.bold('Conflicts')}\n${story.conflicts.map(conflictLine).join('\n')}` : '',
    story.recent.length > 0
      ? `\n${paint.bold('In recent plans')}\n${story.recent.flatMap((one) => planLines(one, screen)).join('\n')}`
      : '',
    story.history.length > 0
      ? `\n${paint.bold('In the store')}\n${table(HISTORY, story.history.map(historyCells), screen)}`
      : '',
  ]
    .filter(Boolean)
    .join('\n')
}

/** Where several records make the row: each with its line, and the cells that the sync reads. */
const recordsText = ({ records }: Explanation, screen: Screen): string => {
  const [first] = records
  if (!first) return ''
  const columns = Object.keys(first.cells)
  const rows = records.map(({ line, cells }) => [String(line), ...columns.map((name) => clean(cells[name] ?? ''))])
  const heads = [{ head: 'line', keep: true as const }, ...columns.map((name) => ({ head: clean(name) }))]
  return `${table(heads, rows, screen)}\n`
}

const FIELDS = [
  { head: 'field', keep: true },
  { head: 'owner', keep: true },
  { head: 'cell' },
  { head: 'means' },
  { head: 'store' },
  { head: 'last agreed' },
  { head: 'verdict', wrap: true },
] as const

const fieldCells = ({
  field,
  owner,
  column,
  cell,
  mapped,
  store,
  base,
  verdict,
}: Explanation['fields'][number]): string[] => [
  field,
  owner,
  cell === null ? '' : `${clean(column)}: ${clean(cell)}`,
  mapped === undefined ? '' : show(mapped),
  show(store),
  base === undefined ? '' : show(base),
  clean(verdict),
]

const conflictLine = ({ id, field, base, inStore, inSource, since, settled, decision }: ConflictStory): string => {
  const said = decision && `taken: ${clean(decision.take)}, by ${clean(decision.by)} at ${shortTime(decision.at)}`
  const end = settled === null ? (decision ? '' : 'open') : `settled ${shortTime(settled)}`
  const sides = `store ${show(inStore)}, source ${show(inSource)}, last agreed ${show(base)}`
  return `  ${[`${id} since ${shortTime(since)}  ${field}: ${sides}`, said, end].filter(Boolean).join('; ')}`
}

/** What one plan said of the key, why it was held back, and the steps of what became of it. */
const planLines = (story: PlanStory, { paint }: Screen): readonly string[] => {
  const { plan, planState, origin, created, action, state, guard, blocked, reason, fields, steps } = story
  const runs = [...new Set(steps.map(({ run }) => run))]
  const head = [
    `${plan}  ${shortTime(created)}  ${action}`,
    state === action ? '' : state,
    runs.length ? `in run ${runs.join(', ')}` : '',
    steps.length || blocked.length ? '' : `the plan is ${planState}`,
    origin === null ? '' : `(${clean(origin)})`,
  ]
  return [
    `  ${head.filter(Boolean).join('  ')}`,
    ...fields.map(({ field, from, to }) => `      ${field}  ${show(from)} -> ${show(to)}`),
    ...blocked.map((verdict) => paint.red(`      plan blocked by ${verdict.guard}: ${clean(verdict.detail)}`)),
    ...(guard === null ? [] : [paint.magenta(`      held by ${guard}: ${clean(reason ?? '')}`)]),
    ...(guard === null && reason !== null && !steps.length ? [`      ${clean(reason)}`] : []),
    ...steps.map(({ to, at, evidence }) => paint.dim(`      ${at.slice(11, 19)} ${to}${evidenceText(evidence)}`)),
  ]
}

/** What proves a step: who approved, where it was sent, what came back. */
const evidenceText = ({ by, endpoint, status, reason }: Values): string => {
  const parts = [
    by ? `by ${show(by)}` : '',
    show(endpoint ?? ''),
    status ? `HTTP ${show(status)}` : '',
    show(reason ?? ''),
  ]
  const text = parts.filter((part) => part && part !== '""').join(', ')
  return text ? `: ${text}` : ''
}

const HISTORY = [
  { head: 'when (UTC)', keep: true },
  { head: 'field', keep: true },
  { head: 'from' },
  { head: 'to' },
  { head: 'run', keep: true },
] as const

const historyCells = ({ at, field, from, to, run }: Explanation['history'][number]): string[] => [
  shortTime(at),
  field,
  show(from),
  show(to),
  run,
]
