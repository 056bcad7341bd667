import type { CsvOptions } from '../../src/sources/csv-format.ts'

/** A row of the feed as the merchant's program writes it when all is well. */
export interface Good {
  readonly sku: string
  readonly name: string
  readonly price: string
  readonly cost: string
  readonly stock: string
}

/** What the store holds, and the feed that was accepted last. Prices have cents and stock has none, as in a real shop. */
export const GOODS: readonly Good[] = Array.from({ length: 40 }, (_, at) => ({
  sku: `G-${String(at + 1).padStart(2, '0')}`,
  name: `Mug ${at + 1}`,
  price: `${12 + (at % 9)}.${45 + at}`,
  cost: `${5 + (at % 4)}.${25 + at}`,
  stock: String(40 + ((at * 7) % 60)),
}))

/** What today's feed changes, apart from what a case does to it: nothing else may ever reach the store. */
export const TODAY: Readonly<Record<string, Partial<Good>>> = {
  'G-20': { price: '13.15' },
  'G-21': { stock: '77' },
}

export const HEAD = 'SKU,Name,Price,Cost,Stock'

/** Today's feed when nothing is wrong with it; `change` alters single rows by SKU. */
export const today = (change: Readonly<Record<string, Partial<Good>>> = {}): readonly Good[] =>
  GOODS.map((good) => ({ ...good, ...TODAY[good.sku], ...change[good.sku] }))

export const lineOf = ({ sku, name, price, cost, stock }: Good): string => [sku, name, price, cost, stock].join(',')

export const fileOf = (goods: readonly Good[], head: string = HEAD): string =>
  `${[head, ...goods.map(lineOf)].join('\n')}\n`

/** Values that reached the store, by SKU and field of the store. */
export type Written = Readonly<Record<string, Readonly<Record<string, string | number>>>>

export const RIGHT: Written = { 'G-20': { price: 13.15 }, 'G-21': { inventory_level: 77 } }
export const NOTHING: Written = {}

/** One file, and all that may come of it. */
export interface Input {
  /** Begins with the ids of the faults that it shows. */
  readonly title: string
  readonly file: string | Uint8Array
  readonly options?: CsvOptions
  /** How the amounts and counts of this feed are declared to be written. */
  readonly format?: { readonly decimal: '.' | ','; readonly thousands?: '.' | ',' | ' ' | "'" }
  /**
   * The first thing to be said about the file: `refused: why`, `blocked: guard, guard`, or the rows that were left out as
   * `line column: why` joined by ` | `, guards that hold rows last; empty where every row is taken.
   */
  readonly says: string
  /** Exactly what the store is written. */
  readonly writes: Written
}
