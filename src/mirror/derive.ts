import type { Definitions } from './definitions.ts'
import type { Db } from './file.ts'
import { quoted, type Table } from './table.ts'

/**
 * Makes the tables and views that the definitions ask for. One whose definition changed is dropped with its rows, and what
 * was known of its freshness is forgotten: it is derived, the next pull fills it again.
 */
export const derive = (db: Db, { tables, made, triggers }: Definitions): void => {
  const known = new Map(db.prepare('SELECT name, sha256 FROM sync_table_definition').raw().all() as [string, string][])
  const record = db.prepare(
    'INSERT INTO sync_table_definition (name, sha256) VALUES (?, ?) ON CONFLICT DO UPDATE SET sha256 = excluded.sha256',
  )
  const all = db.transaction(() => {
    for (const [name, { drop, create, sha256 }] of made) {
      if (known.get(name) === sha256) continue
      // What was found out about rows of another definition says nothing of these.
      db.exec('DELETE FROM sync_familiar')
      const table = known.has(name) ? tables.get(name) : undefined
      for (const sql of [...drop, ...(table ? forget(table, known) : []), ...create]) db.exec(sql)
      record.run(name, sha256)
    }
    // A table's triggers go with it; those that are there are left alone.
    const there = new Map(db.prepare(TRIGGERS).raw().all() as [string, number][])
    for (const [name, wanted] of triggers) {
      if (there.get(name) !== wanted.length) for (const sql of wanted) db.exec(sql)
    }
  })
  all.immediate()
}

const TRIGGERS = "SELECT tbl_name, count(*) FROM sqlite_schema WHERE type = 'trigger' GROUP BY tbl_name"

const forget = ({ name, resource }: Table, known: ReadonlyMap<string, string>): string[] => {
  const parent = resource.api.within?.parent
  const pulledWith = [name, parent ?? name].map((one) => `'${one}'`).join(', ')
  return [
    // The parents' bodies have to be read again, though nothing in them changes.
    ...(parent && known.has(parent) ? [`UPDATE ${quoted(parent)} SET row_hash = NULL`] : []),
    `DELETE FROM sync_freshness WHERE resource = '${name}'`,
    `DELETE FROM sync_missing WHERE resource = '${name}'`,
    `DELETE FROM sync_unread WHERE resource = '${name}'`,
    `UPDATE sync_pull SET finished = started WHERE finished IS NULL AND resource IN (${pulledWith})`,
  ]
}
