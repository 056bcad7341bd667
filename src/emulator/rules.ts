import { canonicalDecimal, roundDecimal } from '../model/index.ts'
import { invalid, refuse } from './answers.ts'

/** Reads one field of a request body; throws a `BadValue` when the API does not take it. */
export type Rule = (value: unknown) => unknown
export type Rules = Readonly<Record<string, Rule>>
export type Body = Readonly<Record<string, unknown>>

class BadValue extends Error {}

/**
 * The fields of a body that the rules know, as they are stored; what they do not know is ignored, as the API does.
 * @throws {Refusal} 422 naming every bad field.
 */
export const readFields = (body: Body, rules: Rules): Record<string, unknown> => {
  const fields: Record<string, unknown> = {}
  const errors: Record<string, string> = {}
  for (const [name, value] of Object.entries(body)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule || value === undefined) continue
    try {
      fields[name] = rule(value)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      errors[name] = error.message
    }
  }
  const bad = Object.keys(errors)
  return bad.length ? refuse(invalid(`The field '${bad[0]}' is invalid.`, errors)) : fields
}

/** @throws {Refusal} 422 naming every field that is missing. */
export const needFields = (body: Body, names: readonly string[]): void => {
  const missing = names.filter((name) => body[name] === undefined)
  const errors = Object.fromEntries(missing.map((name) => [name, `Please provide a ${name}.`]))
  if (missing.length) refuse(invalid('Missing Required Fields', errors))
}

/** @throws {Refusal} 422 when the body is no object. */
export const objectOf = (body: unknown): Body =>
  body !== null && typeof body === 'object' && !Array.isArray(body)
    ? (body as Body)
    : refuse(invalid('JSON data is missing or invalid', { '': 'error.expected.jsobject' }))

/** @throws {Refusal} 422 when the body is no array of objects. */
export const arrayOf = (body: unknown): readonly Body[] =>
  Array.isArray(body)
    ? body.map(objectOf)
    : refuse(invalid('JSON data is missing or invalid', { '': 'error.expected.jsarray' }))

/** A number of the path; NaN finds nothing. */
export const idOf = (text: string | undefined): number => (/^\d+$/.test(text ?? '') ? Number(text) : Number.NaN)

const bad = (reason: string): never => {
  throw new BadValue(reason)
}

export const text =
  (max = Number.POSITIVE_INFINITY, min = 0): Rule =>
  (value) => {
    if (typeof value !== 'string') return bad('must be a string')
    const { length } = value
    return length > max || length < min ? bad(`must be between ${min} and ${max} characters long`) : value
  }

/** Up to 4 decimals, rounded half up; numeric strings such as `.10` are taken. */
export const amount =
  (min = 0, max = 9_999_999_999): Rule =>
  (value) => {
    const whole = typeof value === 'string' ? value.replace(/^\./, '0.') : value
    const plain = typeof whole === 'number' || typeof whole === 'string' ? canonicalDecimal(whole) : undefined
    if (plain === undefined) return bad('must be a number')
    const number = Number(roundDecimal(plain, 4))
    return number < min || number > max ? bad(`must be between ${min} and ${max}`) : number
  }

export const whole =
  (min = 0, max = 2_147_483_647): Rule =>
  (value) => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (!Number.isInteger(number)) return bad('must be a whole number')
    return (number as number) < min || (number as number) > max ? bad(`must be between ${min} and ${max}`) : number
  }

/** A level above the maximum is taken as the maximum. */
export const stock: Rule = (value) => Math.min(whole(0, Number.MAX_SAFE_INTEGER)(value) as number, 2_147_483_647)

export const flag: Rule = (value) => (typeof value === 'boolean' ? value : bad('must be true or false'))

export const oneOf =
  (...values: readonly string[]): Rule =>
  (value) =>
    values.includes(value as string) ? value : bad(`must be one of ${values.join(', ')}`)

export const idList =
  (max = Number.POSITIVE_INFINITY, min = 1): Rule =>
  (value) => {
    const fine = Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= min)
    if (!fine) return bad('must be a list of ids')
    return value.length > max ? bad(`must have at most ${max} entries`) : [...new Set(value)]
  }

export const textList: Rule = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : bad('must be a list of strings')

export const moment: Rule = (value) =>
  typeof value === 'string' && (value === '' || !Number.isNaN(Date.parse(value))) ? value : bad('must be a date')

/** An address, or nothing. */
export const email: Rule = (value) =>
  typeof value === 'string' && /^$|^[^\s@]+@[^\s@]+$/.test(value) ? value : bad('must be a valid email')

export const orNull =
  (rule: Rule, instead: unknown = null): Rule =>
  (value) =>
    value === null ? instead : rule(value)

/** Kept as sent. */
export const anything: Rule = (value) => value
