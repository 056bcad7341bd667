import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { loadSettings, openWorkspace, type Workspace } from '../../src/app/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { mariadbServer, postgresServer } from '../support/databases.ts'
import { serveHttp } from '../support/http.ts'
import { startS3 } from '../support/s3.ts'
import { hasSshd, sshdNote, startSshd } from '../support/sshd.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-guide-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** The first configuration of sources that a page of the guide shows, as it stands there. */
const shownIn = (page: string): string =>
  /```jsonc\n("sources": \{\n[\s\S]*?\n\})\n```/.exec(readFileSync(`docs/guide/${page}`, 'utf8'))?.[1] ?? ''

interface Reading {
  readonly source: string
  readonly columns: readonly [sku: string, price: string]
  /** In the place of what exists on the internet only. */
  readonly swaps?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** The shown sources, and a sync of prices that reads one of them. */
const opened = (shown: string, { source, columns: [sku, price], swaps = {}, env = {} }: Reading): Workspace => {
  let sources = shown
  for (const [theirs, ours] of Object.entries(swaps)) {
    expect(sources).toContain(theirs)
    sources = sources.replace(theirs, () => ours)
  }
  const sync = { store: 'main', resource: 'skus', source, key: { sku }, fields: { price } }
  writeFileSync(
    join(dir, 'sync.config.json'),
    `{ "stores": { "main": { "hash": "abc", "accessToken": "env:TOKEN" } }, ${sources},
       "syncs": { "prices": ${JSON.stringify(sync)} } }`,
  )
  const settings = loadSettings(join(dir, 'sync.config.json'), { TOKEN: 'x', ...env }, catalog)
  return openWorkspace(settings, { signal: new AbortController().signal, progress: () => undefined })
}

const rowsOf = async (shown: string, reading: Reading) => {
  const workspace = opened(shown, reading)
  const rows: unknown[] = []
  for await (const items of workspace.source(workspace.sync('prices')).read())
    rows.push(...items.map((item) => ('row' in item ? { ...item.row.key, ...item.row.values } : item)))
  return rows
}

const TEA = [{ sku: 'TEA-1', price: '4.5' }]

describe('the files that the guide shows', () => {
  const shown = shownIn('files.md')

  it('a packed CSV file behind an address, with its headers', async () => {
    const asked: IncomingMessage[] = []
    const server = await serveHttp((request, response) => {
      asked.push(request)
      response.end(gzipSync('SKU,Price\nTEA-1,4.50\n'))
    })
    try {
      const swaps = { 'https://erp.example.com': server.origin }
      const env = { ERP_AUTH: 'Bearer secret' }
      expect(await rowsOf(shown, { source: 'erp', columns: ['SKU', 'Price'], swaps, env })).toEqual(TEA)
      expect(asked[0]?.headers.authorization).toBe('Bearer secret')
    } finally {
      await server.close()
    }
  })

  it.skipIf(!hasSshd)(`a workbook on an SFTP server${sshdNote}`, async () => {
    const server = await startSshd()
    try {
      const rows = [
        [{ value: 'SKU' }, { value: 'Price' }],
        [{ value: 'TEA-1' }, { value: 4.5 }],
      ]
      writeFileSync(join(server.dir, 'prices.xlsx'), await writeXlsxFile(rows, { sheet: 'Prices' }).toBuffer())
      mkdirSync(join(dir, 'keys'))
      writeFileSync(join(dir, 'keys', 'supplier'), server.privateKey)
      const key = /"hostKey": "([^"]+)"/.exec(shown)?.[1] ?? ''
      const swaps = {
        'sftp://skiff@files.example.com/out': `sftp://${server.user}@127.0.0.1:${server.port}${server.dir}`,
        [key]: server.hostKey,
      }
      expect(await rowsOf(shown, { source: 'supplier', columns: ['SKU', 'Price'], swaps })).toEqual(TEA)
    } finally {
      server.close()
    }
  })

  it('JSON lines in S3', async () => {
    const store = await startS3()
    try {
      await store.write('items.jsonl', '{"sku":"TEA-1","price":{"amount":4.50}}\n')
      const swaps = {
        's3://catalog/': 's3://feeds/',
        '"region": "eu-central-1"': `"region": "us-east-1", "endpoint": ${JSON.stringify(store.origin)}`,
      }
      const env = { S3_KEY: 'S3RVER', S3_SECRET: 'S3RVER' }
      expect(await rowsOf(shown, { source: 'pim', columns: ['sku', 'price.amount'], swaps, env })).toEqual(TEA)
    } finally {
      await store.close()
    }
  })
})

const mariadb = await mariadbServer()

describe('the databases that the guide shows', () => {
  const shown = shownIn('databases.md')
  const unused = { ERP_URL: 'postgres://x', SHOP_URL: 'mysql://x', DWH_URL: 'sqlserver://x' }

  it('a table of PostgreSQL', async () => {
    const server = await postgresServer()
    const outsider = await server.connect()
    const schema = `erp_${process.pid}`
    try {
      await outsider.run(`create schema ${schema}`)
      await outsider.run(`create table ${schema}.items (code text, price numeric)`)
      await outsider.run(`insert into ${schema}.items values ('TEA-1', 4.50)`)
      const swaps = { '"erp.items"': `"${schema}.items"` }
      const env = { ...unused, ERP_URL: server.url }
      expect(await rowsOf(shown, { source: 'erp', columns: ['code', 'price'], swaps, env })).toEqual(TEA)
    } finally {
      await outsider.run(`drop schema if exists ${schema} cascade`)
      await outsider.close()
      await server.stop()
    }
  })

  it.skipIf(!mariadb)('a query of MariaDB', async () => {
    const outsider = await mariadb?.connect()
    const [items, prices] = [`items_${process.pid}`, `prices_${process.pid}`]
    try {
      await outsider?.run(`create table ${items} (code varchar(20))`)
      await outsider?.run(`create table ${prices} (code varchar(20), price decimal(10,2))`)
      await outsider?.run(`insert into ${items} values ('TEA-1')`)
      await outsider?.run(`insert into ${prices} values ('TEA-1', 4.50)`)
      const swaps = { 'FROM items JOIN prices': `FROM ${items} JOIN ${prices}` }
      const env = { ...unused, SHOP_URL: mariadb?.url ?? '' }
      expect(await rowsOf(shown, { source: 'shop', columns: ['code', 'price'], swaps, env })).toEqual(TEA)
    } finally {
      await outsider?.run(`drop table if exists ${items}, ${prices}`)
      await outsider?.close()
    }
  })

  it('a table of SQLite; one of SQL Server is loaded, because no server is there to read it from', async () => {
    const db = new Database(join(dir, 'erp.db'))
    db.exec("create table items (code text, price numeric); insert into items values ('TEA-1', 4.5)")
    db.close()
    expect(await rowsOf(shown, { source: 'local', columns: ['code', 'price'], env: unused })).toEqual(TEA)
    const workspace = opened(shown, { source: 'dwh', columns: ['Code', 'Price'], env: unused })
    expect(workspace.settings.sources['dwh']).toMatchObject({ database: { type: 'sqlserver' } })
  })
})
