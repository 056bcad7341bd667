import { conflict, refuse } from '../answers.ts'
import type { ProductRow, State, VariantRow } from '../state.ts'

/** @throws {Refusal} 409 when another product has the name, ignoring case. */
export const claimName = (state: State, name: string, self?: number): void => {
  const taken = state.products.where('name', name.toLowerCase()).some(({ id }) => id !== self)
  if (taken) refuse(conflict('The product name is a duplicate', { name: 'The product name is a duplicate' }))
}

/**
 * SKUs are one space of products and variants, ignoring case; a simple product shares its own with its base variant.
 * @throws {Refusal} 409 when the SKU belongs to something else.
 */
export const claimSku = (
  state: State,
  sku: string,
  self: { product?: ProductRow; variant?: VariantRow } = {},
): void => {
  if (!sku) return
  const key = sku.toLowerCase()
  const { product, variant } = self
  const simple = product?.base_variant_id ?? undefined
  const mine = { product: variant && simple !== variant.id ? undefined : product?.id, variant: variant?.id ?? simple }
  const taken =
    state.products.where('sku', key).some(({ id }) => id !== mine.product) ||
    state.variants.where('sku', key).some(({ id }) => id !== mine.variant)
  if (taken) refuse(conflict(`Sku ${sku} is not unique`, { sku: `Sku ${sku} is not unique` }))
}
