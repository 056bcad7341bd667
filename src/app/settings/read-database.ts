import { resolve } from 'node:path'
import type { Reading } from './reading.ts'
import type { RawSource } from './schema.ts'
import { secretOf } from './secret-reference.ts'
import type { DatabaseSettings } from './types.ts'

type RawDatabase = Extract<RawSource, { readonly table?: string }>

/** Whether a section describes a table or a query of a database. */
export const isRawDatabase = (raw: RawSource): raw is RawDatabase => DATABASES.includes(raw.type)

const DATABASES: readonly string[] = ['postgres', 'mysql', 'mariadb', 'sqlserver', 'sqlite']

/** The database source that a section describes; its faults are added to the reading. */
export const readDatabase = (reading: Reading, name: string, raw: RawDatabase): DatabaseSettings => {
  const at = (...path: string[]) => ['sources', name, ...path]
  const { table, query, write, outcome, watermark } = raw
  if ((table === undefined) === (query === undefined)) reading.add(at(), 'needs one of "table" and "query".', 'key')
  if (query !== undefined && write)
    reading.add(at('write'), 'is for a table; a query is only read. Leave it out, or name the "table".', 'key')
  if (outcome !== undefined && !write)
    reading.add(at('outcome'), 'is written into the table; add "write": true.', 'key')
  const from = table === undefined ? { query: query ?? '' } : { table }
  const common = {
    ...{ name, write, from },
    ...(outcome === undefined ? {} : { outcome }),
    ...(watermark === undefined ? {} : { watermark: readWatermark(watermark) }),
  }
  if (raw.type === 'sqlite')
    return { ...common, database: { type: raw.type, file: resolve(reading.dir, raw.path), path: raw.path } }
  const where = `${reading.file}, ${at('url').join('.')}`
  const url = secretOf(raw.url, where, reading.dir, reading.env)
  return { ...common, database: { type: raw.type, url, timeoutMs: raw.timeout * 1000 } }
}

const readWatermark = ({ column, overlap, full }: NonNullable<RawDatabase['watermark']>) => ({
  column,
  overlap,
  wholeMs: full.ms,
})
