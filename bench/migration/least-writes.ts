import type { Emulator } from '../../src/emulator/index.ts'

type Least = Readonly<Record<string, number>>

/**
 * The least requests that write a store's rows into an empty one, by resource: its rows by the rows of one request
 * (docs/bigcommerce.md, Batches and the sections of the resources), each part rounded up. Rows that another one's request carries take none.
 */
export const leastWrites = (old: Emulator): Least => {
  const { products, variants, brands, priceLists, priceAssignments, redirects, reviews, modifiers } = old.state
  const { customers, customerGroups, customerAttributes } = old.state
  return {
    ...metafieldWrites(old),
    ...orderWrites(old),
    // A child names its parent, so level by level.
    categories: sum(levelsOf(old).map((count) => requests(count, 50))),
    brands: brands.size,
    // Products are made one by one; what they relate to is said once that is there.
    products: products.size + requests(relating(old), 10),
    variants: requests(variants.list().filter(({ id }) => isOwn(old, id)).length, 50),
    product_reviews: reviews.size,
    product_modifiers: modifiers.size,
    // Those of a checkbox come with it; only what they do to the price is said afterwards.
    product_modifier_values: modifiers.list().filter(({ type }) => type === 'checkbox').length,
    price_lists: priceLists.size,
    price_list_records: sum(recordsByList(old).map((count) => requests(count, 1000))),
    price_list_assignments: requests(priceAssignments.size, 25),
    redirects: requests(redirects.size, 50),
    customer_groups: customerGroups.size,
    customer_attributes: requests(customerAttributes.size, 10),
    customers: requests(customers.size, 10),
  }
}

/** The least where the new store holds some of the products already, without what hangs on them, and they keep their values. */
export const leastBeside = (old: Emulator, held: ReadonlySet<number>): Least => {
  const { products, variants, images, customFields, bulkRules, videos } = old.state
  const ofHeld = (rows: readonly { readonly product_id: number }[]) =>
    rows.filter(({ product_id }) => held.has(product_id)).length
  return {
    ...leastWrites(old),
    products: products.size - held.size + requests(relating(old, held), 10),
    variants: requests(
      variants.list().filter(({ id, product_id }) => !held.has(product_id) && isOwn(old, id)).length,
      50,
    ),
    // What a product lacks that is there is made one by one.
    product_images: ofHeld(images.list()),
    product_custom_fields: ofHeld(customFields.list()),
    product_bulk_prices: ofHeld(bulkRules.list()),
    product_videos: ofHeld(videos.list()),
  }
}

export const requests = (rows: number, batch: number): number => Math.ceil(rows / batch)

export const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0)

const relating = ({ state }: Emulator, held: ReadonlySet<number> = new Set()): number =>
  state.products.list().filter(({ id, ...product }) => !held.has(id) && !isChosen(product['related_products'])).length

/** The store chooses. */
const isChosen = (related: unknown): boolean => String(related) === '-1'

/** A base variant comes with its product, and holds something of its own that no request that makes a product can say. */
const isOwn = ({ state }: Emulator, id: number): boolean => {
  const variant = state.variants.get(id)
  if (!variant || variant.option_values.length) return false
  return variant.price !== null || Boolean(variant['inventory_warning_level'] || variant['bin_picking_number'])
}

const metafieldWrites = ({ state }: Emulator): Least => {
  const counts = new Map<string, number>()
  for (const { resource_type } of state.metafields.list())
    counts.set(resource_type, (counts.get(resource_type) ?? 0) + 1)
  return Object.fromEntries([...counts].map(([owner, count]) => [`${owner}_metafields`, requests(count, 50)]))
}

/** A parcel of everything makes its order shipped. */
const SHIPPED = 2

const orderWrites = ({ state }: Emulator): Least => {
  const taken = state.orders.list().filter(isTaken)
  const parcels = taken.map(({ id }) => state.shipments.where('order', id).length)
  const wrong = taken.filter(({ status_id }, at) => parcels[at] && status_id !== SHIPPED)
  return { orders: taken.length + wrong.length, order_shipments: sum(parcels) }
}

/** Orders that nobody finished stay behind, and so do archived ones. */
export const isTaken = (order: Readonly<Record<string, unknown>>): boolean =>
  order['status_id'] !== 0 && !order['is_deleted']

const recordsByList = ({ state }: Emulator): readonly number[] =>
  state.priceLists.list().map(({ id }) => state.priceRecords.where('list', id).length)

const levelsOf = ({ state }: Emulator): readonly number[] => {
  const depths = new Map<number, number>([[0, 0]])
  const levels: number[] = []
  for (const { id, parent_id } of state.categories.list()) {
    const depth = (depths.get(Number(parent_id)) ?? 0) + 1
    depths.set(id, depth)
    levels[depth - 1] = (levels[depth - 1] ?? 0) + 1
  }
  return levels
}
