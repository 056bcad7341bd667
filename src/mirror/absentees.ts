import type { Resource, Values } from '../model/index.ts'
import type { Cell } from './column.ts'
import type { Db } from './file.ts'
import type { PageWrite } from './page-writer.ts'
import type { PullState } from './pulls.ts'
import { keyCells, keyValues, quoted, type Table, tableNamed } from './table.ts'

type Key = string | number

/**
 * Keys that the mirror knows, of rows that it holds or could not read, and a full pull did not meet. With keyset paging each page
 * proves its own range of keys; with page numbers a moving list can hide a row from every page, so only the pull as a whole says who is
 * missing. Nothing is
 * removed here. The caller holds the transaction.
 */
export interface Absentees {
  /** Keys that the mirror knows in the range of a page; empty where a page proves nothing by itself. */
  expected(pull: PullState, page: PageWrite): readonly Key[]
  compare(pull: PullState, page: PageWrite, expected: readonly Key[], met: ReadonlySet<Key>): void
  /** Rows that turned up outside a pull. */
  found(resource: Resource, met: ReadonlySet<Key>): void
  of(pull: PullState): readonly Values[]
  /** How many keys a full pull has met whose pages prove nothing by themselves. */
  seen(pull: PullState): number
  /** Takes keys that are to be removed off the list; their cells. */
  gone(resource: Resource, keys: readonly Values[]): readonly (readonly Cell[])[]
  settle(pull: PullState, complete: boolean): void
  forget(resource: Resource): void
}

export const absenteesOf = (db: Db, tables: ReadonlyMap<string, Table>): Absentees => {
  const add = db.prepare('INSERT OR IGNORE INTO sync_missing (resource, key, pull) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM sync_missing WHERE resource = ? AND key = ?')
  const dropAll = db.prepare('DELETE FROM sync_missing WHERE resource = ?')
  const any = db.prepare('SELECT 1 FROM sync_missing WHERE resource = ? LIMIT 1').pluck()
  const listed = db.prepare('SELECT key FROM sync_missing WHERE resource = ? AND pull = ?').pluck()
  const see = db.prepare('INSERT OR IGNORE INTO sync_seen (pull, key) VALUES (?, ?)')
  const count = db.prepare('SELECT count(*) FROM sync_seen WHERE pull = ?').pluck()
  const unsee = db.prepare('DELETE FROM sync_seen WHERE pull = ?')
  const finished = db.prepare('SELECT finished IS NOT NULL FROM sync_pull WHERE pull = ?').pluck()

  const unseen = (pull: PullState): readonly string[] => {
    const { resource, name } = tableNamed(tables, pull.resource)
    const key = `json_array(${resource.key.map(quoted)})`
    return db
      .prepare(
        `SELECT key FROM (SELECT ${key} AS key FROM ${quoted(name)} UNION SELECT key FROM sync_unread WHERE resource = ?)
         WHERE key NOT IN (SELECT key FROM sync_seen WHERE pull = ?)`,
      )
      .pluck()
      .all(name, pull.pull) as string[]
  }
  const found = (resource: Resource, met: ReadonlySet<Key>): void => {
    if (!any.get(resource.name)) return
    for (const key of met) drop.run(resource.name, keyJson(resource, key))
  }

  return {
    expected: (pull, { resource, covers }) => {
      if (!pull.full || !provesRanges(resource) || !covers) return []
      const key = quoted(resource.key[0] ?? '')
      return db
        .prepare(
          `SELECT key FROM (SELECT ${key} AS key FROM ${quoted(resource.name)}
                            UNION SELECT json_extract(key, '$[0]') FROM sync_unread WHERE resource = @name)
           WHERE key > @after AND key <= @upTo`,
        )
        .pluck()
        .all({
          name: resource.name,
          after: covers.after ?? Number.MIN_SAFE_INTEGER,
          upTo: covers.upTo ?? Number.MAX_SAFE_INTEGER,
        }) as Key[]
    },
    compare: (pull, { resource }, expected, met) => {
      found(resource, met)
      if (!pull.full) return
      if (provesRanges(resource)) {
        for (const key of expected) if (!met.has(key)) add.run(resource.name, keyJson(resource, key), pull.pull)
      } else {
        for (const key of met) see.run(pull.pull, keyJson(resource, key))
      }
    },
    found,
    of: (pull) => {
      const table = tableNamed(tables, pull.resource)
      const open = pull.full && !provesRanges(table.resource) && !finished.get(pull.pull)
      const keys = open ? unseen(pull) : (listed.all(pull.resource, pull.pull) as string[])
      return keys
        .map((key) => JSON.parse(key) as Cell[])
        .sort(byCells)
        .map((cells) => keyValues(table, cells))
    },
    seen: (pull) => count.get(pull.pull) as number,
    gone: (resource, keys) => {
      const table = tableNamed(tables, resource.name)
      return keys.map((key) => {
        const cells = keyCells(table, key)
        drop.run(resource.name, JSON.stringify(cells))
        return cells
      })
    },
    settle: (pull, complete) => {
      if (!complete) dropAll.run(pull.resource)
      else if (pull.full && !provesRanges(tableNamed(tables, pull.resource).resource)) {
        for (const key of unseen(pull)) add.run(pull.resource, key, pull.pull)
      }
      unsee.run(pull.pull)
    },
    forget: (resource) => {
      dropAll.run(resource.name)
    },
  }
}

const provesRanges = ({ api }: Resource): boolean => api.list?.paging === 'keyset'

const keyJson = ({ key }: Resource, met: Key): string => (key.length === 1 ? JSON.stringify([met]) : String(met))

const byCells = (a: readonly Cell[], b: readonly Cell[]): number => {
  const at = a.findIndex((cell, position) => cell !== b[position])
  if (at < 0) return 0
  const [left, right] = [a[at] ?? '', b[at] ?? '']
  return left < right ? -1 : 1
}
