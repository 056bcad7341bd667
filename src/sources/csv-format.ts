import { CsvError, Parser } from 'csv-parse'
import { SourceRefusedError } from '../model/index.ts'
import { decodeText, type Encoding } from './decode.ts'
import type { Format, Table, TableRecord } from './format.ts'

export interface CsvOptions {
  /** One of comma (the default), semicolon, tab, pipe or any other text; never guessed. */
  readonly delimiter?: string
  /** Around cells that hold the delimiter, doubled inside them; `"` when absent, false where the file does not quote. */
  readonly quote?: string | false
  /** UTF-8, or what the byte order mark says, when absent. */
  readonly encoding?: Encoding
  /** The first line names the columns (the default); without, a mapping names them by number from 1. */
  readonly header?: boolean
  /**
   * What a last line without a line ending means. `required` (the default) refuses the file: an upload that was cut inside
   * a last cell reads as a whole row with another value (`120` as `1`), and nothing else in the file tells. `optional` takes
   * such a line when it has all its cells, for programs that never end the last line.
   */
  readonly finalNewline?: 'required' | 'optional'
}

/**
 * Comma-separated values after RFC 4180, any line ending, streamed. A row of a wrong length is kept for the caller to
 * reject; a fault after which nothing is certain any more (quotes, a cut end) refuses the file.
 */
export const csvFormat = (options: CsvOptions): Format => ({
  open: async (bytes, origin) => {
    const file: CsvFile = { origin, delimiter: options.delimiter ?? ',', options }
    const batches = records(decodeText(bytes, options.encoding, origin), file)
    const first = await batches.next()
    const head = first.done ? undefined : first.value[0]
    if (!head) throw empty(origin)
    refuseOtherDelimiter(head, file)
    const named = options.header ?? true
    return {
      columns: named ? head.cells.map(withoutBlanks) : head.cells.map((_, index) => String(index + 1)),
      headerLine: named ? head.line : null,
      batches: resume(named ? first.value.slice(1) : first.value, batches),
    } satisfies Table
  },
})

interface CsvFile {
  readonly origin: string
  readonly delimiter: string
  readonly options: CsvOptions
}

async function* resume(
  first: readonly TableRecord[],
  rest: AsyncIterable<readonly TableRecord[]>,
): AsyncGenerator<readonly TableRecord[]> {
  if (first.length) yield first
  yield* rest
}

/** Records that hold anything, in batches as the text comes; the first record is the first of the first batch. */
async function* records(texts: AsyncIterable<string>, file: CsvFile): AsyncGenerator<readonly TableRecord[]> {
  const sheet = new Sheet(file)
  let columns = 0
  let last: TableRecord | undefined
  let ending = '\n'
  for await (const text of texts) {
    if (!text) continue
    ending = text.slice(-1)
    const found = await sheet.feed(text)
    columns ||= found[0]?.cells.length ?? 0
    last = found.at(-1) ?? last
    yield* portions(found)
  }
  const found = await sheet.finish()
  columns ||= found[0]?.cells.length ?? 0
  last = found.at(-1) ?? last
  if (ending !== '\n' && ending !== '\r' && last) refuseCut(last, columns, file)
  yield* portions(found)
}

const BATCH = 500

function* portions(rows: readonly TableRecord[]): Generator<readonly TableRecord[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH)
}

/** csv-parse, fed text by text; it sees to quotes and line endings and leaves the judgement of rows to us. */
class Sheet extends Parser {
  private taken: TableRecord[] = []
  /** That the next record starts on. Counted here: the library takes a CRLF inside quotes for two lines. */
  private line = 1
  private readonly file: CsvFile

  constructor(file: CsvFile) {
    const quote = file.options.quote ?? '"'
    super({
      delimiter: file.delimiter,
      quote: quote || null,
      escape: quote || null,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: MAX_RECORD,
    })
    this.file = file
    // Nothing but the end is ever read from it; a failure reaches the callback of `write` or `end`.
    this.resume()
    this.on('error', () => undefined)
  }

  /** Records are kept as they are found: handing them through the stream one by one costs more than finding them. */
  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null)
    if (cells.some(Boolean)) this.taken.push({ line: this.line, cells })
    this.line += 1
    for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) this.line += endings(cell)
    return true
  }

  feed(text: string): Promise<readonly TableRecord[]> {
    return this.settled((done) => this.write(text, done))
  }

  finish(): Promise<readonly TableRecord[]> {
    return this.settled((done) => this.end(done))
  }

  private settled(step: (done: (error?: Error | null) => void) => void): Promise<readonly TableRecord[]> {
    return new Promise((resolve, reject) => {
      step((error) => {
        if (error) return reject(refused(error, this.line, this.file))
        resolve(this.taken)
        this.taken = []
      })
    })
  }
}

const endings = (cell: string): number => cell.match(/\r\n|\r|\n/g)?.length ?? 0

/** Bytes of one record. A quote that is never closed would swallow the rest of the file. */
const MAX_RECORD = 4_000_000

const refused = (cause: Error, line: number, { origin }: CsvFile): Error => {
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

const refuseCut = (last: TableRecord, columns: number, { origin, options }: CsvFile): void => {
  const whole = last.cells.length === columns
  if (whole && options.finalNewline === 'optional') return
  const where = `${origin}, line ${last.line}, column ${last.cells.length}`
  if (!whole) {
    throw new SourceRefusedError(
      `${origin} is cut: its last line ${last.line} has ${last.cells.length} of ${columns} cells and no line ending`,
      { where, hint: 'wait until the file is complete' },
    )
  }
  throw new SourceRefusedError(`${origin} may be cut: its last line ${last.line} has no line ending`, {
    where,
    hint: 'end the last line, or set "finalNewline": "optional" when the program that writes the file never does',
  })
}

const refuseOtherDelimiter = (head: TableRecord, { origin, delimiter }: CsvFile): void => {
  const [only = ''] = head.cells
  if (head.cells.length !== 1) return
  const found = [...OTHERS].find(([character]) => character !== delimiter && only.includes(character))
  if (!found) return
  throw new SourceRefusedError(
    `${origin} has one column when it is split at ${OTHERS.get(delimiter) ?? delimiter}, and its first line holds a ${found[1]}`,
    { where: `${origin}, line ${head.line}`, hint: `set "delimiter": ${JSON.stringify(found[0])}` },
  )
}

const OTHERS: ReadonlyMap<string, string> = new Map([
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'pipe'],
  [',', 'comma'],
])

const empty = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} is empty`, {
    where: origin,
    hint: 'look at the program that writes it; nothing is planned from an empty source',
  })

const withoutBlanks = (name: string): string => name.replace(/^[ \t]+|[ \t]+$/g, '')
