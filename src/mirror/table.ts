import {
  type Catalog,
  keyText,
  MirrorError,
  matchText,
  type Resource,
  type Value,
  type Values,
} from '../model/index.ts'
import { type Cell, type Column, columnOf, toCell } from './column.ts'

/** A resource as a table: its columns in the order of the definition, and where the notable ones are. */
export interface Table {
  readonly resource: Resource
  readonly name: string
  readonly columns: readonly Column[]
  readonly column: ReadonlyMap<string, Column>
  /** Positions of the key. */
  readonly key: readonly number[]
  /** Positions of the texts that rows are looked up by: each has a companion for what SQLite cannot fold. */
  readonly folded: readonly number[]
  /** Position of the moment a listing asks changes by; -1 without one. */
  readonly stamp: number
  /** Position of the parent's key where rows ride inside another resource's; -1 otherwise. */
  readonly link: number
}

export const tableOf = (resource: Resource, catalog: Catalog): Table => {
  const names = Object.keys(resource.fields)
  const columns = Object.entries(resource.fields).map(([name, field]) => columnOf(name, field))
  const stamp = resource.api.list?.since?.field
  const link = resource.api.within?.link
  return {
    resource,
    name: resource.name,
    columns,
    column: new Map(columns.map((column) => [column.name, column])),
    key: resource.key.map((name) => names.indexOf(name)),
    folded: searchedFields(resource, catalog)
      .map((name) => names.indexOf(name))
      .filter((at) => columns[at]?.field.kind === 'text'),
    stamp: stamp === undefined ? -1 : names.indexOf(stamp),
    link: link === undefined ? -1 : names.indexOf(link),
  }
}

/** @throws {MirrorError} when the mirror was opened without that definition. */
export const tableNamed = (tables: ReadonlyMap<string, Table>, name: string): Table => {
  const table = tables.get(name)
  if (!table) throw new MirrorError(`the mirror has no table ${name}`, { hint: 'name a resource that Skiff knows' })
  return table
}

/** Fields that rows are looked up by: key, match, and what a derived resource is matched by. */
export const searchedFields = (resource: Resource, catalog: Catalog): readonly string[] => {
  const found = new Set([...resource.key, ...resource.match])
  for (const derived of catalog.derived.values()) {
    for (const name of derived.match) {
      const facts = derived.fields[name]
      if (!facts) continue
      const here = { child: derived.child === resource.name, parent: derived.parent === resource.name }
      const holds = facts.of === 'child' || facts.of === 'parent' ? here[facts.of] : here.child || here.parent
      if (holds) found.add(facts.field)
    }
  }
  return [...found]
}

/** Name as SQL writes it. */
export const quoted = (name: string): string => `"${name}"`

export const foldedName = (column: string): string => `${column}_folded`

/** The companion of a text: how it is matched, where folding ASCII letters alone would not tell; else null. */
export const foldedCell = (cell: Cell): Cell =>
  typeof cell === 'string' && !ASCII.test(cell) ? matchText({ cell }) : null

/** Condition that names one row by its key, and its parameters. */
export const keyCondition = ({ resource }: Table): string =>
  resource.key.map((name) => `${quoted(name)} = ?`).join(' AND ')

export const keyCells = (table: Table, key: Values): Cell[] =>
  table.resource.key.map((name) => {
    const column = table.column.get(name)
    return column ? toCell(column.field, key[name] ?? null) : null
  })

export const keyValues = ({ resource, column }: Table, cells: readonly Cell[]): Values =>
  Object.fromEntries(resource.key.map((name, at) => [name, column.get(name)?.value(cells[at] ?? null) ?? null]))

/** The key of a row as the change log and reports write it. */
export const rowKey = ({ columns, key }: Table, cells: readonly Cell[]): string =>
  keyText(Object.fromEntries(key.map((at) => [at, columns[at]?.value(cells[at] ?? null) ?? null])))

export const rowValues = (columns: readonly Column[], cells: readonly Cell[]): Record<string, Value> => {
  const row: Record<string, Value> = {}
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at] as Column
    row[column.name] = column.value(cells[at] ?? null)
  }
  return row
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character, control ones included.
const ASCII = /^[\x00-\x7f]*$/
