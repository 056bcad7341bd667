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
 * Tells how a run goes on: one bar that is drawn over on a terminal, a line now and then elsewhere. `quiet` leaves warnings,
 * `verbose` tells every step of the way.
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
  const line = (text: string) => {
    clear()
    sink.write(`${text}\n`)
  }

  const progress: OnProgress = (event) => {
    if (event.kind === 'warning') return line(`${screen.paint.yellow('warning:')} ${clean(event.text)}`)
    if (quiet) return
    if (event.kind === 'step') return line(clean(event.text))
    if (sink.isTTY) {
      clear()
      // One character less than the line holds, so that no terminal moves on to the next.
      sink.write(progressBar(event, screen.width - 1, screen.paint))
      drawn = true
      return
    }
    const mark = event.total ? Math.floor((event.done / event.total) * 10) : Math.floor(event.done / LINE_EVERY)
    if (verbose || told.get(event.what) !== mark) line(progressLine(event))
    told.set(event.what, mark)
  }
  return { progress, clear }
}

/** Rows between two lines of a log where the total is not known. */
const LINE_EVERY = 10_000

const CLEAR_LINE = '\r\u001b[2K'
