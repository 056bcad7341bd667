import type { Statement } from 'better-sqlite3'
import { canonical, type Resource, type Value, type Values } from '../model/index.ts'
import { type Cell, type Column, toCell } from './column.ts'
import type { Db } from './file.ts'
import { keyCells, keyCondition, quoted, rowValues, type Table, tableNamed } from './table.ts'

export interface Reading {
  /** One row by the resource's own key; with `only`, just these fields of it. */
  row(resource: Resource, key: Values, only?: readonly string[]): Values | undefined
  /** Rows of a resource whose field has the value, such as all variants of a product; with `only`, just these fields of them. */
  rowsWhere(resource: Resource, field: string, value: Value, only?: readonly string[]): readonly Values[]
  /** What the change log knows of a row, newest first. */
  history(
    resource: string,
    key: string,
    limit: number,
  ): readonly {
    readonly field: string
    readonly from: Value
    readonly to: Value
    readonly at: string
    readonly run: string
  }[]
}

/** Rows by their own key or by one field, and what the change log knows of them. */
export const readingOf = (db: Db, tables: ReadonlyMap<string, Table>): Reading => {
  const queries = new Map<string, { readonly columns: readonly Column[]; readonly statement: Statement<Cell[]> }>()
  const query = (table: Table, where: string, only: readonly string[] | undefined) => {
    const named = JSON.stringify([table.name, where, only])
    const known = queries.get(named)
    if (known) return known
    const columns = only ? table.columns.filter(({ name }) => only.includes(name)) : table.columns
    const sql = `SELECT ${columns.map(({ name }) => quoted(name))} FROM ${quoted(table.name)} WHERE ${where}`
    const made = { columns, statement: db.prepare<Cell[]>(sql).raw() }
    queries.set(named, made)
    return made
  }
  const rows = (
    table: Table,
    where: string,
    parameters: readonly Cell[],
    only: readonly string[] | undefined,
  ): readonly Values[] => {
    const { columns, statement } = query(table, where, only)
    return (statement.all(...parameters) as Cell[][]).map((cells) => rowValues(columns, cells))
  }
  const history = db.prepare(
    `SELECT field, from_value, to_value, at, run FROM sync_change_log
     WHERE resource = ? AND key = ? ORDER BY seq DESC LIMIT ?`,
  )
  return {
    row: (resource, key, only) => {
      const table = tableNamed(tables, resource.name)
      return rows(table, keyCondition(table), keyCells(table, key), only)[0]
    },
    rowsWhere: (resource, name, value, only) => {
      const table = tableNamed(tables, resource.name)
      const column = table.column.get(name)
      if (!column) throw new TypeError(`${resource.name} has no field ${name}`)
      const order = resource.key.map(quoted).join(', ')
      const wanted = toCell(column.field, canonical(column.field, value))
      return rows(table, `${quoted(name)} IS ? ORDER BY ${order}`, [wanted], only)
    },
    history: (resource, key, limit) =>
      (history.all(resource, key, limit) as LogRow[]).map(({ field, from_value, to_value, at, run }) => ({
        field,
        from: JSON.parse(from_value) as Value,
        to: JSON.parse(to_value) as Value,
        at,
        run,
      })),
  }
}

interface LogRow {
  readonly field: string
  readonly from_value: string
  readonly to_value: string
  readonly at: string
  readonly run: string
}
