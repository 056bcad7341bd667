import { createHash } from 'node:crypto'
import { type Catalog, stableJson } from '../model/index.ts'
import { movedSql, removedName, tableSql, viewSql } from './ddl.ts'
import type { Db } from './file.ts'
import { quoted, type Table, tableNamed, tableOf } from './table.ts'

/**
 * Makes the tables and views that the definitions ask for. One whose definition changed is dropped with its rows, and what
 * was known of its freshness is forgotten: it is derived, the next pull fills it again.
 */
export const derive = (db: Db, catalog: Catalog): ReadonlyMap<string, Table> => {
  const tables = new Map([...catalog.resources].map(([name, resource]) => [name, tableOf(resource, catalog)]))
  const known = new Map(db.prepare('SELECT name, sha256 FROM sync_table_definition').raw().all() as [string, string][])
  const record = db.prepare(
    'INSERT INTO sync_table_definition (name, sha256) VALUES (?, ?) ON CONFLICT DO UPDATE SET sha256 = excluded.sha256',
  )
  const make = (name: string, drop: readonly string[], create: readonly string[], facts: unknown): void => {
    const sha256 = createHash('sha256')
      .update(stableJson([create, facts]))
      .digest('hex')
    if (known.get(name) === sha256) return
    // What was found out about rows of another definition says nothing of these.
    db.exec('DELETE FROM sync_familiar')
    for (const sql of [...drop, ...create]) db.exec(sql)
    record.run(name, sha256)
  }
  const triggers = db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?").pluck()
  /** Its triggers go with a table; those that are there are left alone. */
  const watch = (table: Table): void => {
    const wanted = movedSql(table)
    if (triggers.get(table.name) === wanted.length) return
    for (const sql of wanted) db.exec(sql)
  }
  const all = db.transaction(() => {
    for (const [name, table] of tables) {
      const drop = [`DROP TABLE IF EXISTS ${quoted(name)}`, `DROP TABLE IF EXISTS ${quoted(removedName(name))}`]
      make(
        name,
        known.has(name) ? [...drop, ...forget(table, known)] : drop,
        tableSql(table, catalog),
        readingFacts(table),
      )
      watch(table)
    }
    for (const [name, derived] of catalog.derived) {
      const view = viewSql(derived, tableNamed(tables, derived.parent), tableNamed(tables, derived.child))
      make(name, [`DROP VIEW IF EXISTS ${quoted(name)}`], [view], null)
    }
  })
  all.immediate()
  return tables
}

/** What decides how a body becomes cells. Other facts of a field, such as its description, change no row. */
const readingFacts = ({ resource }: Table): unknown => ({
  within: resource.api.within,
  rows: resource.api.list?.rows,
  fields: Object.values(resource.fields).map(({ kind, at, unset, unordered }) => ({ kind, at, unset, unordered })),
})

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
