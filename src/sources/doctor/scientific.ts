import type { CellRule } from './finding.ts'
import { isIdentifier } from './identifier.ts'

/** `8.41E+12` where a GTIN or a SKU should stand. The digits that are gone come from the store, or from nowhere. */
export const scientific: CellRule = ({ text, use, known, keys }) => {
  if (!use || !isIdentifier(use) || !SHORTENED.test(text)) return undefined
  const digits = typeof known === 'string' && sameShortened(known, text) ? known : keys?.shownAs(text)
  return { problem: 'a number that a spreadsheet has shortened', repair: digits ?? wholeDigits(text) ?? null }
}

const SHORTENED = /^\d(?:[.,]\d+)?E\+\d+$/i

/** Whether a spreadsheet that has no room for a number shows it so. */
export const sameShortened = (digits: string, text: string): boolean => {
  if (!/^\d+$/.test(digits)) return false
  const [, mantissa = '', exponent = ''] = PARTS.exec(text) ?? []
  const places = mantissa.length > 1 ? mantissa.length - 2 : 0
  return Number(digits).toExponential(places) === `${mantissa.replace(',', '.')}e+${Number(exponent)}`
}

/** All digits, where the text still has them: `8.412345678905E+12`. */
const wholeDigits = (text: string): string | undefined => {
  const [, mantissa = '', exponent = ''] = PARTS.exec(text) ?? []
  const digits = mantissa.replace(/[.,]/, '')
  return digits.length === Number(exponent) + 1 ? digits : undefined
}

const PARTS = /^(\d(?:[.,]\d+)?)E\+(\d+)$/i
