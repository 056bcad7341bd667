import { type Familiar, Fingerprint } from '../model/index.ts'
import { markedAs } from './decode.ts'
import type { TableRecord } from './format.ts'

/**
 * Takes records out of the bytes of a file that are to be passed over, and hands the rest on to be parsed. Bytes are cut at each LF
 * at which no quote is open: their number since the last cut is even. A parser that has no fault to find is between two records
 * there, so it makes of a piece what it made of the same bytes before, whatever lies around them. What cannot be cut so is left whole.
 */
export class Sieve {
  readonly #familiar: Familiar
  /** The byte that quotes. */
  readonly #quote: number | null
  readonly #print = new Fingerprint()
  /** What the fingerprints of records begin with; null until the header is known. */
  #seed: { readonly a: number; readonly b: number } | null = null
  #state: 'unread' | 'cutting' | 'whole' | 'lost' = 'unread'
  /** The line that the next piece starts on: in the file, and among what is parsed. */
  #line = 1
  #parsedLine = 1
  /** Of the pieces that are parsed and whose records have not come yet: line among those, line in the file, both halves of the print. */
  #pieces: number[] = []

  constructor(familiar: Familiar, quote: number | null) {
    this.#familiar = familiar
    this.#quote = quote
  }

  /** @param facts All that decides what the bytes of a record mean, but for the mapping. */
  begin(facts: string): void {
    const { a, b } = this.#print.begin().text(facts).end()
    this.#seed = { a, b }
  }

  /** The bytes that are to be parsed. Up to the header each piece comes alone, so that the next one finds it known. */
  async *unfamiliar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let carry: Uint8Array = new Uint8Array()
    for await (const chunk of bytes) {
      const data = carry.length ? Buffer.concat([carry, chunk]) : asBuffer(chunk)
      carry = data
      if (this.#state === 'unread' && data.length >= 2) this.#look(data)
      const cut = new Cut(data, this.#quote)
      const pieces: Uint8Array[] = []
      while (this.#state === 'cutting' && cut.next()) {
        if (this.#isPassed(cut)) continue
        this.#keep(cut)
        pieces.push(data.subarray(cut.from, cut.to))
        if (this.#seed) continue
        yield* pieces.splice(0)
      }
      carry = data.subarray(cut.to)
      if (carry.length > LONGEST && this.#state === 'cutting') this.#state = 'whole'
      if (this.#state === 'whole' || this.#state === 'lost') {
        if (this.#state === 'whole') this.#pieces.push(this.#parsedLine, this.#line, 0, 0)
        pieces.push(carry)
        carry = new Uint8Array()
      }
      if (pieces.length) yield pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
    }
    this.#pieces.push(this.#parsedLine, this.#line, 0, 0)
    if (carry.length) yield carry
  }

  /** The records with their lines in the file, and the fingerprints of those that are one piece. */
  placed(records: readonly TableRecord[]): readonly TableRecord[] {
    if (this.#state === 'lost') return records
    const pieces = this.#pieces
    let at = 0
    const placed = records.map(({ line, cells }): TableRecord => {
      while (at + 4 < pieces.length && (pieces[at + 4] ?? 0) <= line) at += 4
      const start = pieces[at] ?? line
      const [a, b] = [pieces[at + 2] ?? 0, pieces[at + 3] ?? 0]
      const own = (pieces[at + 1] ?? start) + line - start
      return line === start && (a || b) ? { line: own, cells, print: [a, b] } : { line: own, cells }
    })
    if (at) this.#pieces = pieces.slice(at)
    return placed
  }

  #look(data: Uint8Array): void {
    const marked = markedAs(data)?.encoding ?? 'utf-8'
    this.#state = marked === 'utf-8' ? 'cutting' : 'lost'
  }

  #isPassed(cut: Cut): boolean {
    const seed = this.#seed
    if (!seed) return false
    const { a, b } = this.#print.begin(seed.a, seed.b).bytes(cut.view, cut.from, cut.to).end()
    if (!this.#familiar.passRecord(a, b, this.#line)) return false
    this.#line += cut.lines
    return true
  }

  #keep(cut: Cut): void {
    if (cut.hasLoneReturn) this.#lose()
    const { a, b } = this.#seed ? this.#print : NO_PRINT
    this.#pieces.push(this.#parsedLine, this.#line, a, b)
    this.#parsedLine += cut.lines
    this.#line += cut.lines
  }

  /** A CR that ends a line alone makes lines that are not counted here. */
  #lose(): void {
    if (this.#familiar.passed) throw new DoubtError('a line ends with CR alone')
    this.#state = 'lost'
  }
}

/** Nothing is certain about what was passed over: the source is to be read without passing anything over. */
export class DoubtError extends Error {}

const NO_PRINT = { a: 0, b: 0 }

/** Bytes that are held back until their record ends. */
const LONGEST = 1_000_000

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length)

/** One piece after the other of some bytes. */
class Cut {
  readonly view: DataView
  from = 0
  to = 0
  /** Line endings in it. */
  lines = 0

  private readonly data: Buffer
  private readonly quote: number | null
  private nextQuote = -1
  private nextReturn = -1

  constructor(data: Buffer, quote: number | null) {
    this.data = data
    this.quote = quote
    this.view = new DataView(data.buffer, data.byteOffset, data.length)
  }

  /** False where the next piece does not end here; then `to` stays where it begins. */
  next(): boolean {
    const { data } = this
    const from = this.to
    let end = data.indexOf(LF, from)
    let lines = 1
    for (let quotes = this.quotesIn(from, end); end >= 0 && quotes % 2; lines += 1) {
      const start = end + 1
      end = data.indexOf(LF, start)
      quotes += this.quotesIn(start, end)
    }
    if (end < 0) return false
    this.from = from
    this.to = end + 1
    this.lines = lines
    return true
  }

  get hasLoneReturn(): boolean {
    let at = this.returnAt(this.from)
    while (at < this.to) {
      if (this.data[at + 1] !== LF) return true
      at = this.returnAt(at + 1)
    }
    return false
  }

  private quotesIn(from: number, to: number): number {
    const { quote } = this
    if (quote === null) return 0
    let count = 0
    for (let at = this.quoteAt(from, quote); at < to; at = this.quoteAt(at + 1, quote)) count += 1
    return count
  }

  private quoteAt(from: number, quote: number): number {
    if (this.nextQuote < from) this.nextQuote = placeOf(this.data, quote, from)
    return this.nextQuote
  }

  private returnAt(from: number): number {
    if (this.nextReturn < from) this.nextReturn = placeOf(this.data, CR, from)
    return this.nextReturn
  }
}

const LF = 10
const CR = 13

const placeOf = (data: Buffer, byte: number, from: number): number => {
  const found = data.indexOf(byte, from)
  return found < 0 ? data.length : found
}
