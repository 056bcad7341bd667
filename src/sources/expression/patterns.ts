import { RE2JS, RE2JSException } from 're2js'
import { type ExpressionFunction, literal, text, Unusable } from './function.ts'
import { LONGEST } from './texts.ts'

/** Regular expressions of RE2: no look-around and no back references, and a time that only grows as text and pattern do. */
export const patternFunctions = (): readonly ExpressionFunction[] => {
  const compiled = new Map<string, Compiled>()
  const compiledOf = (source: string): Compiled => {
    const known = compiled.get(source)
    if (known) return known
    const pattern = RE2JS.compile(source)
    const made = { pattern, size: pattern.programSize() }
    compiled.set(source, made)
    return made
  }
  const matcherOf = (x: string, source: string) => {
    const { pattern, size } = compiledOf(source)
    if (x.length * size > MOST_STEPS) throw new Unusable(`a text of ${x.length} characters is too long for the pattern`)
    return pattern.matcher(x)
  }
  return [
    {
      name: 'matches',
      params: [text('x'), PATTERN],
      gives: 'bool',
      call: (x: string, pattern: string) => matcherOf(x, pattern).find(),
    },
    {
      name: 'extract',
      params: [text('x'), PATTERN],
      gives: 'string',
      call: (x: string, pattern: string) => {
        const matcher = matcherOf(x, pattern)
        if (!matcher.find()) return ''
        return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? ''
      },
    },
    {
      name: 'replace_re',
      params: [text('x'), PATTERN, text('new')],
      gives: 'string',
      call: (x: string, pattern: string, next: string) => {
        // Looking for the next match may go through the whole text each time.
        let left = MOST_STEPS / (x.length * compiledOf(pattern).size + 1)
        let length = x.length
        return matcherOf(x, pattern).replaceAll(() => {
          left -= 1
          length += next.length
          if (left < 0) throw new Unusable(`too many matches in a text of ${x.length} characters`)
          if (length > LONGEST) throw new Unusable(`a text of more than ${LONGEST} characters`)
          return next
        })
      },
    },
  ]
}

interface Compiled {
  readonly pattern: RE2JS
  /** Instructions, each of which a character may pass. */
  readonly size: number
}

const MOST_STEPS = 100_000_000
const LONGEST_PATTERN = 200

const wrongPattern = (pattern: string): string | undefined => {
  if (pattern.length > LONGEST_PATTERN) return `is longer than ${LONGEST_PATTERN} characters`
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (cause) {
    if (cause instanceof RE2JSException) return `is no regular expression of RE2: ${cause.message}`
    throw cause
  }
}

const PATTERN = literal('pattern', wrongPattern)
