import Database from 'better-sqlite3'
import { SqliteDialect, sql } from 'kysely'
import type { Source } from '../../src/model/index.ts'
import { databaseSource } from '../../src/sources/databases/database-source.ts'
import { refusal } from '../../src/sources/databases/refusal.ts'
import { sqlite } from '../../src/sources/databases/sqlite.ts'
import type { Mapping } from '../../src/sources/index.ts'
import { CHANGED } from './extras.ts'
import { COLUMNS, EXPORTED } from './feeds.ts'
import { memorySpool } from './memory-spool.ts'

type Row = Readonly<Record<string, string>>

/** A table that the other system keeps its goods in. */
export interface FeedTable {
  /** Other rows take the place of all, at once. */
  fill(rows: readonly Row[]): void
  /** Told before rows are written back, and after it with all rows as they are then. */
  source(
    name: string,
    mapping: Mapping,
    told: { readonly before: () => void; readonly after: (rows: readonly Row[]) => void },
  ): Source
}

/**
 * @param more Columns of text beside the usual ones.
 * @param overlap Seconds that a reading goes back behind the greatest moment of change; null where none is told.
 */
export const emptyTable = (more: readonly string[], overlap: number | null): FeedTable => {
  const db = new Database(':memory:')
  const usual =
    'sku text, name text, type text, weight numeric, price numeric, stock integer, description text, exported_at text'
  db.exec(`create table goods (${[usual, ...more.map((name) => `${name} text`)].join(', ')})`)
  const names = [...COLUMNS, EXPORTED, ...more]
  const insert = db.prepare(`insert into goods (${names}) values (${names.map((name) => `@${name}`)})`)
  const rows = () =>
    (db.prepare('select * from goods order by rowid').all() as Readonly<Record<string, unknown>>[]).map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? '' : String(value)])),
    )
  return {
    fill: (next) =>
      db.transaction(() => {
        db.exec('delete from goods')
        for (const row of next) insert.run(row)
      })(),
    source: (name, mapping, told) => {
      const words = (error: unknown) => (error instanceof Error ? error.message : String(error))
      // The connection outlives each use of it, so that the table stays in memory.
      const lasting = { prepare: (text: string) => db.prepare(text), close: () => undefined }
      const source = databaseSource({
        name,
        mapping,
        table: ['goods'],
        spool: memorySpool,
        identity: 'goods',
        ...(overlap === null
          ? {}
          : { watermark: { column: CHANGED, overlap: { ms: overlap * 1000 }, wholeMs: 24 * 3_600_000 } }),
        place: {
          engine: {
            ...sqlite(':memory:'),
            connect: async () => ({
              dialect: new SqliteDialect({ database: lasting as unknown as Database.Database }),
              lost: new AbortController().signal,
              abort: () => {
                if (db.inTransaction) db.exec('rollback')
              },
            }),
          },
          from: sql.id('goods'),
          origin: 'sqlite goods',
          words,
          refused: (error) => refusal(error, 'sqlite goods', words(error)),
        },
      })
      const { write } = source
      return {
        ...source,
        write: async (edits, expected) => {
          told.before()
          const results = (await write?.(edits, expected)) ?? []
          told.after(rows())
          return results
        },
      }
    },
  }
}
