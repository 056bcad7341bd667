import { amount, flag, orNull, type Rule, stock, text, whole } from '../rules.ts'

// null means that the product's own value holds.
const inherited = orNull(amount())
const nullableText = (max?: number): Rule => orNull(text(max), '')

/** What a batch changes on a variant that exists (docs/bigcommerce.md, Variants). */
export const VARIANT_BATCH_RULES = {
  cost_price: orNull(amount(), 0),
  price: inherited,
  sale_price: inherited,
  retail_price: inherited,
  weight: inherited,
  width: inherited,
  height: inherited,
  depth: inherited,
  fixed_cost_shipping_price: inherited,
  is_free_shipping: flag,
  purchasing_disabled: flag,
  purchasing_disabled_message: text(255),
  upc: nullableText(14),
  inventory_level: orNull(stock, undefined),
  inventory_warning_level: orNull(whole(), 0),
  bin_picking_number: text(255),
} satisfies Record<string, Rule>

/** What a variant takes on its own path and when it is created: the batch's schema lacks the last four. */
export const VARIANT_RULES = {
  ...VARIANT_BATCH_RULES,
  sku: text(255),
  mpn: nullableText(),
  gtin: nullableText(14),
  image_url: text(),
} satisfies Record<string, Rule>
