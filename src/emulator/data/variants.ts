import type { Random } from '../../model/index.ts'
import type { OptionChoice, ProductRow, State, VariantRow } from '../state.ts'
import { CHOICES, type Choice } from './choices.ts'
import { between, chance, pick, run } from './dice.ts'
import type { Kind } from './kinds.ts'
import type { SkuStyle } from './skus.ts'

/** The one variant that stands for a simple product; it follows the product in everything. */
export const seedBaseVariant = (state: State, random: Random, product: ProductRow): void => {
  const level = product.inventory_tracking === 'none' ? 0 : stock(random)
  const variant = state.variants.insert({
    ...blank(product),
    sku: product.sku,
    inventory_level: level,
    inventory_warning_level: product['inventory_warning_level'],
    bin_picking_number: product['bin_picking_number'],
  })
  state.products.update(product.id, { base_variant_id: variant.id, inventory_level: level })
}

/** Options of a complex product and a variant for each combination of their values, some of them with a price of their own. */
export const seedVariants = (
  state: State,
  random: Random,
  product: ProductRow,
  kind: Kind,
  style: SkuStyle,
  article: string,
): void => {
  const combinations = combine(seedOptions(state, random, product, kind))
  const pricing = pick(random, PRICING)
  let total = 0
  combinations.forEach((parts, place) => {
    const level = product.inventory_tracking === 'variant' ? stock(random) : 0
    total += level
    const price = pricing(product.price, place)
    state.variants.insert({
      ...blank(product),
      sku: style.variant(
        article,
        parts.map(({ code }) => code),
      ),
      sku_id: 1000 + state.variants.size,
      price,
      calculated_price: price ?? product['calculated_price'],
      // An own cost goes with an own price; 0 is "not set" here.
      cost_price: price === null ? 0 : Math.round(price * 45) / 100,
      purchasing_disabled: chance(random, 0.02),
      inventory_level: level,
      inventory_warning_level: product['inventory_warning_level'],
      option_values: parts.map(({ choice }) => choice),
    })
  })
  state.products.update(product.id, {
    inventory_level: product.inventory_tracking === 'product' ? stock(random) : total,
  })
}

interface Part {
  readonly choice: OptionChoice
  readonly code: string
}

const seedOptions = (state: State, random: Random, product: ProductRow, { choices }: Kind): readonly Part[][] => {
  const names = run(random, choices, pick(random, OPTION_COUNTS))
  return names.map((display_name, place) => {
    const { type, values } = CHOICES[display_name] as Choice
    const shown = run(random, values, between(random, 2, MOST_VALUES[names.length] ?? 2))
    const option = state.options.insert({
      product_id: product.id,
      name: `${display_name}${Date.parse(String(product['date_created'])) / 1000}-${product.id}`,
      display_name,
      type,
      sort_order: place,
      config: {},
      image_url: '',
      option_values: [],
    })
    const option_values = shown.map(([label, , colour], index) => ({
      id: option.id * 100 + index,
      label,
      sort_order: index,
      value_data: colour ? { colors: [colour] } : null,
      is_default: false,
    }))
    state.options.update(option.id, { option_values })
    return option_values.map(({ id, label }, index) => ({
      code: shown[index]?.[1] ?? '',
      choice: { id, label, option_id: option.id, option_display_name: display_name },
    }))
  })
}

const OPTION_COUNTS = [1, 1, 2, 2, 3]
/** Most values of each option by the number of options, so that no product has more than 24 variants. */
const MOST_VALUES: Readonly<Record<number, number>> = { 1: 6, 2: 4, 3: 3 }
const MOST_VARIANTS = 24

const combine = (options: readonly (readonly Part[])[]): readonly (readonly Part[])[] =>
  options
    .reduce<readonly (readonly Part[])[]>(
      (rows, option) => rows.flatMap((row) => option.map((part) => [...row, part])),
      [[]],
    )
    .slice(0, MOST_VARIANTS)

/** All follow the product, twice as often as they step up with each variant, or as every third one has its own. */
const PRICING: readonly ((price: number, place: number) => number | null)[] = [
  () => null,
  () => null,
  () => null,
  (price, place) => Math.round((price + place * 2) * 100) / 100,
  (price, place) => (place % 3 === 2 ? Math.round(price * 110) / 100 : null),
]

/** Mostly a handful, sometimes plenty, sometimes sold out. */
const stock = (random: Random): number => (chance(random, 0.08) ? 0 : Math.ceil(random() ** 2.2 * 240))

const blank = (product: ProductRow): Omit<VariantRow, 'id'> => ({
  product_id: product.id,
  sku: '',
  sku_id: null,
  price: null,
  calculated_price: product['calculated_price'],
  sale_price: null,
  retail_price: null,
  map_price: null,
  weight: null,
  calculated_weight: product['weight'],
  width: null,
  height: null,
  depth: null,
  is_free_shipping: false,
  fixed_cost_shipping_price: null,
  purchasing_disabled: false,
  purchasing_disabled_message: '',
  image_url: '',
  cost_price: 0,
  upc: '',
  mpn: '',
  gtin: '',
  inventory_level: 0,
  inventory_warning_level: 0,
  bin_picking_number: '',
  option_values: [],
})
