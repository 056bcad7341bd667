import {
  EXIT,
  type Exit,
  InterruptedError,
  isoTime,
  type Requests,
  type RunReport,
  type RunState,
  SkiffError,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

/**
 * Carries out one verb as a recorded run. The record is there before the work begins and ends with the report, so a run that
 * was killed stands there as "running" and not as nothing.
 */
export const withRun = async <R extends RunReport>(
  context: Context,
  side: StoreSide,
  verb: string,
  what: string,
  work: (run: string) => Promise<R>,
): Promise<R> => {
  const run = side.mirror.nextRunId()
  const started = isoTime(context.clock.now())
  closeKilled(side, started)
  const record = { run, verb, what, started }
  side.mirror.saveRun({ ...record, finished: null, state: 'running', exit: null, report: null })
  try {
    const report = await work(run)
    side.mirror.saveRun({
      ...record,
      finished: isoTime(context.clock.now()),
      state: report.state,
      exit: report.exit,
      report,
    })
    return report
  } catch (error) {
    const { state, exit } = stateOfError(error)
    const code = error instanceof SkiffError ? error.code : 'unexpected'
    const report = {
      run,
      state,
      exit,
      error: { code, message: error instanceof Error ? error.message : String(error) },
    }
    side.mirror.saveRun({ ...record, finished: isoTime(context.clock.now()), state, exit, report })
    throw error
  }
}

/** A run holds the store's lock to its end; one that still stands as running while we hold it was killed. */
const closeKilled = (side: StoreSide, at: string): void => {
  for (const record of side.mirror.unfinishedRuns()) {
    const error = { message: 'its process ended before it did' }
    side.mirror.saveRun({ ...record, finished: at, state: 'interrupted', exit: EXIT.interrupted, report: { error } })
  }
}

/** Requests made since a mark was taken. */
export const requestsSince = (side: StoreSide, mark: Requests): Requests => {
  const now = side.store.requests()
  return { read: now.read - mark.read, write: now.write - mark.write, check: now.check - mark.check }
}

export const sumRequests = (...all: readonly Requests[]): Requests =>
  all.reduce(
    (sum, one) => ({ read: sum.read + one.read, write: sum.write + one.write, check: sum.check + one.check }),
    {
      read: 0,
      write: 0,
      check: 0,
    },
  )

const stateOfError = (error: unknown): { state: RunState; exit: Exit } => {
  if (error instanceof InterruptedError) return { state: 'interrupted', exit: EXIT.interrupted }
  if (error instanceof SkiffError)
    return { state: error.exit === EXIT.blocked ? 'blocked' : 'failed', exit: error.exit }
  return { state: 'failed', exit: EXIT.failed }
}
