/** A moment as ISO-8601 with its zone, or why the text is none, to follow "is". */
export type MomentReading = { readonly iso: string } | { readonly reason: string }

/**
 * Reads ISO-8601 and RFC 2822, and nothing that means different days to different people. A day alone is its first moment
 * in UTC; a time of day without a zone is refused, because guessing one is wrong by hours.
 */
export const readMoment = (text: string): MomentReading => {
  if (RFC_2822.test(text)) return checked(text)
  const match = ISO.exec(text)
  if (!match) return { reason: 'not a date and time like 2026-01-31T14:30:00Z' }
  const [, day = '', time, zone] = match
  // Date.parse turns February 30 into March 2.
  const start = Date.parse(`${day}T00:00:00Z`)
  if (!Number.isFinite(start) || new Date(start).toISOString().slice(0, 10) !== day) return { reason: 'not a day' }
  if (time === undefined) return { iso: `${day}T00:00:00Z` }
  if (zone === undefined) return { reason: 'a time without its zone; end it with Z or an offset like +02:00' }
  return checked(`${day}T${time}${zone}`)
}

const checked = (text: string): MomentReading =>
  Number.isFinite(Date.parse(text)) ? { iso: new Date(text).toISOString() } : { reason: 'not a date and time' }

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:\d{2})?)?$/
const RFC_2822 = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT)$/
