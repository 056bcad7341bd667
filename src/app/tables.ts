import { type FieldRule, type SourceItem, SourceRefusedError, text, type Value } from '../model/index.ts'
import { compileMapping, type LookupTable, type Mapping } from '../sources/index.ts'
import type { TableSettings } from './settings/index.ts'

/** A table in memory, read by the same rules as any source. */
export const lookupTable = (
  { name, source, key, value }: TableSettings,
  open: (mapping: Mapping) => { read(): AsyncIterable<readonly SourceItem[]> },
): LookupTable => ({
  value,
  read: async (columns) => {
    const fields = columns.map((from, index) => [`c${index}`, { ...PLAIN, from }] as const)
    const mapping = compileMapping({
      key: { key },
      fields: Object.fromEntries(fields),
      targetFields: { key: text(), ...Object.fromEntries(fields.map(([field]) => [field, text()])) },
    })
    const rows = new Map<string, readonly string[]>()
    for await (const items of open(mapping).read()) {
      for (const item of items) {
        if ('rejection' in item) throw badRow(name, source.name, item.rejection)
        if (rows.size >= MOST_ROWS) throw tooLarge(name)
        rows.set(
          String(item.row.key['key']),
          fields.map(([field]) => cellOf(item.row.values[field])),
        )
      }
    }
    return rows
  },
})

const PLAIN = { owner: 'source', conflict: 'ask', blank: 'keep', writeBack: false, trim: true } satisfies FieldRule

const MOST_ROWS = 200_000

const cellOf = (value: Value | undefined): string => (value === undefined ? '' : String(value))

const badRow = (
  table: string,
  source: string,
  { row, column, value, reason }: Extract<SourceItem, { rejection: unknown }>['rejection'],
): SourceRefusedError =>
  new SourceRefusedError(`table "${table}", row ${row}: ${column} ${JSON.stringify(value)} is ${reason}`, {
    where: source,
    hint: 'correct the row: every row of a table counts, because any may be looked up',
  })

const tooLarge = (table: string): SourceRefusedError =>
  new SourceRefusedError(`table "${table}" has more than ${MOST_ROWS} rows`, {
    hint: 'a table is kept in memory; join larger ones in the source itself',
  })
