import { sql, type Transaction } from 'kysely'
import { sameValue } from '../../model/index.ts'
import type { RowTexts } from '../edit-row.ts'
import type { Mapping } from '../mapping.ts'
import { cellOf, Instant } from './cells.ts'
import type { Sql } from './engine.ts'
import type { Place } from './snapshot.ts'

/** A row and the texts that it is to hold. */
export interface RowWrite {
  /** The row as the driver gave it, in the order of the mapping's columns; null for one that is added. */
  readonly values: readonly unknown[] | null
  readonly texts: RowTexts
}

export interface Aim {
  readonly place: Place
  readonly table: readonly string[]
  readonly mapping: Mapping
}

/** `moved` when the row no longer holds what it held, so that nothing was written; with a reason, all of it has to be rolled back. */
export type Outcome = 'written' | 'moved' | { readonly reason: string }

/** Writes one row by its key and the values that were there, or adds it, and looks whether it holds what was meant. */
export const writeRow = async (aim: Aim, transaction: Transaction<unknown>, row: RowWrite): Promise<Outcome> => {
  const { place, table, mapping } = aim
  const { values, texts } = row
  if (!values) return addRow(aim, transaction, row)
  const { engine } = place
  const column = (at: number): Sql => sql.id(mapping.columns[at] ?? '')
  const holds = (at: number): Sql =>
    values[at] === null || values[at] === undefined ? sql`${column(at)} is null` : engine.equals(column(at), values[at])
  // An index finds the row by plain equality; a collation may find others as well.
  const byKey = sql.join(
    mapping.key.flatMap(({ at }) => [sql`${column(at)} = ${stored(values[at])}`, holds(at)]),
    sql` and `,
  )
  const sets = [...texts].map(
    ([at, { text, to }]) => sql`${column(at)} = ${to === null ? null : engine.text(text, values[at])}`,
  )
  const unchanged = [...texts.keys()].map(holds)
  const where = sql.join([byKey, ...unchanged], sql` and `)
  const update = sql`update ${sql.id(...table)} set ${sql.join(sets)} where ${where}`
  const { numAffectedRows } = await update.execute(transaction)
  if (numAffectedRows === 0n) return 'moved'
  if (numAffectedRows !== 1n) return { reason: `its key names ${numAffectedRows} rows` }
  const [now] = await rowsWhere(aim, transaction, byKey)
  const reason = mistake(mapping, row, now)
  return reason === undefined ? 'written' : { reason }
}

/** The key is looked for once more, in the transaction that adds the row: after a crash it may be there. */
const addRow = async (aim: Aim, transaction: Transaction<unknown>, row: RowWrite): Promise<Outcome> => {
  const { place, table, mapping } = aim
  const { engine } = place
  const cells = [...row.texts].map(([at, { text }]) => ({ name: mapping.columns[at] ?? '', at, text }))
  const keys = new Set(mapping.key.map(({ at }) => at))
  const byKey = sql.join(
    cells
      .filter(({ at }) => keys.has(at))
      .map(({ name, text }) => sql`${engine.folded(sql.id(name))} = ${engine.folded(sql`${text}`)}`),
    sql` and `,
  )
  if ((await rowsWhere(aim, transaction, byKey)).length) return 'moved'
  const columns = sql.join(cells.map(({ name }) => sql.id(name)))
  const values = sql.join(cells.map(({ text }) => sql`${engine.text(text, undefined)}`))
  await sql`insert into ${sql.id(...table)} (${columns}) values (${values})`.execute(transaction)
  const [now, second] = await rowsWhere(aim, transaction, byKey)
  const reason = second ? 'its key names several rows' : mistake(mapping, row, now)
  return reason === undefined ? 'written' : { reason }
}

/** Their cells, in the order of the mapping's columns. */
const rowsWhere = async (
  { table, mapping }: Aim,
  transaction: Transaction<unknown>,
  where: Sql,
): Promise<readonly (readonly string[])[]> => {
  const columns = mapping.columns.map((name, at) => sql`${sql.id(name)} as ${sql.id(`c${at}`)}`)
  const look = sql<
    Readonly<Record<string, unknown>>
  >`select ${sql.join(columns)} from ${sql.id(...table)} where ${where}`
  const { rows } = await look.execute(transaction)
  return rows.map((row) => columns.map((_column, at) => textOf(row[`c${at}`])))
}

/** What is wrong with a row after it was written. */
const mistake = (
  mapping: Mapping,
  { values, texts }: RowWrite,
  cells: readonly string[] | undefined,
): string | undefined => {
  if (!cells) return 'it is no longer found by its key once it is written'
  for (const [at, { to }] of texts) {
    const binding = [...mapping.key, ...mapping.fields].find((one) => one.at === at)
    const cell = binding?.read(cells[at] ?? '')
    if (!cell || 'reason' in cell || !sameValue(cell.value ?? null, to))
      return `column ${mapping.columns[at]} makes ${JSON.stringify(cells[at])} of ${JSON.stringify(to)}`
  }
  // A figure would pass for as young as what was written beside it.
  const { asOf } = mapping
  if (values && asOf && !texts.has(asOf.at) && cells[asOf.at] !== textOf(values[asOf.at]))
    return `column ${asOf.column} changes with every write, and is to say since when the stock is true`
  return undefined
}

/** The cell of a value; bytes are none. */
export const textOf = (value: unknown): string => cellOf(value) ?? ''

const stored = (value: unknown): unknown => (value instanceof Instant ? value.stored : value)
