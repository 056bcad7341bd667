import type { Target } from '../diff/index.ts'
import { type Change, type SyncSpec, UsageError } from '../model/index.ts'
import type { StoreSide } from './context.ts'

/** The location that every store has and cannot delete (docs/bigcommerce.md, Inventory). */
export const DEFAULT_LOCATION = 1

/**
 * Stock is compared with the catalog's figure, which is the default location's: against another location's it would be wrong.
 * @throws {UsageError} when the sync writes stock and the store names another location.
 */
export const refuseOtherLocation = (side: StoreSide, spec: SyncSpec, target: Target): void => {
  if (side.location === DEFAULT_LOCATION || !Object.keys(spec.fields).some((name) => isStock(target, name))) return
  throw new UsageError(
    `stock cannot be synced with location ${side.location}: the catalog shows the figures of the default location only`,
    {
      where: `stores.${side.name}.location`,
      hint: `leave "location" out, or set it to ${DEFAULT_LOCATION}`,
    },
  )
}

/** For people: where the stock of a plan goes. */
export const locationNotes = (
  side: StoreSide,
  target: Target,
  changes: readonly Pick<Change, 'fields'>[],
): readonly string[] =>
  changes.some(({ fields }) => fields.some(({ field }) => isStock(target, field)))
    ? [`stock is written to location ${side.location}, the store’s default`]
    : []

const isStock = (target: Target, field: string): boolean =>
  target.kind === 'family' && target.derived.fields[field]?.of === 'stock'
