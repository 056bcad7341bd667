import type { State } from '../../src/emulator/index.ts'
import { catalogTime, type ProductRow, type VariantRow } from '../../src/emulator/state.ts'

/** Moves the stock of a product or of one of its variants, as an order or a delivery does. */
export const moveStock = (state: State, product: ProductRow, variant: VariantRow, by: number): string => {
  const date_modified = catalogTime(state.now())
  if (product.inventory_tracking === 'product') {
    const inventory_level = product.inventory_level + by
    state.products.update(product.id, { inventory_level, date_modified })
    if (product.base_variant_id !== null) state.variants.update(product.base_variant_id, { inventory_level })
    return `moves the stock of ${product.id} to ${inventory_level}`
  }
  state.variants.update(variant.id, { inventory_level: variant.inventory_level + by })
  const rows = state.variants.where('product', product.id)
  const together = rows.reduce((sum, row) => sum + row.inventory_level, 0)
  state.products.update(product.id, { inventory_level: together, date_modified })
  return `moves the stock of variant ${variant.id}`
}
