/**
 * What makes text unfit before its meaning is asked, to follow "is": characters that are no text, and in a key also those that
 * nobody sees and what spreadsheets make of long numbers. Undefined when it is fit.
 */
export const unfit = (text: string, use: 'key' | 'value'): string | undefined => {
  if (text.length > LONGEST) return `longer than ${LONGEST} characters`
  if (!PRINTABLE.test(text)) {
    const broken = BROKEN.exec(text)?.[0]
    if (broken !== undefined) return `text with ${describe(broken)}`
    const hidden = use === 'key' ? INVISIBLE.exec(text)?.[0] : undefined
    if (hidden !== undefined) return `text with the invisible character ${codePoint(hidden)} in the key`
  }
  if (use === 'key' && SCIENTIFIC.test(text)) {
    return 'a number that a spreadsheet has shortened; format the column as text and export again'
  }
  return undefined
}

const describe = (character: string): string => {
  if (/\p{Cc}/u.test(character)) return `the control character ${codePoint(character)}`
  return `a character that could not be decoded (${codePoint(character)})`
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const LONGEST = 1_000_000

/** Nearly every cell, found out at once. */
const PRINTABLE = /^[\x20-\x7e]*$/
/** Controls other than tab and line endings, halves of surrogate pairs, and the mark of an earlier failed decoding. */
const BROKEN = /(?![\t\n\r])\p{Cc}|\p{Cs}|\ufffd/u
/** Format characters, spaces other than the plain one, line ends, fillers. */
const INVISIBLE = /\p{Cf}|(?! )\p{Z}|[\t\n\r\u115f\u1160\u3164\uffa0]|\u034f/u
const SCIENTIFIC = /^\d(?:[.,]\d+)?E\+\d+$/i
