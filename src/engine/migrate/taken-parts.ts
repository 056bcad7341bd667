import type { Mirror } from '../../mirror/index.ts'
import { stableJson } from '../../model/index.ts'
import type { Copy } from './copies.ts'
import { type MadeOf, type RowId, rowId } from './made-rows.ts'

/** A part that is gone, and the row that had it. */
export interface TakenPart {
  readonly owner: RowId
  /** Its own key, as the base holds it. */
  readonly entity: string
}

/** Made parts that the new store has no more. The base of a part names the row that had it first in its key. */
export const takenParts = (
  mirror: Mirror,
  copy: Copy | undefined,
  { resource, gone }: MadeOf,
): readonly TakenPart[] => {
  const { part, fields } = resource
  const parent = part && fields[part.link]?.ref
  if (!copy || !part || !parent || !gone.length) return []
  const entities = new Set(gone.map(({ to }) => stableJson(to)))
  return [...mirror.base(copy.update.name).all()]
    .filter(({ entity }) => entities.has(entity))
    .map(({ key, entity }) => ({ owner: rowId(parent, { [part.link]: key.split('\t')[0] ?? '' }), entity }))
}
