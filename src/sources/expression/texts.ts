import { count, type ExpressionFunction, list, text, Unusable } from './function.ts'

export const textFunctions = (): readonly ExpressionFunction[] => [
  plain('trim', (x) => x.trim()),
  plain('upper', (x) => x.toUpperCase()),
  plain('lower', (x) => x.toLowerCase()),
  plain('title', (x) => x.toLowerCase().replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase())),
  plain('slug', slug),
  plain('text_to_html', textToHtml),
  plain('strip_html', stripHtml),
  {
    name: 'replace',
    params: [text('x'), text('old'), text('new')],
    gives: 'string',
    call: (x: string, old: string, next: string) => replaceAll(x, old, next),
  },
  {
    name: 'split',
    params: [text('x'), text('separator')],
    gives: 'list<string>',
    call: (x: string, separator: string) => split(x, separator),
  },
  {
    name: 'join',
    params: [list('parts'), text('separator')],
    gives: 'string',
    call: (parts: readonly string[], separator: string) => short(parts.join(separator)),
  },
  {
    name: 'left',
    params: [text('x'), count('characters')],
    gives: 'string',
    call: (x: string, characters: bigint) =>
      [...x.slice(0, 2 * lengthOf(characters))].slice(0, lengthOf(characters)).join(''),
  },
  {
    name: 'right',
    params: [text('x'), count('characters')],
    gives: 'string',
    call: (x: string, characters: bigint) => {
      const wanted = lengthOf(characters)
      return wanted === 0 ? '' : [...x.slice(-2 * wanted)].slice(-wanted).join('')
    },
  },
  {
    name: 'pad',
    params: [text('x'), count('characters'), text('with')],
    least: 2,
    gives: 'string',
    call: (x: string, characters: bigint, filling = '0') => x.padStart(lengthOf(characters), filling),
  },
  {
    name: 'concat',
    params: [text('a'), text('b')],
    repeats: true,
    gives: 'string',
    call: (...parts: string[]) => short(parts.join('')),
  },
  {
    name: 'blank',
    params: [text('x')],
    gives: 'bool',
    call: (x: string) => x.trim() === '',
  },
  {
    name: 'coalesce',
    params: [text('a'), text('b')],
    repeats: true,
    gives: 'string',
    call: (...values: string[]) => values.find((value) => value.trim() !== '') ?? '',
  },
]

/** Characters of any text in an expression, as of a cell. */
export const LONGEST = 1_000_000

/** @throws {Unusable} when it is longer than any text may be. */
export const short = (made: string): string => {
  if (made.length > LONGEST) throw new Unusable(`a text of more than ${LONGEST} characters`)
  return made
}

const plain = (name: string, call: (x: string) => string): ExpressionFunction => ({
  name,
  params: [text('x')],
  gives: 'string',
  call: (x: string) => short(call(x)),
})

const lengthOf = (characters: bigint): number => {
  if (characters < 0n || characters > MOST_CHARACTERS) throw new Unusable(`characters are 0 to ${MOST_CHARACTERS}`)
  return Number(characters)
}

const MOST_CHARACTERS = 10_000n

const replaceAll = (x: string, old: string, next: string): string => {
  if (old === '') throw new Unusable('nothing can be replaced by a text: the text to replace is empty')
  const parts = x.split(old)
  if (x.length + (parts.length - 1) * (next.length - old.length) > LONGEST) return short(' '.repeat(LONGEST + 1))
  return parts.join(next)
}

const split = (x: string, separator: string): readonly string[] => {
  if (separator === '') throw new Unusable('a text cannot be split at nothing')
  const parts = x.split(separator, MOST_PARTS + 1)
  if (parts.length > MOST_PARTS) throw new Unusable(`a text of more than ${MOST_PARTS} parts`)
  return parts.map((part) => part.trim())
}

const MOST_PARTS = 1000

const slug = (x: string): string =>
  x
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .split(/[^\p{L}\p{N}]/u)
    .filter(Boolean)
    .join('-')

const textToHtml = (x: string): string =>
  x
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .reduce<string[][]>(
      (paragraphs, line) => {
        if (line.trim() === '') paragraphs.push([])
        else paragraphs.at(-1)?.push(escaped(line.trim()))
        return paragraphs
      },
      [[]],
    )
    .filter((lines) => lines.length)
    .map((lines) => `<p>${lines.join('<br>')}</p>`)
    .join('\n')

const escaped = (x: string): string => x.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign)

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What a reader of the page would see, on one line. Scripts, styles and comments go with what they hold. */
const stripHtml = (x: string): string => {
  const lower = x.toLowerCase()
  const seen: string[] = []
  let at = 0
  while (at < x.length) {
    const open = x.indexOf('<', at)
    if (open < 0) break
    seen.push(x.slice(at, open))
    const element = HIDDEN.find(({ opens }) => lower.startsWith(opens, open))
    const close = element ? lower.indexOf(element.closes, open) : open
    const end = close < 0 ? -1 : x.indexOf('>', close)
    // What is never closed is not seen either.
    at = end < 0 ? x.length : end + 1
    seen.push(' ')
  }
  seen.push(x.slice(at))
  const shown = seen.join('').replace(/&(?:#39|amp|lt|gt|quot|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
  return shown.split(/\s/).filter(Boolean).join(' ')
}

const HIDDEN = [
  { opens: '<script', closes: '</script' },
  { opens: '<style', closes: '</style' },
  { opens: '<!--', closes: '-->' },
] as const

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}
