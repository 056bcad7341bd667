import {
  type Familiar,
  type Field,
  type FieldRule,
  flag,
  ids,
  integer,
  money,
  type SnapshotSummary,
  type SourceItem,
  SourceRefusedError,
  text,
  timestamp,
} from '../../../src/model/index.ts'
import { type CsvOptions, csvFormat } from '../../../src/sources/csv-format.ts'
import { fileSource } from '../../../src/sources/file-source.ts'
import type { Location } from '../../../src/sources/location.ts'
import { compileMapping, type Mapping } from '../../../src/sources/mapping.ts'

export const rule = (from: string, more: Partial<FieldRule> = {}): FieldRule => ({
  from,
  owner: 'source',
  conflict: 'ask',
  blank: 'keep',
  writeBack: true,
  trim: false,
  ...more,
})

export const targetFields: Readonly<Record<string, Field>> = {
  sku: text({ max: 255 }),
  variant_id: integer(),
  name: text({ min: 1, max: 20 }),
  price: money({ min: 0 }),
  cost_price: money({ min: 0, nullable: true }),
  inventory_level: integer({ min: 0, max: 2_147_483_647 }),
  is_visible: flag(),
  categories: ids({ unordered: true }),
  condition: text({ values: ['New', 'Used'] }),
  released: timestamp({ nullable: true }),
}

/** The mapping of most tests: key SKU, then Price and Stock. */
export const feed: Mapping = compileMapping({
  key: { sku: 'SKU' },
  fields: { price: rule('Price'), inventory_level: rule('Stock') },
  targetFields,
})

/** Bytes in memory, handed out in pieces of the given size. */
export const memory = (bytes: Uint8Array, piece = 64 * 1024): Location => ({
  origin: 'feed.csv',
  open: async () => ({
    bytes: (async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    })(),
    finish: async () => '2026-03-01T00:00:00Z',
    close: async () => undefined,
  }),
})

export interface Whole {
  readonly items: readonly SourceItem[]
  readonly summary: SnapshotSummary
}

export interface ReadOptions {
  readonly options?: CsvOptions
  readonly mapping?: Mapping
  readonly piece?: number
  readonly familiar?: Familiar
}

export const readCsv = async (
  body: string | Uint8Array,
  { options = {}, mapping = feed, piece, familiar }: ReadOptions = {},
): Promise<Whole> => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const source = fileSource({ name: 'feed', location: memory(bytes, piece), format: csvFormat(options), mapping })
  const items: SourceItem[] = []
  for await (const batch of source.read(undefined, familiar)) items.push(...batch)
  return { items, summary: source.summary() }
}

/** A verdict in one line: `refused: why`, or one word a row: `2 ok` or `2 Price: why`. */
export const verdict = async (body: string | Uint8Array, options: ReadOptions = {}): Promise<string> => {
  try {
    const { items } = await readCsv(body, options)
    return items.map(inShort).join(' | ')
  } catch (error) {
    if (error instanceof SourceRefusedError) return `refused: ${error.message}`
    throw error
  }
}

const inShort = (item: SourceItem): string =>
  'row' in item
    ? `${item.row.line} ok`
    : `${item.rejection.row}${item.rejection.column && ` ${item.rejection.column}`}: ${item.rejection.reason}`
