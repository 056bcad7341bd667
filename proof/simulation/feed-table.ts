import Database from 'better-sqlite3'
import { SqliteDialect, sql } from 'kysely'
import type { Source } from '../../src/model/index.ts'
import { databaseSource } from '../../src/sources/databases/database-source.ts'
import { refusal } from '../../src/sources/databases/refusal.ts'
import { sqlite } from '../../src/sources/databases/sqlite.ts'
import type { Mapping } from '../../src/sources/index.ts'
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

export const emptyTable = (): FeedTable => {
  const db = new Database(':memory:')
  db.exec(
    'create table goods (sku text, name text, type text, weight numeric, price numeric, stock integer, description text, exported_at text)',
  )
  const insert = db.prepare(
    'insert into goods values (@sku, @name, @type, @weight, @price, @stock, @description, @exported_at)',
  )
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
