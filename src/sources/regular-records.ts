/** What stands at a place of a text: a whole record, the beginning of one, or what only a parser can judge. */
export type Regular = 'record' | 'open' | 'irregular'

/**
 * Records whose quotes are where RFC 4180 wants them, at a fraction of a parser's cost: each cell is bare without a quote, or quoted
 * from its first to its last character. Anything else is for the parser, whose verdict counts.
 */
export class RegularRecords {
  /** Of the record that was found last. */
  cells: string[] = []
  /** Where the next one begins. */
  end = 0

  private readonly delimiter: string
  private readonly quote: string
  private text = ''
  /** The next quote and the next CR at or behind the place that is read; the text's length where there is none. */
  private nextQuote = -1
  private nextReturn = -1

  /** @param delimiter One character, as is `quote`. */
  constructor(delimiter: string, quote: string) {
    this.delimiter = delimiter
    this.quote = quote
  }

  begin(text: string): void {
    this.text = text
    this.end = 0
    this.nextQuote = -1
    this.nextReturn = -1
  }

  next(): Regular {
    const { text, end: start } = this
    const newline = text.indexOf('\n', start)
    if (newline < 0) return this.returnAt(start) < text.length - 1 ? 'irregular' : 'open'
    if (newline - start > LONGEST) return 'irregular'
    if (this.quoteAt(start) > newline) {
      const last = this.lastOfLine(start, newline)
      if (last < 0) return 'irregular'
      this.cells = text.slice(start, last).split(this.delimiter)
      this.end = newline + 1
      return 'record'
    }
    return this.quoted(start)
  }

  /** Cell by cell: the line holds a quote. */
  private quoted(start: number): Regular {
    const { text, delimiter, quote } = this
    const cells: string[] = []
    let at = start
    for (;;) {
      let after: number
      if (text[at] === quote) {
        const closing = this.closing(at + 1)
        if (closing < 0) return 'open'
        const inside = text.slice(at + 1, closing)
        cells.push(inside.includes(quote) ? inside.replaceAll(quote + quote, quote) : inside)
        after = closing + 1
      } else {
        const newline = text.indexOf('\n', at)
        if (newline < 0) return 'open'
        const comma = text.indexOf(delimiter, at)
        const isLast = comma < 0 || comma > newline
        after = isLast ? this.lastOfLine(at, newline) : comma
        if (after < 0 || this.quoteAt(at) < after || (!isLast && this.returnAt(at) < after)) return 'irregular'
        cells.push(text.slice(at, after))
      }
      if (after >= text.length) return 'open'
      if (text[after] === delimiter) {
        at = after + 1
        continue
      }
      if (text[after] === '\r' && after + 1 >= text.length) return 'open'
      const end = text[after] === '\r' ? after + 1 : after
      if (text[end] !== '\n' || end - start > LONGEST) return 'irregular'
      this.cells = cells
      this.end = end + 1
      return 'record'
    }
  }

  /** The quote that closes a cell; -1 where the text ends before it is certain. */
  private closing(from: number): number {
    const { text, quote } = this
    for (let at = text.indexOf(quote, from); at >= 0 && at + 1 < text.length; at = text.indexOf(quote, at + 2)) {
      if (text[at + 1] !== quote) return at
    }
    return -1
  }

  /** Where a line's last cell ends: before its LF or CRLF; -1 where a CR stands anywhere else. */
  private lastOfLine(from: number, newline: number): number {
    const found = this.returnAt(from)
    if (found > newline) return newline
    return found === newline - 1 ? found : -1
  }

  private quoteAt(from: number): number {
    if (this.nextQuote < from) this.nextQuote = placeOf(this.text, this.quote, from)
    return this.nextQuote
  }

  private returnAt(from: number): number {
    if (this.nextReturn < from) this.nextReturn = placeOf(this.text, '\r', from)
    return this.nextReturn
  }
}

/** Characters of a record; a longer one is the parser's to count. */
export const LONGEST = 1_000_000

const placeOf = (text: string, what: string, from: number): number => {
  const found = text.indexOf(what, from)
  return found < 0 ? text.length : found
}
