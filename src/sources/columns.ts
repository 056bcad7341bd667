import { SourceRefusedError } from '../model/index.ts'
import type { Table } from './format.ts'
import type { Mapping } from './mapping.ts'
import { nearest } from './nearest.ts'

/**
 * Indexes of the wanted columns in a table, -1 for an optional one that it does not have.
 * @throws {SourceRefusedError} when one is missing, a name occurs twice, or there are more than 2,000 columns.
 */
export const locateColumns = (
  table: Table,
  { columns: wanted, optional }: Pick<Mapping, 'columns' | 'optional'>,
  origin: string,
): readonly number[] => {
  const where = table.headerLine === null ? origin : `${origin}, line ${table.headerLine}`
  refuseMany(table.columns.length, where, origin)
  const places = new Map<string, number>()
  for (const [index, name] of table.columns.entries()) {
    if (name === '') continue
    refuseUnprintable(name, index, where, origin)
    const other = places.get(name)
    if (other !== undefined) throw twice(name, other, index, where, origin)
    places.set(name, index)
  }
  const missing = wanted.filter((name) => !places.has(name) && !optional.has(name))
  if (missing.length) throw lacking(missing, table, where, origin)
  return wanted.map((name) => places.get(name) ?? -1)
}

/** The cells that a mapping takes; undefined where the table does not have the column. */
export const cellsAt = (cells: readonly string[], places: readonly number[]): readonly (string | undefined)[] =>
  places.map((place) => (place < 0 ? undefined : (cells[place] ?? '')))

const MOST_COLUMNS = 2000

const refuseMany = (count: number, where: string, origin: string): void => {
  if (count <= MOST_COLUMNS) return
  throw new SourceRefusedError(`${origin} has ${count} columns; at most ${MOST_COLUMNS} are read`, {
    where,
    hint: 'check the delimiter and the line endings, or leave columns out',
  })
}

const refuseUnprintable = (name: string, index: number, where: string, origin: string): void => {
  const found = /\p{C}|\ufffd/u.exec(name)?.[0]
  if (found === undefined) return
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw new SourceRefusedError(`${origin}: the name of column ${index + 1} holds the unprintable character U+${code}`, {
    where: `${where}, column ${index + 1}`,
    hint:
      code === '0000' ? 'the file may be UTF-16: set "encoding": "utf-16le"' : 'rename the column, or set "encoding"',
  })
}

const twice = (name: string, first: number, second: number, where: string, origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} names two columns "${name}", the ${first + 1}. and the ${second + 1}.`, {
    where: `${where}, column ${second + 1}`,
    hint: 'rename one, so that it is certain which is meant',
  })

const lacking = (missing: readonly string[], table: Table, where: string, origin: string): SourceRefusedError => {
  const [first = ''] = missing
  const near = table.headerLine === null ? undefined : nearest(first, table.columns)
  const shown = table.columns.slice(0, 20).filter(Boolean).join(', ')
  return new SourceRefusedError(
    `${origin} has no column ${missing.map((name) => `"${name}"`).join(', ')}; it has ${table.columns.length}: ${shown}`,
    {
      where,
      hint:
        table.headerLine === null
          ? 'without a header, columns are named by number from 1'
          : near === undefined
            ? 'correct the mapping, or set "delimiter" or "header": false'
            : `did you mean "${near}"?`,
    },
  )
}
