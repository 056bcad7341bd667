import { type Body, type Resource, sameValue, type Value, wire } from '../model/index.ts'
import type { Agreement, Unsettled } from './agreement.ts'
import type { Cell } from './column.ts'
import type { Db } from './file.ts'
import { keyCells, quoted, rowKey, rowValues, type Table, tableNamed } from './table.ts'

export interface Bodies {
  /**
   * Every row in the API's shape, with what we wrote lately in it; what the API tells in an enclosing body goes by its field's
   * name. In key order, in constant memory.
   */
  bodies(resource: Resource): IterableIterator<Body>
}

/** Rows given back in the shape that the API gave them in. */
export const bodiesOf = (db: Db, tables: ReadonlyMap<string, Table>, unsettled: Agreement['unsettled']): Bodies => ({
  bodies: function* ({ name }) {
    const table = tableNamed(tables, name)
    const young = new Map<string, Unsettled[]>()
    for (const one of unsettled('').filter(({ resource }) => resource === name))
      young.set(one.key, [...(young.get(one.key) ?? []), one])
    const select = `SELECT ${[...table.columns.map(({ name: column }) => column), 'extra'].map(quoted)} FROM ${quoted(name)}`
    const key = table.resource.key.map(quoted)
    const order = `ORDER BY ${key} LIMIT ${PAGE}`
    const first = db.prepare(`${select} ${order}`).raw()
    const next = db.prepare(`${select} WHERE (${key}) > (${key.map(() => '?')}) ${order}`).raw()
    // Page by page, because the connection takes no other statement while one is being read.
    let rows = first.all() as Cell[][]
    while (rows.length > 0) {
      for (const cells of rows) yield bodyOf(table, cells, young.get(rowKey(table, cells)) ?? [])
      const end = rowValues(table.columns, rows.at(-1) ?? [])
      rows = rows.length < PAGE ? [] : (next.all(...keyCells(table, end)) as Cell[][])
    }
  },
})

const PAGE = 1000

/** What we wrote lately stands in the place of what an early reading still showed. */
const bodyOf = ({ columns }: Table, cells: readonly Cell[], young: readonly Unsettled[]): Body => {
  const values = rowValues(columns, cells)
  for (const { field, value, before } of young) {
    if (sameValue(values[field], before)) values[field] = value
  }
  const extra = cells[columns.length]
  const body: Record<string, unknown> = typeof extra === 'string' ? JSON.parse(extra) : {}
  for (const { name, field } of columns) {
    if (field.untold) continue
    const at = field.at ?? name
    // What stood in the enclosing body goes by the field's own name.
    place(body, at.startsWith('^') ? [name] : at.split('.'), wire(field, values[name] as Value))
  }
  return body
}

const place = (body: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void => {
  if (rest.length === 0) body[name] = value
  else {
    const inner = (body[name] ?? {}) as Record<string, unknown>
    body[name] = inner
    place(inner, rest, value)
  }
}
