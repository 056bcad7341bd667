import { invalid, refuse } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { deleteMetafields } from '../delete-metafields.ts'
import { changeStock, DEFAULT_LOCATION } from '../inventory/index.ts'
import { type Body, type Rules, readFields } from '../rules.ts'
import type { ProductRow, State, VariantRow } from '../state.ts'
import type { Call } from '../types.ts'
import { touch } from './touch.ts'
import { claimSku } from './uniqueness.ts'
import { insertBaseVariant } from './variant-create.ts'

/** Changes what the body names, of what the rules allow; the SKU of a base variant is its product's too. @throws {Refusal} 422 or 409. */
export const updateVariant = (call: Call, variant: VariantRow, body: Body, rules: Rules): VariantRow => {
  const { state, settings } = call
  const product = state.products.get(variant.product_id) as ProductRow
  const { inventory_level, ...fields } = readFields(body, rules)
  const isBase = product.base_variant_id === variant.id
  if (typeof fields['sku'] === 'string') {
    claimSku(state, fields['sku'], { product, variant })
    if (isBase) state.products.update(product.id, { sku: fields['sku'] })
  }
  const updated = state.variants.update(variant.id, fields)
  touch(state, product.id)
  if (typeof inventory_level === 'number' && (isBase || product.inventory_tracking === 'variant')) {
    const change = { productId: product.id, variantId: variant.id, locationId: DEFAULT_LOCATION }
    changeStock(state, settings, [{ ...change, mode: 'set', quantity: inventory_level }])
  }
  return updated
}

/** Deletes a variant; without any, the product is simple again. @throws {Refusal} 422 for a base variant. */
export const deleteVariant = (state: State, variant: VariantRow, defaults: Defaults): void => {
  const product = state.products.get(variant.product_id) as ProductRow
  if (product.base_variant_id === variant.id) refuse(invalid('The base variant of a product cannot be deleted.'))
  removeVariants(state, product, [variant], defaults)
}

/** Deletes variants of a complex product and whatever hangs on them. */
export const removeVariants = (
  state: State,
  product: ProductRow,
  variants: readonly VariantRow[],
  defaults: Defaults,
): void => {
  for (const { id } of variants) {
    deleteMetafields(state, 'variant', id)
    for (const row of state.inventory.where('variant', id)) state.inventory.delete(row.id)
    state.variants.delete(id)
  }
  if (state.variants.where('product', product.id).length === 0) insertBaseVariant(state, product, defaults)
  touch(state, product.id)
}
