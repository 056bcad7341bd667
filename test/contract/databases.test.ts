import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  flag,
  InterruptedError,
  integer,
  money,
  type RowEdit,
  type Source,
  SourceRefusedError,
  text,
  timestamp,
  UsageError,
} from '../../src/model/index.ts'
import type { TableRecord } from '../../src/sources/format.ts'
import {
  compileMapping,
  type DatabaseSourceSpec,
  type Mapping,
  openDatabaseRows,
  openDatabaseSource,
} from '../../src/sources/index.ts'
import { type Cut, cutProxy } from '../support/cut-proxy.ts'
import { mariadbServer, type Outsider, postgresServer, type Server } from '../support/databases.ts'
import { rule } from '../unit/sources/reading.ts'

/** Every column as text, so that its cell can be seen. */
const asText = (columns: readonly string[]): Mapping => {
  const fields = Object.fromEntries(columns.map((column, at) => [`f${at}`, rule(column)]))
  const targetFields = Object.fromEntries(columns.map((_column, at) => [`f${at}`, text({ max: 1000 })]))
  return compileMapping({ key: { key: 'k' }, fields, targetFields: { ...targetFields, key: text({ max: 1000 }) } })
}

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

const edit = (
  sku: string,
  field: string,
  from: RowEdit['fields'][number]['from'],
  to: RowEdit['fields'][number]['to'],
): RowEdit => ({
  key: { sku },
  fields: [{ field, from, to }],
})

/** Whatever an error shows anywhere. */
const everything = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { hint = '', where = '' } = error as { hint?: string; where?: string }
  return `${error.message} ${error.stack} ${hint} ${where} ${JSON.stringify(error)} ${error.cause ? everything(error.cause) : ''}`
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  )

let counter = 0

/** What every server promises. `sql` holds what they write differently. */
const keepsServerPromises = (
  server: () => Server,
  sql: {
    readonly sleep: string
    readonly wipe: (table: string) => string
    readonly attacks: (table: string) => readonly string[]
  },
) => {
  let outsider: Outsider
  let table: string
  beforeAll(async () => {
    outsider = await server().connect()
    counter += 1
    table = `skiff_db_${process.pid}_${Date.now()}_${counter}`
    await outsider.run(`create table ${table} (k varchar(50), price numeric(10,2), status varchar(60))`)
    await outsider.run(sql.wipe(table))
  })
  afterAll(async () => {
    await outsider.run(`drop table ${table}`)
    await outsider.run(`drop function ${table}_wipe`)
    await outsider.close()
  })
  const fill = async (rows: number) => {
    await outsider.run(`delete from ${table}`)
    for (let at = 0; at < rows; at += 5000) {
      const values = Array.from({ length: Math.min(5000, rows - at) }, (_, index) => `('S-${at + index}', 1.5)`)
      await outsider.run(`insert into ${table} (k, price) values ${values.join(',')}`)
    }
  }
  const at = (url: string, more: Partial<DatabaseSourceSpec> = {}): Source =>
    openDatabaseSource({
      name: 'erp',
      database: { type: server().type, url, timeoutMs: 20_000 },
      from: { table },
      mapping: PRICES,
      writable: true,
      ...more,
    })
  const through = async (cut: Cut, use: (source: Source, cuts: () => number) => Promise<void>) => {
    const proxy = await cutProxy(server().url, cut)
    try {
      await use(at(proxy.url), proxy.cuts)
    } finally {
      await proxy.close()
    }
  }
  const priced = async (price: string) =>
    Number((await outsider.run(`select count(*) as n from ${table} where price = ${price}`))[0]?.['n'])

  it('Q12: a query that writes fails and changes nothing', async () => {
    await fill(3)
    const attacks = [
      `DELETE FROM ${table}`,
      `DELETE FROM ${table} RETURNING k, price`,
      `SELECT * FROM ${table}; DELETE FROM ${table}`,
      `SELECT * FROM ${table}) AS source; DELETE FROM ${table}; --`,
      `SELECT * FROM ${table}) AS source; COMMIT; DELETE FROM ${table}; -- `,
      `WITH gone AS (DELETE FROM ${table} RETURNING k, price) SELECT * FROM gone`,
      `SELECT k, ${table}_wipe() AS price FROM ${table}`,
      `DROP TABLE ${table}`,
      `UPDATE ${table} SET price = 0`,
      ...sql.attacks(table),
    ]
    for (const query of attacks) {
      const error = await failure(count(at(server().url, { from: { query }, writable: false })))
      expect(error, query).toBeInstanceOf(SourceRefusedError)
      expect(await priced('1.5'), query).toBe(3)
    }
  })

  it('a query may end in a semicolon and a comment, and is never written to', async () => {
    await fill(3)
    const source = at(server().url, { from: { query: `SELECT k, price * 2 AS price FROM ${table} -- all; ` } })
    expect(await count(source)).toBe(3)
    expect(source.summary().origin).toBe(`${server().type} query at ${new URL(server().url).hostname}`)
    expect(source.write).toBeUndefined()
    expect(await count(at(server().url, { from: { query: `SELECT * FROM ${table};\n` } }))).toBe(3)
  })

  it('Q1: a connection that is lost in the middle refuses the source, wherever it is cut', async () => {
    await fill(6000)
    let refused = 0
    for (const afterBytes of [0, 60, 200, 400, 700, 1000, 2000, 10_000, 30_000, 60_000, 90_000, 120_000, 150_000]) {
      await through({ afterBytes }, async (source, cuts) => {
        const result = await count(source).catch((error: unknown) => error)
        if (cuts() === 0) expect(result).toBe(6000)
        else {
          refused += 1
          expect(result, String(afterBytes)).toBeInstanceOf(SourceRefusedError)
        }
      })
    }
    expect(refused).toBeGreaterThan(8)
  })

  it.each(['before', 'after'] as const)(
    'a connection that is lost %s the second batch is committed leaves whole batches, and the next time finishes',
    async (when) => {
      await fill(250)
      const edits = Array.from({ length: 250 }, (_, index) => edit(`S-${index}`, 'price', '1.5', '2'))
      await through({ at: { statement: 'commit', time: 2, when } }, async (source, cuts) => {
        await expect(source.write?.(edits, null)).rejects.toThrow(SourceRefusedError)
        expect(cuts()).toBe(1)
      })
      const done = await priced('2')
      expect([100, 200]).toContain(done)
      const again = await at(server().url).write?.(edits, null)
      expect(again?.filter(({ kind }) => kind === 'already')).toHaveLength(done)
      expect(again?.filter(({ kind }) => kind === 'written')).toHaveLength(250 - done)
      expect(await priced('2')).toBe(250)
    },
  )

  it('a row that another program changes between looking and writing is left alone', async () => {
    await fill(3)
    const act = async () => {
      await outsider.run(`update ${table} set price = 7 where k = 'S-1'`)
    }
    await through({ meanwhile: { statement: 'update ', act } }, async (source) => {
      const results = await source.write?.([edit('S-0', 'price', '1.5', '2'), edit('S-1', 'price', '1.5', '2')], null)
      expect(results).toEqual([
        { kind: 'written' },
        { kind: 'left', reason: 'changed in the source while it was written' },
      ])
    })
    expect([await priced('2'), await priced('7')]).toEqual([1, 1])
  })

  it('a rehearsal writes everything and keeps nothing', async () => {
    await fill(3)
    const results = await at(server().url, { rehearsed: true }).write?.([edit('S-0', 'price', '1.5', '2')], null)
    expect(results).toEqual([{ kind: 'written' }])
    expect(await priced('2')).toBe(0)
  })

  it('keeps what became of rows in a column, and passes over rows that are gone or that it does not fit into', async () => {
    await fill(3)
    const note = at(server().url, { outcome: 'status' }).note ?? (() => Promise.reject(new Error('no place')))
    const outcomes = [
      { key: { sku: 's-0' }, text: "2026-03-02T09:01:00Z skipped: it's ä" },
      { key: { sku: 'S-1' }, text: 'x'.repeat(61) },
      { key: { sku: 'gone' }, text: 'applied' },
    ]
    expect(await note(outcomes)).toBe(1)
    expect(await note([{ key: { sku: 'S-2' }, text: 'applied' }])).toBe(1)
    expect(await outsider.run(`select status from ${table} order by k`)).toEqual([
      { status: "2026-03-02T09:01:00Z skipped: it's ä" },
      { status: null },
      { status: 'applied' },
    ])
  })

  it('Q13: a statement that takes too long is refused', async () => {
    await fill(3)
    const query = `SELECT k, price FROM ${table} WHERE ${sql.sleep}`
    const source = at(server().url, {
      from: { query },
      database: { type: server().type, url: server().url, timeoutMs: 100 },
    })
    await expect(count(source)).rejects.toMatchObject({ hint: expect.stringContaining('timeout') })
  })

  it('a person who stops it does not wait for the statement', async () => {
    await fill(1)
    const stop = new AbortController()
    const query = `SELECT k, price FROM ${table} WHERE ${sql.sleep}`
    const reading = count(at(server().url, { from: { query }, signal: stop.signal }))
    setTimeout(() => stop.abort(), 50)
    await expect(reading).rejects.toThrow(InterruptedError)
  })

  it('Q3: says which table or column is missing, and what to do', async () => {
    await expect(count(at(server().url, { from: { table: `${table}_no` } }))).rejects.toMatchObject({
      message: expect.stringContaining(`${table}_no`),
      hint: expect.stringContaining('"table"'),
    })
    const mapping = compileMapping({
      key: { sku: 'k' },
      fields: { price: rule('pric') },
      targetFields: { sku: text({ max: 9 }), price: money() },
    })
    await expect(count(at(server().url, { mapping }))).rejects.toMatchObject({
      message: expect.stringContaining('pric'),
      hint: expect.stringContaining('mapping'),
    })
  })

  it('S8: takes a column name for a name, whatever it holds', async () => {
    const mapping = compileMapping({
      key: { sku: `k" from ${table}; delete from ${table}; --` },
      fields: { price: rule(`price\`), (select 1) --`) },
      targetFields: { sku: text({ max: 9 }), price: money() },
    })
    await fill(3)
    await expect(count(at(server().url, { mapping }))).rejects.toThrow(SourceRefusedError)
    await expect(count(at(server().url, { from: { table: `${table}; drop table ${table}` } }))).rejects.toThrow(
      SourceRefusedError,
    )
    expect(await priced('1.5')).toBe(3)
  })

  it('Q15: tries once to log in', async () => {
    const url = new URL(server().url)
    url.username = 'skiff_nobody'
    url.password = 'expired'
    url.pathname = '/no_such_database'
    const proxy = await cutProxy(url.href, {})
    try {
      await expect(count(at(proxy.url))).rejects.toThrow(SourceRefusedError)
      expect(proxy.connections()).toBe(1)
    } finally {
      await proxy.close()
    }
  })

  it('S17: shows the password of the address nowhere', async () => {
    const { host } = new URL(server().url)
    const scheme = server().type === 'postgres' ? 'postgres' : 'mysql'
    const addresses = [
      `${scheme}://skiff_nobody:s3cr%40t-word@${host}/no_such_database`,
      `${scheme}://skiff_nobody:s3cr%40t-word@127.0.0.1:1/test`,
      `${scheme}://skiff_nobody:s3cr%40t-word@no-such-host.invalid/test`,
    ]
    for (const url of addresses) {
      const source = at(url)
      const error = await failure(count(source))
      expect(error, url).toBeInstanceOf(SourceRefusedError)
      expect(everything(error)).not.toMatch(/s3cr(@|%40)t-word/)
      expect(
        everything(await failure(source.write?.([edit('S-0', 'price', '1', '2')], null) ?? Promise.reject())),
      ).not.toMatch(/s3cr(@|%40)t-word/)
    }
    const broken = await failure((async () => at('postgres:/s3cr@t-word'))())
    expect(broken).toBeInstanceOf(UsageError)
    expect(everything(broken)).not.toContain('s3cr')
  })
}

const seen = async (source: Source, line = 1): Promise<Readonly<Record<string, string>>> => ({
  ...(await source.raw([line])).get(line),
})

describe('PostgreSQL', () => {
  let server: Server
  let outsider: Outsider
  const table = `skiff_types_${process.pid}_${Date.now()}`
  beforeAll(async () => {
    server = await postgresServer()
    outsider = await server.connect()
    await outsider.run(`create schema ${table}`)
    await outsider.run(
      `create table ${table}.items (k text, "exact.one" numeric(40,10), big bigint, yes boolean, no boolean, moment timestamptz, local timestamp, day date, "double" double precision, id uuid, blank text, word text, padded char(6), mood jsonb, bytes bytea)`,
    )
    await outsider.run(
      `insert into ${table}.items values ('A', 12345678901234567890.0123456789, 9223372036854775807, true, false, '2026-03-01 10:00:00.123456+02', '2026-03-01 10:00:00', '2026-03-01', 0.1, '0b2f0c9e-7a3e-4c39-9c85-3b0f5ac8a001', null, 'ä€😀', 'ab', '{"a": 1}', '\\x00ff')`,
    )
  })
  afterAll(async () => {
    await outsider.run(`drop schema if exists ${table} cascade`)
    await outsider.close()
    await server.stop()
  })

  it('shows a table with all its columns to whoever looks, bytes as blanks', async () => {
    const database = { type: 'postgres' as const, url: server.url, timeoutMs: 20_000 }
    const spec = { name: 'erp', database, from: { table: `${table}.items` } }
    const reading = await openDatabaseRows(spec, ['no such column', 'k'])
    const rows: TableRecord[] = []
    for await (const batch of reading.table.batches) rows.push(...batch)
    expect(reading.table.columns.slice(0, 3)).toEqual(['k', 'exact.one', 'big'])
    expect(rows.map(({ line, cells }) => [line, cells[0], cells.at(-2), cells.at(-1)])).toEqual([
      [1, 'A', '{"a": 1}', ''],
    ])
    expect((await reading.finish()).isEnded).toBe(true)
    await reading.close()
  })

  describe('as a server', () =>
    keepsServerPromises(() => server, {
      sleep: 'pg_sleep(1) is not null',
      wipe: (name) =>
        `create function ${name}_wipe() returns integer language sql as $$ delete from ${name}; select 1 $$`,
      attacks: (name) => [
        `SELECT k, price FROM ${name} FOR UPDATE`,
        `SELECT k, set_config('transaction_read_only', 'off', false) AS price FROM ${name}`,
        `SELECT k, nextval('${name}_none') AS price FROM ${name}`,
        `COPY ${name} TO PROGRAM 'true'`,
      ],
    }))

  const source = (columns: readonly string[], more: Partial<DatabaseSourceSpec> = {}): Source =>
    openDatabaseSource({
      name: 'erp',
      database: { type: 'postgres', url: server.url, timeoutMs: 20_000 },
      from: { table: `${table}.items` },
      mapping: asText(columns),
      writable: true,
      ...more,
    })

  it('Q5, Q6: gives exact text of every type, moments in UTC, and nothing for NULL', async () => {
    const columns = [
      'exact.one',
      'big',
      'yes',
      'no',
      'moment',
      'local',
      'day',
      'double',
      'id',
      'blank',
      'word',
      'padded',
      'mood',
    ]
    expect(await seen(source(columns))).toEqual({
      k: 'A',
      'exact.one': '12345678901234567890.0123456789',
      big: '9223372036854775807',
      yes: 'true',
      no: 'false',
      moment: '2026-03-01T08:00:00.123456Z',
      local: '2026-03-01 10:00:00',
      day: '2026-03-01',
      double: '0.1',
      id: '0b2f0c9e-7a3e-4c39-9c85-3b0f5ac8a001',
      blank: '',
      word: 'ä€😀',
      padded: 'ab    ',
      mood: '{"a": 1}',
    })
    expect(source(columns).name).toBe('erp')
  })

  it('Q4: says what the user of the address may not do', async () => {
    const url = new URL(server.url)
    url.username = `skiff_stranger_${process.pid}`
    url.password = 'word'
    await outsider.run(`create role ${url.username} login password 'word'`)
    try {
      const database = { type: 'postgres', url: url.href, timeoutMs: 20_000 } as const
      await outsider.run(`grant usage on schema ${table} to ${url.username}`)
      await expect(count(source(['word'], { database }))).rejects.toMatchObject({
        message: expect.stringContaining('permission denied for table items'),
        hint: expect.stringContaining('grant'),
      })
      await outsider.run(`grant select on ${table}.items to ${url.username}`)
      const write = source(['word'], { database }).write?.(
        [{ key: { key: 'A' }, fields: [{ field: 'f0', from: 'ä€😀', to: 'b' }] }],
        null,
      )
      expect(await write).toEqual([{ kind: 'left', reason: 'permission denied for table items' }])
    } finally {
      await outsider.run(`drop owned by ${url.username}; drop role ${url.username}`)
    }
  })

  it('refuses bytes, naming the column and the row', async () => {
    await outsider.run(`insert into ${table}.items (k) values ('0')`)
    await expect(count(source(['bytes']))).rejects.toMatchObject({
      message: expect.stringContaining('column bytes holds bytes and no text in row 2'),
      where: expect.stringContaining('row 2, column bytes'),
    })
  })

  it('writes texts, numbers, flags and moments into columns of their types, also where there was nothing', async () => {
    await outsider.run(`delete from ${table}.items`)
    await outsider.run(
      `insert into ${table}.items (k, yes, no, moment, "double", padded) values ('A ', true, null, '2026-03-01 10:00:00+02', 9.9, 'ab')`,
    )
    const mapping = compileMapping({
      key: { sku: 'k' },
      fields: {
        on: rule('yes'),
        off: rule('no'),
        at: rule('moment'),
        weight: rule('double'),
        code: rule('padded', { trim: true }),
        stock: rule('big'),
      },
      targetFields: {
        sku: text({ max: 9 }),
        on: flag(),
        off: flag(),
        at: timestamp({ nullable: true }),
        weight: money(),
        code: text({ max: 9 }),
        stock: integer(),
      },
    })
    const results = await source([], { mapping }).write?.(
      [
        {
          key: { sku: 'A' },
          fields: [
            { field: 'on', from: true, to: false },
            { field: 'off', from: null, to: true },
            { field: 'at', from: '2026-03-01T08:00:00Z', to: '2026-04-01T08:00:00Z' },
            { field: 'weight', from: '9.9', to: '10.1' },
            { field: 'code', from: 'ab', to: 'cd' },
            { field: 'stock', from: null, to: 7 },
          ],
        },
      ],
      'another hash',
    )
    expect(results).toEqual([{ kind: 'written' }])
    expect(
      await outsider.run(`set time zone 'UTC'; select yes, no, moment, "double", big from ${table}.items`),
    ).toBeDefined()
    expect(await seen(source(['yes', 'no', 'moment', 'double', 'padded', 'big']))).toEqual({
      k: 'A ',
      yes: 'false',
      no: 'true',
      moment: '2026-04-01T08:00:00Z',
      double: '10.1',
      padded: 'cd    ',
      big: '7',
    })
  })
})

const mariadb = await mariadbServer()

describe.skipIf(!mariadb)('MariaDB', () => {
  const server = mariadb as Server
  let outsider: Outsider
  const table = `skiff_types_${process.pid}_${Date.now()}`
  beforeAll(async () => {
    outsider = await server.connect()
    await outsider.run(
      `create table ${table} (k varchar(50), \`exact.one\` decimal(40,10), big bigint unsigned, yes boolean, bit1 bit(1), moment timestamp(6) null, local datetime, day date, dbl double, flt float, blank text, word text character set utf8mb4, west varchar(20) character set latin1, mood json, kind enum('New','Used'), bytes blob) engine=innodb`,
    )
    await outsider.run(`set time_zone = '+02:00'`)
    await outsider.run(
      `insert into ${table} values ('A', 12345678901234567890.0123456789, 18446744073709551615, true, b'1', '2026-03-01 10:00:00.123456', '2026-03-01 10:00:00', '2026-03-01', 0.1, 9.9, null, 'ä€😀', 'Tür', '{"a": 1}', 'Used', x'00ff')`,
    )
  })
  afterAll(async () => {
    await outsider.run(`drop table if exists ${table}`)
    await outsider.close()
  })

  describe('as a server', () =>
    keepsServerPromises(() => server, {
      sleep: 'sleep(1) = 0',
      wipe: (name) => `create function ${name}_wipe() returns int begin delete from ${name}; return 1; end`,
      attacks: (name) => [
        `SELECT k, price FROM ${name} INTO OUTFILE '${join(tmpdir(), name)}'`,
        `SELECT k, nextval(${name}_none) AS price FROM ${name}`,
        `TRUNCATE ${name}`,
      ],
    }))

  const source = (columns: readonly string[], more: Partial<DatabaseSourceSpec> = {}): Source =>
    openDatabaseSource({
      name: 'erp',
      database: { type: 'mariadb', url: server.url, timeoutMs: 20_000 },
      from: { table },
      mapping: asText(columns),
      writable: true,
      ...more,
    })

  it('Q5, Q6, Q10: gives exact text of every type, moments in UTC, and nothing for NULL', async () => {
    const columns = [
      'exact.one',
      'big',
      'yes',
      'bit1',
      'moment',
      'local',
      'day',
      'dbl',
      'flt',
      'blank',
      'word',
      'west',
      'mood',
      'kind',
    ]
    expect(await seen(source(columns))).toEqual({
      k: 'A',
      'exact.one': '12345678901234567890.0123456789',
      big: '18446744073709551615',
      yes: '1',
      bit1: '1',
      moment: '2026-03-01T08:00:00.123456Z',
      local: '2026-03-01 10:00:00',
      day: '2026-03-01',
      dbl: '0.1',
      flt: '9.9',
      blank: '',
      word: 'ä€😀',
      west: 'Tür',
      mood: '{"a": 1}',
      kind: 'Used',
    })
  })

  it('refuses bytes, naming the column and the row', async () => {
    await expect(count(source(['bytes']))).rejects.toThrow('column bytes holds bytes and no text in row 1')
  })

  it('writes texts, numbers, flags and moments into columns of their types, by the value that was there', async () => {
    const mapping = compileMapping({
      key: { sku: 'k' },
      fields: {
        on: rule('yes'),
        at: rule('moment'),
        weight: rule('flt'),
        word: rule('west'),
        kind: rule('kind'),
        price: rule('exact.one'),
      },
      targetFields: {
        sku: text({ max: 9 }),
        on: flag(),
        at: timestamp({ nullable: true }),
        weight: money(),
        word: text({ max: 90 }),
        kind: text({ max: 9 }),
        price: money({ nullable: true }),
      },
    })
    await outsider.run(`update ${table} set moment = '2026-03-01 10:00:00', \`exact.one\` = null`)
    const write = source([], { mapping }).write ?? (() => Promise.reject(new Error('read only')))
    const results = await write(
      [
        {
          key: { sku: 'a' },
          fields: [
            { field: 'on', from: true, to: false },
            { field: 'at', from: '2026-03-01T08:00:00Z', to: '2026-04-01T08:00:00Z' },
            { field: 'weight', from: '9.9', to: '10.1' },
            { field: 'word', from: 'Tür', to: 'Öse' },
            { field: 'price', from: null, to: '3.5' },
          ],
        },
      ],
      null,
    )
    expect(results).toEqual([{ kind: 'written' }])
    expect(await seen(source(['yes', 'moment', 'flt', 'west', 'exact.one']))).toEqual({
      k: 'A',
      yes: '0',
      moment: '2026-04-01T08:00:00.000000Z',
      flt: '10.1',
      west: 'Öse',
      'exact.one': '3.5000000000',
    })
    // What a column cannot hold is refused and not cut, by the session's strict mode.
    expect(await write([edit('A', 'word', 'Öse', 'x'.repeat(30)), edit('A', 'kind', 'Used', 'Broken')], null)).toEqual([
      { kind: 'left', reason: expect.stringContaining('too long') },
      { kind: 'left', reason: expect.stringContaining('truncated') },
    ])
    expect(await write([edit('A', 'word', 'Öse', '€ 日本')], null)).toEqual([
      { kind: 'left', reason: expect.stringMatching(/incorrect|makes/i) },
    ])
  })
})

describe.skipIf(!mariadb)('a table of MariaDB that keeps the time of each write', () => {
  it('takes no value back beside a stock figure whose age that time is to tell', async () => {
    const server = mariadb as Server
    const outsider = await server.connect()
    const table = `skiff_touched_${process.pid}_${Date.now()}`
    await outsider.run(
      `create table ${table} (k varchar(50), price numeric(10,2), stock int, counted timestamp default '2026-03-01' on update current_timestamp) engine=innodb`,
    )
    try {
      await outsider.run(`insert into ${table} (k, price, stock) values ('A', 1.5, 3)`)
      const mapping = compileMapping({
        key: { sku: 'k' },
        fields: { price: rule('price'), stock: rule('stock', { asOf: { column: 'counted' } }) },
        targetFields: { sku: text({ max: 100 }), price: money(), stock: integer() },
      })
      const database = { type: 'mariadb', url: server.url, timeoutMs: 20_000 } as const
      const source = openDatabaseSource({ name: 'erp', database, from: { table }, mapping, writable: true })
      expect(await source.write?.([edit('A', 'price', '1.5', '2')], null)).toEqual([
        { kind: 'left', reason: expect.stringContaining('column counted changes with every write') },
      ])
      expect(await outsider.run(`select price from ${table} where counted = '2026-03-01'`)).toEqual([{ price: '1.50' }])
    } finally {
      await outsider.run(`drop table ${table}`)
      await outsider.close()
    }
  })
})

describe.skipIf(!mariadb)('a table of MariaDB that knows no transactions', () => {
  it('is read, and never written, because nothing in it could be taken back', async () => {
    const server = mariadb as Server
    const outsider = await server.connect()
    const table = `skiff_myisam_${process.pid}_${Date.now()}`
    await outsider.run(`create table ${table} (k varchar(50), price numeric(10,2)) engine=MyISAM`)
    try {
      await outsider.run(`insert into ${table} values ('A', 1.5)`)
      const database = { type: 'mariadb', url: server.url, timeoutMs: 20_000 } as const
      for (const name of [table, `${new URL(server.url).pathname.slice(1)}.${table}`]) {
        const source = openDatabaseSource({
          name: 'erp',
          database,
          from: { table: name },
          mapping: PRICES,
          writable: true,
        })
        expect(await count(source)).toBe(1)
        await expect(source.write?.([edit('A', 'price', '1.5', '2')], null)).rejects.toMatchObject({
          message: expect.stringContaining('is stored by MyISAM, which knows no transactions'),
          hint: expect.stringContaining('InnoDB'),
        })
      }
      expect(await outsider.run(`select price from ${table}`)).toEqual([{ price: '1.50' }])
    } finally {
      await outsider.run(`drop table ${table}`)
      await outsider.close()
    }
  })
})

describe('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-sqlite-'))
  const file = join(folder, 'erp.db')
  const db = new Database(file)
  beforeAll(() => {
    db.exec(
      `create table items (k text, big integer, dbl real, "exact.one" numeric, word text, blank text, any_one, bytes blob);
       insert into items values ('A', 9223372036854775807, 0.1, 12.50, 'ä€😀', null, 7, x'00ff')`,
    )
  })
  afterAll(() => {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const source = (columns: readonly string[], more: Partial<DatabaseSourceSpec> = {}): Source =>
    openDatabaseSource({
      name: 'erp',
      database: { type: 'sqlite', file, path: 'erp.db' },
      from: { table: 'items' },
      mapping: asText(columns),
      writable: true,
      ...more,
    })

  it('Q5: gives exact text of every value, and nothing for NULL', async () => {
    const columns = ['big', 'dbl', 'exact.one', 'word', 'blank', 'any_one']
    expect(await seen(source(columns))).toEqual({
      k: 'A',
      big: '9223372036854775807',
      dbl: '0.1',
      'exact.one': '12.5',
      word: 'ä€😀',
      blank: '',
      any_one: '7',
    })
  })

  it('refuses bytes, naming the column and the row', async () => {
    await expect(count(source(['bytes']))).rejects.toThrow('column bytes holds bytes and no text in row 1')
  })

  it('Q12: a query that writes fails, changes nothing and leaves no file', async () => {
    const copy = join(folder, 'copy.db')
    const attacks = [
      'DELETE FROM items',
      'DELETE FROM items RETURNING k',
      'SELECT * FROM items; DELETE FROM items',
      'SELECT * FROM items) AS source; DELETE FROM items; --',
      'WITH gone AS (DELETE FROM items RETURNING k) SELECT * FROM gone',
      'INSERT INTO items (k) VALUES (1)',
      'DROP TABLE items',
      'PRAGMA query_only = OFF',
      'PRAGMA journal_mode = DELETE',
      `ATTACH '${copy}' AS other`,
      `VACUUM INTO '${copy}'`,
      'BEGIN IMMEDIATE',
      'CREATE TEMP TABLE t AS SELECT 1',
      `SELECT load_extension('x') AS k`,
    ]
    for (const query of attacks) {
      const error = await failure(count(source([], { from: { query }, writable: false })))
      expect(error, query).toBeInstanceOf(SourceRefusedError)
      expect(db.prepare('select count(*) from items').pluck().get(), query).toBe(1)
    }
    expect(existsSync(copy)).toBe(false)
  })

  it('Q14: reads on while another program writes, and sees nothing of it', async () => {
    db.pragma('journal_mode = WAL')
    const fill = db.prepare('insert into items (k, any_one) values (?, ?)')
    for (let index = 0; index < 2000; index += 1) fill.run(`S-${index}`, 1)
    const reading = source(['any_one']).read()
    const first = await reading[Symbol.asyncIterator]().next()
    db.exec('delete from items')
    expect(first.done).toBe(false)
    await expect(count(source(['any_one']))).rejects.toThrow('no rows')
  })

  it('stops between rows when a person says so', async () => {
    db.exec('delete from items')
    const fill = db.prepare('insert into items (k, any_one) values (?, ?)')
    for (let index = 0; index < 2000; index += 1) fill.run(`S-${index}`, 1)
    const stop = new AbortController()
    const reading = count(source(['any_one'], { signal: stop.signal }))
    await new Promise((next) => setImmediate(next))
    stop.abort()
    await expect(reading).rejects.toThrow(InterruptedError)
  })

  it('waits for no writer for ever, and says that another program holds the file', async () => {
    db.exec(`delete from items; insert into items (k, any_one) values ('A', 7)`)
    db.exec('begin immediate')
    try {
      const write = source(['any_one']).write?.([{ ...edit('A', 'f0', '7', '8'), key: { key: 'A' } }], null)
      await expect(write).rejects.toMatchObject({
        message: expect.stringContaining('locked'),
        hint: expect.stringContaining('another program'),
      })
    } finally {
      db.exec('rollback')
    }
  })

  it('says when there is no such file, table or column', async () => {
    const none = { type: 'sqlite', file: join(folder, 'none.db'), path: 'none.db' } as const
    await expect(count(source([], { database: none }))).rejects.toThrow(
      /sqlite items of none.db cannot be used: unable to open/,
    )
    await expect(count(source([], { from: { table: 'nothing' } }))).rejects.toThrow('no such table: nothing')
    await expect(count(source(['nothing']))).rejects.toThrow('no such column')
    expect(existsSync(none.file)).toBe(false)
  })
})
