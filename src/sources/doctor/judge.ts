import type { Value } from '../../model/index.ts'
import type { Table, TableRecord } from '../format.ts'
import { nearest } from '../nearest.ts'
import { judgeCell } from './cell-rules.ts'
import { isNumber, mannerOf } from './decimals.ts'
import type { Finding, RuleName, Use } from './finding.ts'
import type { Profile } from './profile.ts'
import { unshifted, whereItFits } from './shifted.ts'
import { keyOf, placesIn, type Subject } from './subject.ts'

/** Takes a finding and the index of its column, below 0 where it is of none. */
export type Tell = (finding: Finding, at: number) => void

/** Judge of the records of a file; what is wrong with its columns as a whole is told at once. */
export const judgeOf = (
  { subjects, mustEnd }: { readonly subjects: readonly Subject[]; readonly mustEnd: boolean },
  table: Table,
  profile: Profile,
  tell: Tell,
) => {
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
    for (const { rule, at, problem, isRepaired } of judged.found) {
      const [before = '', after = ''] = [cells[at], judged.texts[at]]
      // Two syncs that read a cell in two manners would each take back what the other repairs.
      told(rule, line, at, before, problem, isRepaired && after !== before ? after : null)
    }
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
  const uses = subjects.flatMap(({ keys, fields }) => [...keys, ...fields])
  const wanted = new Set(uses.map(({ column }) => column))
  const needed = new Set(uses.flatMap(({ rule, column }) => (rule?.absent === 'ignore' ? [] : column)))
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
  for (const name of missing.filter((one) => needed.has(one))) {
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
