import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { type Holder, type Mirror, openMirror } from '../../src/mirror/index.ts'
import { catalog } from '../../src/resources/index.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

let template: Buffer | undefined

/** Opening an empty mirror costs more than a whole seed, so all of them start as copies of one. */
export const freshDatabase = (): Database.Database => {
  if (!template) {
    const first = new Database(':memory:')
    mirrorIn(first)
    template = first.serialize()
  }
  return databaseOf(template)
}

export const databaseOf = (bytes: Buffer): Database.Database => {
  const db = new Database(bytes)
  db.pragma('foreign_keys = ON')
  db.pragma('recursive_triggers = ON')
  // A process that ends closes its mirror; what it kept stays for the next one.
  db.close = () => db
  return db
}

export const mirrorIn = (database: Database.Database, writer?: Holder): Mirror =>
  openMirror({ path: ':memory:', catalog, migrations: MIGRATIONS, database, ...(writer ? { writer } : {}) })

export const emptyMirror = (): Mirror => mirrorIn(freshDatabase())
