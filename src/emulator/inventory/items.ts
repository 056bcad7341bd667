import { type Filters, filtered, numbers, PAGING, texts } from '../filters.ts'
import { page } from '../pages.ts'
import type { ProductRow, State, VariantRow } from '../state.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { inventoryProblem } from './answers.ts'
import { DEFAULT_LOCATION, keptAt, onHand } from './stock.ts'

/** Lists of stock: over all locations, and of one. */
export const itemEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/v3/inventory/items', scope: 'store_inventory', handle: (call) => listItems(call) },
  {
    method: 'GET',
    path: '/v3/inventory/locations/:id/items',
    scope: 'store_inventory',
    handle: (call) => listAt(call),
  },
]

/** A thing that has stock: a variant, or a complex product that is tracked as a whole. */
interface Item {
  readonly product: ProductRow
  readonly variant: VariantRow | undefined
}

const PAGE = { usual: 50, most: 1000 }
const FILTERS: Filters<Item> = {
  ...texts('sku', [':in'], ({ product, variant }) => (variant ?? product).sku),
  ...numbers('variant_id', [':in'], ({ variant }) => variant?.id ?? 0),
  ...numbers('product_id', [':in'], ({ product }) => product.id),
}
const LOCATION_FILTERS: Filters<Row> = {
  ...numbers('location_id', [':in'], ({ id }) => id),
  ...texts('location_code', [':in'], (location) => String(location['code'])),
}

const listItems = (call: Call): Answer => {
  const itemNames = [...Object.keys(FILTERS), ...PAGING]
  const locations = filtered(call.query, call.state.locations.list(), LOCATION_FILTERS, itemNames)
  const items = filtered(call.query, candidates(call), FILTERS, [...Object.keys(LOCATION_FILTERS), ...PAGING])
  // Everything is kept at the default location, so only a list without it has to look.
  const everywhere = locations.some(({ id }) => id === DEFAULT_LOCATION)
  const found = everywhere
    ? items
    : items.filter((item) => locations.some((location) => isKept(call.state, item, location)))
  return page(
    call,
    found,
    (item) => ({ identity: identity(item), locations: placesOf(call.state, item, locations) }),
    PAGE,
  )
}

const listAt = (call: Call): Answer => {
  const location = call.state.locations.get(Number(call.params['id']))
  if (!location) return inventoryProblem(404, 'Location not found')
  const items = filtered(call.query, candidates(call), FILTERS).filter((item) => isKept(call.state, item, location))
  return page(call, items, (item) => ({ identity: identity(item), ...levels(call.state, item, location) }), PAGE)
}

/** The items of the products that are asked for, else of all. */
const candidates = ({ state, query }: Call): readonly Item[] => {
  const asked = query.get('product_id:in')
  const ids = asked === null ? undefined : [...new Set(asked.split(',').map(Number))].sort((a, b) => a - b)
  const products = ids
    ? ids.map((id) => state.products.get(id)).filter((row) => row !== undefined)
    : state.products.list()
  return products.flatMap((product) => itemsOf(state, product))
}

const itemsOf = (state: State, product: ProductRow): readonly Item[] =>
  product.inventory_tracking === 'product' && product.base_variant_id === null
    ? [{ product, variant: undefined }]
    : state.variants.where('product', product.id).map((variant) => ({ product, variant }))

const identity = ({ product, variant }: Item): unknown => ({
  sku: (variant ?? product).sku,
  // A product that is tracked as a whole has no variant to name.
  variant_id: variant?.id ?? 0,
  product_id: product.id,
})

const isKept = (state: State, item: Item, location: Row): boolean =>
  onHand(state, thingOf(item, location)) !== undefined

const placesOf = (state: State, item: Item, locations: readonly Row[]): readonly unknown[] =>
  locations
    .filter((location) => isKept(state, item, location))
    .map((location) => ({
      location_id: location.id,
      location_code: location['code'],
      location_name: location['label'],
      ...levels(state, item, location),
      location_enabled: location['enabled'],
    }))

const levels = (state: State, item: Item, location: Row): Readonly<Record<string, unknown>> => {
  const thing = thingOf(item, location)
  const kept = keptAt(state, thing)
  const onhand = onHand(state, thing) ?? 0
  const safety_stock = Number(kept?.['safety_stock'] ?? 0)
  const shown = location.id === DEFAULT_LOCATION ? (item.variant ?? item.product) : kept
  return {
    available_to_sell: Math.max(0, onhand - safety_stock),
    total_inventory_onhand: onhand,
    settings: {
      safety_stock,
      is_in_stock: kept?.['is_in_stock'] ?? true,
      warning_level: shown?.['inventory_warning_level'] ?? 0,
      bin_picking_number: shown?.['bin_picking_number'] ?? '',
    },
  }
}

const thingOf = (
  { product, variant }: Item,
  location: Row,
): { productId: number; variantId: number | null; locationId: number } => ({
  productId: product.id,
  variantId: variant?.id ?? null,
  locationId: location.id,
})
