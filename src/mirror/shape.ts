import type { Derived, DerivedField, Field } from '../model/index.ts'
import { type Column, columnOf } from './column.ts'
import { derivedExpression, derivedFrom, soleCondition } from './ddl.ts'
import { foldedName, quoted, type Table, tableNamed } from './table.ts'

/** A column of what is looked up, with where its value comes from. */
export interface Sought extends Column {
  readonly sql: string
  /** Ways in which a row can hold a wanted value; each is a condition that an index answers. */
  readonly ways: (parameter: string) => readonly string[]
}

export interface Shape {
  readonly from: string
  readonly columns: readonly Sought[]
  readonly entity: readonly string[]
  /** The row's own key, what all rows are ordered by. */
  readonly order: readonly Sought[]
}

export const resourceShape = (table: Table): Shape => {
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

export const derivedShape = (derived: Derived, tables: ReadonlyMap<string, Table>): Shape => {
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
  (alias: string, name: string, folded: boolean, { kind, blankKey }: Field): Sought['ways'] =>
  (parameter) => {
    const column = `${alias}${quoted(name)}`
    const equals = blankKey ? 'IS' : '='
    if (!folded || kind !== 'text') return [`${column} ${equals} ${parameter}`]
    const companion = `${alias}${quoted(foldedName(name))}`
    return [`(${column} ${equals} ${parameter} COLLATE NOCASE AND ${companion} IS NULL)`, `${companion} = ${parameter}`]
  }
