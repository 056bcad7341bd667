import { type Field, type FieldRule, sameValue, type Value } from '../model/index.ts'
import type { CellReader } from './cell.ts'

/**
 * Writer of the cells of a mapped field: the inverse of its reader. A text that the reader would not take for the value again is
 * none.
 */
export const cellWriter =
  (field: Field, rule: FieldRule | undefined, read: CellReader) =>
  (value: Value, there: string): string | undefined =>
    candidates(field, rule, value, there).find((text) => means(read, text, value))

const candidates = (field: Field, rule: FieldRule | undefined, value: Value, there: string): readonly string[] => {
  const clears = rule?.clear ?? []
  // A blank cell that says nothing would leave the field to the store; a word that clears it says so.
  if (value === null) return rule?.blank === 'clear' ? ['', ...clears] : [...clears, '']
  const plain = plainTexts(field, rule, value, there)
  // A cell whose text stands for another one is written as its owner writes it.
  const meant = Object.entries(rule?.map ?? {}).filter(([, text]) => plain.includes(text))
  return [...meant.map(([text]) => text), ...plain, ...clears]
}

const plainTexts = (field: Field, rule: FieldRule | undefined, value: Value, there: string): readonly string[] => {
  switch (field.kind) {
    case 'money':
    case 'decimal':
      return [padded(String(value), there, rule?.format?.decimal ?? '.')]
    case 'flag':
      return inTheManner(value === true, there)
    case 'ids':
      if (there.startsWith('[')) return [JSON.stringify(value)]
      return [(Array.isArray(value) ? value : []).join(there.includes('|') ? '|' : there.includes(';') ? ';' : ',')]
    case 'json':
      return [JSON.stringify(value)]
    default:
      return [String(value)]
  }
}

/** With as many decimal places as the cell had, where the value has no more. */
const padded = (value: string, there: string, sign: string): string => {
  const [whole = '', fraction = ''] = value.split('.')
  const places = there.includes(sign) ? there.length - there.lastIndexOf(sign) - 1 : 0
  const digits = fraction.padEnd(places, '0')
  return digits ? `${whole}${sign}${digits}` : whole
}

const PAIRS = [
  ['true', 'false'],
  ['yes', 'no'],
  ['1', '0'],
] as const

const inTheManner = (value: boolean, there: string): readonly string[] => {
  const pair = PAIRS.find((words) => words.some((word) => word === there.trim().toLowerCase())) ?? PAIRS[0]
  const word = value ? pair[0] : pair[1]
  const letters = there.trim()
  if (/^[A-Z]+$/.test(letters)) return [word.toUpperCase()]
  return [/^[A-Z]/.test(letters) ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word]
}

const means = (read: CellReader, text: string, value: Value): boolean => {
  const cell = read(text)
  if ('reason' in cell) return false
  return cell.value === undefined ? value === null : sameValue(cell.value, value)
}
