/** Amounts and sizes: text with four places. */
export const amount = (value: unknown): string => Number(value ?? 0).toFixed(4)

/** The same where "not set" is told apart. */
export const amountOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : amount(value)

/** Moments: RFC 2822, always `+0000`; empty where there is none. */
export const olderTime = (text: unknown): string =>
  text ? new Date(String(text)).toUTCString().replace('GMT', '+0000') : ''

/** A list as one text. */
export const joined = (list: unknown): string => (Array.isArray(list) ? list.join(', ') : '')
