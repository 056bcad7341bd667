import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { SourceRefusedError } from '../model/index.ts'

/** What the beginning and the end of a CSV file tell of it. */
export interface FeedFacts {
  readonly columns: readonly string[]
  readonly delimiter: string
  /** Null for UTF-8, or where the byte order mark tells. */
  readonly encoding: 'windows-1252' | null
  /** The last line has its end, so a file that lacks it was cut. */
  readonly endsWithNewline: boolean
  /** Columns without any cell in the beginning of the file. */
  readonly empty: readonly string[]
  /** Columns that by their names are the key, the price and the stock; null where none looks like it. */
  readonly guess: { readonly key: string | null; readonly price: string | null; readonly stock: string | null }
}

/**
 * Looks at a CSV file to propose how to read it; whoever set it up confirms it.
 * @throws {SourceRefusedError} when the file cannot be read or holds no header.
 */
export const lookAtFeed = (path: string): FeedFacts => {
  const { start, endsWithNewline } = readEnds(path)
  const marked = start[0] === 0xff && start[1] === 0xfe
  const encoding = marked || isUtf8(start) ? null : 'windows-1252'
  const text = new TextDecoder(marked ? 'utf-16le' : (encoding ?? 'utf-8')).decode(start)
  const delimiter = delimiterOf(text.split(/\r?\n|\r/, 1)[0] ?? '')
  const [header = [], ...rows] = parse(text, {
    delimiter,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    to: MOST_ROWS,
    // Where the beginning was cut off, its last row may be half of one.
    skip_records_with_error: true,
  })
  const columns = header.map((name) => name.trim()).filter(Boolean)
  if (!columns.length)
    throw new SourceRefusedError('the file has no header', { where: path, hint: 'name its columns in the first line' })
  const isEmpty = (at: number) => rows.every((cells) => !cells[at]?.trim())
  const like = (yes: RegExp, no?: RegExp) => columns.find((name) => yes.test(name) && !no?.test(name)) ?? null
  const price = like(
    /price|preis|prix|precio|prezzo/i,
    /cost|purchase|\bsale\b|retail|rrp|msrp|\bmap\b|\bwas\b|\bold\b/i,
  )
  return {
    columns,
    empty: rows.length ? columns.filter((name) => isEmpty(header.findIndex((one) => one.trim() === name))) : [],
    delimiter,
    encoding,
    endsWithNewline: marked || endsWithNewline,
    guess: {
      key: like(/^sku$/i) ?? like(/sku|item.?(no|num|code|id)|article|artikel|part.?(no|num)|^code$/i),
      price,
      stock: like(/stock|qty|quantity|on.?hand|inventory|bestand|available/i, /date|reserved/i),
    },
  }
}

const readEnds = (path: string): { readonly start: Uint8Array; readonly endsWithNewline: boolean } => {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const start = Buffer.alloc(Math.min(size, ENOUGH))
    readSync(file, start, 0, start.length, 0)
    const tail = Buffer.alloc(1)
    readSync(file, tail, 0, 1, Math.max(size - 1, 0))
    // A character may be cut at the end of the piece; a line is not.
    const whole = size > ENOUGH ? start.subarray(0, start.lastIndexOf(0x0a) + 1) : start
    return { start: whole, endsWithNewline: tail[0] === 0x0a || tail[0] === 0x0d }
  } catch (cause) {
    throw new SourceRefusedError(`${path} cannot be read`, { where: path, hint: 'name a CSV file', cause })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const ENOUGH = 1024 * 1024
const MOST_ROWS = 1000

const delimiterOf = (line: string): string => {
  const outside = line.replace(/"[^"]*"/g, '')
  const counted = [',', ';', '\t', '|'].map((one) => [one, outside.split(one).length] as const)
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}
