import { fieldsOf, type Target } from '../diff/index.ts'
import type { DatedEdits, Mirror } from '../mirror/index.ts'
import type { Change, Resource } from '../model/index.ts'

/**
 * Whether somebody's edit of the rows shows in the date of what they are listed with, so that asking for what changed since brings
 * it. The store dates a listed row when its own fields are edited; for rows inside it, and for stock, nobody promises it
 * (docs/bigcommerce.md, Filters), so it is believed where pulls of all rows met enough such edits and none without a date.
 */
export const showsInDates = (mirror: Mirror, target: Target, changes: readonly Pick<Change, 'fields'>[]): boolean => {
  const listed = target.kind === 'plain' ? target.resource : target.parent
  if (!listed.api.list?.since) return false
  const facts = fieldsOf(target)
  const takesStock = changes.some(({ fields }) => fields.some(({ field }) => facts[field]?.role === 'stock'))
  const holders = target.kind === 'plain' ? [target.resource] : [target.parent, target.child]
  if (takesStock && !isBelieved(holders.map((one) => met(mirror, one, true)))) return false
  return target.kind === 'plain' || isBelieved([met(mirror, target.child, false)])
}

/** What was met of edits of a resource's stock, or of everything else. */
const met = (mirror: Mirror, { name, fields }: Resource, ofStock: boolean): readonly DatedEdits[] =>
  mirror.datedEdits(name).filter(({ field }) => (fields[field]?.role === 'stock') === ofStock)

/** @param held by resource: one move of stock may show in a row and in those inside it, and counts once */
const isBelieved = (held: readonly (readonly DatedEdits[])[]): boolean =>
  held.flat().every(({ undated }) => undated === 0) &&
  held.some((edits) => edits.reduce((sum, { dated }) => sum + dated, 0) >= ENOUGH)

/** Edits, of different rows or at different times. */
const ENOUGH = 20
