import { type Familiar, SourceRefusedError, UsageError } from '../model/index.ts'
import { editCsv } from './csv-edit.ts'
import { type Dialect, Sheet } from './csv-sheet.ts'
import { decodeText, type Encoding } from './decode.ts'
import type { Format, Table, TableRecord } from './format.ts'
import { Sieve } from './sieve.ts'
import { UnfinishedError } from './unfinished.ts'

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
 * reject; a fault after which nothing is certain any more (quotes, a cut end) refuses the file. Rows without any cell content
 * are no rows.
 */
export const csvFormat = (options: CsvOptions): Format => ({
  open: async (bytes, origin, _wanted, familiar) => {
    const file: CsvFile = {
      origin,
      delimiter: options.delimiter ?? ',',
      quote: options.quote ?? '"',
      finalNewline: options.finalNewline ?? 'required',
    }
    refuseSigns(file)
    const sieve = familiar && sieveOf(familiar, options, file)
    const text = decodeText(sieve?.unfamiliar(bytes) ?? bytes, options.encoding, origin)
    const batches = records(text, file, sieve)
    const first = await batches.next()
    const head = first.done ? undefined : first.value[0]
    if (!head) throw empty(origin)
    refuseOtherDelimiter(head, file)
    const named = options.header ?? true
    sieve?.begin(JSON.stringify([file.delimiter, file.quote, options.encoding, named ? head.cells : head.cells.length]))
    return {
      columns: named ? head.cells.map(withoutBlanks) : head.cells.map((_, index) => String(index + 1)),
      headerLine: named ? head.line : null,
      batches: resume(named ? first.value.slice(1) : first.value, batches),
    } satisfies Table
  },
  rewrite: (bytes, edits, origin) => {
    const dialect = { delimiter: options.delimiter ?? ',', quote: options.quote ?? '"' } as const
    return editCsv(bytes, edits, { ...dialect, origin, declared: options.encoding })
  },
})

interface CsvFile extends Dialect {
  readonly finalNewline: 'required' | 'optional'
}

/** Where one byte is one sign, and no byte of another character looks like it. */
const sieveOf = (familiar: Familiar, { encoding }: CsvOptions, { delimiter, quote }: CsvFile): Sieve | undefined => {
  const isPlain = (sign: string) => sign.length === 1 && sign.charCodeAt(0) < 0x80
  if (encoding === 'utf-16le' || encoding === 'utf-16be' || !isPlain(delimiter) || !(quote === false || isPlain(quote)))
    return undefined
  return new Sieve(familiar, quote === false ? null : quote.charCodeAt(0))
}

const refuseSigns = ({ origin, delimiter, quote }: CsvFile): void => {
  const fit = delimiter !== '' && quote !== '' && delimiter !== quote && !/[\r\n]/.test(`${delimiter}${quote || ''}`)
  if (fit) return
  throw new UsageError(
    `${origin} cannot be split at ${JSON.stringify(delimiter)} with the quote ${JSON.stringify(quote)}`,
    {
      where: origin,
      hint: 'set "delimiter" and "quote" to two different characters that are no line endings',
    },
  )
}

async function* resume(
  first: readonly TableRecord[],
  rest: AsyncIterable<readonly TableRecord[]>,
): AsyncGenerator<readonly TableRecord[]> {
  if (first.length) yield first
  yield* rest
}

/** Records that hold anything, in batches as the text comes; the first record is the first of the first batch. */
async function* records(
  texts: AsyncIterable<string>,
  file: CsvFile,
  sieve: Sieve | undefined,
): AsyncGenerator<readonly TableRecord[]> {
  const sheet = new Sheet(file)
  const placed = (found: readonly TableRecord[]) => sieve?.placed(found) ?? found
  let columns = 0
  let last: TableRecord | undefined
  let ending = '\n'
  for await (const text of texts) {
    if (!text) continue
    ending = text.slice(-1)
    const found = placed(await sheet.feed(text))
    columns ||= found[0]?.cells.length ?? 0
    last = found.at(-1) ?? last
    yield* portions(found)
  }
  const found = placed(await sheet.finish())
  columns ||= found[0]?.cells.length ?? 0
  last = found.at(-1) ?? last
  if (ending !== '\n' && ending !== '\r' && last) refuseCut(last, columns, file)
  yield* portions(found)
}

const BATCH = 500

function* portions(rows: readonly TableRecord[]): Generator<readonly TableRecord[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH)
}

const refuseCut = (last: TableRecord, columns: number, { origin, finalNewline }: CsvFile): void => {
  const whole = last.cells.length === columns
  if (whole && finalNewline === 'optional') return
  const where = `${origin}, line ${last.line}, column ${last.cells.length}`
  if (!whole) {
    throw new UnfinishedError(
      `${origin} is cut: its last line ${last.line} has ${last.cells.length} of ${columns} cells and no line ending`,
      { where, hint: 'wait until the file is complete' },
    )
  }
  throw new UnfinishedError(`${origin} may be cut: its last line ${last.line} has no line ending`, {
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
