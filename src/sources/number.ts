import { type NumberFormat, UsageError } from '../model/index.ts'

/** A number as plain digits with a point, or why the text is none, to follow "is". */
export type NumberReading = { readonly digits: string } | { readonly reason: string }

/**
 * Reader of numbers written in one way: digits, a minus before them, the declared decimal sign and, where declared,
 * thousands in groups of three. Exponents, currencies, percents, hexadecimals and missing digits are no numbers.
 * @throws {UsageError} when the format's two signs are the same.
 */
export const numberReader = (format: NumberFormat = { decimal: '.' }): ((text: string) => NumberReading) => {
  const { decimal, thousands } = format
  if (decimal === thousands) {
    throw new UsageError(`a number format has "${decimal}" both as its decimal sign and between thousands`, {
      where: 'format',
      hint: 'name two different signs, or leave "thousands" out',
    })
  }
  const grouped = thousands && `\\d{1,3}([${SEPARATORS[thousands]}])\\d{3}(?:\\3\\d{3})*|`
  const pattern = new RegExp(`^(-?)(${grouped ?? ''}\\d+)(?:[${decimal}](\\d+))?$`)
  return (text) => {
    const parts = pattern.exec(text)
    if (!parts) return { reason: whyNot(text) }
    const [, sign = '', whole = ''] = parts
    const fraction = parts.at(-1)
    const digits = thousands === undefined ? whole : whole.replace(/\D/g, '')
    if (digits.length > MOST_DIGITS) return { reason: 'a number too large' }
    return { digits: `${sign}${digits}${fraction === undefined ? '' : `.${fraction}`}` }
  }
}

/** Before the decimal sign. */
const MOST_DIGITS = 12

/** Programs write a space between thousands as one that does not break, and the Swiss a typographic apostrophe. */
const SEPARATORS = { '.': '.', ',': ',', ' ': ' \u00a0\u202f', "'": "'\u2019" } as const

const whyNot = (text: string): string => {
  if (text.length > LONGEST_CLUE) return 'not a number'
  const clue = CLUES.find(([pattern]) => pattern.test(text))
  return clue ? `not a number: ${clue[1]}` : 'not a number'
}

/** Longer texts were not meant as numbers, and the clues would take long to look for. */
const LONGEST_CLUE = 200

const CLUES: readonly (readonly [RegExp, string])[] = [
  [/^[-+]?[\d.,]+e[-+]?\d+$/i, 'it has an exponent'],
  [/^[-+]?0x[\da-f]+$/i, 'it is hexadecimal'],
  [/^[^\d]*\p{Sc}|\p{Sc}[^\d]*$|^[A-Z]{3} ?[-\d]|\d ?[A-Z]{3}$/u, 'it has a currency'],
  [/%$/, 'it has a percent sign'],
  [/^[-+]?\d[\d.,' \u00a0\u202f\u2019]*\d$/, 'its signs are not those of "format"'],
]
