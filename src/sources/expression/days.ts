import { readMoment } from '../moment.ts'
import { type ExpressionFunction, literal, text, Unusable } from './function.ts'

/**
 * Days and times in a declared order. A day alone is its first moment in UTC, as everywhere; a time needs the zone it is in,
 * as an offset, because no other statement of one is certain.
 */
export const dayFunctions = (): readonly ExpressionFunction[] => [
  {
    name: 'date',
    params: [text('x'), literal('format', wrongFormat), literal('zone', wrongZone)],
    least: 2,
    gives: 'string',
    call: (x: string, format: string, zone?: string) => {
      const bare = x.trim()
      if (bare === '') return ''
      const parts = pattern(format).exec(bare)?.groups
      if (!parts) throw new Unusable(`${JSON.stringify(bare)} is not written as ${format}`)
      const two = (name: string) => (parts[name] ?? '0').padStart(2, '0')
      const day = `${parts['YYYY']}-${two('MM')}-${two('DD')}`
      if (parts['HH'] !== undefined && zone === undefined) throw new Unusable('a time without its zone')
      const read = readMoment(
        parts['HH'] === undefined && zone === undefined ? day : `${day}T${two('HH')}:${two('mm')}:${two('ss')}${zone}`,
      )
      if ('reason' in read) throw new Unusable(`${JSON.stringify(bare)} is ${read.reason}`)
      return read.iso
    },
  },
]

const pattern = (format: string): RegExp => {
  const known = patterns.get(format)
  if (known) return known
  const made = new RegExp(
    `^${format
      .split(TOKENS)
      .map((part) => DIGITS[part] ?? part.replace(/[^\w ]/g, '\\$&'))
      .join('')}$`,
  )
  patterns.set(format, made)
  return made
}

const patterns = new Map<string, RegExp>()

const TOKENS = /(YYYY|MM|DD|HH|mm|ss|M|D)/
const DIGITS: Readonly<Record<string, string>> = {
  YYYY: '(?<YYYY>\\d{4})',
  MM: '(?<MM>\\d\\d)',
  DD: '(?<DD>\\d\\d)',
  M: '(?<MM>\\d\\d?)',
  D: '(?<DD>\\d\\d?)',
  HH: '(?<HH>\\d\\d)',
  mm: '(?<mm>\\d\\d)',
  ss: '(?<ss>\\d\\d)',
}

const wrongFormat = (format: string): string | undefined => {
  const tokens = format.split(TOKENS).filter((part) => part in DIGITS)
  const names = tokens.map((token) => ({ M: 'MM', D: 'DD' })[token] ?? token)
  const isWhole = ['YYYY', 'MM', 'DD'].every((name) => names.includes(name))
  const isPlain = /^[\dTYMDHms ./:-]{1,40}$/.test(format)
  const isOnce = new Set(names).size === names.length
  if (isWhole && isPlain && isOnce && (!names.includes('mm') || names.includes('HH'))) return undefined
  return 'must be made of YYYY, MM or M, DD or D, HH, mm, ss and signs between them, such as "DD.MM.YYYY"'
}

const wrongZone = (zone: string): string | undefined =>
  /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/.test(zone) ? undefined : 'must be "Z" or an offset such as "+02:00"'
