import { hash } from 'node:crypto'
import type { Value } from '../model/index.ts'
import type { Cell } from './column.ts'
import { columnNames, removedName } from './ddl.ts'
import type { Db } from './file.ts'
import { foldedCell, keyCondition, quoted, type Table } from './table.ts'

/** What is known of a stored row before a newer reading of it is written. */
interface Known {
  readonly hash: string
  /** Its stamp, null where the listing has none. */
  readonly stamp: Cell
}

/** A change of one field, for the log. */
interface LoggedChange {
  readonly field: string
  readonly from: Value
  readonly to: Value
}

/** When and by which run a row is written. */
export interface Mark {
  readonly at: string
  readonly run: string
}

/** The prepared statements of one derived table. Cells are as the reader makes them: every column, then `extra`. */
export interface RowStore {
  readonly table: Table
  /** A row's key as one value, to compare and to collect. */
  keyOf(cells: readonly Cell[]): string | number
  hashOf(cells: readonly Cell[]): string
  known(cells: readonly Cell[]): Known | undefined
  /** Key and hash of every row of one parent. */
  ofParent(parent: Cell): Map<string | number, string>
  /** Adds the row or writes over it. */
  put(cells: readonly Cell[], rowHash: string, mark: Mark): void
  /** The stored cells of the row with that key, as the reader makes them; empty when there is none. */
  stored(cells: readonly Cell[]): readonly Cell[]
  /** Differences to the stored row in what is neither noise nor outside the definition. */
  changes(cells: readonly Cell[]): readonly LoggedChange[]
  /** Moves a row to the removed ones; false when there is none. */
  remove(key: readonly Cell[], mark: Mark): boolean
  /** Moves every row of one parent. */
  removeOfParent(parent: Cell, mark: Mark): number
  hasRemoved(): boolean
  /** Forgets that the row was once removed. */
  revive(cells: readonly Cell[]): void
}

export const rowStore = (db: Db, table: Table): RowStore => {
  const { columns, key, folded, stamp, link } = table
  const name = quoted(table.name)
  const removed = quoted(removedName(table.name))
  const byKey = keyCondition(table)
  const byLink = link < 0 ? null : `${quoted(columns[link]?.name ?? '')} = ?`
  const names = columnNames(table).map(quoted)
  const keyNames = key.map((at) => quoted(columns[at]?.name ?? ''))

  const find = db
    .prepare(`SELECT row_hash, ${stamp < 0 ? 'NULL' : quoted(columns[stamp]?.name ?? '')} FROM ${name} WHERE ${byKey}`)
    .raw()
  const siblings = byLink ? db.prepare(`SELECT row_hash, ${keyNames} FROM ${name} WHERE ${byLink}`).raw() : null
  const whole = db.prepare(`SELECT ${names.slice(0, columns.length + 1)} FROM ${name} WHERE ${byKey}`).raw()
  const upsert = db.prepare(
    `INSERT INTO ${name} (${names}) VALUES (${names.map(() => '?')})
     ON CONFLICT DO UPDATE SET ${names.map((one) => `${one} = excluded.${one}`)}`,
  )
  const bury = (where: string) =>
    db.prepare(`INSERT OR REPLACE INTO ${removed} SELECT ${names}, ?, ? FROM ${name} WHERE ${where}`)
  const burial = { one: bury(byKey), all: byLink ? bury(byLink) : null }
  const deletion = {
    one: db.prepare(`DELETE FROM ${name} WHERE ${byKey}`),
    all: byLink ? db.prepare(`DELETE FROM ${name} WHERE ${byLink}`) : null,
  }
  const anyRemoved = db.prepare(`SELECT 1 FROM ${removed} LIMIT 1`).pluck()
  const unbury = db.prepare(`DELETE FROM ${removed} WHERE ${byKey}`)

  const keyCellsOf = (cells: readonly Cell[]): Cell[] => key.map((at) => cells[at] ?? null)
  const storedCells = (cells: readonly Cell[]): readonly Cell[] => (whole.get(...keyCellsOf(cells)) ?? []) as Cell[]
  const joined = (cells: readonly Cell[]): string | number =>
    cells.length === 1 ? (cells[0] as string | number) : JSON.stringify(cells)
  const firstKey = key[0] ?? 0

  return {
    table,
    keyOf: key.length === 1 ? (cells) => cells[firstKey] as string | number : (cells) => joined(keyCellsOf(cells)),
    hashOf: (cells) => hash('sha1', JSON.stringify(cells), 'base64'),
    known: (cells) => {
      const row = find.get(...keyCellsOf(cells)) as [string, Cell] | undefined
      return row && { hash: row[0], stamp: row[1] }
    },
    ofParent: (parent) => {
      const rows = (siblings?.all(parent) ?? []) as [string, ...Cell[]][]
      return new Map(rows.map(([rowHash, ...cells]) => [joined(cells), rowHash]))
    },
    put: (cells, rowHash, { at }) => {
      const bound = [...cells, at, rowHash]
      for (const position of folded) bound.push(foldedCell(cells[position] ?? null))
      upsert.run(bound)
    },
    stored: storedCells,
    changes: (cells) => {
      const before = storedCells(cells)
      const found: LoggedChange[] = []
      for (const [at, column] of columns.entries()) {
        const from = before[at] ?? null
        const to = cells[at] ?? null
        if (column.field.noise || from === to) continue
        found.push({ field: column.name, from: column.value(from), to: column.value(to) })
      }
      return found
    },
    remove: (cells, { at, run }) => {
      burial.one.run(at, run, ...cells)
      return deletion.one.run(...cells).changes > 0
    },
    removeOfParent: (parent, { at, run }) => {
      burial.all?.run(at, run, parent)
      return deletion.all?.run(parent).changes ?? 0
    },
    hasRemoved: () => anyRemoved.get() !== undefined,
    revive: (cells) => {
      unbury.run(...keyCellsOf(cells))
    },
  }
}
