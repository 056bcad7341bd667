import { parse } from 'csv-parse/sync'
import type { State } from '../../src/emulator/index.ts'
import { isoTime, type Source, SourceRefusedError } from '../../src/model/index.ts'
import { csvFormat } from '../../src/sources/csv-format.ts'
import { fileSource } from '../../src/sources/file-source.ts'
import type { Mapping } from '../../src/sources/index.ts'
import type { Location } from '../../src/sources/location.ts'
import type { Dice } from './dice.ts'
import { CHANGED } from './extras.ts'
import type { FeedTable } from './feed-table.ts'
import { memorySpool } from './memory-spool.ts'

/** One row of the merchant's other system: what it would like the store to hold. */
export interface Good {
  sku: string
  name: string
  type: string
  weight: string
  price: string
  stock: string
  description: string
  shelf?: string
  pictures?: string
  listed?: string
  [CHANGED]?: string
}

export const COLUMNS = ['sku', 'name', 'type', 'weight', 'price', 'stock', 'description'] as const
/** Since when a row is true: the moment of the export, which is not that of the file. */
export const EXPORTED = 'exported_at'

/** Told around a write into the file; after it with the goods that got another description, and with those that are new. */
export type OnReplace = (when: 'before' | 'after', changed: readonly Good[], added?: readonly Good[]) => void

/** What a shopper bought; the other system learns of it with its next export. */
export interface Sale {
  readonly sku: string
  readonly quantity: number
  readonly at: number
}

/** The other system: its goods, and the file or table that it last wrote for each sync, whole or spoiled. */
export class Feed {
  readonly goods: Good[]
  readonly #table: FeedTable | null
  readonly #columns: readonly string[]
  readonly #stamped = new Map<Good, string>()
  readonly sales: Sale[] = []
  #text = ''
  #changed = 0
  #learnt = 0
  /** An export that is on its way. */
  #pending: string | null = null
  /** What each export said was in stock, by its moment. */
  readonly #counts = new Map<string, ReadonlyMap<string, number>>()
  /** The last file was spoiled: nothing of it may reach the store. */
  spoiled = false

  /** @param more Columns beside the usual ones. */
  constructor(goods: Good[], now: number, more: readonly string[], table: FeedTable | null = null) {
    this.goods = goods
    this.#columns = [...COLUMNS, EXPORTED, ...more]
    this.#table = table
    this.write(now)
  }

  /** The orders of the shop come in. */
  learn(): void {
    for (const { sku, quantity } of this.sales.slice(this.#learnt)) {
      const good = this.goods.find((one) => one.sku === sku)
      if (good) good.stock = String(Math.max(0, Number(good.stock) - quantity))
    }
    this.#learnt = this.sales.length
  }

  /** Everything as it is now is on its way to the file. */
  export(now: number): void {
    this.learn()
    const moment = isoTime(now)
    // Several exports of one second bear the same moment; the most that one of them counted may be offered.
    const before = this.#counts.get(moment)
    this.#counts.set(
      moment,
      new Map(this.goods.map(({ sku, stock }) => [sku, Math.max(Number(stock), before?.get(sku) ?? 0)])),
    )
    this.#pending = this.#textOf(this.goods, moment)
  }

  get #head(): string {
    return this.#columns.join(',')
  }

  /** Rows that are others than with the last export were changed by this moment. */
  #textOf(goods: readonly Good[], exported: string): string {
    for (const good of this.#columns.includes(CHANGED) ? this.goods : []) {
      const { [CHANGED]: _before, ...now } = good
      const text = JSON.stringify(now)
      if (this.#stamped.get(good) !== text) good[CHANGED] = exported
      this.#stamped.set(good, text)
    }
    return this.#lines(goods.map((good) => ({ ...good, [EXPORTED]: exported })))
  }

  #lines(rows: readonly Readonly<Record<string, string>>[]): string {
    const lines = rows.map((row) => this.#columns.map((name) => quoted(row[name] ?? '')).join(','))
    return `${[this.#head, ...lines].join('\n')}\n`
  }

  /** The export arrives. */
  land(now: number): void {
    if (this.#pending === null) return
    this.#set(this.#pending, now)
    this.#pending = null
    this.spoiled = false
  }

  /** The exporter writes the file as it should be. */
  write(now: number): void {
    this.export(now)
    this.land(now)
  }

  /** The most that may be offered of a good after an export, by what was sold after it and until some moment. */
  offer(sku: string, exported: string, until: number): number | undefined {
    const counted = this.#counts.get(exported)?.get(sku)
    if (counted === undefined) return undefined
    const sold = this.sales.filter((one) => one.sku === sku && one.at > Date.parse(exported) + 999 && one.at <= until)
    return Math.max(0, counted - sold.reduce((sum, { quantity }) => sum + quantity, 0))
  }

  /** The exporter writes something else. */
  blunder(dice: Dice, now: number): void {
    this.export(now)
    const good = this.#pending ?? ''
    this.#pending = null
    this.spoiled = true
    this.#set(
      dice.pick(BLUNDERS)(good, (goods) => this.#textOf(goods, isoTime(now)), this.goods, dice, this.#head),
      now,
    )
  }

  get text(): string {
    return this.#text
  }

  #set(text: string, now: number): void {
    // What cannot be imported leaves nothing in a table.
    const isLost = this.#table !== null && !(text.startsWith(`${this.#head}\n`) && text.endsWith('\n'))
    this.#text = isLost ? `${this.#head}\n` : text
    this.#changed = now
    this.#table?.fill(parse(this.#text, { columns: true }))
  }

  location(origin: string, onReplace: OnReplace): Location {
    return {
      origin,
      open: async () => {
        const [text, changed] = [this.#text, this.#changed]
        return {
          bytes: bytesOf(text),
          finish: async () => {
            if (this.#changed !== changed) throw new SourceRefusedError(`${origin} changed while it was read`)
            return isoTime(changed)
          },
          close: async () => undefined,
        }
      },
      replace: async (before, after) => {
        onReplace('before', [])
        if (!Buffer.from(this.#text).equals(before)) throw new SourceRefusedError(`${origin} changed since it was read`)
        const { changed } = this.#take(Buffer.from(after).toString())
        onReplace('after', changed)
      },
    }
  }

  /** The other system reads back what was changed in its file, and which rows were added to it. */
  #take(text: string): { readonly changed: readonly Good[]; readonly added: readonly Good[] } {
    const before = new Map(rowsOf(this.#text).map(({ sku, description }) => [sku, description]))
    this.#text = text
    const changed: Good[] = []
    const added: Good[] = []
    for (const row of rowsOf(text)) {
      const good = this.goods.find(({ sku }) => sku === row.sku)
      if (!before.has(row.sku)) {
        added.push(row)
        if (!good) this.goods.push({ ...row })
      } else if (good && before.get(row.sku) !== row.description) {
        good.description = row.description
        changed.push(good)
      }
    }
    return { changed, added }
  }

  source(name: string, mapping: Mapping, onReplace: OnReplace): Source {
    const table = this.#table
    if (table) {
      return table.source(name, mapping, {
        before: () => onReplace('before', []),
        after: (rows) => {
          const { changed, added } = this.#take(this.#lines(rows))
          onReplace('after', changed, added)
        },
      })
    }
    const location = this.location(name, onReplace)
    return fileSource({ name, location, format: csvFormat({}), mapping, writable: true, spool: memorySpool })
  }
}

export const rowsOf = (text: string): Good[] => parse(text, { columns: true })

/** Prices from here on come from a blunder only. */
export const ABSURD_PRICE = 1000

export const goodsOf = (state: State, dice: Dice): Good[] =>
  state.products
    .list()
    .filter(({ sku }) => sku !== '')
    .map((product) => ({
      sku: product.sku,
      name: product.name,
      type: String(product['type']),
      weight: String(product['weight']),
      price: String(product.price),
      stock: String(product.inventory_level),
      description: dice.chance(0.5) ? String(product['description'] ?? '') : `text ${dice.between(1, 9)}`,
    }))

export const newGood = (number: number, dice: Dice): Good => ({
  sku: `NEW-${number}`,
  name: `New thing ${number}`,
  type: 'physical',
  weight: String(dice.between(1, 9)),
  price: String(dice.between(5, 90)),
  stock: '0',
  description: '',
})

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** New things that the shop of a seed lets pass at once. */
export const MOST_CREATES = 4

type Blunder = (
  good: string,
  text: (goods: readonly Good[]) => string,
  goods: readonly Good[],
  dice: Dice,
  head: string,
) => string

const BLUNDERS: readonly Blunder[] = [
  // Cut anywhere, most often inside a row.
  (good, _text, _goods, dice) => good.slice(0, dice.between(1, good.length - 2)),
  () => '',
  (_good, _text, _goods, _dice, head) => `${head}\n`,
  (_good, text, goods) => text(goods.map((one) => ({ ...one, price: '0', listed: '0' }))),
  (_good, text, goods) => text(goods.map((one) => ({ ...one, price: String(Number(one.price) * 1000) }))),
  (_good, text, goods) => text(goods.map((one) => ({ ...one, price: '-1', listed: '-1' }))),
  (_good, text, goods) => text(goods.map((one) => ({ ...one, price: 'N/A', stock: '#REF!', weight: '-' }))),
  // Another shop's file; so few rows that the shop lets them pass would be no fault of it.
  (_good, text, goods) =>
    goods.length > MOST_CREATES ? text(goods.map((one) => ({ ...one, sku: `OTHER-${one.sku}`, price: '9999' }))) : '',
  (good) => good.replaceAll(',', ';'),
  (_good, text, goods) => text([...goods, ...goods].map((one, index) => ({ ...one, price: String(2000 + index) }))),
  () => '<!DOCTYPE html><html><body>Please log in</body></html>\n',
]

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  if (text) yield Buffer.from(text)
}
