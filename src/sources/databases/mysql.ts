import { MysqlDialect, sql } from 'kysely'
import type { TypeCastField, TypeCastNext } from 'mysql2'
import { Instant } from './cells.ts'
import { loadDriver } from './driver.ts'
import { CONNECT_MS, type Engine } from './engine.ts'
import type { ServerAddress } from './server-address.ts'

/** MySQL and MariaDB through mysql2; they differ in how a statement's time is limited. */
export const mysql = (
  { url, timeoutMs }: ServerAddress,
  limit: 'max_execution_time' | 'max_statement_time',
): Engine => ({
  snapshot: 'repeatable read',
  prepare: [
    "set session time_zone = '+00:00'",
    // Strict: a value that a column cannot hold is refused instead of cut. The driver escapes quotes with backslashes.
    "set session sql_mode = concat(replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_ALL_TABLES')",
    `set session ${limit} = ${limit === 'max_execution_time' ? timeoutMs : timeoutMs / 1000}`,
  ],
  // As text and byte for byte: a collation takes other letters for the same, and a number compared with text is rounded.
  equals: (column, value) =>
    sql`cast(convert(${column} using utf8mb4) as binary) = cast(${value instanceof Instant ? value.stored : value} as binary)`,
  folded: (column) => sql`lower(trim(convert(${column} using utf8mb4)))`,
  lasting: (table) => sql`
    select t.engine as storage from information_schema.tables t join information_schema.engines e on e.engine = t.engine
    where e.transactions <> 'YES' and t.table_name = ${table.at(-1)} and t.table_schema = ${table.at(-2) ?? sql`database()`}`,
  text: (cell, there) => (there instanceof Instant ? cell.replace('T', ' ').replace('Z', '') : cell),
  connect: async () => {
    const { createConnection } = await loadDriver('mysql2', () => import('mysql2'))
    const connection = createConnection({
      uri: url,
      connectTimeout: CONNECT_MS,
      charset: 'utf8mb4',
      dateStrings: true,
      typeCast: exactValue,
    })
    const lost = new AbortController()
    connection.on('error', (error) => lost.abort(error))
    connection.on('end', () => lost.abort(new Error('the connection was lost')))
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    const pool = {
      getConnection: (done: (error: unknown, one: typeof pooled) => void) => done(null, pooled),
      end: (done: (error: unknown) => void) => connection.end(done),
    }
    const pooled = Object.assign(connection, { release: () => undefined })
    return { dialect: new MysqlDialect({ pool }), lost: lost.signal, abort: () => connection.destroy() }
  },
})

/** Exact text; bytes where the column holds bytes. */
const exactValue = (field: TypeCastField, next: TypeCastNext): unknown => {
  switch (field.type) {
    case 'TIMESTAMP':
    case 'TIMESTAMP2':
      return instant(field.string())
    case 'BIT':
      return bits(field.buffer())
    case 'JSON':
      return field.string('utf8')
    case 'GEOMETRY':
    case 'VECTOR':
      return field.buffer()
    case 'TINY_BLOB':
    case 'MEDIUM_BLOB':
    case 'LONG_BLOB':
    case 'BLOB':
    case 'VARCHAR':
    case 'VAR_STRING':
    case 'STRING':
      // Text or bytes by the column's character set, which only the driver knows.
      return field.extendedFormat === 'json' ? field.string() : next()
    default:
      return field.string()
  }
}

const instant = (stored: string | null): Instant | null =>
  stored === null ? null : new Instant(stored, `${stored.replace(' ', 'T')}Z`)

const bits = (bytes: Buffer | null): string | null =>
  bytes === null ? null : BigInt(`0x${bytes.toString('hex') || '0'}`).toString()
