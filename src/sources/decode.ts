import { isUtf8 } from 'node:buffer'
import { SourceRefusedError } from '../model/index.ts'

/** `latin1` is read as Windows-1252, which holds it, as browsers do. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1'] as const
export type Encoding = (typeof ENCODINGS)[number]

/**
 * The text of a file, without its byte order mark. UTF-8 unless declared or marked otherwise; never guessed.
 * @throws {SourceRefusedError} with the byte offset, when the bytes are no text in that encoding.
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  declared: Encoding | undefined,
  origin: string,
): AsyncGenerator<string> {
  let decode: Decode | undefined
  let start: Uint8Array = new Uint8Array()
  for await (const chunk of bytes) {
    if (decode) {
      yield decode(chunk, false)
      continue
    }
    // Chunks may be as short as one byte; a mark is up to three.
    start = start.length ? Buffer.concat([start, chunk]) : chunk
    if (start.length < 3) continue
    decode = begin(start, declared, origin)
    yield decode(start, false)
  }
  decode ??= begin(start, declared, origin)
  yield decode(start.length < 3 ? start : new Uint8Array(), true)
}

/** Text of the next bytes; the first ones may begin with the mark. */
type Decode = (bytes: Uint8Array, last: boolean) => string

/** The encoding that a file's byte order mark tells, with the mark's length. */
export const markedAs = (start: Uint8Array): { readonly encoding: Encoding; readonly length: number } | undefined => {
  const found = MARKS.find(({ mark }) => mark.every((byte, index) => start[index] === byte))
  return found && { encoding: found.encoding, length: found.mark.length }
}

const begin = (start: Uint8Array, declared: Encoding | undefined, origin: string): Decode => {
  const marked = markedAs(start)?.encoding
  if (marked && declared && marked !== declared) {
    throw new SourceRefusedError(
      `${origin} is declared as ${declared} and begins with the byte order mark of ${marked}`,
      {
        where: `${origin}, byte 0`,
        hint: `set "encoding": "${marked}", or leave it out`,
      },
    )
  }
  const encoding = marked ?? declared ?? 'utf-8'
  if (encoding === 'utf-8') return utf8(origin)
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? utf16(encoding, origin) : windows1252()
}

const MARKS: readonly { readonly mark: readonly number[]; readonly encoding: Encoding }[] = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
]

const utf8 = (origin: string): Decode => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let done = 0
  let carry: Uint8Array = new Uint8Array()
  let recent = ''
  return (bytes, last) => {
    const all = carry.length ? Buffer.concat([carry, bytes]) : bytes
    try {
      const text = decoder.decode(bytes, { stream: !last })
      const open = openBytes(all)
      done += all.length - open
      carry = all.subarray(all.length - open)
      recent = text.length < SHOWN ? (recent + text).slice(-SHOWN) : text.slice(-SHOWN)
      return text
    } catch (cause) {
      throw notUtf8(origin, { offset: done, text: recent }, all, cause)
    }
  }
}

/** Characters before a fault that a refusal shows. */
const SHOWN = 24

/** Bytes at the end that begin a character without ending it. */
const openBytes = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

const notUtf8 = (
  origin: string,
  before: { readonly offset: number; readonly text: string },
  bytes: Uint8Array,
  cause: unknown,
): SourceRefusedError => {
  // Validity of a prefix, leaving a character that it cuts aside, only ever turns from true to false as it grows.
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const prefix = bytes.subarray(0, middle)
    if (isUtf8(prefix.subarray(0, middle - openBytes(prefix)))) good = middle
    else bad = middle
  }
  good -= openBytes(bytes.subarray(0, good))
  const offset = before.offset + good
  const read = (before.text + new TextDecoder().decode(bytes.subarray(0, good))).slice(-SHOWN)
  return new SourceRefusedError(`${origin} is not UTF-8 text at byte ${offset}, after ${JSON.stringify(read)}`, {
    where: `${origin}, byte ${offset}`,
    hint: 'if the file is whole, set "encoding" to what its program writes, such as "windows-1252"',
    cause,
  })
}

const utf16 = (encoding: Encoding, origin: string): Decode => {
  // Half a surrogate pair becomes U+FFFD and costs its row, not the file.
  const decoder = new TextDecoder(encoding)
  let length = 0
  return (bytes, last) => {
    length += bytes.length
    if (last && length % 2) {
      throw new SourceRefusedError(`${origin} is cut: ${length} bytes are no whole number of ${encoding} characters`, {
        where: `${origin}, byte ${length}`,
        hint: 'wait until the file is complete, or set "encoding"',
      })
    }
    return decoder.decode(bytes, { stream: !last })
  }
}

const windows1252 = (): Decode => {
  const decoder = new TextDecoder('windows-1252')
  // One byte is one character, so nothing is ever pending; without `stream`, Node 20 reads 0x80 to 0x9F as controls.
  return (bytes) => decoder.decode(bytes, { stream: true })
}
