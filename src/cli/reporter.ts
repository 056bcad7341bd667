import type { OnProgress } from '../model/index.ts'
import type { Sink } from './io.ts'
import { progressBar, progressLine } from './views/progress.ts'
import type { Screen } from './views/screen.ts'
import { clean } from './views/text.ts'

export interface Reporter {
  readonly progress: OnProgress
  /** Takes the bar off the screen. */
  clear(): void
}

/**
 * Tells how a run goes on: sentences and one bar that is drawn over on a terminal, elsewhere a log of one JSON object a line.
 * `quiet` leaves warnings, `verbose` tells every step of the way.
 */
export const openReporter = (
  sink: Sink,
  screen: Screen,
  { quiet, verbose }: { quiet: boolean; verbose: boolean },
): Reporter => {
  const told = new Map<string, number>()
  let drawn = false

  const clear = () => {
    if (drawn) sink.write(CLEAR_LINE)
    drawn = false
  }
  const onTerminal: OnProgress = (event) => {
    clear()
    if (event.kind === 'warning') sink.write(`${screen.paint.yellow('warning:')} ${clean(event.text)}\n`)
    else if (quiet) return
    else if (event.kind === 'step') sink.write(`${clean(event.text)}\n`)
    else {
      // One character less than the line holds, so that no terminal moves on to the next.
      sink.write(progressBar(event, screen.width - 1, screen.paint))
      drawn = true
    }
  }
  const inLog: OnProgress = (event) => {
    if (event.kind === 'warning') sink.write(logLine('warn', event.text))
    else if (quiet) return
    else if (event.kind === 'step') sink.write(logLine('info', event.text))
    else {
      const { what, done, total } = event
      const mark = total ? Math.floor((done / total) * LINES_A_STEP) : Math.floor(done / LINE_EVERY)
      if (verbose || told.get(what) !== mark) sink.write(logLine('info', progressLine(event), { what, done, total }))
      told.set(what, mark)
    }
  }
  return { progress: sink.isTTY ? onTerminal : inLog, clear }
}

const logLine = (level: 'info' | 'warn', msg: string, facts: object = {}): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), msg: clean(msg), ...facts })}\n`

/** Lines of a log for one step of known length. */
const LINES_A_STEP = 4

/** Rows between two lines of a log where the total is not known. */
const LINE_EVERY = 10_000

const CLEAR_LINE = '\r\u001b[2K'
