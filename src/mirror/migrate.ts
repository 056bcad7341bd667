import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MirrorError } from '../model/index.ts'
import type { Db } from './file.ts'

/**
 * Brings the control tables up to date: every `NNNN_name.sql` of the folder that is not recorded yet, each in one
 * transaction with its record.
 * @throws {MirrorError} when a recorded file was edited, is gone, or does not run; the database is then as before that file.
 */
export const migrate = (db: Db, folder: string): void => {
  db.exec(
    'CREATE TABLE IF NOT EXISTS sync_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID',
  )
  const files = readFolder(folder)
  const recorded = db.prepare('SELECT name, sha256 FROM sync_migration').all() as Migration[]
  for (const { name, sha256 } of recorded) refuseUnlessKnown(db.name, name, sha256, files)
  const record = db.prepare('INSERT INTO sync_migration (name, sha256) VALUES (?, ?)')
  const done = new Set(recorded.map(({ name }) => name))
  for (const { name, sha256, sql } of files.values()) {
    if (done.has(name)) continue
    const apply = db.transaction(() => {
      db.exec(sql)
      record.run(name, sha256)
    })
    try {
      apply.immediate()
    } catch (cause) {
      throw new MirrorError(`the migration ${name} does not run`, {
        where: db.name,
        hint: 'nothing of it was kept; report it with the cause below',
        cause,
      })
    }
  }
}

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
