import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import writeXlsxFile, { type SheetData } from 'write-excel-file/node'
import { systemRequest } from '../../src/app/network.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import type { Source } from '../../src/model/index.ts'
import type { Format } from '../../src/sources/format.ts'
import {
  compileMapping,
  csvFormat,
  fileSource,
  httpFile,
  jsonFormat,
  jsonlFormat,
  type Location,
  localFile,
  type Mapping,
  openDatabaseSource,
  s3File,
  sftpFile,
  xlsxFormat,
} from '../../src/sources/index.ts'
import { rule, targetFields } from '../unit/sources/reading.ts'
import type { Outsider, Server } from './databases.ts'
import { serveHttp } from './http.ts'
import type { S3Store } from './s3.ts'
import type { Sshd } from './sshd.ts'

/** A row of the outside side; null is a NULL, or a blank cell. */
export interface Item {
  readonly SKU: string
  readonly Name: string | null
  readonly Price: string | null
  readonly Stock: string | null
}

/** The outside side of one test, and another program that uses it. */
export interface Outside {
  source(mapping?: Mapping): Source
  /** Puts other rows in the place of all, at once. */
  replace(items: readonly Item[]): Promise<void>
  items(): Promise<readonly Item[]>
  drop(): Promise<void>
}

const MAPPING = compileMapping({
  key: { sku: 'SKU' },
  fields: { name: rule('Name'), price: rule('Price'), inventory_level: rule('Stock') },
  targetFields,
})

const COLUMNS = ['SKU', 'Name', 'Price', 'Stock'] as const

let counter = 0

/** How rows are written into a file, and what a file holds. */
interface Kind {
  readonly format: Format
  readonly bytes: (items: readonly Item[]) => Promise<string | Uint8Array> | string | Uint8Array
  readonly items: (bytes: Buffer) => Promise<readonly Item[]> | readonly Item[]
}

export const CSV: Kind = {
  format: csvFormat({}),
  bytes: (items) => {
    const lines = items.map((item) => COLUMNS.map((column) => item[column] ?? '').join(','))
    return `${[COLUMNS.join(','), ...lines].join('\n')}\n`
  },
  items: (bytes) =>
    (parse(bytes, { columns: true }) as Record<string, string>[]).map((row) => itemOf((column) => row[column] || null)),
}

/** Numbers as JSON has them. */
const objectOf = ({ SKU, Name, Price, Stock }: Item): string =>
  `{"SKU":${JSON.stringify(SKU)},"Name":${JSON.stringify(Name)},"Price":${Price},"Stock":${Stock}}`

const fromObjects = (objects: readonly Record<string, unknown>[]): readonly Item[] =>
  objects.map((row) => itemOf((column) => row[column]))

export const JSONL: Kind = {
  format: jsonlFormat({}),
  bytes: (items) => items.map((item) => `${objectOf(item)}\n`).join(''),
  items: (bytes) =>
    fromObjects(
      bytes
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ),
}

export const JSON_DOCUMENT: Kind = {
  format: jsonFormat({ at: 'items' }),
  bytes: (items) => `{"items":[${items.map(objectOf).join(',')}]}\n`,
  items: (bytes) => fromObjects(JSON.parse(bytes.toString()).items),
}

export const WORKBOOK: Kind = {
  format: xlsxFormat({}),
  bytes: (items) => {
    const number = (value: string | null) => (value === null ? null : { value: Number(value) })
    const rows = items.map(({ SKU, Name, Price, Stock }) => [
      SKU === '' ? null : { value: SKU },
      Name === null ? null : { value: Name },
      number(Price),
      number(Stock),
    ])
    return writeXlsxFile([COLUMNS.map((value) => ({ value })), ...rows] as SheetData, {}).toBuffer()
  },
  items: async (bytes) =>
    (await readSheet(bytes)).slice(1).map((row) => itemOf((column) => row[COLUMNS.indexOf(column as 'SKU')])),
}

/** Where a file lies, and how another program puts it there. */
interface Place {
  readonly location: Location
  put(bytes: string | Uint8Array): Promise<unknown> | unknown
  get(): Promise<Buffer> | Buffer
  drop(): Promise<void> | void
}

export const fileOutside = (
  { format, bytes, items }: Kind,
  { location, put, get, drop }: Place,
  writable = true,
): Outside => ({
  source: (mapping = MAPPING) => fileSource({ name: 'erp', location, format, mapping, writable }),
  replace: async (those) => {
    await put(await bytes(those))
  },
  items: async () => items(await get()),
  drop: async () => drop(),
})

export const localPlace = (): Place => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-contract-'))
  const path = join(folder, 'erp')
  return {
    location: localFile(path, folder),
    put: (bytes) => writeFileSync(path, bytes),
    get: () => readFileSync(path),
    drop: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A server of this machine, which nobody can write to. */
export const httpPlace = async (): Promise<Place> => {
  let held: string | Uint8Array = ''
  const server = await serveHttp((_request, response) => response.end(held))
  const request = systemRequest
  return {
    location: httpFile({ url: `${server.origin}/erp`, headers: () => ({}), request, clock: systemClock }),
    put: (bytes) => {
      held = bytes
    },
    get: () => Buffer.from(held),
    drop: () => server.close(),
  }
}

let moment = 1_700_000_000

export const sftpPlace = ({ dir, port, user, hostKey, privateKey }: Sshd): Place => {
  counter += 1
  const path = join(dir, `erp-${counter}`)
  return {
    location: sftpFile({
      host: '127.0.0.1',
      port,
      user,
      path,
      hostKey,
      login: () => ({ privateKey }),
      clock: systemClock,
    }),
    put: (bytes) => {
      writeFileSync(path, bytes)
      // Written long ago, each time at another moment: a young file is waited for.
      moment += 60
      utimesSync(path, moment, moment)
    },
    get: () => readFileSync(path),
    drop: () => rmSync(path, { force: true }),
  }
}

export const s3Place = (store: S3Store): Place => {
  counter += 1
  const key = `erp-${counter}`
  const login = () => ({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' })
  return {
    location: s3File({ bucket: 'feeds', key, endpoint: store.origin, login }),
    put: (bytes) => store.write(key, Buffer.from(bytes).toString()),
    get: async () => Buffer.from(await store.read(key)),
    drop: () => undefined,
  }
}

export const sqliteOutside = async (): Promise<Outside> => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-contract-'))
  const file = join(folder, 'erp.db')
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.exec('create table items ("SKU" text, "Name" text, "Price" numeric, "Stock" integer)')
  const insert = db.prepare('insert into items values (?, ?, ?, ?)')
  return {
    source: (mapping = MAPPING) =>
      openDatabaseSource({
        name: 'erp',
        database: { type: 'sqlite', file, path: 'erp.db' },
        from: { table: 'items' },
        mapping,
        writable: true,
      }),
    replace: async (items) =>
      db.transaction(() => {
        db.exec('delete from items')
        for (const { SKU, Name, Price, Stock } of items) insert.run(SKU, Name, Price, Stock)
      })(),
    items: async () =>
      (db.prepare('select * from items order by "SKU"').all() as Record<string, unknown>[]).map((row) =>
        itemOf((column) => row[column]),
      ),
    drop: async () => {
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const serverOutside = async (server: Server): Promise<Outside> => {
  counter += 1
  const table = `skiff_contract_${process.pid}_${Date.now()}_${counter}`
  const id = (name: string) => (server.type === 'postgres' ? `"${name}"` : `\`${name}\``)
  const outsider: Outsider = await server.connect()
  await outsider.run(
    `create table ${table} (${id('SKU')} varchar(100), ${id('Name')} varchar(50), ${id('Price')} numeric(10,2), ${id('Stock')} integer)`,
  )
  const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)
  return {
    source: (mapping = MAPPING) =>
      openDatabaseSource({
        name: 'erp',
        database: { type: server.type, url: server.url, timeoutMs: 20_000 },
        from: { table },
        mapping,
        writable: true,
      }),
    replace: async (items) => {
      await outsider.run('begin')
      await outsider.run(`delete from ${table}`)
      for (let at = 0; at < items.length; at += 5000) {
        const rows = items
          .slice(at, at + 5000)
          .map((item) => `(${COLUMNS.map((column) => literal(item[column])).join(',')})`)
        await outsider.run(`insert into ${table} values ${rows.join(',')}`)
      }
      await outsider.run('commit')
    },
    items: async () =>
      (await outsider.run(`select * from ${table} order by ${id('SKU')}`)).map((row) =>
        itemOf((column) => row[column]),
      ),
    drop: async () => {
      await outsider.run(`drop table ${table}`)
      await outsider.close()
    },
  }
}

const itemOf = (value: (column: string) => unknown): Item => {
  const text = (column: string) => {
    const found = value(column)
    return found === null || found === undefined ? null : String(found)
  }
  // As numbers compare: engines keep different zeros at the end.
  const price = text('Price')
  return { SKU: text('SKU') ?? '', Name: text('Name'), Price: price && String(Number(price)), Stock: text('Stock') }
}
