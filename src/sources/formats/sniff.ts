import { isUtf8 } from 'node:buffer'
import { SourceRefusedError } from '../../model/index.ts'
import { Sheet } from '../csv-sheet.ts'
import { type Encoding, markedAs } from '../decode.ts'

/**
 * The encoding of a file by its beginning: what its byte order mark says, else UTF-16 by its zeros, else UTF-8 when it is that, else
 * Windows-1252.
 * @throws {SourceRefusedError} with the candidates, when the bytes speak for several or none.
 */
export const sniffEncoding = (start: Uint8Array, origin: string): Encoding => {
  const marked = markedAs(start)?.encoding
  if (marked) return marked
  const zeros = [0, 0]
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const half = start.length / 2
  if (odd > half * 0.6 && even < half * 0.1) return 'utf-16le'
  if (even > half * 0.6 && odd < half * 0.1) return 'utf-16be'
  if (even + odd > 0) throw unclear(origin, 'encoding', ['utf-16le', 'utf-16be'], 'it holds zero bytes here and there')
  if (isUtf8(withoutOpenCharacter(start))) return 'utf-8'
  if (UTF8_PAIR.test(Buffer.from(start).toString('latin1'))) {
    throw unclear(origin, 'encoding', ['utf-8', 'windows-1252'], 'some of its characters are in one, some in the other')
  }
  if (start.some((byte) => NOT_IN_1252.includes(byte))) {
    throw unclear(
      origin,
      'encoding',
      ['utf-8', 'utf-16le', 'utf-16be'],
      'it holds bytes that Windows-1252 does not have',
    )
  }
  return 'windows-1252'
}

/** The beginning of a file may end within a character. */
const withoutOpenCharacter = (bytes: Uint8Array): Uint8Array => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back)
  }
  return bytes
}

/** A character of UTF-8 as Latin-1 shows it; in other text such a pair hardly ever stands. */
const UTF8_PAIR = /[\u00c3-\u00f4][\u0080-\u00bf]/
const NOT_IN_1252: readonly number[] = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

/** By the names that people know them by. */
export const DELIMITERS: ReadonlyMap<string, string> = new Map([
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'pipe'],
])

/**
 * The delimiter at which the lines of a beginning fall into equally many cells.
 * @param isWhole The text ends where the file does; else its last line is left aside.
 * @throws {SourceRefusedError} with the candidates, when several do so or none.
 */
export const sniffDelimiter = async (
  text: string,
  quote: string | false,
  isWhole: boolean,
  origin: string,
): Promise<string> => {
  const found: string[] = []
  for (const delimiter of DELIMITERS.keys()) {
    if (await splitsEvenly(text, { delimiter, quote, origin }, isWhole)) found.push(delimiter)
  }
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw found.length
    ? unclear(origin, 'delimiter', found, 'its lines fall into equally many cells at each of them')
    : unclear(origin, 'delimiter', [...DELIMITERS.keys()], 'its lines fall into equally many cells at none of them')
}

/** Nearly all lines have as many cells as the first; a few ragged ones are rejected later, as such. */
const splitsEvenly = async (
  text: string,
  dialect: { readonly delimiter: string; readonly quote: string | false; readonly origin: string },
  isWhole: boolean,
): Promise<boolean> => {
  try {
    const sheet = new Sheet(dialect)
    const found = await sheet.feed(text)
    const rows = isWhole ? [...found, ...(await sheet.finish())] : found
    const width = rows[0]?.cells.length ?? 0
    const even = rows.filter(({ cells }) => cells.length === width).length
    return width > 1 && even >= rows.length * 0.9
  } catch (error) {
    // Quotes that do not add up at this delimiter.
    if (error instanceof SourceRefusedError) return false
    throw error
  }
}

const unclear = (origin: string, key: string, candidates: readonly string[], why: string): SourceRefusedError =>
  new SourceRefusedError(`the ${key} of ${origin} cannot be told: ${why}`, {
    where: origin,
    hint: `set "${key}" to what its program writes: ${candidates.map((one) => JSON.stringify(one)).join(', ')}`,
  })
