import {
  canonical,
  type Derived,
  matchText,
  type Resource,
  suggestion,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { type Cell, type Column, toCell } from './column.ts'
import type { Db } from './file.ts'
import { derivedShape, resourceShape, type Shape, type Sought } from './shape.ts'
import { quoted, rowValues, type Table, tableNamed } from './table.ts'

/** A store row as the comparison sees it. */
export interface MirrorRow {
  /** The resource's fields, or the derived resource's, canonical. */
  readonly values: Values
  /** Keys that name it in the store. */
  readonly entity: Values
}

/** Look-ups of a sync's target rows by one key field, reading the mirror as it stands. */
export interface Lookup {
  /** Rows whose key equals, ignoring case for text; several when the store has duplicates. */
  find(key: Values): readonly MirrorRow[]
  count(): number
  /** Every row, in key order, in constant memory. */
  all(): IterableIterator<MirrorRow>
}

/**
 * Look-ups over a resource or a derived one, as the mirror stands at each call.
 * @throws {UsageError} for a key field that the target has not, or a text that its rows are not matched by.
 */
export const lookupOf = (
  db: Db,
  tables: ReadonlyMap<string, Table>,
  target: Resource | Derived,
  keyFields: readonly string[],
  only: readonly string[] | undefined,
): Lookup => {
  const shape = shapeOf(tables, target)
  const keys = keyFields.map((name) => keyColumn(target, shape, name))
  const columns = shape.columns.filter(
    ({ name }) => !only || only.includes(name) || keyFields.includes(name) || shape.entity.includes(name),
  )
  const toRow = (cells: readonly Cell[]): MirrorRow => {
    const values = rowValues(columns, cells)
    return { values, entity: Object.fromEntries(shape.entity.map((name) => [name, values[name] ?? null])) }
  }
  const select = selection(shape, columns)
  const find = db.prepare(findSql(select, keys)).raw()
  const own = shape.order.map(({ sql }) => sql)
  const pages = {
    first: db.prepare(`${select} ORDER BY ${own} LIMIT ${PAGE}`).raw(),
    next: db.prepare(`${select} WHERE (${own}) > (${own.map(() => '?')}) ORDER BY ${own} LIMIT ${PAGE}`).raw(),
  }
  const positions = shape.order.map(({ name }) => columns.findIndex((column) => column.name === name))

  return {
    find: (key) => {
      const wanted = keys.map((column) => searchCell(column, key[column.name] ?? null))
      if (wanted.includes(undefined)) return []
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

/** @internal Where a target's rows and columns come from. */
export const shapeOf = (tables: ReadonlyMap<string, Table>, target: Resource | Derived): Shape =>
  'child' in target ? derivedShape(target, tables) : resourceShape(tableNamed(tables, target.name))

const keyColumn = (target: Resource | Derived, { columns, order }: Shape, name: string): Sought => {
  const column = columns.find((one) => one.name === name)
  const names = [...target.match, ...order.map((one) => one.name)]
  if (!column || (column.field.kind === 'text' && !names.includes(name))) {
    throw new UsageError(`${target.name} cannot be looked up by ${name}.${suggestion(name, names)}`, {
      hint: `match by ${target.match.join(', ')}`,
    })
  }
  return column
}

const selection = ({ from }: Shape, columns: readonly Sought[]): string =>
  `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${quoted(name)}`)} FROM ${from}`

/** @internal One statement for a key: each way in which a row can hold it is answered by an index of its own. */
export const findSql = (select: string, keys: readonly Sought[]): string =>
  branches(keys)
    .map((where) => `${select} WHERE ${where}`)
    .join('\nUNION ALL ')

/** Every combination of the ways of each key field, as conditions over the parameters @key0, @key1... */
const branches = (keys: readonly Sought[]): readonly string[] =>
  keys
    .map((column, at) => column.ways(`@key${at}`))
    .reduce<readonly string[]>(
      (before, more) => before.flatMap((one) => more.map((way) => (one ? `${one} AND ${way}` : way))),
      [''],
    )

/** What to look for; undefined when no row can hold the value, or when nothing cannot be looked for. */
const searchCell = ({ field }: Column, value: Value): Cell | undefined => {
  if (value === null) return field.blankKey ? null : undefined
  if (field.kind === 'text') return matchText({ value })
  try {
    return toCell(field, canonical(field, value))
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}
