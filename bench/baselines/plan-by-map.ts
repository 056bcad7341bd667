import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse'
import { type Cost, measured } from '../measured.ts'
import { mirrorFile } from '../workspace.ts'

/** The comparison as somebody would write it by hand: all rows of the mirror in a Map, the feed read against it with csv-parse. */
export const planByMap = ({ folder, changed }: { folder: string; changed: number }): Promise<Cost> =>
  measured(async () => {
    const mirror = new Database(mirrorFile(folder), { readonly: true })
    const rows = new Map<string, Row>()
    const all = mirror.prepare('SELECT sku, price, cost_price, weight FROM skus WHERE sku IS NOT NULL')
    for (const row of all.iterate() as IterableIterator<Row>) rows.set(row.sku.toLowerCase(), row)
    mirror.close()
    let differ = 0
    const feed = createReadStream(join(folder, 'feed.csv')).pipe(parse({ columns: true }))
    for await (const { SKU, Price, Cost: cost, Weight } of feed as AsyncIterable<Record<string, string>>) {
      const row = rows.get((SKU ?? '').toLowerCase())
      if (!row || !same(Price, row.price) || !same(cost, row.cost_price) || !same(Weight, row.weight)) differ += 1
    }
    if (differ !== changed) throw new Error(`${differ} rows differ, not ${changed}`)
  })

interface Row {
  readonly sku: string
  readonly price: number | null
  readonly cost_price: number | null
  readonly weight: number | null
}

const same = (cell: string | undefined, value: number | null): boolean =>
  cell === '' || cell === undefined ? true : Number(cell) === value
