import { type Familiar, Fingerprint, matchText, type RecordPrint, type SourceRow } from '../model/index.ts'
import { PrintIndex } from './print-index.ts'

/** A row that was compared and needs no comparing as long as it says the same and nothing moves. */
export interface FamiliarRow {
  readonly row: SourceRow
  readonly record: RecordPrint | undefined
  /** Of the key as it is matched. */
  readonly key: RecordPrint
  /** Of the store's rows that it was compared with, as `ownerPrint` makes them. */
  readonly owners: readonly number[]
  readonly facts: RowFacts
}

/** What a row that is passed over adds to what a plan says of its source. */
export interface RowFacts {
  /** Its store row does not pass the filter. */
  readonly isOutside: boolean
  readonly isInStock: boolean
  /** It says a stock figure. */
  readonly hasFigure: boolean
  readonly isInBase: boolean
}

/** The same of all that were passed over. */
export interface PassedFacts {
  readonly outside: number
  /** Those inside the filter. */
  readonly matched: number
  readonly inStock: number
  readonly figures: number
  readonly inBase: number
}

/**
 * The familiar rows of a sync as one packed table in the order of the source: 36 bytes a row, so that a million of them are held and
 * kept as a whole. A row that is met a second time in one reading is not passed over: the two are to be judged together.
 */
export class FamiliarRows implements Familiar {
  passed = 0
  #words: Uint32Array
  /** By row: the line that it was met on; 0 where it was not, `GONE` where it is believed no more. */
  #lines: Uint32Array
  #forgotten = false
  /** The row behind the one that was met last: in a file that is much as it was, the next one. */
  #next = 0
  /** The same of rows that were told by what they say. */
  #nextRow = 0
  /** Records that were not found there, one after the other. */
  #missed = 0
  #records: PrintIndex | undefined
  #keys: PrintIndex | undefined
  #hasOtherRecords = false
  /** Rows like those of the table, with their lines behind them. */
  #added: Uint32Array = new Uint32Array(0)
  #addedCount = 0
  readonly #print = new Fingerprint()

  /** @param words What `packed` gave, in one; taken over. */
  constructor(words: Uint32Array = new Uint32Array(0)) {
    this.#words = words
    this.#lines = new Uint32Array(words.length / STRIDE)
  }

  begin(): void {
    this.#forgotten = false
    this.#restart()
  }

  forget(): void {
    this.#forgotten = true
    this.#restart()
  }

  passRecord(a: number, b: number, line: number): boolean {
    if (this.#missed >= HOPELESS) return false
    const row = this.#recordAhead(a, b)
    if (!this.#pass(row, line)) return false
    this.#next = row + 1
    this.#missed = 0
    return true
  }

  passRow(row: SourceRow, record: RecordPrint | undefined): boolean {
    if (this.#lines.length === 0 || this.#forgotten || !isPlain(row)) return false
    const key = this.#print.ofKey(matchText(row.key))
    const found = this.#isKeyOf(this.#nextRow, key.a, key.b) ? this.#nextRow : this.#rowOfKey(key.a, key.b)
    if (found < 0) return false
    this.#nextRow = found + 1
    const at = found * STRIDE
    const { a, b } = this.#print.ofRow(row)
    if (this.#words[at + ROW] !== a || this.#words[at + ROW + 1] !== b || !this.#pass(found, row.line)) return false
    const [recordA = 0, recordB = 0] = record ?? []
    this.#hasOtherRecords ||= this.#words[at + RECORD] !== recordA || this.#words[at + RECORD + 1] !== recordB
    this.#words[at + RECORD] = recordA
    this.#words[at + RECORD + 1] = recordB
    return true
  }

  hasPassed(a: number, b: number): boolean {
    return this.passed > 0 && isMet(this.#lines[this.#rowOfKey(a, b)])
  }

  /** Believes nothing more of rows with one of these keys, or that were compared with one of these rows of the store. */
  disbelieve(keys: readonly RecordPrint[], owners: ReadonlySet<number>): void {
    for (const [a, b] of keys) {
      const row = this.#rowOfKey(a, b)
      if (row >= 0) this.#lines[row] = GONE
    }
    if (!owners.size) return
    for (let row = 0, at = OWNERS; row < this.#lines.length; row += 1, at += STRIDE) {
      if (owners.has(this.#words[at] ?? 0) || owners.has(this.#words[at + 1] ?? 0)) this.#lines[row] = GONE
    }
  }

  /** Nothing is believed any more, and nothing was taken in. */
  clear(): void {
    this.#lines.fill(GONE)
    this.#addedCount = 0
    this.passed = 0
  }

  facts(): PassedFacts {
    let [outside, matched, inStock, figures, inBase] = [0, 0, 0, 0, 0]
    for (let row = 0, at = FLAGS; row < this.#lines.length; row += 1, at += STRIDE) {
      if (!isMet(this.#lines[row])) continue
      const flags = this.#words[at] ?? 0
      if (flags & IN_BASE) inBase += 1
      if (flags & OUTSIDE) {
        outside += 1
        continue
      }
      matched += 1
      if (flags & IN_STOCK) inStock += 1
      if (flags & FIGURE) figures += 1
    }
    return { outside, matched, inStock, figures, inBase }
  }

  /** Takes a row in, for the next time. */
  add({ row, record, key, owners, facts }: FamiliarRow): void {
    if (!isPlain(row) || this.#lines.length + this.#addedCount >= MOST_ROWS) return
    const start = this.#addedCount * (STRIDE + 1)
    if (start + STRIDE + 1 > this.#added.length) {
      const more = new Uint32Array(Math.max((STRIDE + 1) * 1024, 2 * this.#added.length))
      more.set(this.#added)
      this.#added = more
    }
    const { a, b } = this.#print.ofRow(row)
    const flags =
      (facts.isOutside ? OUTSIDE : 0) |
      (facts.isInStock ? IN_STOCK : 0) |
      (facts.hasFigure ? FIGURE : 0) |
      (facts.isInBase ? IN_BASE : 0)
    const [recordA = 0, recordB = 0] = record ?? []
    const [ownerA = 0, ownerB = 0] = owners
    this.#added.set([key[0], key[1], a, b, recordA, recordB, ownerA, ownerB, flags, row.line], start)
    this.#addedCount += 1
  }

  /** Whether the next reading is better off with other rows than this one began with. */
  get isOther(): boolean {
    return this.#addedCount > 0 || this.#hasOtherRecords || this.passed < this.#lines.length
  }

  /** What was passed over and what was added, in the order of the source, in pieces. Nothing is left afterwards. */
  *packed(): IterableIterator<Uint32Array> {
    this.#records = this.#keys = undefined
    const order = this.#order()
    for (let first = 0; first < order.length; first += PIECE) {
      const rows = order.subarray(first, first + PIECE)
      const piece = new Uint32Array(rows.length * STRIDE)
      for (const [place, one] of rows.entries()) {
        const row = one % MOST_ROWS
        const added = (row - this.#lines.length) * (STRIDE + 1)
        const [from, at] = added < 0 ? [this.#words, row * STRIDE] : [this.#added, added]
        for (let word = 0; word < STRIDE; word += 1) piece[place * STRIDE + word] = from[at + word] ?? 0
      }
      yield piece
    }
    this.#words = this.#lines = this.#added = new Uint32Array(0)
  }

  /** By line, rows of the table and behind them the added ones, each as its line times `MOST_ROWS` and its number. */
  #order(): Float64Array {
    const order = new Float64Array(this.passed + this.#addedCount)
    let count = 0
    for (let row = 0; row < this.#lines.length; row += 1) {
      if (isMet(this.#lines[row])) order[count++] = (this.#lines[row] ?? 0) * MOST_ROWS + row
    }
    for (let row = 0; row < this.#addedCount; row += 1) {
      const line = this.#added[row * (STRIDE + 1) + STRIDE] ?? 0
      order[count++] = line * MOST_ROWS + this.#lines.length + row
    }
    return order.sort()
  }

  #restart(): void {
    this.passed = 0
    this.#next = 0
    this.#nextRow = 0
    this.#missed = 0
    for (let row = 0; row < this.#lines.length; row += 1) if (this.#lines[row] !== GONE) this.#lines[row] = 0
  }

  /** Looked for a little ahead, and everywhere once the file has turned out to be in another order. */
  #recordAhead(a: number, b: number): number {
    const words = this.#words
    const last = Math.min(this.#next + AHEAD, this.#lines.length)
    for (let row = this.#next, at = row * STRIDE + RECORD; row < last; row += 1, at += STRIDE) {
      if (words[at] === a && words[at + 1] === b) return row
    }
    this.#missed += 1
    if (this.#missed < 2 * AHEAD || words.length === 0) return -1
    this.#records ??= new PrintIndex(words, STRIDE, RECORD)
    return this.#records.find(a, b)
  }

  #isKeyOf(row: number, a: number, b: number): boolean {
    return this.#words[row * STRIDE + KEY] === a && this.#words[row * STRIDE + KEY + 1] === b
  }

  #rowOfKey(a: number, b: number): number {
    this.#keys ??= new PrintIndex(this.#words, STRIDE, KEY)
    return this.#keys.find(a, b)
  }

  #pass(row: number, line: number): boolean {
    if (row < 0 || this.#forgotten || this.#lines[row] !== 0) return false
    this.#lines[row] = line
    this.passed += 1
    return true
  }
}

/** Rows that are looked at before the next one is looked for: those between are other ones now, or gone. */
const AHEAD = 8

/** After so many in a row that are unknown the file is written in another way, and no record of it is looked for any more. */
const HOPELESS = 20_000

/** Words of a row: fingerprints of its key, of what it says and of its record's bytes, its store rows, and its facts. */
const STRIDE = 9
const KEY = 0
const ROW = 2
const RECORD = 4
const OWNERS = 6
const FLAGS = 8

const OUTSIDE = 1
const IN_STOCK = 2
const FIGURE = 4
const IN_BASE = 8

const GONE = 0xffff_ffff

/** Rows in a piece of a megabyte. */
const PIECE = 29_000

/** Lines times this, and a row, are exact as one number. */
const MOST_ROWS = 2 ** 23

const isMet = (line: number | undefined): boolean => line !== undefined && line !== 0 && line !== GONE

/** A row that is nothing but a key and values. */
const isPlain = (row: SourceRow): boolean => Object.keys(row).length === 3

/** Of a row of the store: two that share one are both disbelieved when one of them moves. */
export const ownerPrint = (print: Fingerprint, resource: string, key: string): number =>
  print.begin().text(resource).text(key).end().a || 1
