import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  MssqlAdapter,
  MssqlIntrospector,
  MssqlQueryCompiler,
  type QueryResult,
  sql,
} from 'kysely'
import { describe, expect, it } from 'vitest'
import { money, SourceRefusedError, text } from '../../../src/model/index.ts'
import type { Engine } from '../../../src/sources/databases/engine.ts'
import { openSnapshot, type Place } from '../../../src/sources/databases/snapshot.ts'
import { configuration, sqlserver, typed } from '../../../src/sources/databases/sqlserver.ts'
import { changedSince } from '../../../src/sources/databases/watermark.ts'
import { writeBack } from '../../../src/sources/databases/write-back.ts'
import { compileMapping, openDatabaseSource } from '../../../src/sources/index.ts'
import { rule } from './reading.ts'

// No SQL Server is to be had for tests: what is asked of it, and what is made of its values, is looked at without one.

const ADDRESS = { url: 'sqlserver://sa:s3cr%40t@127.0.0.1:1/erp?trustServerCertificate=true', timeoutMs: 1000 }

/** SQL Server's own statements, with one row for every reading and one row changed by every update. */
const recording = (row: Readonly<Record<string, unknown>>, counted = 1) => {
  const statements: string[] = []
  const answer = ({ sql: text, parameters }: CompiledQuery): QueryResult<never> => {
    statements.push(parameters.length ? `${text} -- ${JSON.stringify(parameters)}` : text)
    const rows = [text.includes('count(*)') ? { n: counted } : row] as never[]
    return text.startsWith('update') ? { rows: [], numAffectedRows: 1n } : { rows }
  }
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery) => answer(query) as QueryResult<R>,
    streamQuery: async function* <R>(query: CompiledQuery) {
      yield answer(query) as QueryResult<R>
    },
  }
  const note = (what: string) => async () => {
    statements.push(what)
  }
  const dialect: Dialect = {
    createAdapter: () => new MssqlAdapter(),
    createQueryCompiler: () => new MssqlQueryCompiler(),
    createIntrospector: (db) => new MssqlIntrospector(db),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: async (_connection, { isolationLevel = 'default' }) => note(`begin ${isolationLevel}`)(),
      commitTransaction: note('commit'),
      rollbackTransaction: note('rollback'),
      releaseConnection: async () => undefined,
      destroy: async () => undefined,
    }),
  }
  const engine: Engine = {
    ...sqlserver(ADDRESS),
    connect: async () => ({ dialect, lost: new AbortController().signal, abort: () => undefined }),
  }
  const place: Place = {
    engine,
    from: sql.id('erp', 'items'),
    origin: 'sqlserver erp.items at 127.0.0.1',
    words: String,
    refused: (error) => error as Error,
  }
  return { statements, place }
}

const mapping = compileMapping({
  key: { sku: 'SKU' },
  fields: { price: rule('Unit]Price') },
  targetFields: { sku: text({ max: 9 }), price: money() },
})

describe('what SQL Server is asked', () => {
  it('reads the mapped columns in the order of the key, in a snapshot that is rolled back', async () => {
    const { statements, place } = recording({ c0: 'A', c1: 1.5 })
    const snapshot = await openSnapshot(place, { columns: mapping.columns, order: ['SKU'] })
    const rows: unknown[] = []
    for await (const batch of snapshot.batches) rows.push(...batch)
    await snapshot.finish()
    await snapshot.close()
    expect(rows).toEqual([['A', 1.5]])
    expect(statements).toEqual([
      'begin snapshot',
      'select "source"."SKU" as "c0", "source"."Unit]Price" as "c1" from "erp"."items" as "source" order by "source"."SKU"',
      'select count(*) as "n" from "erp"."items" as "source"',
      'rollback',
    ])
  })

  it('asks for what changed since a watermark, by its own moments, and for rows that share its keys', async () => {
    const watermark = { column: 'Changed', overlap: { ms: 900_000 }, wholeMs: 1 }
    const { statements, place } = recording({ c0: 'A', c1: 1.5, greatest: '2026-03-01T10:00:00.123Z' })
    const since = { watermark: '2026-03-01T09:00:00.5Z', at: '2026-03-02T00:00:00Z' }
    const only = changedSince(place.engine, place.from, watermark, ['SKU'], since)
    const snapshot = await openSnapshot(place, { columns: ['SKU'], order: ['SKU'], watermark, only })
    for await (const batch of snapshot.batches) expect(batch).toHaveLength(1)
    await snapshot.finish()
    expect(snapshot.watermark).toBe('2026-03-01T10:00:00.123Z')
    const changed = (table: string, at: string) => `("${table}"."Changed" >= ${at} or "${table}"."Changed" is null)`
    const folded = (table: string) => `lower(ltrim(rtrim(cast("${table}"."SKU" as nvarchar(4000)))))`
    const where = `(${changed('source', '@1')} or (${folded('source')} in (select ${folded('twin')} from "erp"."items" as "twin" where ${changed('twin', '@2')})))`
    expect(statements.slice(1, 4)).toEqual([
      'select max("source"."Changed") as "greatest" from "erp"."items" as "source"',
      `select "source"."SKU" as "c0" from "erp"."items" as "source" where ${where} order by "source"."SKU" -- ["2026-03-01T08:44:59Z","2026-03-01T08:44:59Z"]`,
      `select count(*) as "n" from "erp"."items" as "source" where ${where} -- ["2026-03-01T08:44:59Z","2026-03-01T08:44:59Z"]`,
    ])
  })

  it('refuses half a table, also where the driver ends without an error', async () => {
    const { place } = recording({ c0: 'A', c1: 1.5 }, 2)
    const snapshot = await openSnapshot(place, { columns: mapping.columns, order: ['SKU'] })
    for await (const batch of snapshot.batches) expect(batch).toHaveLength(1)
    await expect(snapshot.finish()).rejects.toThrow('1 rows came, and the database counts 2')
    await snapshot.close()
  })

  it('writes a row by its key and the value that was there, and looks again', async () => {
    const { statements, place } = recording({ c0: 'A', c1: 1.5 })
    const edits = [{ key: { sku: 'a' }, fields: [{ field: 'price', from: '1.5', to: '2' }] }]
    const results = await writeBack(place, ['erp', 'items'], mapping, edits, false)
    expect(statements.slice(4)).toEqual([
      'begin default',
      'update "erp"."items" set "Unit]Price" = @1 where "SKU" = @2 and "SKU" = @3 and "Unit]Price" = @4 -- ["2.0","A","A",1.5]',
      'select "SKU" as "c0", "Unit]Price" as "c1" from "erp"."items" where "SKU" = @1 and "SKU" = @2 -- ["A","A"]',
      'rollback',
    ])
    // The one that always answers 1.5 did not take the 2.
    expect(results).toEqual([{ kind: 'left', reason: 'column Unit]Price makes "1.5" of "2"' }])
  })
})

describe('what is made of SQL Server’s values', () => {
  const textOf = (name: string, value: unknown): unknown =>
    typed({ metadata: { colName: 'c0', type: { name } }, value }).value
  const moment = (iso: string, nanosecondsDelta?: number) => Object.assign(new Date(iso), { nanosecondsDelta })

  it.each([
    ['NVarChar', 'ä€', 'ä€'],
    ['BigInt', '9223372036854775807', '9223372036854775807'],
    ['DecimalN', 12.3456, 12.3456],
    ['MoneyN', 0.1, 0.1],
    ['BitN', true, true],
    ['IntN', null, null],
    ['Date', moment('2026-03-01T00:00:00Z'), '2026-03-01'],
    ['DateTime', moment('2026-03-01T08:00:00.003Z'), '2026-03-01T08:00:00.003'],
    ['DateTime2', moment('2026-03-01T08:00:00.123Z', 0.0004567), '2026-03-01T08:00:00.1234567'],
    ['DateTime2', moment('2026-03-01T08:00:00Z', 0), '2026-03-01T08:00:00'],
    ['DateTimeOffset', moment('2026-03-01T08:00:00.100Z', 0), '2026-03-01T08:00:00.1Z'],
    ['Time', moment('1970-01-01T08:00:00Z', 0), '08:00:00'],
  ])('%s %o is %o', (name, value, expected) => {
    expect(textOf(name, value)).toBe(expected)
  })

  it('a number that the driver cannot hold exactly is refused', () => {
    expect(() => textOf('NumericN', 1_234_567_890_123_456)).toThrow(SourceRefusedError)
    expect(textOf('NumericN', 123_456_789_012_345)).toBe(123_456_789_012_345)
  })
})

describe('the address of SQL Server', () => {
  it('holds user, password, port, database and how to encrypt, which is the default', () => {
    expect(configuration(ADDRESS)).toMatchObject({
      server: '127.0.0.1',
      authentication: { type: 'default', options: { userName: 'sa', password: 's3cr@t' } },
      options: { port: 1, database: 'erp', encrypt: true, trustServerCertificate: true, requestTimeout: 1000 },
    })
  })

  it('where nobody answers the source is refused, without the password', async () => {
    const database = { type: 'sqlserver', ...ADDRESS } as const
    const source = openDatabaseSource({ name: 'erp', database, from: { table: 'items' }, mapping })
    const reading = (async () => {
      for await (const _ of source.read()) expect.fail('rows came')
    })()
    await expect(reading).rejects.toThrow(SourceRefusedError)
    await expect(reading).rejects.toThrow(/^sqlserver items at 127.0.0.1 cannot be used: (?!.*s3cr)/)
  })
})
