import type { Field, FieldRule, Value } from '../../model/index.ts'
import type { CellReader } from '../cell.ts'
import type { KeyIndex } from './key-index.ts'
import type { ColumnFacts } from './profile.ts'

export const RULES = [
  'cut',
  'header',
  'row-length',
  'shifted',
  'duplicate-key',
  'orphan',
  'encoding',
  'spaces',
  'scientific',
  'zeros',
  'decimals',
  'cents',
  'value',
] as const
export type RuleName = (typeof RULES)[number]

/** One thing that is wrong with a file. */
export interface Finding {
  readonly rule: RuleName
  /** That the record starts on, from 1. */
  readonly line: number
  /** Empty where it is the row as a whole. */
  readonly column: string
  /** The cell as it stands, cut when it is long. */
  readonly value: string
  /** What is wrong, to follow "is". */
  readonly problem: string
  /** What the cell should say; null where a person must decide. */
  readonly repair: string | null
}

/** What a column is to a sync, or by its name where no sync reads it. */
export interface Use {
  readonly role: 'key' | 'field'
  readonly field: string
  readonly facts: Field
  /** None for a key. */
  readonly rule: FieldRule | undefined
  readonly column: string
  /** What the mapping makes of a cell; null where no sync says how it is read. */
  readonly read: CellReader | null
}

/** All that a rule may know of a cell. */
export interface Cell {
  readonly text: string
  /** Undefined for a column that nobody uses. */
  readonly use: Use | undefined
  readonly column: ColumnFacts
  /** What the store holds there; undefined where it is not known. */
  readonly known: Value | undefined
  /** The column is the whole key of its sync, and these are the store's keys. */
  readonly keys: KeyIndex | undefined
}

/** What a rule says of a cell. `told`: it was said of the column as a whole. */
export type Verdict = { readonly problem: string; readonly repair: string | null } | 'told' | undefined

export type CellRule = (cell: Cell) => Verdict
