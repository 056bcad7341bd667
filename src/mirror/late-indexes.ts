import type { Catalog, Resource } from '../model/index.ts'
import type { Definitions } from './definitions.ts'
import type { Db } from './file.ts'
import { quoted, type Table, tableNamed } from './table.ts'

/** Indexes of tables that are filled for the first time: made at the end, out of sorted rows, they cost a fraction. */
export interface LateIndexes {
  /** Drops those of a resource and of what rides inside it, where there is no row yet. */
  drop(resource: Resource): void
  /** Makes those that are not there. */
  make(): void
}

export const lateIndexes = (db: Db, catalog: Catalog, { tables, indexes }: Definitions): LateIndexes => {
  const known = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck()
  const isEmpty = ({ name }: Table): boolean => db.prepare(`SELECT 1 FROM ${quoted(name)} LIMIT 1`).get() === undefined
  return {
    drop: (resource) => {
      const riding = [...catalog.resources.values()].filter(({ api }) => api.within?.parent === resource.name)
      for (const table of [resource, ...riding].map(({ name }) => tableNamed(tables, name)).filter(isEmpty)) {
        for (const name of indexes.get(table.name)?.keys() ?? []) {
          if (name !== linkIndex(table)) db.exec(`DROP INDEX IF EXISTS ${quoted(name)}`)
        }
      }
    },
    make: () => {
      const there = new Set(known.all())
      for (const wanted of indexes.values()) {
        for (const [name, sql] of wanted) if (!there.has(name)) db.exec(sql)
      }
    },
  }
}

/** Rows are found by what they ride in while they are written. */
const linkIndex = ({ name, columns, link }: Table): string => `${name}_by_${columns[link]?.name}`
