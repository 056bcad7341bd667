import { stringify } from 'csv-stringify/sync'
import type { Random } from '../../model/index.ts'

/** A SKU as the mirror holds it. */
export interface SkuRow {
  readonly sku: string
  readonly price: number
  readonly cost_price: number | null
  readonly inventory_level: number | null
  /** Its stock is its own, not shared with other variants. */
  readonly own_stock: boolean
}

export interface DemoFeed {
  readonly csv: string
  readonly rows: number
  readonly prices: number
  readonly stocks: number
  readonly costs: number
  /** What is wrong with it, one line for each deliberate fault. */
  readonly faults: readonly string[]
}

type FeedRow = readonly [sku: string, price: string, cost: string, stock: string]

/** The feed that an ERP might send for these SKUs: mostly what the store has, some news, and the faults that real feeds have. */
export const demoFeed = (skus: readonly SkuRow[], random: Random): DemoFeed => {
  const counts = { prices: 0, stocks: 0, costs: 0 }
  const good = skus.map((row): FeedRow => {
    const price = random() < CHANGED_PRICES ? moved(row.price, random) : row.price
    const stock = row.own_stock && random() < CHANGED_STOCKS ? sold(row.inventory_level ?? 0, random) : null
    const cost = row.cost_price === null && random() < NEW_COSTS ? Math.round(row.price * 48) / 100 : row.cost_price
    if (price !== row.price) counts.prices += 1
    if (stock !== null && stock !== row.inventory_level) counts.stocks += 1
    if (cost !== row.cost_price) counts.costs += 1
    return [row.sku, String(price), cell(cost), cell(stock ?? row.inventory_level)]
  })
  const { rows, faults } = spoil(good, skus)
  return { csv: stringify([HEADER, ...rows]), rows: rows.length, ...counts, faults }
}

const HEADER = ['SKU', 'Price', 'Cost', 'Stock']
const CHANGED_PRICES = 0.05
const CHANGED_STOCKS = 0.12
const NEW_COSTS = 0.1

/** Up or down by at most 12 %, to the cent. */
const moved = (price: number, random: Random): number => Math.round(price * (88 + random() * 24)) / 100

const sold = (level: number, random: Random): number =>
  random() < 0.3 ? level + 24 : Math.max(1, level - Math.ceil(random() * 6))

const cell = (value: number | null): string => (value === null ? '' : String(value))

const spoil = (good: readonly FeedRow[], skus: readonly SkuRow[]): { rows: FeedRow[]; faults: string[] } => {
  const rows = [...good]
  const faults: string[] = []
  const at = (place: number) => Math.floor(((place + 1) * rows.length) / 8)
  const alter = (place: number, change: (row: FeedRow) => FeedRow, fault: (row: FeedRow) => string) => {
    const row = rows[at(place)]
    if (!row) return
    rows[at(place)] = change(row)
    faults.push(fault(rows[at(place)] ?? row))
  }
  alter(
    0,
    ([sku, , cost, stock]) => [sku, '12,9O', cost, stock],
    ([sku]) => `${sku}: a price with a letter O in it`,
  )
  alter(
    1,
    ([sku, , cost, stock]) => [sku, '0', cost, stock],
    ([sku]) => `${sku}: a price of 0`,
  )
  alter(
    2,
    ([sku, price, cost, stock]) => [sku, String(Math.round(Number(price) * 400) / 100), cost, stock],
    ([sku]) => `${sku}: four times its price`,
  )
  alter(
    3,
    ([sku, price, cost]) => [sku, price, cost, '-5'],
    ([sku]) => `${sku}: a negative stock`,
  )
  const untracked = skus.findIndex(({ inventory_level }) => inventory_level === null)
  const [loose] = untracked < 0 ? [] : [rows[untracked]]
  if (loose) {
    rows[untracked] = [loose[0], loose[1], loose[2], '40']
    faults.push(`${loose[0]}: a stock, although the store does not track it`)
  }
  const twin = rows[at(5)]
  if (twin) {
    rows.push([twin[0], twin[1], twin[2], twin[3]])
    faults.push(`${twin[0]}: twice in the file`)
  }
  rows.push(['NOT-IN-THE-STORE', '19.99', '9.5', '10'])
  faults.push('NOT-IN-THE-STORE: a SKU that the store does not have')
  return { rows, faults }
}
