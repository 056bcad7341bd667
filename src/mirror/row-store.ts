import type { Value } from '../model/index.ts'
import type { Cell } from './column.ts'
import { columnNames, removedName } from './ddl.ts'
import type { Db } from './file.ts'
import { foldedCell, keyCondition, quoted, type Table } from './table.ts'

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
  /** What the row was read from, as `put` or `remember` said; null when that is unknown or there is no row. */
  origin(key: readonly Cell[]): string | null
  /** The stored cells of a row; undefined when there is none. */
  stored(key: readonly Cell[]): readonly Cell[] | undefined
  /** The stored cells of every row of one parent, by key. */
  ofParent(parent: Cell): Map<string | number, readonly Cell[]>
  /** Whether any parent whose key lies from one to another has a row. */
  hasOfParents(from: number, to: number): boolean
  /** Adds the row or writes over it. */
  put(cells: readonly Cell[], origin: string | null, mark: Mark): void
  /** Notes what an unchanged row was read from, or with null that nobody knows any more. */
  remember(key: readonly Cell[], origin: string | null): void
  /** Differences to the stored row in what is neither noise nor outside the definition. */
  changes(before: readonly Cell[], cells: readonly Cell[]): readonly LoggedChange[]
  /** Moves a row to the removed ones; false when there is none. */
  remove(key: readonly Cell[], mark: Mark): boolean
  /** Moves every row of one parent. */
  removeOfParent(parent: Cell, mark: Mark): number
  hasRemoved(): boolean
  /** Forgets that the row was once removed. */
  revive(key: readonly Cell[]): void
}

export const rowStore = (db: Db, table: Table): RowStore => {
  const { columns, key, folded, link } = table
  const name = quoted(table.name)
  const removed = quoted(removedName(table.name))
  const byKey = keyCondition(table)
  const byLink = link < 0 ? null : `${quoted(columns[link]?.name ?? '')} = ?`
  const names = columnNames(table).map(quoted)
  const cellNames = names.slice(0, columns.length + 1)

  const find = db.prepare(`SELECT row_hash FROM ${name} WHERE ${byKey}`).pluck()
  const siblings = byLink ? db.prepare(`SELECT ${cellNames} FROM ${name} WHERE ${byLink}`).raw() : null
  const anySibling = byLink
    ? db.prepare(`SELECT 1 FROM ${name} WHERE ${quoted(columns[link]?.name ?? '')} BETWEEN ? AND ? LIMIT 1`).pluck()
    : null
  const whole = db.prepare(`SELECT ${cellNames} FROM ${name} WHERE ${byKey}`).raw()
  const note = db.prepare(`UPDATE ${name} SET row_hash = ? WHERE ${byKey}`)
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

  const joined = (cells: readonly Cell[]): string | number =>
    cells.length === 1 ? (cells[0] as string | number) : JSON.stringify(cells)
  const firstKey = key[0] ?? 0
  const keyOf: RowStore['keyOf'] =
    key.length === 1
      ? (cells) => cells[firstKey] as string | number
      : (cells) => joined(key.map((at) => cells[at] ?? null))

  return {
    table,
    keyOf,
    origin: (cells) => (find.get(...cells) as string | null | undefined) ?? null,
    stored: (cells) => whole.get(...cells) as Cell[] | undefined,
    ofParent: (parent) => {
      const rows = (siblings?.all(parent) ?? []) as Cell[][]
      return new Map(rows.map((cells) => [keyOf(cells), cells]))
    },
    hasOfParents: (from, to) => anySibling?.get(from, to) !== undefined,
    put: (cells, origin, { at }) => {
      const bound = [...cells, at, origin]
      for (const position of folded) bound.push(foldedCell(cells[position] ?? null))
      upsert.run(bound)
    },
    remember: (cells, origin) => {
      note.run(origin, ...cells)
    },
    changes: (before, cells) => {
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
      unbury.run(...cells)
    },
  }
}
