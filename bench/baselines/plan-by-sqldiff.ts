import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse'
import { type Cost, measured } from '../measured.ts'
import { mirrorFile } from '../workspace.ts'

/**
 * The comparison as SQLite's own tool makes it, over two files with a table each, which are made beforehand: it reads no feed. Its
 * processor time is not told, so the time on the clock stands for it. Null where it is not installed (Debian: sqlite3-tools).
 */
export const planBySqldiff = async ({ folder, changed }: { folder: string; changed: number }): Promise<Cost | null> => {
  if (!isInstalled()) return null
  const [before, after] = ['before.db', 'after.db'].map((name) => join(folder, name)) as [string, string]
  const mirror = new Database(mirrorFile(folder), { readonly: true })
  fill(before, mirror.prepare('SELECT sku, price, cost_price, weight FROM skus WHERE sku IS NOT NULL').raw().iterate())
  mirror.close()
  const rows: unknown[][] = []
  const feed = createReadStream(join(folder, 'feed.csv')).pipe(parse({ columns: true }))
  for await (const { SKU, Price, Cost: cost, Weight } of feed as AsyncIterable<Record<string, string>>)
    rows.push([SKU, ...[Price, cost, Weight].map((cell) => (cell ? Number(cell) : null))])
  fill(after, rows)
  const { seconds } = await measured(() => {
    const said = execFileSync('sqldiff', ['--primarykey', before, after], { maxBuffer: 2 ** 30, encoding: 'utf8' })
    const found = said.split('\n').filter((line) => line.startsWith('UPDATE')).length
    if (found !== changed) throw new Error(`sqldiff found ${found} rows that differ, not ${changed}`)
  })
  return { seconds, cpu: seconds, peak: 0 }
}

const isInstalled = (): boolean => {
  try {
    execFileSync('sqldiff', ['--help'], { stdio: 'ignore' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    return true
  }
}

const fill = (file: string, rows: Iterable<unknown>): void => {
  const db = new Database(file)
  db.exec('CREATE TABLE prices (sku TEXT PRIMARY KEY, price REAL, cost_price REAL, weight REAL) WITHOUT ROWID')
  const insert = db.prepare('INSERT INTO prices VALUES (?, ?, ?, ?)')
  db.transaction(() => {
    for (const row of rows) insert.run(row as unknown[])
  })()
  db.close()
}
