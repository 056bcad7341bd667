import type { ChildRow, OptionRow, ProductRow, State, VariantRow } from '../state.ts'

/** A product as the API shows it, without what must be asked for. */
export const productBody = (product: ProductRow): Record<string, unknown> => ({
  ...product,
  calculated_price: product.sale_price > 0 ? product.sale_price : product.price,
})

export const variantBody = (variant: VariantRow, product: ProductRow | undefined): Record<string, unknown> => {
  const sale = variant.sale_price ?? product?.sale_price ?? 0
  return {
    ...variant,
    calculated_price: sale > 0 ? sale : (variant.price ?? product?.price ?? 0),
    calculated_weight: variant['weight'] ?? product?.['weight'] ?? 0,
  }
}

const plain = (row: ChildRow | OptionRow): Record<string, unknown> => ({ ...row })

/** Rows without the parent's id, as the API nests custom fields and bulk pricing rules. */
export const withoutParent = ({ product_id, ...rest }: ChildRow): Record<string, unknown> => rest

/** Values of `include`, and what each adds (docs/bigcommerce.md, Field selection). */
export const INCLUDES: Readonly<Record<string, (state: State, product: ProductRow) => unknown>> = {
  bulk_pricing_rules: (state, { id }) => state.bulkRules.where('product', id).map(withoutParent),
  channels: (state, { id }) => state.channelAssignments.where('product', id).map(({ channel_id }) => channel_id),
  custom_fields: (state, { id }) => state.customFields.where('product', id).map(withoutParent),
  images: (state, { id }) => state.images.where('product', id).map(plain),
  modifiers: (state, { id }) => state.modifiers.where('product', id).map(plain),
  options: (state, { id }) => state.options.where('product', id).map(plain),
  parent_relations: () => [],
  primary_image: (state, { id }) => {
    const images = state.images.where('product', id)
    return images.find((image) => image['is_thumbnail']) ?? images[0] ?? null
  },
  reviews: (state, { id }) => state.reviews.where('product', id).map(withoutParent),
  variants: (state, product) => state.variants.where('product', product.id).map((row) => variantBody(row, product)),
  videos: (state, { id }) => state.videos.where('product', id).map(plain),
}
