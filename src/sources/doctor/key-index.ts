import { sameShortened } from './scientific.ts'

/** The store's keys by what spreadsheets make of them. */
export interface KeyIndex {
  has(text: string): boolean
  /** The one key that is `digits` with zeros before it; undefined when there is none, or several. */
  withZeros(digits: string): string | undefined
  /** The one key of digits that is shown as `text`, such as `8.41E+12`; undefined when there is none, or several. */
  shownAs(text: string): string | undefined
}

/** Holds only those keys that begin with a zero, and numbers long enough to be shortened. */
export const keyIndex = (keys: Iterable<string>, has: (text: string) => boolean): KeyIndex => {
  const bare = new Map<string, string | undefined>()
  const long: string[] = []
  for (const key of keys) {
    if (!/^\d+$/.test(key)) continue
    const digits = key.replace(/^0+/, '')
    if (digits !== key) bare.set(digits, bare.has(digits) ? undefined : key)
    if (digits.length >= SHORTENED_FROM) long.push(key)
  }
  const shown = new Map<string, string | undefined>()
  return {
    has,
    withZeros: (digits) => bare.get(digits),
    shownAs: (text) => {
      if (!shown.has(text)) {
        const found = long.filter((key) => sameShortened(key, text))
        shown.set(text, found.length === 1 ? found[0] : undefined)
      }
      return shown.get(text)
    },
  }
}

/** Digits of a number that a spreadsheet may show with an exponent. */
const SHORTENED_FROM = 5
