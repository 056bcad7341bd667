import type { Change, Field, FieldChange } from '../../model/index.ts'
import type { Threshold } from './thresholds.ts'

/** What a plan guard found. */
export interface Finding {
  readonly ok: boolean
  /** Near enough to the limit to be told. */
  readonly warn?: boolean
  /** A sentence with the figure that decided and, where it blocks, the rows to look at first. */
  readonly detail: string
}

/** Weighs a count of rows against a limit that is a share, a number, or the larger of both. */
export const share = (
  counted: readonly Change[],
  of: number,
  { percent: most, count }: Extract<Threshold, { kind: 'limit' }>,
  what: string,
): Finding => {
  const limit = Math.max(most === null ? 0 : (of * most) / 100, count ?? 0)
  const written = [most === null ? '' : `${most} %`, count === null ? '' : `${count}`].filter(Boolean).join(' or ')
  const ok = counted.length <= limit
  const detail = `${counted.length} of ${of} ${what} (${percent(counted.length, of)}, limit ${written})`
  return { ok, detail: ok ? detail : `${detail}${suchAs(counted)}` }
}

/** Names the rows to look at first. */
export const suchAs = (changes: readonly Pick<Change, 'key'>[]): string => {
  const names = changes.slice(0, SHOWN).map(({ key }) => Object.values(key).join(' / '))
  return names.length ? `: ${names.join(', ')}${changes.length > SHOWN ? ', …' : ''}` : ''
}

const SHOWN = 3

export const percent = (part: number, of: number): string => `${of ? Math.round((1000 * part) / of) / 10 : 0} %`

export const goesToStore = ({ side, action }: Change): boolean => side === 'store' && action !== 'conflict'

export const withRole = (
  change: Change,
  fields: Readonly<Record<string, Field>>,
  role: Field['role'],
): readonly FieldChange[] => change.fields.filter(({ field }) => fields[field]?.role === role)

/** Stock goes up and down by itself, so guards that count changes leave it out. */
export const isStockOnly = (change: Change, fields: Readonly<Record<string, Field>>): boolean =>
  change.fields.every(({ field }) => fields[field]?.role === 'stock')
