/**
 * Exact decimals as text. A canonical decimal has no exponent, no leading zeros, no trailing zeros after the point and
 * no negative zero, so equal amounts are equal strings. Arithmetic goes through integers of ten-thousandths (4 places),
 * the precision of BigCommerce prices (docs/bigcommerce.md, Prices).
 */
export const canonicalDecimal = (raw: string | number): string | undefined => {
  const match = PLAIN.exec(typeof raw === 'number' ? plainNumber(raw) : raw)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  const left = whole.replace(/^0+(?=\d)/, '') || '0'
  const right = fraction.replace(/0+$/, '')
  const text = right ? `${left}.${right}` : left
  return sign === '-' && text !== '0' ? `-${text}` : text
}

/** Decimal places of a canonical decimal. */
export const places = (decimal: string): number => {
  const point = decimal.indexOf('.')
  return point < 0 ? 0 : decimal.length - point - 1
}

/** Rounds half up (away from zero on ties) to at most `digits` places, as the catalog does at 4. */
export const roundDecimal = (decimal: string, digits: number): string => {
  if (places(decimal) <= digits) return decimal
  const negative = decimal.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? decimal.slice(1) : decimal).split('.')
  const kept = BigInt(whole + fraction.slice(0, digits)) + (fraction.charAt(digits) >= '5' ? 1n : 0n)
  const text = kept.toString().padStart(digits + 1, '0')
  const joined = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text
  return canonicalDecimal((negative ? '-' : '') + joined) ?? decimal
}

/** Integer ten-thousandths of a canonical decimal; further places are rounded half up. */
export const toUnits = (decimal: string): bigint => {
  const rounded = roundDecimal(decimal, 4)
  const [whole = '0', fraction = ''] = rounded.split('.')
  const magnitude = BigInt(whole.replace('-', '') + fraction.padEnd(4, '0'))
  return rounded.startsWith('-') ? -magnitude : magnitude
}

export const fromUnits = (units: bigint): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0')
  return canonicalDecimal(`${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`) ?? '0'
}

export const compareDecimals = (a: string, b: string): number => {
  const difference = toUnits(a) - toUnits(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** How far `to` is from `from`, in percent of `from` with two places: 100 to 87.5 is -12.5. Infinite when `from` is 0. */
export const percentChange = (from: string, to: string): number => {
  const before = toUnits(from)
  if (before === 0n) return toUnits(to) === 0n ? 0 : Number.POSITIVE_INFINITY
  return Number(((toUnits(to) - before) * 10_000n) / before) / 100
}

/** `to` / `from` as a plain number for statistics only, never for an amount; undefined when `from` is not positive. */
export const ratio = (from: string, to: string): number | undefined => {
  const before = toUnits(from)
  return before > 0n ? Number((toUnits(to) * 1_000_000n) / before) / 1_000_000 : undefined
}

const PLAIN = /^([+-]?)(\d+)(?:\.(\d+))?$/

const plainNumber = (value: number): string => {
  const text = String(value)
  return text.includes('e') && Number.isFinite(value) ? value.toFixed(Math.abs(value) < 1 ? 20 : 0) : text
}
