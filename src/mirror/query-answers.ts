import Database, { SqliteError } from 'better-sqlite3'
import { offence, placeOf } from './query-rules.ts'

export interface Question {
  readonly path: string
  readonly sql: string
}

/** Some rows of the answer, or why there is none. */
export type Answer =
  | {
      readonly kind: 'rows'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly unknown[])[]
      readonly last: boolean
    }
  | { readonly kind: 'refused'; readonly message: string; readonly where?: string; readonly hint?: string }

/** Answers one reading statement batch by batch, from a connection that cannot write. */
export function* answers({ path, sql }: Question): Generator<Answer> {
  const refused = offence(sql)
  if (refused) {
    yield { kind: 'refused', ...refused }
    return
  }
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 })
    db.pragma('trusted_schema = OFF')
    const statement = db.prepare(sql)
    if (!statement.reader || !statement.readonly) {
      yield { kind: 'refused', message: 'the statement writes', hint: READ_ONLY }
      return
    }
    yield* batched(statement.raw().safeIntegers())
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const where = cause instanceof SqliteError ? placeOf(sql, message) : undefined
    yield { kind: 'refused', message, ...(where ? { where } : {}) }
  } finally {
    db?.close()
  }
}

const ROWS_A_BATCH = 500

const READ_ONLY = 'a query only reads; changes go through a plan'

function* batched(statement: Database.Statement): Generator<Answer> {
  const columns = statement.columns().map(({ name }) => name)
  let rows: unknown[][] = []
  for (const row of statement.iterate() as Iterable<unknown[]>) {
    if (rows.length === ROWS_A_BATCH) {
      yield { kind: 'rows', columns, rows, last: false }
      rows = []
    }
    rows.push(row.map(exactInteger))
  }
  yield { kind: 'rows', columns, rows, last: true }
}

/** Beyond 2^53 a number is no longer exact, so it is told as text. */
const exactInteger = (value: unknown): unknown => {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
