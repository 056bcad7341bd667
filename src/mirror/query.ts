import { type ChildProcess, fork } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InterruptedError, UsageError } from '../model/index.ts'
import type { Answer, Question } from './query-answers.ts'

export interface QueryOptions {
  /** The mirror's file. */
  readonly path: string
  /** One reading statement. */
  readonly sql: string
  /** Longest time from start to the last row, ms; 60,000 when absent. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface QueryBatch {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** The statement that reads a table or view of the mirror, whose name comes from the catalog. */
export const wholeTable = (name: string): string => `SELECT * FROM "${name}"`

/**
 * Runs one reading statement over a mirror, in a process of its own: SQLite cannot be stopped from inside, a process can.
 * At least one batch comes, so the columns of an empty answer are known; the next one is read when it is asked for.
 * @throws {UsageError} for SQL that writes, leaves the file, is more than one statement, is wrong, or takes too long.
 * @throws {InterruptedError} when the signal aborts.
 */
export async function* runQuery({ path, sql, timeoutMs = 60_000, signal }: QueryOptions): AsyncGenerator<QueryBatch> {
  if (signal?.aborted) throw interrupted(signal)
  const worker = startWorker(timeoutMs)
  const stop = () => {
    worker.kill('SIGKILL')
  }
  signal?.addEventListener('abort', stop)
  try {
    let ask: Question | 'more' = { path: resolve(path), sql }
    for (;;) {
      const answer = await exchange(worker, ask)
      if (answer === 'ended') {
        if (signal?.aborted) throw interrupted(signal)
        throw worker.killed ? tooLong(timeoutMs) : new UsageError('the system ended the query', { hint: OUT_OF_ROOM })
      }
      if (answer.kind === 'refused') throw new UsageError(answer.message, { where: answer.where, hint: answer.hint })
      yield { columns: answer.columns, rows: answer.rows }
      if (answer.last) return
      ask = 'more'
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

const OUT_OF_ROOM = 'it probably needed more memory than there is; ask for less at once'

/** The worker gets no environment: there is nothing in it that a query needs, and secrets may be. */
const startWorker = (timeoutMs: number): ChildProcess => {
  const source = fileURLToPath(new URL('./query-worker.ts', import.meta.url))
  const compiled = import.meta.url.endsWith('.js')
  return fork(compiled ? source.replace(/ts$/, 'js') : source, {
    cwd: dirname(source),
    execArgv: compiled ? [] : ['--import', 'tsx'],
    env: {},
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

const exchange = (worker: ChildProcess, ask: Question | 'more'): Promise<Answer | 'ended'> =>
  new Promise((done) => {
    const ended = () => done('ended')
    worker.once('exit', ended)
    worker.once('message', (answer: Answer) => {
      worker.off('exit', ended)
      done(answer)
    })
    worker.send(ask, (error) => {
      if (error) ended()
    })
  })

const tooLong = (timeoutMs: number): UsageError =>
  new UsageError(`the query took longer than ${timeoutMs / 1000} s`, {
    hint: 'narrow it, or give it more time with --timeout',
  })

const interrupted = (signal: AbortSignal): InterruptedError =>
  new InterruptedError('the query was stopped', { cause: signal.reason })
