import type { NestedFrom, SourceItem, Value, Values } from '../model/index.ts'
import { faultOf } from './family-fault.ts'
import type { Binding, Mapping } from './mapping.ts'
import { isWhole, mapRow } from './mapping.ts'
import { partsWithPictures } from './pictures.ts'

/** How several records make one row with rows of another resource inside it. */
export interface Group {
  readonly by: Neighbours | Parents | Followers | Below
  /** The label of a row that chooses nothing. */
  readonly none: string | null
  /** Index of the column that inner rows without a name of their own are named after; null for the key of the row. */
  readonly nameAt: number | null
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

/** Neighbouring records with the same cell in a column belong together. */
export interface Neighbours {
  readonly kind: 'neighbours'
  readonly at: number
  readonly options: readonly OptionPlace[]
}

/** A record lists those that belong to it, by their key and what they choose. */
export interface Parents {
  readonly kind: 'parents'
  readonly at: number
  readonly column: string
}

/** A record names the one that it belongs to, wherever in the file that stands. */
export interface Followers {
  readonly kind: 'followers'
  /** Where a record names its parent; blank for one that has none. */
  readonly at: number
  readonly column: string
  /** What a parent goes by: what stands in front of such a name, and where the rest of it stands in the parent. */
  readonly names: readonly { readonly prefix: string; readonly at: number }[]
  readonly options: readonly OptionPlace[]
}

/** A record with one mark is a parent, and those with another below it are its variants. */
export interface Below {
  readonly kind: 'below'
  readonly at: number
  readonly column: string
  readonly parent: string
  readonly variant: string
  /** Mark of records that nobody can read: a family that has one cannot be made. */
  readonly unread: string | null
  /** Where a variant holds all that it chooses. */
  readonly options: { readonly column: string; readonly at: number }
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
  readonly cells: readonly (string | undefined)[]
  /** Why nothing can be read from it; null for a sound record. */
  readonly fault: string | null
}

/** Records that make one row: the one that speaks for it, and those that are rows inside it. */
export interface Family {
  readonly first: MappedRecord
  readonly members: readonly Member[]
  /** All of its records, the first one first, those that choose nothing included. */
  readonly records: readonly MappedRecord[]
  /** Why the family as a whole cannot be made; null when it can. */
  readonly misfit: Misfit | null
}

/** What a record chooses, in the order of the options; a reason where that cannot be told. */
export interface Member extends MappedRecord {
  readonly choices: readonly Choice[]
}

export interface Choice {
  readonly option: string
  readonly label: string
  /** Where the label stands. */
  readonly column: string
}

/**
 * The families of a table: neighbours with the same cell in one column, or a parent with the records that it lists. A record that
 * no parent lists is a family of its own; those that wait for their parent are held in memory.
 */
export const familiesOf = (
  group: Group,
  by: Neighbours | Parents,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<Family> => (by.kind === 'neighbours' ? neighbours(group, by, batches) : parents(group, by, batches))

interface Misfit {
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

async function* neighbours(
  group: Group,
  { at, options }: Neighbours,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<Family> {
  let open: MappedRecord[] = []
  const close = (): Family[] => {
    const [first] = open
    return first
      ? [{ first, members: membersOf(group, options, first, open), records: open, misfit: faultOf(open) }]
      : []
  }
  for await (const records of batches) {
    for (const record of records) {
      const name = record.cells[at] ?? ''
      if (name !== '' && name === open[0]?.cells[at]) open.push(record)
      else {
        yield* close()
        open = [record]
      }
    }
  }
  yield* close()
}

/** The records that choose; options are named by the first of them. */
const membersOf = (
  { none }: Group,
  options: readonly OptionPlace[],
  first: MappedRecord,
  records: readonly MappedRecord[],
): readonly Member[] => {
  const named = options
    .map((place) => ({ place, option: place.name ?? trimmed(first.cells[place.nameAt ?? -1]) }))
    .filter(({ option }) => option !== '')
  return records
    .map((record) => ({
      ...record,
      choices: named.map(({ place, option }) => ({
        option,
        label: trimmed(record.cells[place.at]),
        column: place.column,
      })),
    }))
    .filter(({ choices }) => choices.some(({ label }) => label !== '' && label !== none))
}

async function* parents(
  group: Group,
  { at, column }: Parents,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<Family> {
  const keyAt = group.fields.find(({ field }) => field === group.made)?.at ?? -1
  const keyOf = ({ cells }: MappedRecord): string => trimmed(cells[keyAt]).toLowerCase()
  const free = new Map<string, MappedRecord>()
  const waiting: MappedRecord[] = []
  for await (const records of batches) {
    for (const record of records) {
      if (trimmed(record.cells[at]) !== '') waiting.push(record)
      else if (free.has(keyOf(record))) yield alone(record)
      else free.set(keyOf(record), record)
    }
  }
  for (const record of waiting) {
    const value = trimmed(record.cells[at])
    const listed = value.split('|').map((one) => pairsOf(one))
    const members: Member[] = []
    let missing: string | undefined
    for (const { key, choices } of listed) {
      const child = free.get(key.toLowerCase())
      if (child) members.push({ ...child, choices: choices.map((choice) => ({ ...choice, column })) })
      else missing ??= key
      free.delete(key.toLowerCase())
    }
    const reason = 'a variant that the source does not have, or that another product has'
    const lacking = missing === undefined ? null : { line: record.line, column, value: missing, reason }
    const records = [record, ...members]
    yield { first: record, members, records, misfit: lacking ?? faultOf(records) }
  }
  for (const record of free.values()) yield alone(record)
}

const alone = (record: MappedRecord): Family => ({
  first: record,
  members: [],
  records: [record],
  misfit: faultOf([record]),
})

/** `sku=MH01-S,size=S,color=Red`: the first pair names the variant, the others what it chooses. */
const pairsOf = (text: string): { key: string; choices: { option: string; label: string }[] } => {
  const pairs = text.split(',').map((pair) => {
    const [option = '', ...label] = pair.split('=')
    return { option: trimmed(option), label: trimmed(label.join('=')) }
  })
  return { key: pairs[0]?.label ?? '', choices: pairs.slice(1) }
}

/**
 * One row of a family: what the first record says, and an inner row for each record that chooses. The inner fields are what a new
 * row begins with; of one that is there they say nothing. A record that cannot be read rejects the whole family: half a product is
 * none.
 */
export const mapFamily = (mapping: Mapping, group: Group, { first, members, records, misfit }: Family): SourceItem => {
  const item = mapRow(mapping, first.line, first.cells)
  if (!('row' in item) || isWhole(item.row.command)) return item
  const { key } = item.row
  const rejected = (line: number, column: string, value: string, reason: string): SourceItem => ({
    rejection: { row: line, column, value, reason, key },
  })
  if (misfit) return rejected(misfit.line, misfit.column, misfit.value, misfit.reason)
  const inner: Values[] = []
  const nestedFrom: NestedFrom[] = []
  const chosen = new Set<string>()
  for (const { line, cells, choices } of members) {
    const blank = choices.find(({ label }) => label === '')
    if (blank) return rejected(line, blank.column, '', `blank, and chooses the ${blank.option} of a variant`)
    const read = valuesOf(group.fields, cells)
    if ('reason' in read) return rejected(line, read.column, read.value, read.reason)
    const text = choices.map(({ label }) => label).join(' / ')
    if (chosen.has(text.toLowerCase()))
      return rejected(line, choices[0]?.column ?? '', text, 'chosen by two rows of one product')
    chosen.add(text.toLowerCase())
    const labels = choices.map(({ label }) => label)
    const named = read.values[group.made]
    const made = named ?? [nameOf(group, first, key), ...labels].join('-')
    nestedFrom.push({ line, isMade: named === undefined })
    const told = choices.map(({ option, label }): Value => ({ option_display_name: option, label }))
    inner.push({ ...read.values, [group.made]: made, [group.choices]: told })
  }
  if (inner.length > group.most)
    return rejected(first.line, '', `${inner.length}`, `a product of more than ${group.most} ${group.resource}`)
  const own = valuesOf(group.fields, first.cells)
  if ('reason' in own) return rejected(first.line, own.column, own.value, own.reason)
  const initial = Object.fromEntries(
    Object.entries({ ...inner[0], ...own.values }).filter(
      ([name]) => group.shared.has(name) && !(inner.length && name === group.made),
    ),
  )
  const parts = partsWithPictures(
    mapping,
    item.row,
    records.map(({ cells }) => cells),
  )
  return {
    row: {
      ...item.row,
      initial,
      ...parts,
      ...(inner.length ? { nested: { [group.resource]: inner }, nestedFrom } : {}),
    },
  }
}

const nameOf = ({ nameAt }: Group, { cells }: MappedRecord, key: Values): string =>
  nameAt === null ? String(Object.values(key)[0]) : trimmed(cells[nameAt])

const valuesOf = (
  fields: readonly Binding[],
  cells: readonly (string | undefined)[],
): { readonly values: Values } | { readonly column: string; readonly value: string; readonly reason: string } => {
  const values: Record<string, Value> = {}
  for (const { field, column, at, read, computed, needs } of fields) {
    if (needs.some((place) => cells[place] === undefined)) continue
    const cell = computed ? computed.value(cells) : read(cells[at] ?? '')
    if ('reason' in cell)
      return { column, value: computed ? computed.shown(cells) : (cells[at] ?? ''), reason: cell.reason }
    if (cell.value !== undefined && cell.value !== null) values[field] = cell.value
  }
  return { values }
}

const trimmed = (text: string | undefined): string => (text ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
