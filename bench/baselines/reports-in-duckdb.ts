import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'better-sqlite3'
import { type Cost, measured } from '../measured.ts'
import { mirrorFile } from '../workspace.ts'

/** The questions of the built-in reports as a column store answers them, over the same rows, which it holds already. */
export const reportsInDuckDb = async ({ folder }: { folder: string }): Promise<Readonly<Record<string, Timed>>> => {
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  const mirror = new Database(mirrorFile(folder), { readonly: true })
  for (const [table, columns] of Object.entries(TABLES)) {
    const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    await duck.run(`CREATE TABLE ${table} (${typed})`)
    const appender = await duck.createAppender(table)
    const types = Object.values(columns)
    const rows = mirror
      .prepare(`SELECT ${Object.keys(columns)} FROM ${table}`)
      .raw()
      .iterate()
    for (const row of rows as IterableIterator<(string | number | null)[]>) {
      for (const [at, cell] of row.entries()) {
        if (cell === null) appender.appendNull()
        else if (types[at] === 'TEXT') appender.appendVarchar(String(cell))
        else if (types[at] === 'DOUBLE') appender.appendDouble(Number(cell))
        else appender.appendInteger(Number(cell))
      }
      appender.endRow()
    }
    appender.closeSync()
  }
  mirror.close()
  const found: Record<string, Timed> = {}
  for (const [name, sql] of Object.entries(REPORTS)) {
    let rows = 0
    const cost = await measured(async () => {
      rows = (await duck.runAndReadAll(sql)).getRows().length
    })
    found[name] = { ...cost, rows }
  }
  return found
}

export interface Timed extends Cost {
  readonly rows: number
}

const TABLES = {
  skus: {
    ...{ sku: 'TEXT', name: 'TEXT', product_id: 'INTEGER', variant_id: 'INTEGER', is_simple: 'INTEGER' },
    ...{ is_visible: 'INTEGER', inventory_tracking: 'TEXT', inventory_level: 'INTEGER' },
    ...{ inventory_warning_level: 'INTEGER', price: 'DOUBLE', sale_price: 'DOUBLE', cost_price: 'DOUBLE' },
  },
  orders: {
    ...{ id: 'INTEGER', date_created: 'TEXT', status_id: 'INTEGER', is_deleted: 'INTEGER' },
    ...{ currency_code: 'TEXT', items_total: 'INTEGER', total_inc_tax: 'DOUBLE', refunded_amount: 'DOUBLE' },
  },
  order_lines: {
    ...{ order_id: 'INTEGER', product_id: 'INTEGER', variant_id: 'INTEGER', sku: 'TEXT', name: 'TEXT' },
    ...{ quantity: 'INTEGER', quantity_refunded: 'INTEGER', total_inc_tax: 'DOUBLE' },
  },
} as const

const SOLD = `sale.status_id NOT IN (0, 5, 6) AND sale.is_deleted IS DISTINCT FROM 1`
const days = (count: number): string =>
  `'${new Date(Date.parse(NOW) - (count - 1) * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z'`

/** The moment that the mirror of the bench is of. */
export const NOW = '2026-03-02T00:00:00Z'

const REPORTS = {
  'best-sellers': `SELECT line.sku, max(line.name), sum(line.quantity - coalesce(line.quantity_refunded, 0)) AS units,
      count(DISTINCT line.order_id), sale.currency_code, round(sum(line.total_inc_tax), 2) AS revenue
    FROM order_lines AS line JOIN orders AS sale ON sale.id = line.order_id
    WHERE ${SOLD} AND sale.date_created >= ${days(30)}
    GROUP BY line.sku, line.product_id, line.variant_id, sale.currency_code ORDER BY units DESC, revenue DESC, 1 LIMIT 25`,
  'dead-stock': `WITH sold AS (
      SELECT line.product_id, line.variant_id, max(sale.date_created) AS last_sold
      FROM order_lines AS line JOIN orders AS sale ON sale.id = line.order_id WHERE ${SOLD} GROUP BY 1, 2)
    SELECT min(skus.sku), max(skus.name), max(skus.inventory_level), round(max(skus.inventory_level * coalesce(skus.cost_price, skus.price)), 2) AS value, max(sold.last_sold)
    FROM skus LEFT JOIN sold ON sold.product_id = skus.product_id AND (sold.variant_id = skus.variant_id OR skus.is_simple = 1)
    WHERE skus.inventory_level > 0
    GROUP BY skus.product_id, CASE skus.inventory_tracking WHEN 'product' THEN 0 ELSE skus.variant_id END
    HAVING coalesce(max(sold.last_sold), '') < ${days(90)} ORDER BY value DESC, 1 LIMIT 50`,
  'low-stock': `SELECT min(sku), max(name), max(inventory_level) AS stock, nullif(max(inventory_warning_level), 0), min(price)
    FROM skus WHERE is_visible = 1 AND inventory_level <= coalesce(nullif(inventory_warning_level, 0), 5)
    GROUP BY product_id, CASE inventory_tracking WHEN 'product' THEN 0 ELSE variant_id END ORDER BY stock, 1`,
  'sales-per-day': `SELECT left(date_created, 10) AS day, currency_code, count(*), sum(items_total), round(sum(total_inc_tax), 2),
      round(sum(coalesce(refunded_amount, 0)), 2)
    FROM orders AS sale WHERE ${SOLD} AND date_created >= ${days(30)} GROUP BY 1, 2 ORDER BY 1, 2`,
  'thin-margins': `WITH offered AS (
      SELECT sku, name, coalesce(sale_price, price) AS sells_at, cost_price AS cost, inventory_level FROM skus WHERE is_visible = 1 AND cost_price > 0)
    SELECT sku, name, sells_at, cost, round((sells_at - cost) * 100.0 / nullif(sells_at, 0), 1) AS margin, inventory_level
    FROM offered WHERE sells_at - cost < 0.15 * sells_at ORDER BY margin, sku`,
}
