import {
  canonical,
  type Derived,
  type DerivedField,
  type Field,
  matchText,
  type Resource,
  UsageError,
  type Value,
} from '../model/index.ts'
import { type Cell, type Column, columnOf, toCell } from './column.ts'
import { derivedExpression, derivedFrom, soleCondition } from './ddl.ts'
import type { Db } from './file.ts'
import { foldedName, quoted, rowValues, type Table, tableNamed } from './table.ts'
import type { Lookup, MirrorRow } from './types.ts'

/**
 * Look-ups over a resource or a derived one.
 * @throws {UsageError} for a key field that the target has not, or a text that rows are not matched by.
 */
export const lookupOf = (
  db: Db,
  tables: ReadonlyMap<string, Table>,
  target: Resource | Derived,
  keyFields: readonly string[],
  only: readonly string[] | undefined,
): Lookup => {
  const shape = 'child' in target ? derivedShape(target, tables) : resourceShape(tableNamed(tables, target.name))
  const columns = shape.columns.filter(
    ({ name }) => !only || only.includes(name) || keyFields.includes(name) || shape.entity.includes(name),
  )
  const select = `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${quoted(name)}`)} FROM ${shape.from}`
  const keys = keyFields.map((name) => {
    const column = shape.columns.find((one) => one.name === name)
    if (!column)
      throw new UsageError(`${target.name} has no field ${name}`, { hint: `match by ${target.match.join(', ')}` })
    if (column.field.kind === 'text' && !target.match.includes(name)) {
      throw new UsageError(`${target.name} are not matched by ${name}`, { hint: `match by ${target.match.join(', ')}` })
    }
    return column
  })
  const toRow = (cells: readonly Cell[]): MirrorRow => {
    const values = rowValues(columns, cells)
    return { values, entity: Object.fromEntries(shape.entity.map((name) => [name, values[name] ?? null])) }
  }
  const find = db
    .prepare(
      branches(keys)
        .map((where) => `${select} WHERE ${where}`)
        .join('\nUNION ALL '),
    )
    .raw()
  const own = shape.order.map(({ sql }) => sql)
  const pages = {
    first: db.prepare(`${select} ORDER BY ${own} LIMIT ${PAGE}`).raw(),
    next: db.prepare(`${select} WHERE (${own}) > (${own.map(() => '?')}) ORDER BY ${own} LIMIT ${PAGE}`).raw(),
  }
  const positions = shape.order.map(({ name }) => columns.findIndex((column) => column.name === name))

  return {
    find: (key) => {
      const wanted = keys.map((column) => searchCell(column, key[column.name] ?? null))
      if (wanted.includes(null)) return []
      return (find.all(Object.fromEntries(wanted.map((cell, at) => [`key${at}`, cell]))) as Cell[][]).map(toRow)
    },
    count: () => db.prepare(`SELECT count(*) FROM ${shape.from}`).pluck().get() as number,
    all: function* () {
      // Page by page, because the connection takes no other statement while one is being read.
      let page = pages.first.all() as Cell[][]
      while (page.length > 0) {
        yield* page.map(toRow)
        const end = page.at(-1) ?? []
        page = page.length < PAGE ? [] : (pages.next.all(...positions.map((at) => end[at])) as Cell[][])
      }
    },
  }
}

const PAGE = 1000

/** A column of what is looked up, with where its value comes from. */
interface Sought extends Column {
  readonly sql: string
  /** Ways in which a row can hold a wanted value; each is a condition that an index answers. */
  readonly ways: (parameter: string) => readonly string[]
}

interface Shape {
  readonly from: string
  readonly columns: readonly Sought[]
  readonly entity: readonly string[]
  /** The row's own key, what all rows are ordered by. */
  readonly order: readonly Sought[]
}

const resourceShape = (table: Table): Shape => {
  const columns = table.columns.map((column, at) => ({
    ...column,
    sql: quoted(column.name),
    ways: ways('', column.name, table.folded.includes(at), column.field),
  }))
  return {
    from: quoted(table.name),
    columns,
    entity: table.resource.key,
    order: columns.filter(({ name }) => table.resource.key.includes(name)),
  }
}

const derivedShape = (derived: Derived, tables: ReadonlyMap<string, Table>): Shape => {
  const parent = tableNamed(tables, derived.parent)
  const child = tableNamed(tables, derived.child)
  const columns = Object.entries(derived.fields).map(([name, facts]): Sought => {
    const field = fieldOf(facts, parent, child)
    return {
      ...columnOf(name, field),
      sql: derivedExpression(derived, child, facts),
      ways: derivedWays(derived, facts, parent, child, field),
    }
  })
  const sole = soleCondition(derived, child)
  const simple: Sought = {
    ...columnOf('is_simple', { kind: 'flag' }),
    sql: sole,
    ways: (parameter) => [`${sole} = ${parameter}`],
  }
  const held = (field: string | undefined): Sought => {
    const found = columns.find(({ name }) => {
      const facts = derived.fields[name]
      return facts?.of === 'child' && facts.field === field
    })
    if (!found) throw new TypeError(`${derived.name} has no field for ${derived.child}.${field}`)
    return found
  }
  const own = held(child.resource.key[0])
  return {
    from: derivedFrom(derived, parent),
    columns: [...columns, simple],
    entity: [held(derived.link).name, own.name],
    order: [own],
  }
}

const fieldOf = (facts: DerivedField, parent: Table, child: Table): Field => {
  const column = (facts.of === 'parent' ? parent : child).column.get(facts.field)
  if (!column) throw new TypeError(`neither ${parent.name} nor ${child.name} has the field ${facts.field}`)
  return column.field
}

const derivedWays = (
  derived: Derived,
  facts: DerivedField,
  parent: Table,
  child: Table,
  field: Field,
): Sought['ways'] => {
  const of = (alias: 'p.' | 'c.', table: Table) =>
    ways(
      alias,
      facts.field,
      table.folded.some((at) => table.columns[at]?.name === facts.field),
      field,
    )
  switch (facts.of) {
    case 'child':
      return of('c.', child)
    case 'parent':
      return of('p.', parent)
    case 'own': {
      const sole = soleCondition(derived, child)
      return (parameter) => [
        ...of('p.', parent)(parameter).map((way) => `${sole} AND ${way}`),
        ...of('c.', child)(parameter).map((way) => `NOT ${sole} AND ${way}`),
      ]
    }
    default:
      return (parameter) => [`${derivedExpression(derived, child, facts)} = ${parameter}`]
  }
}

/** SQLite folds ASCII; a text with anything else is found by its companion column. */
const ways =
  (alias: string, name: string, folded: boolean, { kind }: Field): Sought['ways'] =>
  (parameter) => {
    const column = `${alias}${quoted(name)}`
    if (!folded || kind !== 'text') return [`${column} = ${parameter}`]
    const companion = `${alias}${quoted(foldedName(name))}`
    return [`(${column} = ${parameter} COLLATE NOCASE AND ${companion} IS NULL)`, `${companion} = ${parameter}`]
  }

/** Every combination of the ways of each key field, as conditions over the parameters @key0, @key1... */
const branches = (keys: readonly Sought[]): readonly string[] =>
  keys
    .map((column, at) => column.ways(`@key${at}`))
    .reduce<readonly string[]>(
      (before, more) => before.flatMap((one) => more.map((way) => (one ? `${one} AND ${way}` : way))),
      [''],
    )

/** What to look for; null when no row can hold the value. */
const searchCell = ({ field }: Column, value: Value): Cell => {
  if (value === null) return null
  if (field.kind === 'text') return matchText({ value })
  try {
    return toCell(field, canonical(field, value))
  } catch (cause) {
    if (cause instanceof TypeError) return null
    throw cause
  }
}
