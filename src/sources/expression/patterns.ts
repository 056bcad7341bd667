import { RE2JS, RE2JSException } from 're2js'
import { type ExpressionFunction, literal, text, Unusable } from './function.ts'
import { short } from './texts.ts'

/** Regular expressions of RE2: no look-around and no back references, and a time that only grows as the text does. */
export const patternFunctions = (): readonly ExpressionFunction[] => {
  const compiled = new Map<string, RE2JS>()
  const matcherOf = (pattern: string, x: string) => {
    if (x.length > LONGEST) throw new Unusable(`a text of more than ${LONGEST} characters`)
    let known = compiled.get(pattern)
    if (!known) {
      known = RE2JS.compile(pattern)
      compiled.set(pattern, known)
    }
    return known.matcher(x)
  }
  return [
    {
      name: 'matches',
      params: [text('x'), PATTERN],
      gives: 'bool',
      call: (x: string, pattern: string) => matcherOf(pattern, x).find(),
    },
    {
      name: 'extract',
      params: [text('x'), PATTERN],
      gives: 'string',
      call: (x: string, pattern: string) => {
        const matcher = matcherOf(pattern, x)
        if (!matcher.find()) return ''
        return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? ''
      },
    },
    {
      name: 'replace_re',
      params: [text('x'), PATTERN, text('new')],
      gives: 'string',
      call: (x: string, pattern: string, next: string) => {
        if (x.length * (next.length + 1) > MOST_REPLACED) throw new Unusable('a text too long to replace in')
        return short(matcherOf(pattern, x).replaceAll(() => next))
      },
    },
  ]
}

const LONGEST = 100_000
const MOST_REPLACED = 10_000_000
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
