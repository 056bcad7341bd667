import Database from 'better-sqlite3'
import { SqliteDialect, sql } from 'kysely'
import type { Engine } from './engine.ts'

/** A SQLite file; a reading opens it without the right to write. */
export const sqlite = (path: string): Engine => ({
  snapshot: null,
  prepare: [],
  equals: (column, value) => sql`${column} is ${value} collate binary`,
  folded: (column) => sql`lower(trim(cast(${column} as text)))`,
  typesNumbers: true,
  text: (cell) => cell,
  connect: async (use) => {
    const database = new Database(path, { readonly: use === 'read', fileMustExist: true, timeout: BUSY_MS })
    database.defaultSafeIntegers()
    return {
      dialect: new SqliteDialect({ database }),
      lost: new AbortController().signal,
      abort: () => database.close(),
    }
  },
})

/** How long to wait for another program that writes; nothing else goes on meanwhile. */
const BUSY_MS = 2000
