import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { money, type Source, text, UsageError } from '../../src/model/index.ts'
import { compileMapping, type DatabaseSourceSpec, openDatabaseSource } from '../../src/sources/index.ts'
import { mariadbServer, type Outsider, postgresServer, type Server } from '../support/databases.ts'
import { rule } from '../unit/sources/reading.ts'

const PRICES = compileMapping({
  key: { sku: 'k' },
  fields: { price: rule('price') },
  targetFields: { sku: text({ max: 100 }), price: money() },
})

const count = async (source: Source): Promise<number> => {
  let rows = 0
  for await (const batch of source.read()) rows += batch.length
  return rows
}

/** What every engine promises of a watermark, whatever its column is. */
const keepsWatermarks = (
  database: () => DatabaseSourceSpec['database'],
  run: (sql: string) => Promise<unknown>,
  columns: Readonly<Record<string, readonly [old: string, last: string, less: string]>>,
) => {
  const table = `skiff_marks_${process.pid}_${Date.now()}_${Object.keys(columns).length}`
  afterAll(() => run(`drop table if exists ${table}`))
  const AT = '2026-03-02T00:00:00Z'

  it.each(Object.entries(columns))(
    '%s: reads what changed since, what says nothing, and twins',
    async (type, cells) => {
      const [old, last, less] = cells.map((cell) => (/^\d+$/.test(cell) ? cell : `'${cell}'`))
      await run(`drop table if exists ${table}`)
      await run(`create table ${table} (k varchar(50), price numeric(10,2), mark ${type})`)
      await run(
        `insert into ${table} values ('A', 1, ${old}), ('B', 1, ${less}), ('C', 1, null), ('D', 1, ${old}), ('D', 1, ${last}), ('E', 1, ${last}), (' e', 1, ${old})`,
      )
      const overlap = /^\d+$/.test(cells[0]) ? { count: 10 } : { ms: 15 * 60_000 }
      const spec = { name: 'erp', database: database(), from: { table }, mapping: PRICES }
      const source = openDatabaseSource({ ...spec, watermark: { column: 'mark', overlap, wholeMs: 1 } })
      expect(await count(source)).toBe(7)
      const { watermark } = source.summary()
      const since = { watermark: watermark ?? '', at: AT }
      const keys: string[] = []
      for await (const batch of source.read(since))
        for (const item of batch)
          keys.push('row' in item ? String(item.row.key['sku']) : `${item.rejection.key?.['sku']}!`)
      expect(keys.sort()).toEqual(['B', 'C', 'D!', 'D!', 'E!', 'e!'])
      expect(source.summary()).toMatchObject({ rows: 6, rejected: 4, watermark })
      await run(`delete from ${table}`)
      await expect(count(source)).rejects.toThrow(/no rows/)
      let rows = 0
      for await (const batch of source.read(since)) rows += batch.length
      expect([rows, source.summary().watermark]).toEqual([0, null])
    },
  )

  it('refuses a column of which nobody can say what is a little less, and an overlap of another kind', async () => {
    await run(`drop table if exists ${table}`)
    await run(`create table ${table} (k varchar(50), price numeric(10,2), mark varchar(40), n integer)`)
    await run(`insert into ${table} values ('A', 1, 'yesterday', 1)`)
    const spec = { name: 'erp', database: database(), from: { table }, mapping: PRICES }
    const marked = (column: string, overlap: { ms: number } | { count: number }) =>
      count(openDatabaseSource({ ...spec, watermark: { column, overlap, wholeMs: 1 } }))
    await expect(marked('mark', { ms: 1 })).rejects.toThrow(/column mark holds "yesterday", no moment/)
    await expect(marked('n', { ms: 1 })).rejects.toThrow(UsageError)
    await run(`update ${table} set mark = '2026-03-01'`)
    await expect(marked('mark', { count: 1 })).rejects.toThrow(UsageError)
    await expect(marked('gone', { ms: 1 })).rejects.toThrow(/gone/)
  })
}

/** Of each type: a watermark that is past, the greatest one, and one within 15 min or 10 of it. */
const TEXTS = {
  'varchar(40)': ['2026-03-01T08:00:00Z', '2026-03-01T10:00:00.5Z', '2026-03-01T09:45:00.500Z'],
  bigint: ['9007199254740901', '9007199254740993', '9007199254740983'],
  date: ['2026-02-27', '2026-03-01', '2026-02-28'],
} as const

describe('a watermark of PostgreSQL', () => {
  let server: Server
  let outsider: Outsider
  beforeAll(async () => {
    server = await postgresServer()
    outsider = await server.connect()
  })
  afterAll(async () => {
    await outsider.close()
    await server.stop()
  })
  keepsWatermarks(
    () => ({ type: 'postgres', url: server.url, timeoutMs: 20_000 }),
    (sql) => outsider.run(sql),
    {
      ...TEXTS,
      timestamptz: ['2026-03-01 10:00:00+02', '2026-03-01 10:00:00.123456Z', '2026-03-01 12:45:00+03'],
      timestamp: ['2026-03-01 08:00:00', '2026-03-01 10:00:00.123456', '2026-03-01 09:45:00'],
      'numeric(30)': ['900719925474099300000001', '900719925474099300000090', '900719925474099300000080'],
    },
  )
})

const mariadb = await mariadbServer()

describe.skipIf(!mariadb)('a watermark of MariaDB', () => {
  const server = mariadb as Server
  let outsider: Outsider
  beforeAll(async () => {
    outsider = await server.connect()
    await outsider.run(`set time_zone = '+02:00'`)
  })
  afterAll(() => outsider.close())
  keepsWatermarks(
    () => ({ type: 'mariadb', url: server.url, timeoutMs: 20_000 }),
    (sql) => outsider.run(sql),
    {
      ...TEXTS,
      'timestamp(6) null': ['2026-03-01 10:00:00', '2026-03-01 12:00:00.123456', '2026-03-01 11:45:00'],
      'datetime(3)': ['2026-03-01 08:00:00', '2026-03-01 10:00:00.123', '2026-03-01 09:45:00'],
    },
  )
})

describe('a watermark of SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-marks-'))
  const file = join(folder, 'erp.db')
  const db = new Database(file)
  afterAll(() => {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const database = { type: 'sqlite', file, path: 'erp.db' } as const
  keepsWatermarks(
    () => database,
    async (sql) => db.exec(sql),
    {
      ...TEXTS,
      datetime: ['2026-03-01 08:00:00', '2026-03-01 10:00:00', '2026-03-01 09:45:00'],
      '': ['100', '9000', '8990'],
    },
  )

  it('digits that are text are no number: as text, 9 comes after 10', async () => {
    db.exec(
      `create table texts (k text, price text, mark text); insert into texts values ('A', 1, '9'), ('B', 1, '10')`,
    )
    const source = openDatabaseSource({
      ...{ name: 'erp', database, from: { table: 'texts' }, mapping: PRICES },
      watermark: { column: 'mark', overlap: { count: 1 }, wholeMs: 1 },
    })
    await expect(count(source)).rejects.toThrow('column mark holds "9", no moment')
  })
})
