import { canonicalDecimal, places, roundDecimal } from './decimal.ts'
import { stableJson, type Value } from './value.ts'

export type Kind = 'integer' | 'text' | 'money' | 'decimal' | 'flag' | 'timestamp' | 'ids' | 'json'

/**
 * What is known of one field of a resource. Every part of Skiff that handles a field (column, parsing, comparison, request
 * body, documentation, emulator storage) reads these facts and no others.
 */
export interface Field {
  readonly kind: Kind
  readonly about?: string
  /** The API may answer `null`, and `null` may be sent. */
  readonly nullable?: true
  /** The server writes it: never sent, never compared. */
  readonly readOnly?: true
  /** Read-only, but for a create: it sets what nothing changes afterwards. */
  readonly atCreate?: true
  /** As a part of a key it may hold nothing, which names another row than any value does. */
  readonly blankKey?: true
  /** Read-only and changing by itself (statistics, dates): a change of it counts as none and is not logged. */
  readonly noise?: true
  /** A create without it is refused. */
  readonly required?: true
  /** A sync that creates has to say it, and this is what it may say of all new rows: how one is sold hangs on it. */
  readonly forNew?: Value
  /** Name of the resource whose key this field holds. */
  readonly ref?: string
  /** Of JSON: paths inside the value that hold keys of other resources: `{ '[].category_id': 'categories' }`. */
  readonly refs?: Readonly<Record<string, string>>
  /** The resource whose key it holds is told by another field of the row, by that one's value; any other value means none that is known. */
  readonly refBy?: { readonly field: string; readonly of: Readonly<Record<string, string>> }
  /** Text: characters. Numbers: the value. */
  readonly max?: number
  readonly min?: number
  readonly values?: readonly string[]
  /** Path in the API's body, the field's name when absent. A leading `^` starts at the enclosing object. */
  readonly at?: string
  /** The API takes it and never tells it: what was sent is remembered (`Sent` of the resource). */
  readonly untold?: true
  /** An address that the store fetches a picture from: one that it cannot fetch may have it refuse the row. */
  readonly fetched?: true
  /** Name in request bodies where it differs from the one that is read. */
  readonly writeAs?: string
  /** It is sent in the form of the older API: amounts as text, moments as RFC 2822. */
  readonly v2?: true
  /** What the server fills in when a create leaves it out. */
  readonly fill?: unknown
  /** The API's way to say "not set" (0 or ""); canonical form is `null`, and a clear sends that value. */
  readonly unset?: 'zero' | 'empty'
  /** Of a list of objects in a row of its own: the names that a request holds; the store adds the others. */
  readonly sends?: readonly string[]
  /** Of JSON: a cell is a text as it stands, unless it is a list in its brackets. */
  readonly plain?: true
  /** The order of the elements means nothing. */
  readonly unordered?: true
  /** Case tells no two texts apart; the API answers in small letters, which is the canonical form. */
  readonly lower?: true
  /** A path of the storefront: a slash at its end tells no two apart, and the canonical form has none. */
  readonly path?: true
  /**
   * What guards watch: an amount that buyers pay, what they pay in the end as the server reckons, an amount that no price may go
   * below, a stock figure, or whether buyers see the row.
   */
  readonly role?: 'price' | 'paid' | 'floor' | 'stock' | 'visible'
  /** A price that lies below another one on purpose. */
  readonly reduced?: true
  /** Uniqueness in the store: `exact`, or `nocase` where case does not tell two values apart. */
  readonly unique?: 'exact' | 'nocase'
  /** The store gives a new row another value where the one asked for is taken, or makes one of its own. */
  readonly granted?: true
}

type Facts = Omit<Field, 'kind'>

export const integer = (facts: Facts = {}): Field => ({ kind: 'integer', ...facts })
export const text = (facts: Facts = {}): Field => ({ kind: 'text', ...facts })
/** An amount in the store's currency, 4 decimal places. */
export const money = (facts: Facts = {}): Field => ({ kind: 'money', ...facts })
/** Any other exact number (weight, size), 4 decimal places. */
export const decimal = (facts: Facts = {}): Field => ({ kind: 'decimal', ...facts })
export const flag = (facts: Facts = {}): Field => ({ kind: 'flag', ...facts })
/** A moment, canonical as UTC ISO-8601 to the second; reads ISO-8601, RFC 2822 and unix seconds. */
export const timestamp = (facts: Facts = {}): Field => ({ kind: 'timestamp', ...facts })
/** A list of numeric ids. */
export const ids = (facts: Facts = {}): Field => ({ kind: 'ids', ...facts })
export const json = (facts: Facts = {}): Field => ({ kind: 'json', ...facts })
export const readOnly = (field: Field): Field => ({ ...field, readOnly: true })
/** Set by a create and by nothing else. */
export const createOnly = (field: Field): Field => ({ ...field, readOnly: true, atCreate: true })
export const noise = (field: Field): Field => ({ ...field, readOnly: true, noise: true })

/**
 * The canonical form of what the API, a file or a plan holds for a field.
 * @throws {TypeError} whose message is a reason that fits after "is": "not a whole number", "longer than 250 characters".
 */
export const canonical = (field: Field, raw: unknown): Value => {
  if (raw === undefined || raw === null) return null
  const value = PARSE[field.kind](raw, field)
  if (field.unset === 'zero' && (value === '0' || value === 0)) return null
  if (field.unset === 'empty' && value === '') return null
  return value
}

/** What to send for a canonical value: decimals as JSON numbers, "not set" in the API's own way. */
export const wire = (field: Field, value: Value): unknown => {
  if (value === null) return field.nullable ? null : field.unset === 'zero' ? 0 : field.unset === 'empty' ? '' : null
  if (field.kind === 'timestamp' && field.v2) return new Date(String(value)).toUTCString().replace('GMT', '+0000')
  if ((field.kind === 'money' || field.kind === 'decimal') && typeof value === 'string')
    return field.v2 ? value : Number(value)
  return value
}

/** What goes into a request: of JSON, the API answers some members as null, and wants them left out. */
export const asked = (field: Field, value: Value): unknown =>
  field.kind === 'json' ? withoutNulls(value) : wire(field, value)

const withoutNulls = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null))
}

/** Whether a value may be written to the field, or set by a create; the answer is the reason why not. */
export const refusal = (field: Field, value: Value, isNew = false): string | undefined => {
  if (field.readOnly && !(isNew && field.atCreate)) return 'read-only in the store'
  if (value === null) return field.nullable || field.unset ? undefined : 'not clearable'
  if (typeof value === 'string' && (field.kind === 'money' || field.kind === 'decimal')) {
    return beyond(Number(value), field)
  }
  if (typeof value === 'number') return beyond(value, field)
  if (typeof value === 'string') {
    if (field.values && !field.values.includes(value)) return `none of ${field.values.join(', ')}`
    if (field.max !== undefined && value.length > field.max) return `longer than ${field.max} characters`
    if (field.min !== undefined && value.length < field.min) return `shorter than ${field.min} characters`
  }
  return undefined
}

const beyond = (value: number, { min, max }: Field): string | undefined => {
  if (min !== undefined && value < min) return `less than ${min}`
  return max !== undefined && value > max ? `more than ${max}` : undefined
}

const PARSE: Record<Kind, (raw: unknown, field: Field) => Value> = {
  integer: (raw) => {
    const value = typeof raw === 'string' && /^[+-]?\d+$/.test(raw) ? Number(raw) : raw
    if (typeof value !== 'number' || !Number.isInteger(value)) throw new TypeError('not a whole number')
    if (!Number.isSafeInteger(value)) throw new TypeError('a number too large to be exact')
    return value === 0 ? 0 : value
  },
  text: (raw, field) => {
    if (typeof raw === 'string') return field.lower ? raw.toLowerCase() : field.path ? withoutSlash(raw) : raw
    if (typeof raw === 'number') return String(raw)
    throw new TypeError('not text')
  },
  money: (raw) => exact(raw),
  decimal: (raw) => exact(raw),
  flag: (raw) => {
    if (typeof raw === 'boolean') return raw
    const known = FLAGS.get(String(raw).toLowerCase())
    if (known === undefined) throw new TypeError('not true or false')
    return known
  },
  timestamp: (raw) => {
    if (raw === '') return null
    const millis = typeof raw === 'number' ? raw * 1000 : Date.parse(String(raw))
    if (!Number.isFinite(millis)) throw new TypeError('not a date and time')
    return `${new Date(millis).toISOString().slice(0, 19)}Z`
  },
  ids: (raw, field) => {
    if (!(Array.isArray(raw) && raw.every(Number.isSafeInteger))) throw new TypeError('not a list of ids')
    return field.unordered ? [...new Set<number>(raw)].sort((a, b) => a - b) : raw
  },
  json: (raw) => JSON.parse(stableJson(raw)) as Value,
}

const withoutSlash = (path: string): string => path.replace(/(?<=[^/])\/+$/, '')

const exact = (raw: unknown): string => {
  const value = typeof raw === 'string' || typeof raw === 'number' ? canonicalDecimal(raw) : undefined
  if (value === undefined) throw new TypeError('not a number')
  return places(value) > 4 ? roundDecimal(value, 4) : value
}

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
])
