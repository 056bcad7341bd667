import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import { type Cost, measured } from '../measured.ts'
import { mirrorFile } from '../workspace.ts'

/**
 * The comparison as a query of DuckDB, over rows that it holds already: `read` brings the feed in and compares, `both` only compares.
 * The rows that differ are handed out; no base, no guards, no requests.
 */
export const planInDuckDb = async ({ folder, changed }: { folder: string; changed: number }) => {
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  await duck.run('CREATE TABLE mirror (sku TEXT, price DECIMAL(18,4), cost_price DECIMAL(18,4), weight DECIMAL(18,4))')
  const appender = await duck.createAppender('mirror')
  const mirror = new Database(mirrorFile(folder), { readonly: true })
  for (const row of mirror.prepare(MIRROR).raw().iterate() as IterableIterator<(string | null)[]>) {
    for (const cell of row) cell === null ? appender.appendNull() : appender.appendVarchar(cell)
    appender.endRow()
  }
  appender.closeSync()
  mirror.close()
  const compare = async () => {
    const found = (await duck.runAndReadAll(DIFFERENCE)).getRows().length
    if (found !== changed) throw new Error(`DuckDB found ${found} rows that differ, not ${changed}`)
  }
  const read = await measured(async () => {
    await duck.run(`CREATE TABLE feed AS ${FEED.replace('?', `'${join(folder, 'feed.csv')}'`)}`)
    await compare()
  })
  const both = await measured(compare)
  return { read, both } satisfies Record<string, Cost>
}

const MIRROR = `SELECT sku, CAST(price AS TEXT), CAST(cost_price AS TEXT), CAST(weight AS TEXT) FROM skus WHERE sku IS NOT NULL`

const FEED = `SELECT SKU AS sku, CAST(Price AS DECIMAL(18,4)) AS price, CAST(Cost AS DECIMAL(18,4)) AS cost_price,
  CAST(Weight AS DECIMAL(18,4)) AS weight FROM read_csv(?, header = true, all_varchar = true)`

const DIFFERENCE = `SELECT feed.*, mirror.* FROM feed FULL JOIN mirror ON lower(feed.sku) = lower(mirror.sku)
  WHERE feed.sku IS NULL OR mirror.sku IS NULL OR feed.price IS DISTINCT FROM mirror.price
    OR feed.cost_price IS DISTINCT FROM mirror.cost_price OR feed.weight IS DISTINCT FROM mirror.weight`
