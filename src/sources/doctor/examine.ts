import { SourceRefusedError, type Value, type Values } from '../../model/index.ts'
import type { Table, TableRecord } from '../format.ts'
import { nearest } from '../nearest.ts'
import { judgeCell } from './cell-rules.ts'
import { isNumber, mannerOf } from './decimals.ts'
import type { Finding, RuleName, Use } from './finding.ts'
import { NOTHING_USUAL, type Profile, profiler, type Subject } from './profile.ts'
import { unshifted, whereItFits } from './shifted.ts'

/** One going over of a file that does not give up at its end. */
export interface DoctorReading {
  readonly table: Table
  /** To be called after the last record: the hash of the bytes, and whether the last line has its end. */
  finish(): Promise<{ readonly sha256: string; readonly isEnded: boolean }>
  close(): Promise<void>
}

export interface Patient {
  /** For people; no secrets. */
  readonly origin: string
  /** @param carefully Records are handed out one by one, so that a fault takes none with it that stands before it. */
  readonly open: (carefully: boolean) => Promise<DoctorReading>
  readonly subjects: readonly Subject[]
  /** A last line without an end tells that the file was cut, also when it has all its cells. */
  readonly mustEnd: boolean
}

export interface Examination {
  /** Records read, without the header. */
  readonly rows: number
  readonly columns: readonly string[]
  /** Why the file could not be read to its end; what was found before it is told all the same. */
  readonly refused: SourceRefusedError | null
}

/**
 * Reads a file twice, once for what is usual in it and once for what is wrong, and tells each finding as it comes. Memory holds the
 * hashes of its keys, not its rows.
 */
export const examine = async (patient: Patient, tell: (finding: Finding, at: number) => void): Promise<Examination> => {
  let seen: { readonly profile: Profile; readonly sha256: string | null; readonly isEnded: boolean } | undefined
  let rows = 0
  let columns: readonly string[] = []
  try {
    seen = await look(patient)
    const reading = await patient.open(seen.sha256 === null)
    try {
      columns = reading.table.columns
      const judge = judgeOf(patient, reading.table, seen.profile, tell)
      for await (const { record, isLast } of withLast(reading.table.batches)) {
        rows += 1
        judge(record, isLast && !seen.isEnded)
      }
      const { sha256 } = await reading.finish()
      if (seen.sha256 !== null && sha256 !== seen.sha256) throw changed(patient.origin)
    } finally {
      await reading.close()
    }
    if (rows === 0) throw noRows(patient.origin)
    return { rows, columns, refused: null }
  } catch (error) {
    if (error instanceof SourceRefusedError) return { rows, columns, refused: error }
    throw error
  }
}

/** The first reading. Where it is refused half way, the second one tells, and knows as much as was read. */
const look = async ({ open, subjects }: Patient) => {
  const reading = await open(false)
  try {
    const { table } = reading
    const place = placesIn(table)
    const { see, done } = profiler(table, subjects, place, (subject, cells) => keyOf(subject, cells, place))
    try {
      for await (const batch of table.batches) for (const record of batch) see(record)
      return { profile: done(), ...(await reading.finish()) }
    } catch (error) {
      if (!(error instanceof SourceRefusedError)) throw error
      return { profile: done(), sha256: null, isEnded: true }
    }
  } finally {
    await reading.close()
  }
}

const placesIn = ({ columns }: Table) => {
  const places = new Map(columns.map((name, at) => [name, at] as const).reverse())
  return (use: Use): number | undefined => places.get(use.column)
}

type Place = ReturnType<typeof placesIn>

/** The key of a record once its cells are repaired, so that the store's row is found also where the zeros of a SKU are lost. */
const keyOf = ({ keys, index }: Subject, cells: readonly string[], place: Place): Values | undefined => {
  const key: Record<string, Value> = {}
  for (const use of keys) {
    const at = place(use)
    const there = at === undefined ? '' : (cells[at] ?? '')
    const { text } = judgeCell({ text: there, use, column: NOTHING_USUAL, known: undefined, keys: index })
    const cell = use.read ? use.read(text) : { value: text.trim() }
    if ('reason' in cell || cell.value === undefined || cell.value === '') return undefined
    key[use.field] = cell.value
  }
  return keys.length > 0 ? key : undefined
}

async function* withLast(batches: Table['batches']): AsyncGenerator<{ record: TableRecord; isLast: boolean }> {
  let held: TableRecord | undefined
  try {
    for await (const batch of batches) {
      for (const record of batch) {
        if (held) yield { record: held, isLast: false }
        held = record
      }
    }
  } catch (error) {
    if (held) yield { record: held, isLast: false }
    throw error
  }
  if (held) yield { record: held, isLast: true }
}

type Tell = (finding: Finding, at: number) => void

/** Judge of the records of a file; what is wrong with its columns as a whole is told at once. */
const judgeOf = ({ subjects, mustEnd }: Patient, table: Table, profile: Profile, tell: Tell) => {
  const { columns } = table
  const place = placesIn(table)
  const keys = subjects.flatMap((subject) => subject.keys.flatMap((use) => place(use) ?? []))
  tellHeader(table, subjects, tell)
  // Two syncs may read one column, which is told of once.
  const numbers = new Map(subjects.flatMap(({ fields }) => fields.filter(isNumber).map((use) => [use.column, use])))
  for (const use of numbers.values()) tellManner(use, place(use), profile, tell)

  const told = (rule: RuleName, line: number, at: number, value: string, problem: string, repair: string | null) =>
    tell(
      { rule, line, column: at < 0 ? '' : columns[at] || String(at + 1), value: excerpt(value), problem, repair },
      at,
    )

  return ({ line, cells }: TableRecord, isOpen: boolean): void => {
    const last = cells.length - 1
    if (cells.length !== columns.length) {
      const length = `a row of ${cells.length} cells where ${columns.length} are expected`
      if (isOpen) told('cut', line, last, cells[last] ?? '', `the end of a file that was cut: ${length}`, null)
      else told('row-length', line, -1, '', length + whereItFits(cells, profile.usual, columns, keys), null)
      return
    }
    if (isOpen && mustEnd) {
      const problem = 'the end of a file whose last line has no end; it may be cut'
      told('cut', line, last, cells[last] ?? '', problem, null)
    }
    const right = unshifted(cells, profile.usual, keys)
    if (right === null) {
      told('shifted', line, -1, '', 'a row with cells of other columns, and more than one move puts them right', null)
    } else if (right) {
      for (const [at, cell] of cells.entries()) {
        if (cell !== right[at]) told('shifted', line, at, cell, 'a cell of another column', right[at] ?? '')
      }
    }
    if (right !== undefined) return
    const judged = new CellsOfRow(cells)
    for (const [index, subject] of subjects.entries()) {
      for (const use of subject.keys) judged.judge(use, place(use), profile, undefined, subject.index)
      const key = keyOf(subject, judged.texts, place)
      const known = key && subject.known?.(key)
      for (const use of subject.fields) judged.judge(use, place(use), profile, known?.[use.field], undefined)
      if (index === subjects.findIndex((one) => one.keys[0]?.column === subject.keys[0]?.column))
        tellDuplicate(subject, index, line, cells)
    }
    for (const at of cells.keys()) judged.judge(undefined, at, profile, undefined, undefined)
    for (const { rule, at, problem, isRepaired } of judged.found)
      told(rule, line, at, cells[at] ?? '', problem, isRepaired ? (judged.texts[at] ?? '') : null)
    const orphan = profile.families?.orphan(cells)
    if (orphan) told('orphan', line, orphan.column, cells[orphan.column] ?? '', orphan.problem, null)
  }

  function tellDuplicate(subject: Subject, index: number, line: number, cells: readonly string[]): void {
    const lines = profile.duplicates[index]?.folded.get(line)
    const [use] = subject.keys
    const at = use && place(use)
    if (!lines || at === undefined) return
    const isSame = profile.duplicates[index]?.exact.get(line)?.length === lines.length
    const more = lines.length > MOST_LINES ? ` and ${lines.length - MOST_LINES} more` : ''
    const where = `lines ${lines.slice(0, MOST_LINES).join(', ')}${more}`
    const problem = `a key that is there ${lines.length} times${isSame ? '' : ', in other letters'}: ${where}`
    told('duplicate-key', line, at, cells[at] ?? '', problem, null)
  }
}

const MOST_LINES = 10

/** The cells of one record as the rules leave them, and what they found. */
class CellsOfRow {
  readonly texts: string[]
  readonly found: {
    readonly rule: RuleName
    readonly at: number
    readonly problem: string
    readonly isRepaired: boolean
  }[] = []
  readonly #judged = new Set<number>()

  constructor(cells: readonly string[]) {
    this.texts = [...cells]
  }

  judge(
    use: Use | undefined,
    at: number | undefined,
    { columns }: Profile,
    known: Value | undefined,
    keys: Subject['index'],
  ): void {
    const column = at === undefined ? undefined : columns[at]
    if (at === undefined || !column || (!use && this.#judged.has(at))) return
    this.#judged.add(at)
    const { text, verdicts } = judgeCell({ text: this.texts[at] ?? '', use, column, known, keys })
    this.texts[at] = text
    for (const verdict of verdicts) {
      if (!this.found.some((one) => one.at === at && one.rule === verdict.rule)) this.found.push({ ...verdict, at })
    }
  }
}

const tellHeader = ({ columns, headerLine }: Table, subjects: readonly Subject[], tell: Tell): void => {
  const line = headerLine ?? 1
  const wanted = new Set(subjects.flatMap(({ keys, fields }) => [...keys, ...fields]).map(({ column }) => column))
  const missing = [...wanted].filter((name) => !columns.includes(name))
  for (const [at, name] of columns.entries()) {
    const bare = name.replace(/\p{C}|\ufffd/gu, '')
    const meant = missing.find((one) => one.toLowerCase() === bare.toLowerCase()) ?? bare
    const column = name || String(at + 1)
    if (headerLine !== null && name !== meant && !columns.includes(meant)) {
      const problem =
        name === bare ? `the name of the column ${JSON.stringify(meant)}` : 'a name with unseen characters'
      missing.splice(0, missing.length, ...missing.filter((one) => one !== meant))
      tell({ rule: 'header', line, column, value: excerpt(name), problem, repair: meant }, at)
    } else if (name !== '' && columns.indexOf(name) !== at) {
      const problem = `the name of column ${columns.indexOf(name) + 1} already`
      tell({ rule: 'header', line, column, value: excerpt(name), problem, repair: null }, at)
    }
  }
  for (const name of missing) {
    const near = headerLine === null ? undefined : nearest(name, columns)
    const problem = `a column that a sync reads and the file lacks${near ? `; did you mean ${JSON.stringify(near)}?` : ''}`
    tell({ rule: 'header', line, column: name, value: '', problem, repair: null }, -1)
  }
}

/** A column in which every number has the other decimal sign is not wrong, but undeclared. */
const tellManner = (use: Use, at: number | undefined, { columns }: Profile, tell: Tell): void => {
  const facts = at === undefined ? undefined : columns[at]
  if (at === undefined || !facts || mannerOf(use, facts.signs) !== 'other') return
  const sign = facts.signs[','] > 0 ? ',' : '.'
  const first = facts.first[sign]
  const problem = `a number with "${sign}" for its decimals, as all of its column: set "format": { "decimal": "${sign}" }`
  if (first)
    tell(
      { rule: 'decimals', line: first.line, column: use.column, value: excerpt(first.text), problem, repair: null },
      at,
    )
}

/** Enough of a cell to know it again. */
const excerpt = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text)

const noRows = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} has a header and no rows`, {
    where: origin,
    hint: 'look at the program that writes it; nothing is planned from an empty source',
  })

const changed = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} changed while it was read`, {
    where: origin,
    hint: 'run again once it is complete',
  })
