import type { State } from '../state.ts'

/** What an item of a request names: a thing, or why none can be taken from it. */
export type Named = { readonly productId: number; readonly variantId: number | null } | { readonly refusal: string }

export const IDENTITIES = ['sku', 'variant_id', 'product_id'] as const

/**
 * Follows the tracking rules: variants of a product that is tracked by variant are named by variant or SKU, a product that is
 * tracked as a whole by product, and a simple one also by its base variant or SKU (docs/bigcommerce.md, Inventory).
 */
export const resolve = (state: State, item: Readonly<Record<string, unknown>>): Named => {
  const given = IDENTITIES.filter((name) => item[name] !== undefined && item[name] !== null)
  const [by] = given
  if (by === undefined || given.length > 1) {
    return { refusal: 'One of the sku, product_id, or variant_id is required to identify the item' }
  }
  const name = told(item)
  const found = find(state, by, item[by])
  if (!found) return { refusal: `Item with ${name} was not found` }
  const { inventory_tracking: tracking, base_variant_id: base } = found.product
  if (tracking === 'none') return { refusal: `Item with ${name} is not tracked, please enable inventory tracking` }
  if (tracking === 'product') {
    return found.variantId !== null && base === null
      ? { refusal: `Item with ${name} is tracked by product, please update stock by product id` }
      : { productId: found.product.id, variantId: base }
  }
  return found.variantId === null
    ? { refusal: `Item with ${name} is tracked by variant, please update stock by variant id` }
    : { productId: found.product.id, variantId: found.variantId }
}

/** How refusals name an item: `variant_id 106`. */
export const told = (item: Readonly<Record<string, unknown>>): string => {
  const by = IDENTITIES.find((name) => item[name] !== undefined && item[name] !== null)
  return `${by} ${by ? String(item[by]) : ''}`
}

const find = (state: State, by: (typeof IDENTITIES)[number], value: unknown) => {
  if (by === 'product_id') {
    const product = state.products.get(Number(value))
    return product && { product, variantId: null }
  }
  const sku = String(value).toLowerCase()
  const variant = by === 'variant_id' ? state.variants.get(Number(value)) : state.variants.where('sku', sku)[0]
  if (variant) {
    const product = state.products.get(variant.product_id)
    return product && { product, variantId: variant.id }
  }
  const [product] = by === 'sku' ? state.products.where('sku', sku) : []
  return product && { product, variantId: null }
}
