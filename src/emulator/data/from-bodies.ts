import { type Catalog, lookUp, type Resource, readRow } from '../../model/index.ts'
import { DEFAULT_LOCATION } from '../inventory/index.ts'
import type { Body } from '../rules.ts'
import type { State } from '../state.ts'
import { seedLocation } from './seed-store.ts'

/** Bodies of a resource as another store gave them, on their own: rows that come inside others name their parent. */
export type Bodies = (resource: Resource) => Iterable<Body>

/** Fills a store with what another one holds. Ids stay what they are there. */
export const filledFrom =
  (catalog: Catalog, bodies: Bodies, locations: readonly number[]) =>
  (state: State): void => {
    for (const resource of catalog.resources.values()) {
      const put = PUT[resource.name] ?? putAsDefined
      for (const body of bodies(resource)) put(state, body, resource)
    }
    for (const id of [DEFAULT_LOCATION, ...locations]) seedLocation(state, id)
  }

type Put = (state: State, body: Body, resource: Resource) => void

type Tables = 'products' | 'variants' | 'images' | 'customFields' | 'bulkRules' | 'metafields' | 'brands' | 'orders'

const into =
  (table: Tables | 'consignments'): Put =>
  (state, body) =>
    state[table].insert(body as never)

/** How each resource is stored; what has no endpoints of its own is stored as its definition says. */
const PUT: Readonly<Record<string, Put>> = {
  store_information: (state, body) => {
    state.store = body
  },
  products: into('products'),
  variants: into('variants'),
  product_images: into('images'),
  product_custom_fields: into('customFields'),
  product_bulk_prices: into('bulkRules'),
  product_metafields: into('metafields'),
  product_options: (state, body) => state.options.insert({ option_values: [], ...body } as never),
  product_option_values: (state, { option_id, product_id: _product, ...value }) => {
    const option = state.options.get(Number(option_id))
    if (option) state.options.update(option.id, { option_values: [...option.option_values, value as never] })
  },
  brands: into('brands'),
  categories: (state, { category_id: id, ...body }) => {
    const row = { id: Number(id), parent_id: 0, tree_id: 1, ...body }
    if (!state.trees.has(row.tree_id)) state.trees.insert({ id: row.tree_id, name: 'Catalog tree', channels: [1] })
    state.categories.insert(row as never)
  },
  inventory_items: (state, body) => putStock(state, body),
  orders: into('orders'),
  order_lines: (state, body) => state.orderLines.insert({ product_options: [], ...body } as never),
  order_addresses: into('consignments'),
}

/** The catalog shows the stock of the default location; what else is known of a place is kept beside it. */
const putStock = (state: State, body: Body): void => {
  const location = Number(body['location_id'])
  seedLocation(state, location, {
    code: String(body['location_code']),
    label: String(body['location_name']),
    enabled: body['location_enabled'] === true,
  })
  state.inventory.insert({
    product_id: body['product_id'],
    variant_id: body['variant_id'] || null,
    location_id: location,
    onhand: body['total_inventory_onhand'],
    ...(body['settings'] as object),
    inventory_warning_level: lookUp(body, 'settings.warning_level'),
  })
}

const putAsDefined: Put = (state, body, resource) => {
  const row = readRow(resource, body)
  const [key = ''] = resource.key
  const id = resource.key.length === 1 && typeof row[key] === 'number' ? { id: row[key] } : {}
  state.collection(resource.name).insert({ ...row, ...id })
}
