import { SkiffError, SourceRefusedError } from '../../model/index.ts'

/** What a failure of a driver is to a person: a refusal in the database's own words. */
export const refusal = (error: unknown, origin: string, words: string): Error => {
  if (error instanceof SkiffError) return error
  // The driver's error is not kept as the cause: it may hold the address with its password.
  return new SourceRefusedError(`${origin} cannot be used: ${words}`, { where: origin, hint: hintFor(codesOf(error)) })
}

/** Several addresses that were tried in vain make an error without words of its own. */
export const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error && error.message ? error.message : `failed with ${codesOf(error)[0] ?? 'no reason'}`
}

/** Whether a failed statement was only waiting for somebody else, which says nothing of its row. */
export const isWaiting = (error: unknown): boolean => codesOf(error).some((code) => WAITING.includes(code))

/** Cancelled, locked, deadlocked or serialized away, by engine. */
const WAITING: readonly string[] = [
  ...['57014', '55P03', '40001', '40P01'],
  ...['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK', 'ER_STATEMENT_TIMEOUT', '1969'],
  ...['1205', '1222', 'ETIMEOUT'],
  ...['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED'],
]

const codesOf = (error: unknown): readonly string[] => {
  if (!(error instanceof Error)) return []
  const { code, number, errno } = error as Error & Readonly<Record<'code' | 'number' | 'errno', unknown>>
  return [code, number, errno].filter((one) => one !== undefined).map(String)
}

const hintFor = (codes: readonly string[]): string =>
  HINTS.find(([known]) => known.some((one) => codes.includes(one)))?.[1] ?? 'see what the database’s own log says'

/** Codes of PostgreSQL, MySQL, SQL Server, SQLite and of the network. */
const HINTS: readonly (readonly [readonly string[], string])[] = [
  [
    ['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ESOCKET'],
    'check host and port of "url", and whether the server runs',
  ],
  [['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 'ELOGIN'], 'check user and password of "url"'],
  [
    ['42501', 'ER_TABLEACCESS_DENIED_ERROR', 'ER_COLUMNACCESS_DENIED_ERROR', '229'],
    'grant the user of "url" what is missing',
  ],
  [['42P01', 'ER_NO_SUCH_TABLE', '208'], 'correct "table"; write it as SCHEMA.TABLE where it is in another schema'],
  [['42703', 'ER_BAD_FIELD_ERROR', '207'], 'correct the mapping: the table or query has no such column'],
  [
    ['57014', 'ER_QUERY_TIMEOUT', 'ER_STATEMENT_TIMEOUT', '1969', 'ETIMEOUT'],
    'raise "timeout", or add an index on the key',
  ],
  [['25006', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'SQLITE_READONLY'], 'a query only reads; write a SELECT'],
  [['3952'], 'allow it with ALTER DATABASE ... SET ALLOW_SNAPSHOT_ISOLATION ON'],
  [['SQLITE_CANTOPEN'], 'a relative "path" starts at the folder of the configuration'],
  [['SQLITE_BUSY'], 'another program holds the file; run again'],
]
