import type { RunState } from '../../model/index.ts'
import { stateText } from './run-text.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, duration, shortTime } from './text.ts'

/** One execution, as the history has it. */
export interface RunLine {
  readonly store: string
  readonly run: string
  readonly verb: string
  readonly what: string
  readonly started: string
  readonly finished: string | null
  readonly state: RunState | 'running'
  readonly exit: number | null
}

/** The history, newest first. */
export const runsText = (runs: readonly RunLine[], screen: Screen): string => {
  if (runs.length === 0) return 'No run yet.'
  return table(
    COLUMNS,
    runs.map(({ store, run, verb, what, started, finished, state, exit }) => [
      run,
      store,
      `${verb} ${clean(what)}`,
      shortTime(started),
      finished === null ? '' : duration(Date.parse(finished) - Date.parse(started)),
      stateText(state, screen),
      exit === null ? '' : String(exit),
    ]),
    screen,
  )
}

const COLUMNS = [
  { head: 'run', keep: true },
  { head: 'store' },
  { head: 'what' },
  { head: 'started (UTC)', keep: true },
  { head: 'took', align: 'right', keep: true },
  { head: 'state', keep: true },
  { head: 'exit', align: 'right', keep: true },
] as const
