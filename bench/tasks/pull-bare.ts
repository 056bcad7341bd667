import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Cost, measured } from '../measured.ts'
import { recordedUrls, replay } from '../recording.ts'
import { SCHEMA } from './record-pull.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * The least that a first pull can do: parse the same answers and upsert the same columns with the same indexes and a hash for
 * each row, ten pages to a transaction. It checks nothing, remembers no place to go on from and notices nothing that is gone.
 */
export const pullBare = async ({ folder, recording }: { folder: string; recording: string }): Promise<Cost> => {
  const answers = join(recording, 'answers')
  const fetch = replay(answers)
  const urls = recordedUrls(answers, '/v3/catalog/products')
  const init = { method: 'GET', headers: {}, redirect: 'manual' as const, signal: new AbortController().signal }
  const db = new Database(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('wal_autocheckpoint = 8000')
  db.exec(readFileSync(join(recording, SCHEMA), 'utf8'))
  const products = upsertInto(db, 'products')
  const children = CHILDREN.map(([table, list]) => ({ list, upsert: upsertInto(db, table) }))
  const cost = await measured(async () => {
    for (const [at, url] of urls.entries()) {
      if (at % PAGES === 0) db.exec('BEGIN IMMEDIATE')
      const response = await fetch(url, init)
      const { data } = JSON.parse(Buffer.from(await response.arrayBuffer()).toString('utf8')) as { data: Body[] }
      for (const product of data) {
        products(product, product['id'])
        for (const { list, upsert } of children) {
          for (const child of product[list] as Body[]) upsert(child, product['id'])
        }
      }
      if (at % PAGES === PAGES - 1) db.exec('COMMIT')
    }
    if (db.inTransaction) db.exec('COMMIT')
  })
  db.close()
  return cost
}

const PAGES = 10

const CHILDREN = [
  ['variants', 'variants'],
  ['product_images', 'images'],
  ['product_custom_fields', 'custom_fields'],
  ['product_bulk_prices', 'bulk_pricing_rules'],
] as const

const upsertInto = (db: Database.Database, table: string): ((body: Body, product: unknown) => void) => {
  const names = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
  const statement = db.prepare(
    `INSERT INTO "${table}" (${names.map((name) => `"${name}"`)}) VALUES (${names.map(() => '?')})
     ON CONFLICT DO UPDATE SET ${names.map((name) => `"${name}" = excluded."${name}"`)}`,
  )
  const width = names.indexOf('extra')
  const rest = names.length - width - 3
  return (body, product) => {
    const cells = new Array<unknown>(width)
    for (let at = 0; at < width; at += 1) {
      const name = names[at] as string
      cells[at] = name === 'product_id' ? product : cellOf(body[name])
    }
    cells.push(null, '2026-01-01T00:00:00Z', hash('sha1', JSON.stringify(cells), 'base64'))
    for (let folded = 0; folded < rest; folded += 1) cells.push(null)
    statement.run(cells)
  }
}

const cellOf = (value: unknown): unknown => {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
