import type { BehindRow } from '../../mirror/index.ts'
import { type LeftBehind, type Resource, stableJson, type Values } from '../../model/index.ts'
import { sha256 } from '../sha.ts'
import { lostOwner } from './adopt.ts'
import { keyOf } from './match-rows.ts'
import type { Moving } from './moving.ts'
import { isRecent, type OldRow, oldRow, oldRows, whyItStays } from './old-rows.ts'

/**
 * Notes what a copy told of rows that it left as they are: those that nothing stands for, and those that the old store has no more. A
 * freeze tells them from what came and went since.
 */
export const noteBehind = (moving: Moving, resource: Resource, left: readonly LeftBehind[]): void => {
  const reasons = new Map(left.map(({ key, reason }) => [key, reason]))
  const gone = new Map(moving.map.all(resource.name))
  const rows: BehindRow[] = []
  for (const { held } of oldRows(moving, resource)) {
    const from = keyOf(resource, held)
    const reason = reasons.get(from)
    if (!gone.delete(from) && reason !== undefined) rows.push({ from, print: printOf(held), reason })
  }
  for (const from of gone.keys()) {
    const reason = reasons.get(from)
    if (reason !== undefined) rows.push({ from, print: null, reason })
  }
  moving.to.mirror.saveBehind(moving.from.hash, resource.name, rows)
}

/** What is known of rows that nothing carries over. */
export interface Behind {
  /** What the last copy told of a row that is as it was then. */
  told(resource: Resource, old: OldRow): string | undefined
  /** The same of a row that the old store has no more. */
  toldGone(resource: Resource, from: string): string | undefined
  /** Whether no copy carries a row over, on purpose, or because what it belongs to stays behind. */
  isPassedOver(resource: Resource, old: OldRow): boolean
}

export const behindOf = (moving: Moving): Behind => {
  const { context, from, to, map } = moving
  const books = new Map<string, ReadonlyMap<string, BehindRow>>()
  const bookOf = ({ name }: Resource): ReadonlyMap<string, BehindRow> => {
    const book = books.get(name) ?? new Map(to.mirror.behind(from.hash, name).map((row) => [row.from, row]))
    books.set(name, book)
    return book
  }
  const told = (resource: Resource, { held }: OldRow): string | undefined => {
    const row = bookOf(resource).get(keyOf(resource, held))
    return row?.print === printOf(held) ? row.reason : undefined
  }
  const isPassedOver = (resource: Resource, old: OldRow): boolean => {
    if (whyItStays(moving, resource, old) || !isRecent(moving, resource, old)) return true
    const owner = lostOwner(moving, { resource }, old)
    const above = context.catalog.resources.get(owner?.resource ?? '')
    const held = owner && above && from.mirror.row(above, { [above.key[0] ?? 'id']: owner.key })
    if (!above || !held) return false
    const row = oldRow(moving, above, held)
    const isTakenOut = map.get(above.name, keyOf(above, held)) !== undefined
    return isTakenOut || told(above, row) !== undefined || isPassedOver(above, row)
  }
  const toldGone = (resource: Resource, key: string): string | undefined => {
    const row = bookOf(resource).get(key)
    return row?.print === null ? row.reason : undefined
  }
  return { told, toldGone, isPassedOver }
}

const printOf = (held: Values): string => sha256(stableJson(held))
