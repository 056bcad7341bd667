import type { Value } from '../../model/index.ts'
import type { Cell, CellRule, Use } from './finding.ts'
import { type Spelling, spellings } from './spellings.ts'

/** Numbers in another manner than the others of their column (`1.234,56` among `1,234.56`). */
export const decimals: CellRule = (cell) => {
  const { text, use, column } = cell
  if (!use || !isNumber(use)) return undefined
  const found = spellings(text)
  if (!found.length) return undefined
  const declared = signOf(use)
  if (found.every(({ sign }) => sign === null)) return undefined
  if (mannerOf(use, column.signs) === 'other' && found.some(({ sign }) => sign !== declared)) return 'told'
  const reads = use.read ? !('reason' in use.read(text)) : found.some(({ sign }) => sign === declared)
  const isDoubtful = found.length > 1 && column.signs[declared === '.' ? ',' : '.'] > 0
  if (reads && !isDoubtful) return undefined
  const meant = theOne(cell, found)
  if (!meant) return found.length > 1 ? { problem: 'a number that may be read in two ways', repair: null } : undefined
  // As it reads, or wrong for another reason.
  if (meant.sign === declared && written(use, meant) === text) return undefined
  if (reads && meant.sign === declared) return undefined
  return { problem: 'a number in another manner than its column', repair: written(use, meant) }
}

export type Signs = Readonly<Record<'.' | ',', number>>

/** How the numbers of a column are written, where that is certain: `other` when all of them differ from what is declared. */
export const mannerOf = (use: Use, signs: Signs): 'declared' | 'mixed' | 'other' => {
  const declared = signOf(use)
  const other = signs[declared === '.' ? ',' : '.']
  if (other === 0) return 'declared'
  return signs[declared] === 0 ? 'other' : 'mixed'
}

export const isNumber = ({ facts: { kind } }: Use): boolean =>
  kind === 'money' || kind === 'decimal' || kind === 'integer'

export const signOf = ({ rule }: Use): '.' | ',' => rule?.format?.decimal ?? '.'

/** Without thousands, which read the same whether they are declared or not. */
export const written = (use: Use, { digits }: Pick<Spelling, 'digits'>): string => {
  const whole = use.facts.kind === 'integer' ? digits.replace(/\.0+$/, '') : digits
  return whole.replace('.', signOf(use))
}

/** The meaning that is certain, or that the store's value tells. */
const theOne = ({ use, known }: Cell, found: readonly Spelling[]): Spelling | undefined => {
  const possible = use?.facts.kind === 'integer' ? found.filter(({ digits }) => /^-?\d+(?:\.0+)?$/.test(digits)) : found
  if (possible.length === 1) return possible[0]
  const near = possible.filter(({ digits }) => isNear(Number(digits), known))
  return near.length === 1 ? near[0] : undefined
}

const isNear = (value: number, known: Value | undefined): boolean => {
  const there = typeof known === 'string' || typeof known === 'number' ? Number(known) : Number.NaN
  return there > 0 && value >= there / 2 && value <= there * 2
}
