import { catalogTime, type State } from './state.ts'
import type { Settings } from './types.ts'

/** Whose stock: a variant's, or a product's where `variant_id` is absent. */
export interface StockTarget {
  readonly product_id: number
  readonly variant_id?: number
}

/**
 * Changes stock some time after the request was answered, as the platform does (docs/bigcommerce.md, Inventory). `reckon` makes
 * the new level of the one found then. Where the product does not track stock for the target, nothing changes.
 */
export const changeStock = (
  { state, settings }: { readonly state: State; readonly settings: Settings },
  target: StockTarget,
  reckon: (level: number) => number,
): void => {
  state.timeline.later(settings.stockDelayMs, () => {
    if (applyStock(state, target, reckon) && settings.stockTouchesProduct) touch(state, target.product_id)
  })
}

/** Sets the stock that is shown, the product's total included; false where the product does not track it so. */
export const applyStock = (
  state: State,
  { product_id, variant_id }: StockTarget,
  reckon: (level: number) => number,
): boolean => {
  const product = state.products.get(product_id)
  if (!product) return false
  const variant = state.variants.get(variant_id ?? product.base_variant_id ?? 0)
  switch (product.inventory_tracking) {
    case 'none':
      return false
    case 'product': {
      if (variant_id !== undefined && variant_id !== product.base_variant_id) return false
      const inventory_level = clamp(reckon(product.inventory_level))
      state.products.update(product_id, { inventory_level })
      if (variant) state.variants.update(variant.id, { inventory_level })
      return true
    }
    case 'variant': {
      if (!variant) return false
      state.variants.update(variant.id, { inventory_level: clamp(reckon(variant.inventory_level)) })
      const levels = state.variants.where('product', product_id).map((one) => one.inventory_level)
      state.products.update(product_id, { inventory_level: levels.reduce((sum, one) => sum + one, 0) })
      return true
    }
  }
}

/** The product counts as changed now. */
export const touch = (state: State, productId: number): void => {
  if (state.products.has(productId)) state.products.update(productId, { date_modified: catalogTime(state.now()) })
}

const clamp = (level: number): number => Math.min(Math.max(level, 0), MOST_STOCK)

const MOST_STOCK = 2_147_483_647
