import { createHash } from 'node:crypto'
import { type CsvOptions, csvFormat } from '../csv-format.ts'
import { markedAs } from '../decode.ts'
import type { Location } from '../location.ts'
import type { DoctorReading } from './examine.ts'

/**
 * A CSV file opened so that a cut end is told, and not refused.
 * @param carefully Line by line, so that a fault takes no record with it that stands before it.
 */
export const openForDoctor = async (
  location: Location,
  options: CsvOptions,
  carefully: boolean,
): Promise<DoctorReading> => {
  const reading = await location.open()
  const hash = createHash('sha256')
  let isEnded = true
  async function* whole(): AsyncGenerator<Uint8Array> {
    let start: Uint8Array = new Uint8Array()
    let tail: Uint8Array = new Uint8Array()
    for await (const chunk of reading.bytes) {
      hash.update(chunk)
      if (start.length < 3) start = Buffer.concat([start, chunk.subarray(0, 3)])
      tail = Buffer.concat([tail, chunk.subarray(-2)]).subarray(-2)
      if (carefully) yield* linesOf(chunk)
      else yield chunk
    }
    const encoding = markedAs(start)?.encoding ?? options.encoding
    const ending = { 'utf-16le': [0x0a, 0], 'utf-16be': [0, 0x0a] }[String(encoding)] ?? [0x0a]
    const last = ending.length === 2 ? tail[encoding === 'utf-16le' ? 0 : 1] : tail.at(-1)
    isEnded = last === 0x0a || last === 0x0d || tail.length === 0
    if (!isEnded) yield Uint8Array.from(ending)
  }
  try {
    return {
      table: await csvFormat(options).open(whole(), location.origin),
      finish: async () => {
        await reading.finish()
        return { sha256: hash.digest('hex'), isEnded }
      },
      close: () => reading.close(),
    }
  } catch (error) {
    await reading.close()
    throw error
  }
}

function* linesOf(chunk: Uint8Array): Generator<Uint8Array> {
  let start = 0
  for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
    yield chunk.subarray(start, end + 1)
    start = end + 1
  }
  if (start < chunk.length) yield chunk.subarray(start)
}
