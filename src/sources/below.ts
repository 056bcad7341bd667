import { chosenIn } from './chosen-text.ts'
import { faultOf } from './family-fault.ts'
import type { Below, Family, MappedRecord, Member } from './group.ts'

/** A parent with the records that stand below it, up to the next parent. */
export async function* below(by: Below, batches: AsyncIterable<readonly MappedRecord[]>): AsyncGenerator<Family> {
  let open: MappedRecord[] = []
  for await (const records of batches) {
    for (const record of records) {
      // A record that cannot be read is of the family that it stands in.
      const isParent = record.fault === null && markOf(by, record) === by.parent
      if (isParent && open.length) yield familyOf(by, open)
      open = isParent ? [record] : [...open, record]
    }
  }
  if (open.length) yield familyOf(by, open)
}

const markOf = ({ at }: Below, { cells }: MappedRecord): string => (cells[at] ?? '').trim()

const familyOf = (by: Below, open: readonly MappedRecord[]): Family => {
  const [first = { line: 0, cells: [], fault: null }] = open
  const members = open
    .filter((record) => markOf(by, record) === by.variant)
    .map((record): Member => ({ ...record, choices: choicesOf(by, record) }))
  return { first, members, records: open, misfit: misfitOf(by, first, open, members) }
}

const choicesOf = ({ options }: Below, { cells }: MappedRecord): Member['choices'] =>
  (chosenIn((cells[options.at] ?? '').trim()) ?? []).map((one) => ({ ...one, column: options.column }))

const misfitOf = (
  by: Below,
  first: MappedRecord,
  open: readonly MappedRecord[],
  members: readonly Member[],
): Family['misfit'] => {
  const fault = faultOf(open)
  if (fault) return fault
  const of = (record: MappedRecord, reason: string) => ({
    line: record.line,
    column: by.column,
    value: markOf(by, record),
    reason,
  })
  if (markOf(by, first) !== by.parent) return of(first, 'a part of a product, and no product is above it')
  const unread = open.find((record) => by.unread !== null && markOf(by, record) === by.unread)
  if (unread) return of(unread, 'a row that changes its variants in a manner that is not read')
  const optionsOf = ({ choices }: Member): string => choices.map(({ option }) => option).join(', ')
  const other = members.find((one) => one.choices.length === 0 || optionsOf(one) !== optionsOf(members[0] ?? one))
  if (!other) return null
  const value = (other.cells[by.options.at] ?? '').trim()
  const reason =
    other.choices.length === 0 ? 'not what a variant chooses' : 'other options than those of the first variant'
  return { line: other.line, column: by.options.column, value, reason }
}
