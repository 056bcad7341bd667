import type { SourceItem, Value, Values } from '../model/index.ts'
import type { TableRecord } from './format.ts'
import type { Binding, Mapping } from './mapping.ts'
import { mapRow } from './mapping.ts'

/** How neighbouring records make one row with rows of another resource inside it. */
export interface Group {
  /** Index of the column whose same cell makes neighbours one. */
  readonly at: number
  readonly options: readonly OptionPlace[]
  /** The label of a row that chooses nothing. */
  readonly none: string | null
  /** Resource of the inner rows. */
  readonly resource: string
  readonly fields: readonly Binding[]
  /** Field of an inner row that holds what it chooses. */
  readonly choices: string
  /** Field that every inner row needs; made of the group and the choices where the source has none. */
  readonly made: string
  /** Most inner rows of one. */
  readonly most: number
  /** Inner fields that the row itself can hold too. */
  readonly shared: ReadonlySet<string>
}

/** Where an option's name and the chosen value stand; `name` where it is the same for all. */
export interface OptionPlace {
  readonly nameAt: number | null
  readonly name: string | null
  readonly column: string
  readonly at: number
}

/** A record with its cells in the order of the mapping's columns. */
export interface MappedRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** Neighbouring records with the same cell in the group's column, which may be blank in none of them. */
export async function* groupsOf(
  batches: AsyncIterable<readonly TableRecord[]>,
  cellOf: (record: TableRecord) => string,
): AsyncGenerator<readonly TableRecord[]> {
  let open: TableRecord[] = []
  let name: string | undefined
  for await (const records of batches) {
    for (const record of records) {
      const next = cellOf(record)
      if (next === name && next !== '') open.push(record)
      else {
        if (open.length) yield open
        open = [record]
        name = next
      }
    }
  }
  if (open.length) yield open
}

/**
 * One row of a group: what the first record says, and an inner row for each record that chooses among the options. The inner fields
 * are what a new row begins with; of one that is there they say nothing. A record that cannot be read rejects the whole group: half
 * a product is none.
 */
export const mapGroup = (mapping: Mapping, group: Group, records: readonly MappedRecord[]): SourceItem => {
  const [first] = records
  if (!first) throw new Error('a group without records')
  const item = mapRow(mapping, first.line, first.cells)
  if (!('row' in item)) return item
  const { key } = item.row
  const rejected = (line: number, column: string, value: string, reason: string): SourceItem => ({
    rejection: { row: line, column, value, reason, key },
  })
  const options = group.options
    .map((place) => ({ place, name: place.name ?? trimmed(first.cells[place.nameAt ?? -1]) }))
    .filter(({ name }) => name !== '')
  const inner: Values[] = []
  const chosen = new Set<string>()
  for (const { line, cells } of records) {
    const labels = options.map(({ place }) => trimmed(cells[place.at]))
    if (labels.every((label) => label === '' || label === group.none)) continue
    const blank = options[labels.indexOf('')]
    if (blank) return rejected(line, blank.place.column, '', `blank, and chooses the ${blank.name} of a variant`)
    const read = valuesOf(group.fields, cells)
    if ('reason' in read) return rejected(line, read.column, read.value, read.reason)
    const text = labels.join(' / ')
    if (chosen.has(text))
      return rejected(line, options[0]?.place.column ?? '', text, 'chosen by two rows of one product')
    chosen.add(text)
    const made = read.values[group.made] ?? [trimmed(first.cells[group.at]), ...labels].join('-')
    const choices = options.map(({ name }, index): Value => ({ option_display_name: name, label: labels[index] ?? '' }))
    inner.push({ ...read.values, [group.made]: made, [group.choices]: choices })
  }
  if (inner.length > group.most)
    return rejected(first.line, '', `${inner.length}`, `a product of more than ${group.most} ${group.resource}`)
  const own = valuesOf(group.fields, first.cells)
  if ('reason' in own) return rejected(first.line, own.column, own.value, own.reason)
  const initial = Object.fromEntries(
    Object.entries(own.values).filter(([name]) => group.shared.has(name) && !(inner.length && name === group.made)),
  )
  return { row: { ...item.row, initial, ...(inner.length ? { nested: { [group.resource]: inner } } : {}) } }
}

const valuesOf = (
  fields: readonly Binding[],
  cells: readonly string[],
): { readonly values: Values } | { readonly column: string; readonly value: string; readonly reason: string } => {
  const values: Record<string, Value> = {}
  for (const { field, column, at, read } of fields) {
    const text = cells[at] ?? ''
    const cell = read(text)
    if ('reason' in cell) return { column, value: text, reason: cell.reason }
    if (cell.value !== undefined && cell.value !== null) values[field] = cell.value
  }
  return { values }
}

const trimmed = (text: string | undefined): string => (text ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
