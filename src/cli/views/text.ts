import { clean, STEERING, type Value, type Values } from '../../model/index.ts'

export { clean }

/** The last door before a terminal: everything that steers it goes, apart from line ends, tabs and colours. */
export const withoutSteering = (text: string): string => text.replace(ESCAPES, '$1')

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const ESCAPES = /(\u001b\[[\d;]*m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** JSON whose text holds no character that steers a terminal; what it says stays the same. */
export const plainJson = (document: unknown): string =>
  JSON.stringify(document, null, 2).replace(STEERING, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** A canonical value as people read it: `none` where there is nothing. */
export const show = (value: Value | undefined): string => {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'string') return value === '' ? '""' : clean(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return clean(typeof value === 'number' ? String(value) : JSON.stringify(value))
}

/** The values of a key, without their names. */
export const showKey = (key: Values): string => Object.values(key).map(show).join(' ')

/** 12,345 */
export const count = (number: number): string => number.toLocaleString('en-US')

/** `1 row`, `12,345 rows` */
export const counted = (number: number, thing: string): string => `${count(number)} ${thing}${number === 1 ? '' : 's'}`

/** `+12.5 %`, `-100 %`; what grew from nothing has no percentage. */
export const showPercent = (percent: number): string =>
  Number.isFinite(percent)
    ? `${percent > 0 ? '+' : ''}${percent.toLocaleString('en-US', { maximumFractionDigits: 2 })} %`
    : 'from 0'

/** A span of time in milliseconds: `0.6 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export const duration = (ms: number): string => {
  const seconds = ms / 1000
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return join(minutes, 'min', whole % 60, 's')
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

/** `2026-03-01 12:00` of a UTC ISO-8601 time. */
export const shortTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`

/** Cut to a number of characters, with an ellipsis that says so. */
export const cut = (text: string, width: number): string => {
  const characters = [...text]
  return characters.length <= width ? text : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`
}

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`
