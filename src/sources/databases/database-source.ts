import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Since, type Source, SourceRefusedError } from '../../model/index.ts'
import type { Mapping } from '../mapping.ts'
import type { SharedReading } from '../shared-reading.ts'
import type { Spool } from '../spool.ts'
import { type TableReading, tableSource } from '../table-source.ts'
import { cellOf } from './cells.ts'
import type { Engine, Sql } from './engine.ts'
import { mysql } from './mysql.ts'
import { noteOutcomes, refuseMapped } from './note-outcomes.ts'
import { postgres } from './postgres.ts'
import { messageOf, refusal } from './refusal.ts'
import { partsOf, type ServerAddress, withoutPassword } from './server-address.ts'
import { openSnapshot, type Place } from './snapshot.ts'
import { sqlite } from './sqlite.ts'
import { sqlserver } from './sqlserver.ts'
import { changedSince, type Watermark } from './watermark.ts'
import { writeBack } from './write-back.ts'

export type DatabasePlace =
  | ({ readonly type: ServerType } & ServerAddress)
  | {
      readonly type: 'sqlite'
      /** Absolute. */
      readonly file: string
      /** As people know it. */
      readonly path: string
    }

type ServerType = 'postgres' | 'mysql' | 'mariadb' | 'sqlserver'

export interface DatabaseSourceSpec {
  readonly name: string
  readonly database: DatabasePlace
  /** A table, with its schema before a point where it needs one, or a query that only reads. */
  readonly from: { readonly table: string } | { readonly query: string }
  readonly mapping: Mapping
  /** Values may be written back into the table. */
  readonly writable?: boolean
  /** Column that keeps what became of each row. */
  readonly outcome?: string
  /** Column that says when a row was changed. */
  readonly watermark?: Watermark
  /** What is written is taken back again at once. */
  readonly rehearsed?: boolean
  /** Ends a reading that takes long. */
  readonly signal?: AbortSignal
  /** Folder for the rows of a reading until it is complete; the system's temporary one when absent. */
  readonly scratch?: string
  /** Other sources map the same reading. */
  readonly shared?: SharedReading
}

/**
 * A table or a query of a database as a source. Nothing is opened before it is read; then it is read in one transaction that cannot
 * write, at one moment, in the order of the key. Of its columns only the mapped ones are asked for.
 * @throws {UsageError} when the address cannot be read.
 */
export const openDatabaseSource = (spec: DatabaseSourceSpec): Source => {
  const { database: _database, from, writable, ...rest } = spec
  const table = writable && 'table' in from ? from.table.split('.') : null
  return databaseSource({ ...rest, place: placeOf(spec), identity: identityOf(spec), table })
}

/** What the watermark of one place tells is nothing to another. */
const identityOf = ({ name, database, from, watermark }: DatabaseSourceSpec): string => {
  const { host, pathname } =
    database.type === 'sqlite' ? { host: '', pathname: database.file } : partsOf(database.url, name)
  const facts = [database.type, host, pathname, from, watermark?.column]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

export interface DatabaseSourceParts {
  readonly name: string
  readonly place: Place
  /** That values may be written back into: its name, the schema's before it. */
  readonly table: readonly string[] | null
  readonly mapping: Mapping
  readonly outcome?: string
  readonly watermark?: Watermark
  /** Of the place, told from all others. */
  readonly identity?: string
  readonly rehearsed?: boolean
  readonly scratch?: string
  readonly spool?: () => Promise<Spool>
  readonly shared?: SharedReading
}

/** A place in a database as a source. */
export const databaseSource = (parts: DatabaseSourceParts): Source => {
  const { place, table, outcome, watermark, identity = '', rehearsed = false, shared, ...rest } = parts
  const { mapping, name } = rest
  if (outcome !== undefined) refuseMapped(mapping, outcome, name)
  const read = (since?: Since) => openTable(place, shared?.wanted ?? mapping, watermark, since)
  const open = shared ? (since?: Since) => shared.open(since, () => read(since)) : read
  const source = {
    ...tableSource({ ...rest, origin: place.origin, open }),
    ...(watermark ? { watermark: { of: identity, wholeMs: watermark.wholeMs } } : {}),
  }
  if (!table) return source
  return {
    ...source,
    write: (edits) => writeBack(place, table, mapping, edits, rehearsed),
    ...(outcome === undefined
      ? {}
      : { note: (outcomes) => noteOutcomes(place, table, mapping, outcome, outcomes, rehearsed) }),
  }
}

/** @throws {UsageError} when the address cannot be read. */
export const placeOf = ({
  name,
  database,
  from,
  signal,
}: Pick<DatabaseSourceSpec, 'name' | 'database' | 'from' | 'signal'>): Place => {
  const what = 'table' in from ? from.table : 'query'
  const sqlFrom: Sql = 'table' in from ? tableOf(from.table) : sql`(${sql.raw(from.query.replace(/[;\s]+$/, ''))}\n)`
  const isFile = database.type === 'sqlite'
  const engine = isFile ? sqlite(database.file) : ENGINES[database.type](database)
  const origin = isFile
    ? `sqlite ${what} of ${database.path}`
    : `${database.type} ${what} at ${partsOf(database.url, name).hostname}`
  const words = (error: unknown) => (isFile ? messageOf(error) : withoutPassword(messageOf(error), database.url))
  return { engine, from: sqlFrom, origin, signal, words, refused: (error) => refusal(error, origin, words(error)) }
}

const ENGINES: Readonly<Record<ServerType, (address: ServerAddress) => Engine>> = {
  postgres,
  mysql: (address) => mysql(address, 'max_execution_time'),
  mariadb: (address) => mysql(address, 'max_statement_time'),
  sqlserver,
}

const tableOf = (name: string): Sql => sql.id(...name.split('.'))

const openTable = async (
  place: Place,
  mapping: SharedReading['wanted'],
  watermark: Watermark | undefined,
  since: Since | undefined,
): Promise<TableReading> => {
  const order = mapping.keyColumns
  const only = watermark && since && changedSince(place.engine, place.from, watermark, order, since)
  const snapshot = await openSnapshot(place, { columns: mapping.columns, order, watermark, only })
  const hash = createHash('sha256')
  let line = 0
  return {
    table: {
      columns: mapping.columns,
      headerLine: null,
      batches: (async function* () {
        for await (const rows of snapshot.batches) {
          const records = rows.map((values) => {
            line += 1
            return { line, cells: textCells(values, mapping.columns, line, place.origin) }
          })
          hash.update(`${JSON.stringify(records.map(({ cells }) => cells))}\n`)
          yield records
        }
      })(),
    },
    finish: async () => {
      await snapshot.finish()
      const facts = { sha256: hash.digest('hex'), modified: null }
      return watermark ? { ...facts, watermark: snapshot.watermark } : facts
    },
    close: () => snapshot.close(),
  }
}

/** @throws {SourceRefusedError} for bytes, naming the column and the row. */
export const textCells = (
  values: readonly unknown[],
  columns: readonly string[],
  line: number,
  origin: string,
): readonly string[] =>
  values.map((value, at) => {
    const cell = cellOf(value)
    if (cell !== undefined) return cell
    const column = columns[at] ?? ''
    throw new SourceRefusedError(`${origin}: column ${column} holds bytes and no text in row ${line}`, {
      where: `${origin}, row ${line}, column ${column}`,
      hint: 'map another column, or decode it in a view or a query',
    })
  })
