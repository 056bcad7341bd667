import type { Resource } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { totalOf } from './lists-of.ts'
import type { ListingReading } from './reading-book.ts'

/** Whether a reading met everything, as far as the store tells, and how many rows the store says there are. */
export interface Proof {
  readonly complete: boolean
  readonly expected: number | null
}

/**
 * A full reading is complete when the rows that were seen lie between what the store said there was and says there is: rows may
 * come and go meanwhile. By page numbers that is not enough.
 */
export const proofOf = async (
  context: Context,
  side: StoreSide,
  resource: Resource,
  reading: ListingReading,
): Promise<Proof> => {
  if (!isSteady(resource, reading)) return { complete: false, expected: lastOf(reading.totals) }
  if (!reading.state.full) return { complete: true, expected: null }
  const expected = await expectedRows(context, side, resource, reading)
  return { complete: expected === null || isWithin(reading.seen, expected), expected: expected?.atEnd ?? null }
}

/**
 * By page numbers a row that goes moves the next one to a page that was read already. Only a list that stood still, and whose
 * keys are as many as its total, is known to be whole. Of many lists each is short, and their sum is looked at.
 */
export const isSteady = ({ api }: Resource, { totals, keys, elements }: ListingReading): boolean => {
  if (api.list?.paging !== 'page' || api.list.per !== undefined) return true
  const total = lastOf(totals)
  return totals.size <= 1 && (total === null || total === (api.list.rows ? elements : keys.size))
}

const lastOf = (totals: ReadonlySet<number | null>): number | null => [...totals].at(-1) ?? null

interface Expected {
  readonly atStart: number
  readonly atEnd: number
}

/** How many rows the store says there are; asked once more only when that differs from what came. */
const expectedRows = async (
  context: Context,
  side: StoreSide,
  resource: Resource,
  { seen, totalAtStart }: ListingReading,
): Promise<Expected | null> => {
  // One element of the answer may hold several rows, which the store's total does not count.
  if (resource.api.list?.rows) return null
  if (totalAtStart === seen) return { atStart: seen, atEnd: seen }
  const atEnd = await totalOf(context, side, resource, 'read')
  if (atEnd === null) return null
  return { atStart: totalAtStart ?? atEnd, atEnd }
}

const isWithin = (seen: number, { atStart, atEnd }: Expected): boolean =>
  seen >= Math.min(atStart, atEnd) && seen <= Math.max(atStart, atEnd)
