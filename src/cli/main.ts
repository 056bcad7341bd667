import { EXIT, InterruptedError } from '../model/index.ts'
import type { Io, Question } from './io.ts'
import { run } from './run.ts'
import { verbs } from './verbs.ts'

/** The command. Leaves its result in `process.exitCode`, so that everything that was written still gets out. */
export const main = async (argv: readonly string[]): Promise<void> => {
  tolerateClosedPipes()
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
    env: process.env,
    cwd: process.cwd(),
    signal: stopSignal(),
  }
  process.exitCode = await run(argv, io, verbs)
}

const ask = async (question: Question): Promise<boolean> => (await import('./ask.ts')).ask(question)

// `skiff query | head` closes the pipe early, and a push must not end halfway because nobody reads its report.
const tolerateClosedPipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

// The first signal asks the run to stop where stopping loses nothing, the second one ends it at once.
const stopSignal = (): AbortSignal => {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted)
      controller.abort(
        new InterruptedError(`stopped by ${name}`, { hint: 'Run the same command again; it goes on from here.' }),
      )
    })
  }
  return controller.signal
}
