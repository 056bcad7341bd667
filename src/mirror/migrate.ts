import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MirrorError } from '../model/index.ts'
import type { Db } from './file.ts'

export interface Migrations {
  /** Names that the file has been through already. */
  readonly done: readonly string[]
  readonly pending: readonly (Migration & { readonly sql: string })[]
}

/**
 * Which `NNNN_name.sql` of the folder the file has been through, and which it has not.
 * @throws {MirrorError} when a recorded one was edited, or is not there: then a newer Skiff wrote the file.
 */
export const migrationsOf = (db: Db, folder: string): Migrations => {
  const files = readFolder(folder)
  const isNew = !db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sync_migration'").get()
  const recorded = isNew ? [] : (db.prepare('SELECT name, sha256 FROM sync_migration').all() as Migration[])
  for (const { name, sha256 } of recorded) refuseUnlessKnown(db.name, name, sha256, files)
  const done = new Set(recorded.map(({ name }) => name))
  return { done: [...done], pending: [...files.values()].filter(({ name }) => !done.has(name)) }
}

/**
 * Brings the control tables up to date: every pending migration, with its record, in one transaction.
 * @throws {MirrorError} when one does not run; the file is then as it was before the first of them.
 */
export const migrate = (db: Db, { pending }: Migrations): void => {
  if (!pending.length) return
  const apply = db.transaction(() => {
    db.pragma('defer_foreign_keys = ON')
    db.exec(
      'CREATE TABLE IF NOT EXISTS sync_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID',
    )
    const record = db.prepare('INSERT INTO sync_migration (name, sha256) VALUES (?, ?)')
    for (const { name, sha256, sql } of pending) {
      try {
        db.exec(sql)
      } catch (cause) {
        throw doesNotRun(db.name, name, cause)
      }
      record.run(name, sha256)
    }
    const [lost] = db.pragma('foreign_key_check') as readonly unknown[]
    if (lost)
      throw doesNotRun(db.name, pending.at(-1)?.name ?? '', new Error(`a reference is lost: ${JSON.stringify(lost)}`))
  })
  apply.immediate()
}

const doesNotRun = (path: string, name: string, cause: unknown): MirrorError =>
  new MirrorError(`the migration ${name} does not run`, {
    where: path,
    hint: 'the mirror is as it was; report it with the cause below',
    cause,
  })

/** The control tables as SQL text, for review and for comparing. */
export const dumpSchema = (db: Db): string => {
  const statements = db
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name LIKE 'sync!_%' ESCAPE '!'
       ORDER BY tbl_name, type = 'table' DESC, name`,
    )
    .pluck()
    .all() as string[]
  return `${statements.join(';\n\n')};\n`
}

interface Migration {
  readonly name: string
  readonly sha256: string
}

const readFolder = (folder: string): ReadonlyMap<string, Migration & { readonly sql: string }> =>
  new Map(
    readdirSync(folder)
      .filter((name) => /^\d{4}_.+\.sql$/.test(name))
      .sort()
      .map((name) => {
        const sql = readFileSync(join(folder, name), 'utf8')
        return [name, { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }]
      }),
  )

const refuseUnlessKnown = (path: string, name: string, sha256: string, files: ReadonlyMap<string, Migration>): void => {
  const file = files.get(name)
  if (!file) {
    throw new MirrorError(`the mirror was written by a newer Skiff: it holds ${name}, which this one does not know`, {
      where: path,
      hint: 'update Skiff, or restore a copy that this version wrote',
    })
  }
  if (file.sha256 !== sha256) {
    throw new MirrorError(`the migration ${name} was edited after it ran`, {
      where: path,
      hint: 'put the published file back; a change of the control tables is a new file',
    })
  }
}
