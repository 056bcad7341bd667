import type { Catalog, Derived, DerivedField } from '../model/index.ts'
import { foldedName, quoted, searchedFields, type Table } from './table.ts'

/** Statements that make a resource's table, its indexes and the table of its removed rows. */
export const tableSql = (table: Table, catalog: Catalog): readonly string[] => [
  `CREATE TABLE ${quoted(table.name)} (\n  ${columnsSql(table, []).join(',\n  ')}\n)`,
  `CREATE TABLE ${quoted(removedName(table.name))} (\n  ${columnsSql(table, ['"removed_at" TEXT NOT NULL', '"removed_by" TEXT NOT NULL']).join(',\n  ')}\n)`,
  ...indexesOf(table, catalog).values(),
]

/** What takes down that a row was written or removed, for those who keep what they found out about it. */
export const movedSql = (table: Table): readonly string[] => {
  const { name, columns, resource } = table
  const keyOf = (row: 'NEW' | 'OLD') =>
    resource.key.map((key) => `CAST(${row}.${quoted(key)} AS TEXT)`).join(' || char(9) || ')
  const trigger = (label: string, event: string, row: 'NEW' | 'OLD') =>
    `CREATE TRIGGER IF NOT EXISTS ${quoted(`${name}_${label}`)} AFTER ${event} ON ${quoted(name)}
WHEN EXISTS (SELECT 1 FROM sync_familiar)
BEGIN
  INSERT INTO sync_moved (side, name, key) VALUES ('store', ${literal(name)}, ${keyOf(row)});
END`
  return [
    trigger('added', 'INSERT', 'NEW'),
    trigger('changed', `UPDATE OF ${columns.map((column) => quoted(column.name))}`, 'NEW'),
    trigger('gone', 'DELETE', 'OLD'),
  ]
}

export const removedName = (table: string): string => `${table}_removed`

/** The names of every column, in order. */
export const columnNames = (table: Table): readonly string[] => [
  ...table.columns.map(({ name }) => name),
  'extra',
  'synced_at',
  'row_hash',
  ...table.folded.map((at) => foldedName(table.columns[at]?.name ?? '')),
]

/** The view of a derived resource: child rows joined with their parents, each column from its facts. */
export const viewSql = (derived: Derived, parent: Table, child: Table): string => {
  const columns = Object.entries(derived.fields).map(
    ([name, facts]) => `${derivedExpression(derived, child, facts)} AS ${quoted(name)}`,
  )
  return `CREATE VIEW ${quoted(derived.name)} AS SELECT
  ${[
    ...columns,
    `${soleCondition(derived, child)} AS "is_simple"`,
    'max(c."synced_at", p."synced_at") AS "synced_at"',
  ].join(',\n  ')}
FROM ${derivedFrom(derived, parent)}`
}

export const derivedFrom = ({ link, child }: Derived, parent: Table): string =>
  `${quoted(child)} c JOIN ${quoted(parent.name)} p ON p.${quoted(parent.resource.key[0] ?? '')} = c.${quoted(link)}`

/** Whether the child is its parent's only one. */
export const soleCondition = ({ sole }: Derived, child: Table): string =>
  `(p.${quoted(sole)} IS c.${quoted(child.resource.key[0] ?? '')})`

export const derivedExpression = (derived: Derived, child: Table, facts: DerivedField): string => {
  const name = quoted(facts.field)
  switch (facts.of) {
    case 'child':
      return `c.${name}`
    case 'parent':
      return `p.${name}`
    case 'own':
      return `CASE WHEN ${soleCondition(derived, child)} THEN p.${name} ELSE c.${name} END`
    case 'inherited':
      return `COALESCE(c.${name}, p.${name})`
    case 'stock': {
      const held = Object.entries(facts.heldBy).map(
        ([mode, holder]) => `WHEN ${literal(mode)} THEN ${HELD[holder] ? `${HELD[holder]}.${name}` : 'NULL'}`,
      )
      return `CASE p.${quoted(facts.tracking)} ${held.join(' ')} END`
    }
  }
}

const HELD = { parent: 'p', child: 'c', none: null } as const

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const columnsSql = ({ resource, columns, folded }: Table, more: readonly string[]): string[] => {
  const rowid = resource.key.length === 1 && resource.fields[resource.key[0] ?? '']?.kind === 'integer'
  const typed = columns.map(({ name, field, sqlType }) => {
    const isKey = resource.key.includes(name)
    return [
      quoted(name),
      sqlType,
      isKey && rowid ? 'PRIMARY KEY' : isKey ? 'NOT NULL' : '',
      // The store does not tell two values apart by case, so neither does a plain query.
      field.unique === 'nocase' ? 'COLLATE NOCASE' : '',
    ]
      .filter(Boolean)
      .join(' ')
  })
  return [
    ...typed,
    '"extra" TEXT',
    '"synced_at" TEXT NOT NULL',
    '"row_hash" TEXT',
    ...folded.map((at) => `${quoted(foldedName(columns[at]?.name ?? ''))} TEXT`),
    ...more,
    ...(rowid ? [] : [`PRIMARY KEY (${resource.key.map(quoted).join(', ')})`]),
  ]
}

/** The statements that make a table's indexes, by their names. */
export const indexesOf = (
  { resource, columns, column, folded, link }: Table,
  catalog: Catalog,
): ReadonlyMap<string, string> => {
  const wanted = new Map<string, string>()
  const add = (names: readonly string[], sql: string): void => {
    const label = `${resource.name}_by_${names.join('_')}`
    if (names.join() !== resource.key.join()) {
      wanted.set(label, `CREATE INDEX ${quoted(label)} ON ${quoted(resource.name)} ${sql}`)
    }
  }
  for (const name of searchedFields(resource, catalog)) {
    const field = column.get(name)?.field
    const collate = field?.kind === 'text' ? ' COLLATE NOCASE' : ''
    add([name], `(${quoted(name)}${collate})${field?.blankKey ? '' : ` WHERE ${quoted(name)} IS NOT NULL`}`)
  }
  for (const at of folded) {
    const name = foldedName(columns[at]?.name ?? '')
    add([name], `(${quoted(name)}) WHERE ${quoted(name)} IS NOT NULL`)
  }
  for (const [at, { name, field }] of columns.entries()) {
    if (at === link || (field.ref && field.kind === 'integer')) add([name], `(${quoted(name)})`)
  }
  for (const names of resource.indexes ?? []) add(names, `(${names.map(quoted).join(', ')})`)
  return wanted
}
