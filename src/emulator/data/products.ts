import type { Random } from '../../model/index.ts'
import { catalogPath } from '../listings/urls.ts'
import { catalogTime, type ProductRow, type State } from '../state.ts'
import { between, chance, pick } from './dice.ts'
import { seedExtras } from './extras.ts'
import { KINDS } from './kinds.ts'
import type { Shelves } from './shelves.ts'
import { oddStyle, STYLES } from './skus.ts'
import { seedBaseVariant, seedVariants } from './variants.ts'
import { LINES, MERITS } from './words.ts'

export interface ProductOptions {
  readonly random: Random
  /** ms since 1970. */
  readonly now: number
  readonly count: number
  readonly oddSkus: boolean
}

/** Products with their variants, pictures, custom fields and bulk prices, in the order in which a shop would have made them. */
export const seedProducts = (state: State, shelves: Shelves, options: ProductOptions): void => {
  const names = new Map<string, number>()
  for (let index = 0; index < options.count; index++) seedProduct(state, shelves, options, names, index)
}

const YEAR_MS = 365 * 86_400_000
const COMPLEX_SHARE = 0.4
/** One product in so many has an odd SKU, where odd SKUs are asked for. */
const ODD_EVERY = 17

const seedProduct = (
  state: State,
  shelves: Shelves,
  { random, now, count, oddSkus }: ProductOptions,
  names: Map<string, number>,
  index: number,
): void => {
  const kind = pick(random, KINDS)
  const material = pick(random, kind.materials)
  const name = unique(names, `${pick(random, LINES)} ${material} ${kind.noun}`)
  const style = oddSkus && index % ODD_EVERY === 5 ? oddStyle(random) : (STYLES[index % STYLES.length] ?? STYLES[0])
  const complex = chance(random, COMPLEX_SHARE)
  const article = style.article(kind.noun, 10_000 + index)
  const created = now - 2 * YEAR_MS + Math.floor(((index + random()) / count) * 2 * YEAR_MS)
  const modified = created + Math.floor(random() ** 0.5 * (now - created))
  const [deepest, ...above] = shelves.of(kind.plural, material)
  const product = state.products.insert({
    ...DEFAULTS,
    name,
    type: 'physical',
    // Every fifth article of several variants has no number of its own.
    sku: complex && chance(random, 0.2) ? '' : article,
    description: describe(random, name, material, kind.noun),
    weight: between(random, kind.weight[0] * 10, kind.weight[1] * 10) / 10,
    ...prices(random, kind.price),
    categories: [deepest, ...above.filter(() => chance(random, 0.25))].filter((id) => id !== undefined),
    brand_id: chance(random, 0.93) ? pick(random, shelves.brands) : 0,
    inventory_tracking: complex
      ? pick(random, [...Array(8).fill('variant'), 'product', 'none'])
      : chance(random, 0.85)
        ? 'product'
        : 'none',
    inventory_warning_level: chance(random, 0.4) ? 5 : 0,
    is_free_shipping: chance(random, 0.06),
    is_visible: !chance(random, 0.07),
    is_featured: chance(random, 0.05),
    bin_picking_number: chance(random, 0.3) ? `${pick(random, ['A', 'B', 'C'])}${between(random, 1, 40)}` : '',
    search_keywords: `${material.toLowerCase()}, ${kind.plural.toLowerCase()}`,
    condition: chance(random, 0.02) ? 'Refurbished' : 'New',
    total_sold: between(random, 0, 180),
    view_count: between(random, 0, 5000),
    date_created: catalogTime(created),
    date_modified: catalogTime(modified),
    custom_url: { url: catalogPath(name), is_customized: false },
  } as unknown as Omit<ProductRow, 'id'>)
  state.channelAssignments.insert({ product_id: product.id, channel_id: 1 })
  seedExtras(state, random, product)
  if (complex) seedVariants(state, random, product, kind, style, article)
  else seedBaseVariant(state, random, product)
}

/** Endings that shops use; the cost leaves a margin, the recommended price is not below the price. */
const prices = (random: Random, [low, high]: readonly [number, number]): Record<string, number> => {
  const whole = Math.round(low + (high - low) * random() ** 1.6)
  const cents = Math.max(199, whole * 100 - pick(random, [1, 1, 1, 5, 50, 0, 0]))
  const sale = chance(random, 0.14) ? cents - Math.round((cents * between(random, 10, 35)) / 100) : 0
  const calculated = (sale || cents) / 100
  return {
    price: cents / 100,
    cost_price: chance(random, 0.9) ? Math.round((cents * between(random, 32, 58)) / 100) / 100 : 0,
    retail_price: chance(random, 0.3) ? Math.round((cents * between(random, 100, 130)) / 100) / 100 : 0,
    sale_price: sale / 100,
    map_price: chance(random, 0.05) ? Math.round(cents * 0.75) / 100 : 0,
    calculated_price: calculated,
  }
}

const describe = (random: Random, name: string, material: string, noun: string): string =>
  [
    `<p>The ${name} is ${pick(random, MERITS)}.</p>`,
    `<p>${material} that ages well, in a ${noun.toLowerCase()} for every day &amp; every season.</p>`,
    chance(random, 0.4) ? `<ul><li>${pick(random, MERITS)}</li><li>${pick(random, MERITS)}</li></ul>` : '',
  ].join('')

const unique = (names: Map<string, number>, wish: string): string => {
  const before = names.get(wish) ?? 0
  names.set(wish, before + 1)
  return before ? `${wish} No. ${before + 1}` : wish
}

/** Fields in the API's order, with what the server fills in (docs/bigcommerce.md, Products). */
const DEFAULTS = {
  name: '',
  type: 'physical',
  sku: '',
  description: '',
  weight: 0,
  width: 0,
  depth: 0,
  height: 0,
  price: 0,
  cost_price: 0,
  retail_price: 0,
  sale_price: 0,
  map_price: 0,
  tax_class_id: 0,
  product_tax_code: '',
  calculated_price: 0,
  categories: [],
  brand_id: 0,
  option_set_id: null,
  option_set_display: 'right',
  inventory_level: 0,
  inventory_warning_level: 0,
  inventory_tracking: 'none',
  reviews_rating_sum: 0,
  reviews_count: 0,
  total_sold: 0,
  fixed_cost_shipping_price: 0,
  is_free_shipping: false,
  is_visible: true,
  is_featured: false,
  related_products: [-1],
  warranty: '',
  bin_picking_number: '',
  layout_file: 'product.html',
  upc: '',
  mpn: '',
  gtin: '',
  date_last_imported: '',
  search_keywords: '',
  availability: 'available',
  availability_description: '',
  gift_wrapping_options_type: 'any',
  gift_wrapping_options_list: [],
  sort_order: 0,
  condition: 'New',
  is_condition_shown: false,
  order_quantity_minimum: 0,
  order_quantity_maximum: 0,
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  date_created: '',
  date_modified: '',
  view_count: 0,
  preorder_release_date: null,
  preorder_message: '',
  is_preorder_only: false,
  is_price_hidden: false,
  price_hidden_label: '',
  custom_url: null,
  base_variant_id: null,
  open_graph_type: 'product',
  open_graph_title: '',
  open_graph_description: '',
  open_graph_use_meta_description: true,
  open_graph_use_product_name: true,
  open_graph_use_image: true,
}
