import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { mirrorFile } from '../workspace.ts'

interface Sku {
  readonly sku: string
  readonly name: string
  readonly price: number
  readonly cost_price: number | null
  readonly retail_price: number | null
  readonly weight: number
  readonly inventory_level: number | null
}

/** Writes a feed of ten columns with at most so many of a mirror's SKUs; the price of one row in a hundred is 5 % higher. */
export const makeFeed = async ({ folder, rows }: { folder: string; rows: number }) => {
  const db = new Database(mirrorFile(folder), { readonly: true })
  const file = openSync(join(folder, 'feed.csv'), 'w')
  writeSync(file, 'SKU,Name,Price,Cost,List price,Weight,Stock,Warehouse,Exported at,Remarks\n')
  const found = db.prepare(`${SELECT} WHERE sku IS NOT NULL ORDER BY variant_id LIMIT ?`)
  let written = 0
  let changed = 0
  for (const row of found.iterate(rows) as IterableIterator<Sku>) {
    const isChanged = written % 100 === 50
    if (isChanged) changed += 1
    writeSync(file, lineOf(row, isChanged))
    written += 1
  }
  closeSync(file)
  db.close()
  return { rows: written, changed }
}

const SELECT = 'SELECT sku, name, price, cost_price, retail_price, weight, inventory_level FROM skus'

const lineOf = (row: Sku, isChanged: boolean): string => {
  const price = isChanged ? Math.round(row.price * 105) / 100 : row.price
  const { sku, name, cost_price, retail_price, weight, inventory_level } = row
  const cells = [sku, `"${name}"`, price, cost_price, retail_price, weight, inventory_level, 'Main', EXPORTED, REMARKS]
  return `${cells.map((cell) => cell ?? '').join(',')}\n`
}

const EXPORTED = '2026-03-02T02:00:00Z'
/** Feeds carry columns that nobody maps; with it a line has about 330 bytes. */
const REMARKS = 'As delivered by the supplier and checked at goods-in; see the order book for batch and date. '
  .repeat(2)
  .trim()
