import { SourceRefusedError } from '../model/index.ts'
import { type Encoding, markedAs } from './decode.ts'
import { decodeWhole, encodeText } from './encode.ts'
import type { CellEdits } from './format.ts'

interface EditOptions {
  readonly delimiter: string
  readonly quote: string | false
  readonly declared: Encoding | undefined
  readonly origin: string
}

/**
 * A CSV file with other texts in some cells, and not another byte changed: each cell is replaced where it stands, quoted when it was
 * quoted or when its new text needs it.
 * @throws {SourceRefusedError} when the bytes would not come out the same, or a text cannot stand in the file.
 */
export const editCsv = (bytes: Uint8Array, edits: CellEdits, options: EditOptions): Uint8Array => {
  const mark = markedAs(bytes)
  const encoding = mark?.encoding ?? options.declared ?? 'utf-8'
  const head = bytes.subarray(0, mark?.length ?? 0)
  const body = bytes.subarray(head.length)
  const text = decodeWhole(body, encoding)
  if (!Buffer.from(encodeText(text, encoding) ?? []).equals(body)) {
    throw new SourceRefusedError(
      `${options.origin} holds bytes that are no text in ${encoding}, so it cannot be written back`,
      {
        where: options.origin,
        hint: 'let its program write it in UTF-8',
      },
    )
  }
  const encoded = encodeText(edited(text, edits, options), encoding)
  if (!encoded) {
    throw new SourceRefusedError(`a value holds characters that ${encoding} does not have`, {
      where: options.origin,
      hint: 'let the program that writes the file use UTF-8',
    })
  }
  return Buffer.concat([head, encoded])
}

const edited = (text: string, edits: CellEdits, options: EditOptions): string => {
  const parts: string[] = []
  let done = 0
  for (const record of spans(text, options)) {
    for (const [column, wanted] of edits.get(record.line) ?? []) {
      const cell = record.cells[column]
      if (!cell) continue
      parts.push(text.slice(done, cell.start), cellOf(wanted, cell.quoted, options))
      done = cell.end
    }
  }
  parts.push(text.slice(done))
  return parts.join('')
}

const cellOf = (text: string, quoted: boolean, { delimiter, quote, origin }: EditOptions): string => {
  const needs = text.includes(delimiter) || /[\r\n]/.test(text) || (quote !== false && text.includes(quote))
  if (!needs && !quoted) return text
  if (quote === false) {
    throw new SourceRefusedError(`${JSON.stringify(text)} needs quotes, and the file has none`, {
      where: origin,
      hint: 'set "quote" when its program understands quoted cells',
    })
  }
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
}

interface Cell {
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

interface Span {
  /** That the record starts on, from 1. */
  readonly line: number
  readonly cells: readonly Cell[]
}

/** Where each cell stands. The text was read before by the same rules, so its quotes add up. */
function* spans(text: string, { delimiter, quote }: EditOptions): Generator<Span> {
  let at = 0
  let line = 1
  while (at < text.length) {
    const cells: Cell[] = []
    const first = line
    for (let inRecord = true; inRecord; ) {
      const start = at
      const quoted = quote !== false && text.startsWith(quote, at)
      if (quoted) at = afterQuotes(text, at, quote)
      while (at < text.length && !text.startsWith(delimiter, at) && text[at] !== '\n' && text[at] !== '\r') at += 1
      cells.push({ start, end: at, quoted })
      if (quoted) line += text.slice(start, at).match(/\r\n|\r|\n/g)?.length ?? 0
      inRecord = text.startsWith(delimiter, at)
      if (inRecord) at += delimiter.length
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    line += 1
    yield { line: first, cells }
  }
}

const afterQuotes = (text: string, start: number, quote: string): number => {
  for (let at = start + quote.length; ; at += 2 * quote.length) {
    at = text.indexOf(quote, at)
    if (at < 0) return text.length
    if (!text.startsWith(quote, at + quote.length)) return at + quote.length
  }
}
