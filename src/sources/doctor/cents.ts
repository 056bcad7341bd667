import { canonicalDecimal } from '../../model/index.ts'
import { written } from './decimals.ts'
import type { Cell, CellRule, Use } from './finding.ts'
import { spellings } from './spellings.ts'

/** Amounts that are a hundred times what the store has, in a column of which most are. */
export const cents: CellRule = (cell) => {
  const { use, column, text, known } = cell
  if (!use || !column.inCents.has(use)) return undefined
  const amount = amountOf(use, text)
  if (amount === undefined || Number(amount) === 0) return undefined
  const times = timesOf(amount, known)
  if (times !== undefined && times < FAR) return undefined
  return { problem: 'an amount in cents', repair: written(use, { digits: hundredth(amount) }) }
}

/** Below it a value in a column of cents is none. */
const FAR = 10

/** Whether the cell is about a hundred times the store's value; undefined where that cannot be told. */
export const isHundredfold = ({ use, text, known }: Pick<Cell, 'text' | 'known'> & { readonly use: Use }) => {
  if (use.facts.kind !== 'money') return undefined
  const amount = amountOf(use, text)
  const times = amount === undefined ? undefined : timesOf(amount, known)
  return times === undefined || times === 0 ? undefined : times >= 80 && times <= 125
}

const timesOf = (amount: string, known: unknown): number | undefined => {
  const there = typeof known === 'string' ? Number(known) : Number.NaN
  return there > 0 ? Number(amount) / there : undefined
}

/** With at most two decimals, so that a hundredth has no more than the four that a store keeps. */
const amountOf = (use: Use, text: string): string | undefined => {
  const [only, more] = spellings(text)
  if (!only || more || (use.read && 'reason' in use.read(text))) return undefined
  return /^\d+(?:\.\d{1,2})?$/.test(only.digits) ? only.digits : undefined
}

const hundredth = (amount: string): string => {
  const [whole = '', fraction = ''] = (canonicalDecimal(amount) ?? amount).split('.')
  const digits = whole.padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`
}
