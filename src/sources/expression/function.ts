import type { NumberFormat } from '../../model/index.ts'

/** One function of the language: pure, and done in a time that is bounded by the lengths of its values. */
export interface ExpressionFunction {
  readonly name: string
  readonly params: readonly Param[]
  /** How many of the values must be given; all when absent. */
  readonly least?: number
  /** The last value may be given again and again, up to `MOST_VALUES` in all. */
  readonly repeats?: true
  readonly gives: 'string' | 'int' | 'bool' | 'list<string>'
  /** The text that it gives is an amount: plain digits with a point, or blank. */
  readonly amount?: true
  /** It takes a fact of the store out of the table `OF_STORE`: always, or where it is told "store". */
  readonly ofStore?: 'always' | 'told'
  /** @throws {Unusable} when the values cannot be computed with. */
  readonly call: (...values: never[]) => string | bigint | boolean | readonly string[]
}

export interface Param {
  readonly name: string
  readonly takes: 'amount' | 'text' | 'count' | 'list'
  /** The value stands in the expression itself: what is wrong with it, or undefined. */
  readonly literal?: (value: string) => string | undefined
}

/** What a function needs from where its expression stands. */
export interface Surroundings {
  /** How numbers are written in the source; plain digits with a point when absent. */
  readonly format?: NumberFormat | undefined
  readonly tables: TableReader
}

/** Tables that `lookup` finds values in. */
export interface TableReader {
  readonly names: readonly string[]
  /** Without a column: the one that its configuration names. */
  find(table: string, key: string, column: string | null): string | undefined
}

/** The table of what the store measures in; no name of a table in a configuration. Its keys are `weight`, `length` and `places`. */
export const OF_STORE = '@store'
/** Stands in an expression for the store's own unit. */
export const STORE = 'store'

/** @throws {Unusable} when the store was not asked. */
export const storeFact = ({ find }: TableReader, fact: 'weight' | 'length' | 'places'): string => {
  const known = find(OF_STORE, fact, null)
  if (known === undefined) throw new Unusable(`the store does not say its ${fact}`)
  return known
}

/** A value that cannot be computed with; the message says why, and the row is rejected. */
export class Unusable extends Error {}

export const MOST_VALUES = 10

export const amount = (name: string): Param => ({ name, takes: 'amount' })
export const text = (name: string): Param => ({ name, takes: 'text' })
export const count = (name: string): Param => ({ name, takes: 'count' })
export const list = (name: string): Param => ({ name, takes: 'list' })
export const literal = (name: string, wrong: (value: string) => string | undefined): Param => ({
  name,
  takes: 'text',
  literal: wrong,
})
/** One of a few words. */
export const word = (name: string, words: readonly string[]): Param =>
  literal(name, (value) => (words.includes(value) ? undefined : `must be one of ${words.join(', ')}`))
