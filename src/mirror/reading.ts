import { canonical, type Resource, type Value, type Values } from '../model/index.ts'
import { type Cell, toCell } from './column.ts'
import type { Db } from './file.ts'
import { keyCells, keyCondition, quoted, rowValues, type Table, tableNamed } from './table.ts'
import type { Mirror } from './types.ts'

type Reading = Pick<Mirror, 'row' | 'rowsWhere' | 'history'>

/** Rows by their own key or by one field, and what the change log knows of them. */
export const readingOf = (db: Db, tables: ReadonlyMap<string, Table>): Reading => {
  const statements = new Map<string, ReturnType<Db['prepare']>>()
  const rows = (table: Table, where: string, parameters: readonly Cell[]): readonly Values[] => {
    const sql = `SELECT ${table.columns.map(({ name }) => quoted(name))} FROM ${quoted(table.name)} WHERE ${where}`
    const statement = statements.get(sql) ?? db.prepare(sql).raw()
    statements.set(sql, statement)
    return (statement.all(...parameters) as Cell[][]).map((cells) => rowValues(table.columns, cells))
  }
  const history = db.prepare(
    `SELECT field, from_value, to_value, at, run FROM sync_change_log
     WHERE resource = ? AND key = ? ORDER BY seq DESC LIMIT ?`,
  )
  return {
    row: (resource: Resource, key: Values) => {
      const table = tableNamed(tables, resource.name)
      return rows(table, keyCondition(table), keyCells(table, key))[0]
    },
    rowsWhere: (resource: Resource, name: string, value: Value) => {
      const table = tableNamed(tables, resource.name)
      const column = table.column.get(name)
      if (!column) throw new TypeError(`${resource.name} has no field ${name}`)
      const order = resource.key.map(quoted).join(', ')
      const wanted = toCell(column.field, canonical(column.field, value))
      return rows(table, `${quoted(name)} IS ? ORDER BY ${order}`, [wanted])
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
