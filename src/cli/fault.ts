import { EXIT, type Exit, SkiffError } from '../model/index.ts'
import type { Paint } from './views/screen.ts'
import { clean } from './views/text.ts'

/** What a failure looks like from outside. */
export interface Fault {
  readonly exit: Exit
  readonly code: string
  readonly message: string
  readonly where: string | null
  readonly hint: string | null
  /** What lies behind it, nearest first. */
  readonly causes: readonly string[]
}

export const faultOf = (error: unknown): Fault => {
  const causes = causesOf(error)
  if (error instanceof SkiffError) {
    const { exit, code, message, where = null, hint = null } = error
    return { exit, code, message, where, hint, causes }
  }
  return {
    exit: EXIT.failed,
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    where: null,
    hint: 'This was not foreseen. The same command with --verbose tells more; please report it.',
    causes: error instanceof Error && error.stack ? [...causes, ...stackOf(error)] : causes,
  }
}

/** A sentence, where, and what to do; with `verbose` also what lies behind it. */
export const faultText = (fault: Fault, verbose: boolean, paint: Paint): string => {
  const [first = '', ...more] = fault.message.split('\n')
  const lines = [
    `${paint.red('error:')} ${clean(first)}`,
    // A list of faults keeps its lines.
    ...more.map((line) => clean(line)),
    fault.where === null ? '' : `  where: ${clean(fault.where)}`,
    fault.hint === null ? '' : `  hint: ${clean(fault.hint)}`,
    ...(verbose ? fault.causes.map((cause) => paint.dim(`  because: ${clean(cause)}`)) : []),
  ]
  return lines.filter(Boolean).join('\n')
}

/** The failure as machines read it. */
export const faultDocument = ({ code, message, where, hint }: Fault): object => ({
  error: { code, message, where, hint },
})

const causesOf = (error: unknown): string[] => {
  const causes: string[] = []
  let inner = error instanceof Error ? error.cause : undefined
  while (inner !== undefined && causes.length < DEEPEST) {
    causes.push(inner instanceof Error ? `${inner.name}: ${inner.message}` : String(inner))
    inner = inner instanceof Error ? inner.cause : undefined
  }
  return causes
}

const DEEPEST = 10

// Only what was not foreseen needs its place in the code to be repaired.
const stackOf = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .slice(1, 6)
    .map((line) => line.trim())
