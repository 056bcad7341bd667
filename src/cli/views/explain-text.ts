import type { Explanation } from '../../engine/index.ts'
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
    table(FIELDS, story.fields.map(fieldCells), screen),
    story.recent.length > 0
      ? `\n${paint.bold('In recent plans')}\n${table(RECENT, story.recent.map(recentCells), screen)}`
      : '',
    story.history.length > 0
      ? `\n${paint.bold('In the store')}\n${table(HISTORY, story.history.map(historyCells), screen)}`
      : '',
  ]
    .filter(Boolean)
    .join('\n')
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

const RECENT = [
  { head: 'plan', keep: true },
  { head: 'made (UTC)', keep: true },
  { head: 'action', keep: true },
  { head: 'state', keep: true },
  { head: 'reason', wrap: true },
] as const

const recentCells = ({ plan, created, action, state, reason }: Explanation['recent'][number]): string[] => [
  plan,
  shortTime(created),
  action,
  state,
  clean(reason ?? ''),
]

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
