import type { Resource, Value, Values } from '../model/index.ts'
import type { Cell } from './column.ts'
import type { Db } from './file.ts'
import { keyCondition, keyValues, quoted, type Table, tableNamed } from './table.ts'

export interface Unread {
  /** Rows of the store that could not be read when they were met last, by their keys. */
  unread(resource: Resource): readonly UnreadEntry[]
}

/** A row of the store that could not be read when it was met last. */
export interface UnreadEntry {
  readonly key: Values
  /** Key of the row that it came inside; null for a row of a listing. */
  readonly parent: Value
  readonly reason: string
  /** The mirror holds an older state of it. */
  readonly isHeld: boolean
}

/** Notes which rows of the store could not be read when they were met last. The caller holds the transaction. */
export interface UnreadBook {
  any(table: Table): boolean
  note(table: Table, key: readonly Cell[], parent: Cell, reason: string): void
  /** It was read, or is gone. */
  forget(table: Table, key: readonly Cell[]): void
  forgetOf(table: Table, parent: Cell): void
}

export const unreadBook = (db: Db): UnreadBook => {
  const any = db.prepare('SELECT 1 FROM sync_unread WHERE resource = ? LIMIT 1').pluck()
  const note = db.prepare('INSERT OR REPLACE INTO sync_unread (resource, key, parent, reason) VALUES (?, ?, ?, ?)')
  const forget = db.prepare('DELETE FROM sync_unread WHERE resource = ? AND key = ?')
  const forgetOf = db.prepare('DELETE FROM sync_unread WHERE resource = ? AND parent = ?')
  return {
    any: ({ name }) => any.get(name) !== undefined,
    note: ({ name }, key, parent, reason) => {
      note.run(name, JSON.stringify(key), parent === null ? null : JSON.stringify(parent), reason)
    },
    forget: ({ name }, key) => {
      forget.run(name, JSON.stringify(key))
    },
    forgetOf: ({ name }, parent) => {
      forgetOf.run(name, JSON.stringify(parent))
    },
  }
}

/** The rows that the book holds. */
export const unreadOf = (db: Db, tables: ReadonlyMap<string, Table>): Unread => {
  const listed = db.prepare('SELECT key, parent, reason FROM sync_unread WHERE resource = ? ORDER BY key')
  return {
    unread: ({ name }) => {
      const table = tableNamed(tables, name)
      const held = db.prepare(`SELECT 1 FROM ${quoted(name)} WHERE ${keyCondition(table)}`).pluck()
      return (listed.all(name) as Stored[]).map(({ key, parent, reason }) => {
        const cells: readonly Cell[] = JSON.parse(key)
        return {
          key: keyValues(table, cells),
          parent: parent === null ? null : JSON.parse(parent),
          reason,
          isHeld: held.get(...cells) !== undefined,
        }
      })
    },
  }
}

interface Stored {
  readonly key: string
  readonly parent: string | null
  readonly reason: string
}
