import { type ErrorReport, EXIT, type Exit, errorReport, type RunState, SkiffError } from '../model/index.ts'

/** How a run ended that threw instead of reporting. */
export interface Failure {
  readonly state: RunState
  readonly exit: Exit
  readonly error: ErrorReport
}

export const failureOf = (thrown: unknown): Failure => {
  const exit = thrown instanceof SkiffError ? thrown.exit : EXIT.failed
  return { state: STATE_OF_EXIT[exit] ?? 'failed', exit, error: reportOf(thrown) }
}

const STATE_OF_EXIT: Readonly<Partial<Record<Exit, RunState>>> = {
  [EXIT.blocked]: 'blocked',
  [EXIT.changes]: 'waiting',
  [EXIT.interrupted]: 'interrupted',
}

const reportOf = (thrown: unknown): ErrorReport => {
  if (thrown instanceof SkiffError) return errorReport(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'unexpected', message, where: null, hint: 'this was not foreseen; please report it' }
}
