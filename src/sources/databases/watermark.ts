import { sql } from 'kysely'
import { type Since, SourceRefusedError, UsageError } from '../../model/index.ts'
import { cellOf, Instant } from './cells.ts'
import type { Engine, Sql } from './engine.ts'

/** The column that says when a row was changed, or how many changes there were before. */
export interface Watermark {
  readonly column: string
  /** Rows below the greatest that are read once more: ms of a moment, or a whole number of a count. */
  readonly overlap: { readonly ms: number } | { readonly count: number }
  /** How old the last whole reading may be, ms. */
  readonly wholeMs: number
}

/**
 * A watermark as a text that `fromThere` understands again: a whole number, or a moment as the database writes it. Null where no row
 * has one.
 * @throws {SourceRefusedError} for anything else, of which nobody can say what is a little less.
 * @throws {UsageError} when the overlap is one of the other kind.
 */
export const watermarkOf = (
  value: unknown,
  { column, overlap }: Watermark,
  { typesNumbers }: Pick<Engine, 'typesNumbers'>,
  origin: string,
): string | null => {
  if (value === null || value === undefined) return null
  const text = value instanceof Instant ? value.stored : cellOf(value)
  const isNumber = text !== undefined && WHOLE.test(text) && !(typesNumbers && typeof value === 'string')
  if (text === undefined || (!isNumber && Number.isNaN(localMs(text))))
    throw new SourceRefusedError(`${origin}: column ${column} holds ${JSON.stringify(text ?? 'bytes')}, no moment`, {
      where: `${origin}, column ${column}`,
      hint: 'a watermark is a whole number, a timestamp, or text such as 2026-03-01T08:00:00Z; name such a column',
    })
  if (isNumber === 'count' in overlap) return text
  throw new UsageError(`the overlap of column ${column} is ${isNumber ? 'a time' : 'a number'}, and it holds ${text}`, {
    where: origin,
    hint: isNumber ? 'write "overlap" as a number, such as 1000' : 'write "overlap" as a time, such as "15min"',
  })
}

/** Rows that may have changed since an earlier reading: by their own watermark, for want of one, or by that of a row with their key. */
export const changedSince = (
  engine: Engine,
  from: Sql,
  watermark: Watermark,
  keys: readonly string[],
  since: Since,
): Sql => {
  const bound = fromThere(since, watermark)
  const changed = (table: string): Sql => {
    const column = sql.id(table, watermark.column)
    return sql`(${column} >= ${WHOLE.test(bound) ? sql.raw(bound) : bound} or ${column} is null)`
  }
  // Of two rows with one key neither may be taken alone, so the one that did not change comes too. More rows do no harm.
  const twins = keys.map((key) => {
    const of = (table: string): Sql => engine.folded(sql.id(table, key))
    return sql`${of('source')} in (select ${of('twin')} from ${from} as ${sql.id('twin')} where ${changed('twin')})`
  })
  return sql`(${changed('source')} or (${sql.join(twins, sql` and `)}))`
}

/** From which watermark on rows are read again. */
export const fromThere = ({ watermark, at }: Since, { overlap }: Pick<Watermark, 'overlap'>): string => {
  if ('count' in overlap) return String(BigInt(watermark) - BigInt(overlap.count))
  const [, , gap = '', time = '', , zone = ''] = MOMENT.exec(watermark) ?? []
  const local = localMs(watermark)
  // A row that is dated in the future must not hide the others.
  const ahead = Math.max(0, local - offset(zone) - Date.parse(at))
  // Of texts, one with a fraction comes before the same second without.
  const back = new Date(local - ahead - overlap.ms - 1000).toISOString()
  return time ? `${back.slice(0, 10)}${gap}${back.slice(11, 11 + time.length)}${zone}` : back.slice(0, 10)
}

const WHOLE = /^-?\d{1,30}$/

/** Day, what stands before the time, time to the minute or second, fraction, zone. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/

/** As if it were UTC; NaN for what is no moment. */
const localMs = (text: string): number => {
  const [, day = '', , time = '00:00'] = MOMENT.exec(text) ?? []
  return Date.parse(`${day}T${time}Z`)
}

/** Minutes and hours of a zone, ms; a moment without one is taken for UTC. */
const offset = (zone: string): number => {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
