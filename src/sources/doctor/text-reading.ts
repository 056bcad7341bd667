import { createHash } from 'node:crypto'
import { type Encoding, markedAs } from '../decode.ts'
import type { Format } from '../format.ts'
import { hashed } from '../hashed.ts'
import type { Location } from '../location.ts'
import type { DoctorReading } from './examine.ts'

/** How the file of a doctor's patient is read. */
export interface FileKind {
  readonly format: Format
  /** Of lines of text that are no use to a reader before the last one has its end; null where records are no lines. */
  readonly lines: { readonly encoding: Encoding | undefined } | null
}

/**
 * A file opened so that a cut end is told, and not refused.
 * @param carefully Line by line, so that a fault takes no record with it that stands before it.
 * @param wanted Columns that records which name their own columns may lack in the first of them.
 */
export const openForDoctor = async (
  location: Location,
  { format, lines }: FileKind,
  carefully: boolean,
  wanted: readonly string[] = [],
): Promise<DoctorReading> => {
  const reading = await location.open()
  const hash = createHash('sha256')
  const { origin = location.origin } = reading
  const end = { isThere: true }
  const bytes = hashed(reading.bytes, hash)
  try {
    return {
      table: await format.open(lines ? ended(bytes, lines.encoding, carefully, end) : bytes, origin, wanted),
      finish: async () => {
        await reading.finish()
        return { sha256: hash.digest('hex'), isEnded: end.isThere }
      },
      close: () => reading.close(),
    }
  } catch (error) {
    await reading.close()
    throw error
  }
}

/** The same bytes, with an end of the last line where it has none. */
async function* ended(
  bytes: AsyncIterable<Uint8Array>,
  declared: Encoding | undefined,
  carefully: boolean,
  end: { isThere: boolean },
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array = new Uint8Array()
  let tail: Uint8Array = new Uint8Array()
  for await (const chunk of bytes) {
    if (start.length < 3) start = Buffer.concat([start, chunk.subarray(0, 3)])
    tail = Buffer.concat([tail, chunk.subarray(-2)]).subarray(-2)
    if (carefully) yield* linesOf(chunk)
    else yield chunk
  }
  const encoding = markedAs(start)?.encoding ?? declared
  const ending = { 'utf-16le': [0x0a, 0], 'utf-16be': [0, 0x0a] }[String(encoding)] ?? [0x0a]
  const last = ending.length === 2 ? tail[encoding === 'utf-16le' ? 0 : 1] : tail.at(-1)
  end.isThere = last === 0x0a || last === 0x0d || tail.length === 0
  if (!end.isThere) yield Uint8Array.from(ending)
}

function* linesOf(chunk: Uint8Array): Generator<Uint8Array> {
  let start = 0
  for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
    yield chunk.subarray(start, end + 1)
    start = end + 1
  }
  if (start < chunk.length) yield chunk.subarray(start)
}
