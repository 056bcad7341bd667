import type { SourceItem } from '../model/index.ts'
import type { MappedRecord } from './group.ts'
import { type Mapping, mapRow } from './mapping.ts'

/** What neighbouring records of one parent leave to the first of them. */
export interface Inherited {
  /** Index of the column that they share. */
  readonly at: number
  /** Indexes of the columns in which a blank cell means what stands in the first. */
  readonly columns: readonly number[]
}

/**
 * What the records mean, batch by batch, with those below the first of a parent read as if all were written out, as exports of Shopify
 * are not. One of them that says nothing but that, such as a row for one more picture, is no row.
 */
export async function* inheritedItems(
  mapping: Mapping,
  { at, columns }: Inherited,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<readonly SourceItem[]> {
  let first: MappedRecord | undefined
  for await (const records of batches) {
    const items: SourceItem[] = []
    for (const record of records) {
      const { line, cells, fault } = record
      if (fault !== null) {
        items.push({ rejection: { row: line, column: '', value: '', reason: fault } })
        continue
      }
      const isBelow = first !== undefined && !isBlank(cells[at]) && cells[at] === first.cells[at]
      if (!isBelow) first = record
      const item = mapRow(mapping, line, isBelow ? filled(cells, first, columns) : cells)
      if (!isBelow || !saysNothing(item)) items.push(item)
    }
    yield items
  }
}

const filled = (
  cells: MappedRecord['cells'],
  first: MappedRecord | undefined,
  columns: readonly number[],
): MappedRecord['cells'] =>
  cells.map((cell, place) => (columns.includes(place) && isBlank(cell) ? first?.cells[place] : cell))

const isBlank = (cell: string | undefined): boolean => !cell?.trim()

/** Its key names a parent and no choice, and it has no opinion about anything. */
const saysNothing = (item: SourceItem): boolean =>
  'row' in item &&
  item.row.command === undefined &&
  Object.keys(item.row.values).length === 0 &&
  Object.values(item.row.key).every((told) => Array.isArray(told) && told.length === 1)
