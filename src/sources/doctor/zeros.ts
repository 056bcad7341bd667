import type { Cell, CellRule } from './finding.ts'
import { isTradeNumber } from './identifier.ts'

/** Numbers of the trade and SKUs that lost their leading zeros. */
export const zeros: CellRule = (cell) => {
  if (!cell.use || !/^[1-9]\d*$/.test(cell.text)) return undefined
  const repair = knownSpelling(cell) ?? (isTradeNumber(cell.use) ? tradeNumber(cell) : undefined)
  if (repair === undefined || repair === cell.text) return undefined
  return { problem: 'a number without its leading zeros', repair }
}

/** As the store has it; its own text when the store has it so. */
const knownSpelling = ({ text, use, known, keys }: Cell): string | undefined => {
  if (use?.role === 'key' && keys) return keys.has(text) ? text : keys.withZeros(text)
  const isText = use?.facts.kind === 'text' && typeof known === 'string'
  return isText && /^\d+$/.test(known) && known.replace(/^0+/, '') === text ? known : undefined
}

/** A leading zero leaves the check digit right, so it tells whether these are the last digits of a whole number. */
const tradeNumber = ({ text, use }: Cell): string | undefined => {
  const width = widthOf(use?.column ?? '')
  const isShort = text.length >= SHORTEST && text.length < width
  return isShort && hasCheckDigit(text) ? text.padStart(width, '0') : undefined
}

const SHORTEST = 11

const widthOf = (column: string): number => {
  const name = column.toLowerCase()
  if (/gtin.?14|itf/.test(name)) return 14
  return /\bean\b|ean.?13|gtin.?13/.test(name) && !/upc/.test(name) ? 13 : 12
}

/** GS1: digits weigh 3 and 1 in turn from the right, the check digit 1; the sum is a multiple of 10. */
const hasCheckDigit = (digits: string): boolean => {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1)
    sum += Number(digits[digits.length - 1 - place]) * (place % 2 ? 3 : 1)
  return sum % 10 === 0
}
