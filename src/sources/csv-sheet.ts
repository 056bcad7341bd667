import { CsvError, Parser } from 'csv-parse'
import { SourceRefusedError } from '../model/index.ts'
import type { TableRecord } from './format.ts'
import { LONGEST, RegularRecords } from './regular-records.ts'

export interface Dialect {
  readonly origin: string
  readonly delimiter: string
  readonly quote: string | false
}

/**
 * Text to records. As long as quotes stand where they should, cells are cut out, which gives what csv-parse gives at a fraction of its
 * cost; from the first record on where they do not, csv-parse decides. Rows of wrong lengths and blank ones are left to the caller.
 */
export class Sheet {
  private readonly dialect: Dialect
  private readonly parser: RecordParser
  /** Undefined from where csv-parse decides. */
  private regular: RegularRecords | undefined
  private taken: TableRecord[] = []
  /** That the next record starts on. Counted here: the library takes a CRLF inside quotes for two lines. */
  private line = 1
  /** Text behind the last record. */
  private rest = ''

  constructor(dialect: Dialect) {
    this.dialect = dialect
    this.parser = new RecordParser(dialect, (cells) => this.keep(cells))
    const { delimiter, quote } = dialect
    if (delimiter.length === 1) this.regular = new RegularRecords(delimiter, quote || NO_QUOTE)
  }

  /** @throws {SourceRefusedError} when quotes do not add up or a record is beyond all measure. */
  async feed(text: string): Promise<readonly TableRecord[]> {
    this.rest = this.cutOut(this.rest + text)
    if (!this.regular) await this.parseRest()
    return this.take()
  }

  /** The records that only the end of the text completes. @throws {SourceRefusedError} as `feed` does. */
  async finish(): Promise<readonly TableRecord[]> {
    await this.parseRest()
    await this.parsed((done) => this.parser.end(done))
    return this.take()
  }

  /** Takes regular records off a text; what is left is for later, or for csv-parse. */
  private cutOut(text: string): string {
    const { regular } = this
    if (!regular) return text
    regular.begin(text)
    let found = regular.next()
    for (; found === 'record'; found = regular.next()) this.keep(regular.cells)
    const rest = text.slice(regular.end)
    if (found === 'irregular' || rest.length > LONGEST) this.regular = undefined
    return rest
  }

  private async parseRest(): Promise<void> {
    const { rest } = this
    this.rest = ''
    if (rest) await this.parsed((done) => this.parser.write(rest, done))
  }

  private keep(cells: readonly string[]): void {
    if (cells.some(Boolean)) this.taken.push({ line: this.line, cells })
    this.line += 1
    for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) this.line += endings(cell)
  }

  private take(): readonly TableRecord[] {
    const { taken } = this
    this.taken = []
    return taken
  }

  private parsed(step: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      step((error) => (error ? reject(refused(error, this.line, this.dialect.origin)) : resolve()))
    })
  }
}

/** csv-parse, telling of records as it finds them: handing them through a stream one by one costs more than finding them. */
class RecordParser extends Parser {
  private readonly found: (cells: string[]) => void

  constructor({ delimiter, quote }: Dialect, found: (cells: string[]) => void) {
    super({
      delimiter,
      quote: quote || null,
      escape: quote || null,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: MAX_RECORD,
    })
    this.found = found
    // Nothing but the end is ever read from it; a failure reaches the callback of `write` or `end`.
    this.resume()
    this.on('error', () => undefined)
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null)
    this.found(cells)
    return true
  }
}

const endings = (cell: string): number => cell.match(/\r\n|\r|\n/g)?.length ?? 0

/** Bytes of one record. A quote that is never closed would swallow the rest of the file. */
const MAX_RECORD = 4_000_000

/** Stands in no text where nothing is quoted: half a surrogate pair is never decoded. */
const NO_QUOTE = '\ud800'

const refused = (cause: Error, line: number, origin: string): Error => {
  const fault = cause instanceof CsvError ? FAULTS[cause.code] : undefined
  if (!fault) return cause
  const column = cause instanceof CsvError ? Number(cause['column']) + 1 : Number.NaN
  const place = Number.isInteger(column) ? `line ${line}, column ${column}` : `line ${line}`
  return new SourceRefusedError(`${origin}: ${fault.what} in the record that starts on line ${line}`, {
    where: `${origin}, ${place}`,
    hint: fault.hint,
    cause,
  })
}

const FAULTS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  CSV_QUOTE_NOT_CLOSED: {
    what: 'a quote is opened and never closed',
    hint: 'the file may be cut; or close the quote, or set "quote": false when the file does not quote its cells',
  },
  CSV_INVALID_CLOSING_QUOTE: {
    what: 'expected the delimiter or a line ending after a closing quote, found something else',
    hint: 'write a quote inside a quoted cell twice',
  },
  INVALID_OPENING_QUOTE: {
    what: 'found a quote inside a cell that does not begin with one',
    hint: 'quote the whole cell and write the quote twice, or set "quote": false when the file does not quote its cells',
  },
  CSV_MAX_RECORD_SIZE: {
    what: `more than ${MAX_RECORD} bytes`,
    hint: 'a quote may be opened there and never closed; check "quote" and "delimiter"',
  },
}
