import { type Catalog, lookUp, type Resource, readRow } from '../../model/index.ts'
import { putInCategory } from '../catalog/index.ts'
import { DEFAULT_LOCATION } from '../inventory/index.ts'
import type { Body } from '../rules.ts'
import type { OptionRow, State } from '../state.ts'
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
    addChosen(state)
    for (const id of [DEFAULT_LOCATION, ...locations]) seedLocation(state, id)
  }

type Put = (state: State, body: Body, resource: Resource) => void

type Tables =
  | 'products'
  | 'variants'
  | 'images'
  | 'customFields'
  | 'bulkRules'
  | 'channels'
  | 'sites'
  | 'redirects'
  | 'currencies'
  | 'trees'
  | 'locations'
  | 'videos'
  | 'reviews'
  | 'complexRules'
  | 'channelAssignments'
  | 'metafields'
  | 'brands'
  | 'orders'
  | 'shipments'
  | 'orderCoupons'
  | 'orderMessages'
  | 'transactions'
  | 'refunds'
  | 'priceLists'
  | 'priceAssignments'
  | 'customerGroups'
  | 'customerAttributes'
  | 'customerAddresses'
  | 'customerAttributeValues'

const into =
  (table: Tables | 'consignments'): Put =>
  (state, body) =>
    state[table].insert(body as never)

/** Of rows whose ids the API tells as texts. */
const textIds =
  (table: 'taxClasses' | 'storeMetafields'): Put =>
  (state, body) =>
    state[table].insert({ ...body, id: Number(body['id']) })

/** How each resource is stored; what has no endpoints of its own is stored as its definition says. */
const PUT: Readonly<Record<string, Put>> = {
  store_information: (state, body) => {
    state.store = body
  },
  channels: into('channels'),
  sites: into('sites'),
  currencies: into('currencies'),
  tax_classes: textIds('taxClasses'),
  store_metafields: textIds('storeMetafields'),
  redirects: into('redirects'),
  locations: into('locations'),
  category_trees: into('trees'),
  products: into('products'),
  variants: into('variants'),
  product_images: into('images'),
  product_custom_fields: into('customFields'),
  product_bulk_prices: into('bulkRules'),
  product_channel_assignments: into('channelAssignments'),
  product_category_assignments: (state, body) => {
    const product = Number(body['product_id'])
    if (state.products.has(product)) putInCategory(state, product, Number(body['category_id']))
  },
  product_videos: into('videos'),
  product_reviews: into('reviews'),
  product_metafields: into('metafields'),
  variant_metafields: into('metafields'),
  category_metafields: into('metafields'),
  brand_metafields: into('metafields'),
  product_options: (state, body) => state.options.insert({ option_values: [], ...body } as never),
  product_option_values: (state, { option_id, product_id, ...value }) => {
    const { id, option_values } = optionOf(state, Number(option_id), Number(product_id))
    state.options.update(id, { option_values: [...option_values, value as never] })
  },
  product_modifiers: (state, body) => state.modifiers.insert({ option_values: [], ...body } as never),
  product_modifier_values: (state, { modifier_id, product_id: _product, ...value }) => {
    const id = Number(modifier_id)
    const { option_values = [] } = state.modifiers.get(id) ?? {}
    state.modifiers.update(id, { option_values: [...option_values, { option_id: id, ...value } as never] })
  },
  product_complex_rules: into('complexRules'),
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
  order_shipments: into('shipments'),
  order_coupons: into('orderCoupons'),
  order_messages: into('orderMessages'),
  order_transactions: into('transactions'),
  order_refunds: into('refunds'),
  // The statuses are the same in every store.
  order_statuses: () => undefined,
  price_lists: into('priceLists'),
  price_list_records: (state, { sku: _sku, calculated_price: _price, ...body }) =>
    state.priceRecords.insert(body as never),
  price_list_assignments: into('priceAssignments'),
  customer_groups: into('customerGroups'),
  customer_attributes: into('customerAttributes'),
  customers: (state, body) => state.customers.insert({ email: '', form_fields: [], ...body } as never),
  customer_addresses: into('customerAddresses'),
  customer_attribute_values: into('customerAttributeValues'),
  customer_form_fields: (state, { customer_id, ...field }) => {
    const { form_fields = [] } = state.customers.get(Number(customer_id)) ?? {}
    state.customers.update(Number(customer_id), { form_fields: [...form_fields, field as never] })
  },
}

/** Options and values that were not among the bodies, as far as variants choose them. */
const addChosen = (state: State): void => {
  for (const { product_id, option_values: choices } of state.variants.list()) {
    for (const { id, label, option_id, option_display_name: display_name } of choices) {
      const { option_values } = optionOf(state, option_id, product_id)
      const value = { id, label, sort_order: option_values.length, value_data: null, is_default: false }
      const isThere = option_values.some((one) => one.id === id)
      state.options.update(option_id, {
        display_name,
        option_values: isThere ? option_values : [...option_values, value],
      })
    }
  }
}

/** The option, without a name and values where it was not among the bodies. */
const optionOf = (state: State, id: number, product_id: number): OptionRow =>
  state.options.get(id) ??
  state.options.insert({
    id,
    product_id,
    name: '',
    display_name: '',
    type: 'rectangles',
    sort_order: 0,
    config: [],
    option_values: [],
  } as OptionRow)

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
