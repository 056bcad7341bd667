import { SourceRefusedError } from '../model/index.ts'
import { faultOf } from './family-fault.ts'
import type { Choice, Family, Followers, MappedRecord, Member, OptionPlace } from './group.ts'

/**
 * Parents with the records that name them. Which of them are all is known at the end of the file, so its records are held in memory.
 * @throws {SourceRefusedError} when they are more than fit.
 */
export async function* followers(
  { at, column, names, options }: Followers,
  origin: string,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<Family> {
  const parents: MappedRecord[] = []
  const children = new Map<string, MappedRecord[]>()
  let held = 0
  for await (const records of batches) {
    held += records.length
    if (held > MOST_HELD) throw tooMany(origin)
    for (const record of records) {
      const parent = trimmed(record.cells[at]).toLowerCase()
      if (parent === '') parents.push(record)
      else children.set(parent, [...(children.get(parent) ?? []), record])
    }
  }
  for (const first of parents) {
    const own = namesOf(names, first).flatMap((name) => {
      const found = children.get(name) ?? []
      children.delete(name)
      return found
    })
    yield familyOf(first, own, options)
  }
  for (const orphans of children.values()) {
    for (const record of orphans) {
      const reason = 'the parent of a variant, and no row of the source'
      const misfit = { line: record.line, column, value: trimmed(record.cells[at]), reason }
      yield { first: record, members: [], records: [record], misfit }
    }
  }
}

/** Some 100 MB of an export with long descriptions and 20 columns that are read. */
const MOST_HELD = 200_000

const namesOf = (names: Followers['names'], { cells }: MappedRecord): readonly string[] =>
  names.flatMap(({ prefix, at }) => {
    const name = trimmed(cells[at])
    return name === '' ? [] : [`${prefix}${name}`.toLowerCase()]
  })

const familyOf = (first: MappedRecord, own: readonly MappedRecord[], options: readonly OptionPlace[]): Family => {
  const members = own.map((record): Member => ({ ...record, choices: choicesOf(record, options) }))
  const records = [first, ...members]
  return { first, members, records, misfit: faultOf(records) ?? otherOptions(members) }
}

/** Options are named where they are chosen: a parent may list others too, which nobody chooses. */
const choicesOf = ({ cells }: MappedRecord, options: readonly OptionPlace[]): readonly Choice[] =>
  options.flatMap(({ name, nameAt, column, at }) => {
    const option = name ?? trimmed(cells[nameAt ?? -1])
    return option === '' ? [] : [{ option, label: trimmed(cells[at]), column }]
  })

/** Variants of one product choose among the same options. */
const otherOptions = (members: readonly Member[]): Family['misfit'] => {
  const optionsOf = ({ choices }: Member): string => choices.map(({ option }) => option).join(', ')
  const [first] = members
  const other = first && members.find((one) => optionsOf(one) !== optionsOf(first) || one.choices.length === 0)
  if (!first || !other) return null
  const reason =
    other.choices.length === 0
      ? 'blank, and names what a variant chooses'
      : `other options than those of line ${first.line} (${optionsOf(first)})`
  return { line: other.line, column: other.choices[0]?.column ?? '', value: optionsOf(other), reason }
}

const tooMany = (origin: string): SourceRefusedError =>
  new SourceRefusedError(
    `${origin} has more than ${MOST_HELD} rows, and they are held in memory to find those of a product`,
    {
      where: origin,
      hint: 'split the file by product, or let the rows of a product stand together and group them with "by"',
    },
  )

const trimmed = (text: string | undefined): string => (text ?? '').trim()
