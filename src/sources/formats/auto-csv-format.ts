import { beginningOf } from '../beginning.ts'
import { type CsvOptions, csvFormat } from '../csv-format.ts'
import { type Encoding, markedAs } from '../decode.ts'
import { decodeWhole } from '../encode.ts'
import type { Format } from '../format.ts'
import { DELIMITERS, sniffDelimiter, sniffEncoding } from './sniff.ts'

export interface AutoCsvOptions extends Omit<CsvOptions, 'delimiter' | 'encoding'> {
  /** `auto` finds it out. */
  readonly delimiter: string
  readonly encoding?: Encoding | 'auto'
}

/**
 * CSV whose delimiter or encoding is found out from the beginning of the file, because its owner asked for that, and told wherever the
 * source is named. The rest of the file must keep to it.
 */
export const autoCsvFormat = (options: AutoCsvOptions): Format => ({
  open: async (bytes, origin, wanted, familiar) => {
    const { start, isWhole, all } = await beginningOf(bytes, ENOUGH)
    const dialect = await dialectOf(start, isWhole, options, origin)
    const table = await csvFormat({ ...options, ...dialect }).open(all, origin, wanted, familiar)
    return { ...table, dialect: `${DELIMITERS.get(dialect.delimiter) ?? dialect.delimiter}, ${dialect.encoding}` }
  },
  rewrite: async (bytes, edits, origin, columns) => {
    const start = bytes.subarray(0, ENOUGH)
    const format = csvFormat({
      ...options,
      ...(await dialectOf(start, start.length === bytes.length, options, origin)),
    })
    return format.rewrite?.(bytes, edits, origin, columns) ?? bytes
  },
})

/** Bytes that are looked at. */
const ENOUGH = 1024 * 1024

const dialectOf = async (start: Uint8Array, isWhole: boolean, options: AutoCsvOptions, origin: string) => {
  const { encoding: wanted = 'utf-8', delimiter, quote = '"' } = options
  const encoding = wanted === 'auto' ? sniffEncoding(start, origin) : (markedAs(start)?.encoding ?? wanted)
  if (delimiter !== 'auto' || start.length === 0) return { encoding, delimiter: delimiter === 'auto' ? ',' : delimiter }
  const text = decodeWhole(start.subarray(markedAs(start)?.length ?? 0), encoding)
  return { encoding, delimiter: await sniffDelimiter(text, quote, isWhole, origin) }
}
