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

/**
 * Writes a feed of ten columns with at most so many of a mirror's SKUs; the price of one row in a hundred is 5 % higher. `turned` has
 * the columns in another order: the same rows in a file that was never seen.
 */
export const makeFeed = async ({
  folder,
  rows,
  turned = false,
}: {
  folder: string
  rows: number
  turned?: boolean
}) => {
  const db = new Database(mirrorFile(folder), { readonly: true })
  const file = openSync(join(folder, 'feed.csv'), 'w')
  const written = { rows: 0, changed: 0 }
  const lines: string[] = [lineOf(HEADER, turned)]
  const flush = () => writeSync(file, lines.splice(0).join(''))
  const found = db.prepare(`${SELECT} WHERE sku IS NOT NULL ORDER BY variant_id LIMIT ?`)
  for (const row of found.iterate(rows) as IterableIterator<Sku>) {
    const isChanged = written.rows % 100 === 50
    if (isChanged) written.changed += 1
    lines.push(lineOf(cellsOf(row, isChanged), turned))
    written.rows += 1
    if (lines.length === 1000) flush()
  }
  flush()
  closeSync(file)
  db.close()
  return written
}

const HEADER = ['SKU', 'Name', 'Price', 'Cost', 'List price', 'Weight', 'Stock', 'Warehouse', 'Exported at', 'Remarks']

const SELECT = 'SELECT sku, name, price, cost_price, retail_price, weight, inventory_level FROM skus'

const cellsOf = (row: Sku, isChanged: boolean) => {
  const price = isChanged ? Math.round(row.price * 105) / 100 : row.price
  const { sku, name, cost_price, retail_price, weight, inventory_level } = row
  return [sku, `"${name}"`, price, cost_price, retail_price, weight, inventory_level, 'Main', EXPORTED, REMARKS]
}

const lineOf = (cells: readonly (string | number | null)[], turned: boolean): string =>
  `${(turned ? [...cells].reverse() : cells).map((cell) => cell ?? '').join(',')}\n`

const EXPORTED = '2026-03-02T02:00:00Z'
/** Feeds carry columns that nobody maps; with it a line has about 330 bytes. */
const REMARKS = 'As delivered by the supplier and checked at goods-in; see the order book for batch and date. '
  .repeat(2)
  .trim()
