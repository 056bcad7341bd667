import { keyText, matchText, type Values } from '../../model/index.ts'
import type { Table, TableRecord } from '../format.ts'
import { type KeyRegister, keyRegister } from '../key-register.ts'
import { isHundredfold } from './cents.ts'
import { isNumber, type Signs } from './decimals.ts'
import type { Use } from './finding.ts'
import { type KindCounts, kindOf, usualKind } from './kinds.ts'
import { type Families, familiesOf } from './orphans.ts'
import type { Usual } from './shifted.ts'
import { spellings } from './spellings.ts'
import type { Subject } from './subject.ts'

/** What is to be known of a column before any of its cells is judged. */
export interface ColumnFacts {
  /** Cells whose decimal sign is certain. */
  readonly signs: Signs
  /** Uses by which most of its amounts are a hundred times the store's. */
  readonly inCents: ReadonlySet<Use>
  /** The first cell with each sign. */
  readonly first: Readonly<Partial<Record<'.' | ',', { readonly line: number; readonly text: string }>>>
}

export const NOTHING_USUAL: ColumnFacts = { signs: { '.': 0, ',': 0 }, inCents: new Set(), first: {} }

/** What a first reading tells of a file: a few counts a column, hashes of its keys, and the names of parents. */
export interface Profile {
  readonly columns: readonly ColumnFacts[]
  readonly usual: Usual
  readonly families: Families | undefined
  /** By subject: lines of each key that is there more than once, with case and without. */
  readonly duplicates: readonly {
    readonly exact: ReadonlyMap<number, readonly number[]>
    readonly folded: ReadonlyMap<number, readonly number[]>
  }[]
}

export interface Profiler {
  see(record: TableRecord): void
  done(): Profile
}

/** @param rowKey The key of a record to a subject; undefined where it has none. */
export const profiler = (
  table: Table,
  subjects: readonly Subject[],
  place: (use: Use) => number | undefined,
  rowKey: (subject: Subject, cells: readonly string[]) => Values | undefined,
): Profiler => {
  const kinds = table.columns.map((): KindCounts => ({ blank: 0, integer: 0, decimal: 0, word: 0 }))
  const facts = table.columns.map(() => ({
    signs: { '.': 0, ',': 0 },
    inCents: new Set<Use>(),
    first: {} as Partial<Record<'.' | ',', { line: number; text: string }>>,
  }))
  const families = familiesOf(table.columns)
  const registers = subjects.map((): Registers => ({ exact: keyRegister(), folded: keyRegister() }))
  const hundreds = new Map<Use, { compared: number; hundredfold: number }>()
  const numbers = new Set(subjects.flatMap(({ fields }) => fields.filter(isNumber)).flatMap((use) => place(use) ?? []))

  const seeAmounts = ({ known, fields }: Subject, key: Values, cells: readonly string[]): void => {
    const row = known?.(key)
    if (!row) return
    for (const use of fields) {
      const at = place(use)
      if (at === undefined) continue
      const is = isHundredfold({ use, text: (cells[at] ?? '').trim(), known: row[use.field] })
      if (is === undefined) continue
      const count = hundreds.get(use) ?? { compared: 0, hundredfold: 0 }
      count.compared += 1
      if (is) count.hundredfold += 1
      hundreds.set(use, count)
    }
  }

  return {
    see: ({ line, cells }) => {
      if (cells.length !== table.columns.length) return
      for (const [at, text] of cells.entries()) {
        const counts = kinds[at]
        if (counts) counts[kindOf(text)] += 1
      }
      for (const at of numbers) {
        const text = (cells[at] ?? '').trim()
        const [only, more] = spellings(text)
        const column = facts[at]
        if (!column || !only || more || only.sign === null) continue
        column.signs[only.sign] += 1
        column.first[only.sign] ??= { line, text }
      }
      families?.see(cells)
      for (const [index, subject] of subjects.entries()) {
        const key = rowKey(subject, cells)
        if (!key) continue
        registers[index]?.exact.add(keyText(key), line)
        registers[index]?.folded.add(matchText(key), line)
        seeAmounts(subject, key, cells)
      }
    },
    done: () => {
      for (const [use, { compared, hundredfold }] of hundreds) {
        const at = place(use)
        if (at !== undefined && compared >= ENOUGH && hundredfold * 2 > compared) facts[at]?.inCents.add(use)
      }
      return {
        columns: facts,
        usual: kinds.map(usualKind),
        families,
        duplicates: registers.map(({ exact, folded }) => ({
          exact: exact.duplicates(),
          folded: folded.duplicates(),
        })),
      }
    },
  }
}

interface Registers {
  readonly exact: KeyRegister
  readonly folded: KeyRegister
}

/** Prices that must be compared before a column is called one of cents. */
const ENOUGH = 5
