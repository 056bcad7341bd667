import { catalogTime, type ProductRow, type State } from '../state.ts'
import type { Settings } from '../types.ts'

/** One thing whose stock changes: a variant, or a product that is tracked as a whole (`variantId` null). */
export interface StockChange {
  readonly productId: number
  readonly variantId: number | null
  readonly locationId: number
  /** `set` makes it the quantity, `add` adds it, which may be negative. */
  readonly mode: 'set' | 'add'
  readonly quantity: number
}

/** Most pieces of one thing at one location (docs/bigcommerce.md, Inventory). */
export const STOCK_LIMIT = 2_147_483_647

/** Location whose stock the catalog shows; it cannot be deleted. */
export const DEFAULT_LOCATION = 1

/**
 * Has the changes show after `stockDelayMs`, together. Every way to change stock ends here, catalog writes of `inventory_level`
 * too, so the catalog and the inventory always agree. What is gone or no longer tracked by then is left alone.
 */
export const changeStock = (state: State, settings: Settings, changes: readonly StockChange[]): void => {
  state.timeline.later(settings.stockDelayMs, () => {
    const touched = changes.filter((change) => apply(state, change)).map(({ productId }) => productId)
    if (!settings.stockTouchesProduct) return
    const date_modified = catalogTime(state.now())
    for (const id of new Set(touched)) state.products.update(id, { date_modified })
  })
}

const apply = (state: State, change: StockChange): boolean => {
  const product = state.products.get(change.productId)
  if (!product || product.inventory_tracking === 'none') return false
  if (change.locationId !== DEFAULT_LOCATION) return applyElsewhere(state, change)
  return product.inventory_tracking === 'product'
    ? applyToProduct(state, product, change)
    : applyToVariant(state, product, change)
}

const applyToProduct = (state: State, product: ProductRow, change: StockChange): boolean => {
  const inventory_level = after(change, product.inventory_level)
  state.products.update(product.id, { inventory_level })
  if (product.base_variant_id !== null) state.variants.update(product.base_variant_id, { inventory_level })
  return true
}

const applyToVariant = (state: State, product: ProductRow, change: StockChange): boolean => {
  const variant = state.variants.get(change.variantId ?? product.base_variant_id ?? 0)
  if (variant?.product_id !== product.id) return false
  const inventory_level = after(change, variant.inventory_level)
  state.variants.update(variant.id, { inventory_level })
  // The product of tracked variants shows what they hold together.
  const together = state.variants.where('product', product.id).reduce((sum, row) => sum + row.inventory_level, 0)
  state.products.update(product.id, { inventory_level: together })
  return true
}

const applyElsewhere = (state: State, change: StockChange): boolean => {
  const kept = keptAt(state, change)
  if (kept) state.inventory.update(kept.id, { onhand: after(change, Number(kept['onhand'] ?? 0)) })
  else {
    const { productId: product_id, variantId: variant_id, locationId: location_id } = change
    state.inventory.insert({ product_id, variant_id, location_id, onhand: after(change, 0) })
  }
  return true
}

const after = ({ mode, quantity }: StockChange, before: number): number =>
  Math.min(STOCK_LIMIT, Math.max(0, mode === 'set' ? quantity : before + quantity))

/** What is kept beside the catalog for a thing at a location; undefined where nothing ever was. */
export const keptAt = (
  state: State,
  { productId, variantId, locationId }: Pick<StockChange, 'productId' | 'variantId' | 'locationId'>,
): (Readonly<Record<string, unknown>> & { readonly id: number }) | undefined =>
  state.inventory
    .where('product', productId)
    .find((row) => row['variant_id'] === variantId && row['location_id'] === locationId)

/** What lies at a location now; undefined where it was never set. */
export const onHand = (
  state: State,
  thing: Pick<StockChange, 'productId' | 'variantId' | 'locationId'>,
): number | undefined => {
  if (thing.locationId !== DEFAULT_LOCATION) return keptAt(state, thing)?.['onhand'] as number | undefined
  const product = state.products.get(thing.productId)
  if (!product || product.inventory_tracking === 'none') return 0
  return product.inventory_tracking === 'product'
    ? product.inventory_level
    : state.variants.get(thing.variantId ?? 0)?.inventory_level
}
