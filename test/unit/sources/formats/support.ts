import { type SourceItem, SourceRefusedError } from '../../../../src/model/index.ts'
import { fileSource } from '../../../../src/sources/file-source.ts'
import type { Format } from '../../../../src/sources/format.ts'
import type { Location } from '../../../../src/sources/location.ts'
import type { Mapping } from '../../../../src/sources/mapping.ts'
import { feed, memory } from '../reading.ts'

/** The rows of a file in memory: key and values, or why a row is rejected; `refused: why` when the whole file is. */
export const readAs = async (
  format: Format,
  body: string | Uint8Array,
  { mapping = feed, location = memory(typeof body === 'string' ? Buffer.from(body) : body, 7) }: ReadOptions = {},
): Promise<unknown> => {
  const source = fileSource({ name: 'feed', location, format, mapping })
  try {
    const items: SourceItem[] = []
    for await (const batch of source.read()) items.push(...batch)
    return items.map((item) =>
      'row' in item ? { ...item.row.key, ...item.row.values } : `${item.rejection.column}: ${item.rejection.reason}`,
    )
  } catch (error) {
    if (error instanceof SourceRefusedError) return `refused: ${error.message} (${error.hint})`
    throw error
  }
}

export interface ReadOptions {
  readonly mapping?: Mapping
  readonly location?: Location
}

/** Bytes in memory that can be replaced. */
export const writableMemory = (body: string): Location & { text(): string } => {
  let bytes = Buffer.from(body)
  return {
    origin: 'feed.jsonl',
    open: () => memory(bytes).open(),
    replace: async (_before, after) => {
      bytes = Buffer.from(after)
    },
    text: () => bytes.toString('utf8'),
  }
}
