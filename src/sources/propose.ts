import { type Field, type FieldRule, type NumberFormat, sameValue, type Value, type Values } from '../model/index.ts'
import { type CellReader, fieldReader } from './cell.ts'
import { fieldOfColumn } from './column-names.ts'
import { spellings } from './doctor/spellings.ts'

/** What a column of a file most likely is. */
export interface ColumnProposal {
  readonly column: string
  /** Null where nothing tells. */
  readonly field: string | null
  readonly isKey: boolean
  /** `guess` asks for a person's look. */
  readonly certainty: 'sure' | 'guess' | null
  /** For people. */
  readonly why: string
  /** The first different cells. */
  readonly examples: readonly string[]
  /** How its numbers are written, where that has to be declared. */
  readonly format?: NumberFormat
}

export interface ProposalFacts {
  /** Fields of the target that a sync can write, by name. */
  readonly fields: Readonly<Record<string, Field>>
  /** Fields that can name a row, the usual one first. */
  readonly keys: Readonly<Record<string, Field>>
  /** The store's row by a key field and a cell; null where no mirror is there to ask. */
  readonly known: ((field: string, text: string) => Values | undefined) | null
}

/**
 * Proposes a mapping from the names of columns and from their cells, which are held against the store's rows. Every column comes back,
 * in its order; no field is proposed twice.
 */
export const proposeMapping = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  facts: ProposalFacts,
): readonly ColumnProposal[] => {
  const cells = columns.map((_, at) => rows.map((row) => (row[at] ?? '').trim()))
  const key = keyOf(columns, cells, facts)
  const known = rows.map((_, row) => {
    const text = key === undefined ? '' : (cells[key.at]?.[row] ?? '')
    return key === undefined || text === '' ? undefined : facts.known?.(key.field, text)
  })
  const candidates = columns.flatMap((column, at) =>
    at === key?.at || column === '' ? [] : fieldsFor(column, at, cells[at] ?? [], known, facts),
  )
  const chosen = bestOfEach(candidates)
  return columns.map((column, at): ColumnProposal => {
    const examples = [...new Set(cells[at]?.filter(Boolean))].slice(0, EXAMPLES)
    if (at === key?.at) {
      const { field, certainty, why } = key
      return { column, field, isKey: true, certainty, why, examples }
    }
    const found = chosen.get(at)
    if (!found) return { column, field: null, isKey: false, certainty: null, why: '', examples }
    const { field, certainty, why, format } = found
    return { column, field, isKey: false, certainty, why, examples, ...(format ? { format } : {}) }
  })
}

const EXAMPLES = 3

interface Candidate {
  readonly at: number
  readonly field: string
  readonly certainty: 'sure' | 'guess'
  readonly why: string
  /** The best of a field, and of a column, is taken. */
  readonly weight: number
  readonly format?: NumberFormat
}

const keyOf = (
  columns: readonly string[],
  cells: readonly (readonly string[])[],
  { keys, known }: ProposalFacts,
): Candidate | undefined => {
  const found = Object.keys(keys).flatMap((field, rank) =>
    columns.flatMap((column, at): Candidate[] => {
      const isNamed = fieldOfColumn(column) === field
      const filled = cells[at]?.filter(Boolean) ?? []
      const share = known && filled.length > 0 ? shareOf(filled, (text) => known(field, text) !== undefined) : undefined
      const weight = (share ?? 0) * 2 + (isNamed ? 1 : 0) - rank / 100
      const of = share === undefined ? '' : `, and ${percent(share)} of its cells are known to the store`
      if (isNamed && filled.length === 0)
        return [{ at, field, certainty: 'guess', why: 'its name, and all its cells are blank', weight }]
      if (isNamed) {
        const isSure = rank === 0 && (share === undefined || share >= HALF)
        return [{ at, field, certainty: isSure ? 'sure' : 'guess', why: `its name${of}`, weight }]
      }
      if (rank > 0 || share === undefined || share < HALF) return []
      const certainty = share >= NEARLY_ALL && filled.length >= ENOUGH ? 'sure' : 'guess'
      return [{ at, field, certainty, why: `${percent(share)} of its cells are known to the store`, weight }]
    }),
  )
  return found.sort((a, b) => b.weight - a.weight)[0]
}

const HALF = 0.5
const NEARLY_ALL = 0.9
const ENOUGH = 5

const fieldsFor = (
  column: string,
  at: number,
  cells: readonly string[],
  known: readonly (Values | undefined)[],
  { fields }: ProposalFacts,
): readonly Candidate[] => {
  const named = fieldOfColumn(column)
  return Object.entries(fields).flatMap(([field, facts]): Candidate[] => {
    const format = formatOf(facts, cells)
    const read = fieldReader(facts, ruleFor(column, format))
    const filled = cells.filter(Boolean)
    const readable = shareOf(filled, (text) => !('reason' in read(text)))
    const { share, compared, different } = equalShare(read, field, cells, known)
    const with_ = format ? { format } : {}
    const of = compared > 0 ? `, and ${percent(share)} of its values are the store’s` : ''
    if (named === field) {
      const weight = 2 + share
      if (filled.length === 0)
        return [{ at, field, certainty: 'guess', why: 'its name, and all its cells are blank', weight }]
      if (readable >= NEARLY_ALL) return [{ at, field, certainty: 'sure', why: `its name${of}`, weight, ...with_ }]
      return [
        {
          at,
          field,
          certainty: 'guess',
          why: `its name, but ${percent(1 - readable)} of its cells cannot be read`,
          weight,
        },
      ]
    }
    // Values of which all are alike (nothing, or none in stock) are equal by chance.
    if (share < NEARLY_ALL || compared < ENOUGH || different < ENOUGH || !TELLING.has(facts.kind)) return []
    const why = `${percent(share)} of its values are the store’s`
    return [{ at, field, certainty: named === undefined ? 'sure' : 'guess', why, weight: share, ...with_ }]
  })
}

const TELLING: ReadonlySet<Field['kind']> = new Set(['money', 'decimal', 'integer', 'text'])

const equalShare = (
  read: CellReader,
  field: string,
  cells: readonly string[],
  known: readonly (Values | undefined)[],
): { readonly share: number; readonly compared: number; readonly different: number } => {
  const values = new Set<string>()
  let compared = 0
  let equal = 0
  for (const [row, text] of cells.entries()) {
    const there: Value | undefined = known[row]?.[field]
    if (text === '' || there === undefined || there === null) continue
    const cell = read(text)
    compared += 1
    if ('reason' in cell || cell.value === undefined || !sameValue(cell.value, there)) continue
    equal += 1
    values.add(text)
  }
  return { share: compared === 0 ? 0 : equal / compared, compared, different: values.size }
}

/** The decimal comma, where all numbers of which the sign is certain have it. */
const formatOf = ({ kind }: Field, cells: readonly string[]): NumberFormat | undefined => {
  if (kind !== 'money' && kind !== 'decimal') return undefined
  const certain = cells.map(spellings).flatMap(([only, more]) => (only && !more && only.sign ? [only.sign] : []))
  if (!certain.includes(',') || certain.includes('.')) return undefined
  return cells.some((text) => /\d\.\d{3}/.test(text)) ? { decimal: ',', thousands: '.' } : { decimal: ',' }
}

const ruleFor = (from: string, format: NumberFormat | undefined): FieldRule => ({
  from,
  owner: 'source',
  conflict: 'ask',
  blank: 'keep',
  writeBack: true,
  trim: true,
  ...(format ? { format } : {}),
})

/** By column: the heaviest proposals, each field and each column once. */
const bestOfEach = (candidates: readonly Candidate[]): ReadonlyMap<number, Candidate> => {
  const taken = new Set<string>()
  const chosen = new Map<number, Candidate>()
  for (const one of [...candidates].sort((a, b) => b.weight - a.weight)) {
    if (taken.has(one.field) || chosen.has(one.at)) continue
    taken.add(one.field)
    chosen.set(one.at, one)
  }
  return chosen
}

const shareOf = (texts: readonly string[], is: (text: string) => boolean): number =>
  texts.length === 0 ? 0 : texts.filter(is).length / texts.length

const percent = (share: number): string => `${Math.floor(share * 100)} %`
