import { createHash } from 'node:crypto'
import { type Catalog, stableJson } from '../model/index.ts'
import { indexesOf, movedSql, removedName, tableSql, viewSql } from './ddl.ts'
import { quoted, type Table, tableNamed, tableOf } from './table.ts'

/** What a catalog asks of a mirror's file. */
export interface Definitions {
  readonly tables: ReadonlyMap<string, Table>
  /** Tables and views by name, in the order in which they can be made. */
  readonly made: ReadonlyMap<string, Made>
  /** By table, the statements that make its indexes, by their names. */
  readonly indexes: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** By table, the statements that make the triggers on it. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
}

export interface Made {
  readonly drop: readonly string[]
  readonly create: readonly string[]
  /** Of everything that decides what the rows hold: another one, and they are of no use. */
  readonly sha256: string
}

/** Worked out once for a catalog: a process opens the mirror more than once, and this costs more than the rest of it. */
export const definitionsOf = (catalog: Catalog): Definitions => {
  const known = DEFINITIONS.get(catalog) ?? workedOut(catalog)
  DEFINITIONS.set(catalog, known)
  return known
}

const DEFINITIONS = new WeakMap<Catalog, Definitions>()

const workedOut = (catalog: Catalog): Definitions => {
  const tables = new Map([...catalog.resources].map(([name, resource]) => [name, tableOf(resource, catalog)]))
  const ofEach = <T>(find: (table: Table) => T): Map<string, T> =>
    new Map([...tables].map(([name, table]) => [name, find(table)]))
  const views = [...catalog.derived].map(([name, derived]): [string, Made] => {
    const view = viewSql(derived, tableNamed(tables, derived.parent), tableNamed(tables, derived.child))
    return [name, made([`DROP VIEW IF EXISTS ${quoted(name)}`], [view], null)]
  })
  return {
    tables,
    made: new Map([...ofEach((table) => tableMade(table, catalog)), ...views]),
    indexes: ofEach((table) => indexesOf(table, catalog)),
    triggers: ofEach(movedSql),
  }
}

const tableMade = (table: Table, catalog: Catalog): Made => {
  const drop = [table.name, removedName(table.name)].map((name) => `DROP TABLE IF EXISTS ${quoted(name)}`)
  return made(drop, tableSql(table, catalog), readingFacts(table))
}

const made = (drop: readonly string[], create: readonly string[], facts: unknown): Made => ({
  drop,
  create,
  sha256: createHash('sha256')
    .update(stableJson([create, facts]))
    .digest('hex'),
})

/** What decides how a body becomes cells. Other facts of a field, such as its description, change no row. */
const readingFacts = ({ resource }: Table): unknown => ({
  within: resource.api.within,
  rows: resource.api.list?.rows,
  fields: Object.values(resource.fields).map(({ kind, at, unset, unordered }) => ({ kind, at, unset, unordered })),
})
