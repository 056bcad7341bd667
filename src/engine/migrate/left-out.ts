import type { LeftBehind } from '../../model/index.ts'
import { isToldAbove, lostOwner } from './adopt.ts'
import type { Copy } from './copies.ts'
import type { Wish } from './make-rows.ts'
import { aboutOf } from './match-rows.ts'
import { lostText, type Moving } from './moving.ts'
import type { OldRow } from './old-rows.ts'

/** Rows that are not made: they wait for others, or the API makes none. What belongs to a row that stays behind is told with it. */
export const leftOut = (
  moving: Moving,
  copy: Copy,
  lacking: readonly OldRow[],
  wishes: readonly Wish[],
): readonly LeftBehind[] => {
  const isTold = (old: OldRow): boolean => !isToldAbove(moving, copy, old)
  if (copy.create) return wishes.flatMap((wish) => ('waits' in wish && isTold(wish.old) ? [wish.waits] : []))
  return lacking.filter(isTold).map((old) => {
    const owner = lostOwner(moving, copy, old)
    return { ...aboutOf(copy.resource, old), reason: owner ? lostText(owner) : NEVER_MADE }
  })
}

const NEVER_MADE = 'nothing in the new store is the same, and the API makes none'
