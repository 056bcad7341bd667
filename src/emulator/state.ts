import { type Row, Table } from './table.ts'
import { Timeline } from './timeline.ts'

/**
 * Everything that the store holds. Rows are in the API's shape; children that the API nests (variants, images...) are rows of
 * their own with the parent's id in the index named `product` (`order` for parts of orders).
 *
 * Stock lives on `variants` (`inventory_level`) where the product's `inventory_tracking` is `variant`, on `products` where it is
 * `product`; `inventory` holds what a location adds to that (safety stock, warning level, stock of further locations).
 */
export interface State {
  readonly timeline: Timeline
  readonly products: Table<ProductRow>
  readonly variants: Table<VariantRow>
  /** With their `option_values` nested. */
  readonly options: Table<OptionRow>
  readonly images: Table<ChildRow>
  readonly customFields: Table<ChildRow>
  readonly bulkRules: Table<ChildRow>
  readonly videos: Table<ChildRow>
  readonly reviews: Table<ChildRow>
  /** With their `option_values` nested. */
  readonly modifiers: Table<ModifierRow>
  readonly complexRules: Table<RuleRow>
  /** Empty where nobody said which there are; then any is taken. */
  readonly channels: Table
  /** Empty as channels are. */
  readonly sites: Table
  /** By site and path in the index named `place`. */
  readonly redirects: Table
  readonly currencies: Table
  readonly taxClasses: Table
  readonly storeMetafields: Table
  readonly channelAssignments: Table<ChannelRow>
  readonly metafields: Table<MetafieldRow>
  readonly brands: Table<NamedRow>
  /** `id` is the API's `category_id`. */
  readonly categories: Table<NamedRow>
  readonly trees: Table
  readonly orders: Table
  /** Shipping addresses with their costs. */
  readonly consignments: Table
  readonly orderLines: Table
  readonly shipments: Table
  readonly orderCoupons: Table
  readonly orderMessages: Table
  readonly transactions: Table
  readonly refunds: Table
  readonly locations: Table
  readonly inventory: Table
  readonly priceLists: Table<NamedRow>
  /** One for each list, variant and currency; their ids show in cursors only. */
  readonly priceRecords: Table<PriceRow>
  readonly priceAssignments: Table
  /** With `form_fields`, which the API shows where they are asked for. */
  readonly customers: Table<CustomerRow>
  readonly customerAddresses: Table<OfCustomer>
  readonly customerAttributes: Table<NamedRow>
  readonly customerAttributeValues: Table<AttributeValueRow>
  readonly customerGroups: Table<NamedRow>
  /** Body of `GET /v2/store`. */
  store: Readonly<Record<string, unknown>>
  /** Rows of a collection that has no table of its own above. */
  collection(name: string, firstId?: number): Table
  /** Every write that the store accepted, in order: what tests hold a client's claims against. */
  readonly log: WriteRecord[]
  /** ms since 1970. */
  now(): number
}

export interface ProductRow extends Row {
  readonly name: string
  readonly sku: string
  readonly price: number
  readonly sale_price: number
  readonly categories: readonly number[]
  readonly brand_id: number
  readonly inventory_level: number
  readonly inventory_tracking: 'none' | 'product' | 'variant'
  readonly base_variant_id: number | null
  readonly custom_url: { readonly url: string; readonly is_customized: boolean } | null
  readonly date_modified: string
}

export interface ChildRow extends Row {
  readonly product_id: number
}

export interface ChannelRow extends ChildRow {
  readonly channel_id: number
}

export interface VariantRow extends ChildRow {
  readonly sku: string
  readonly price: number | null
  readonly sale_price: number | null
  readonly inventory_level: number
  readonly option_values: readonly OptionChoice[]
}

/** An option value that a variant stands for. */
export interface OptionChoice {
  readonly id: number
  readonly label: string
  readonly option_id: number
  readonly option_display_name: string
}

export interface OptionRow extends ChildRow {
  readonly display_name: string
  readonly type: string
  readonly option_values: readonly OptionValue[]
}

export interface OptionValue {
  readonly id: number
  readonly label: string
  readonly sort_order: number
  readonly value_data: unknown
  readonly is_default: boolean
}

export interface ModifierRow extends ChildRow {
  readonly display_name: string
  readonly type: string
  readonly option_values: readonly ModifierValue[]
}

export interface ModifierValue extends OptionValue {
  readonly option_id: number
  readonly adjusters: unknown
}

export interface RuleRow extends ChildRow {
  readonly conditions: readonly RuleCondition[]
}

/** A value of a modifier that was chosen, or the variant. */
export interface RuleCondition {
  readonly modifier_id: number | null
  readonly modifier_value_id: number | null
  readonly variant_id: number | null
}

export interface PriceRow extends ChildRow {
  readonly price_list_id: number
  readonly variant_id: number
  /** Small letters. */
  readonly currency: string
  readonly price: number
  readonly sale_price: number | null
  readonly retail_price: number | null
  readonly map_price: number | null
  readonly bulk_pricing_tiers: readonly unknown[]
  readonly date_created: string
  readonly date_modified: string
}

export interface MetafieldRow extends Row {
  readonly resource_type: string
  readonly resource_id: number
  readonly namespace: string
  readonly key: string
}

export interface CustomerRow extends Row {
  readonly email: string
  readonly first_name: string
  readonly last_name: string
  readonly customer_group_id: number
  readonly form_fields: readonly FormField[]
}

export interface FormField {
  readonly name: string
  readonly value: unknown
}

export interface OfCustomer extends Row {
  readonly customer_id: number
}

export interface AttributeValueRow extends OfCustomer {
  readonly attribute_id: number
  readonly attribute_value: string
}

export interface NamedRow extends Row {
  readonly name: string
}

export interface WriteRecord {
  /** ms since 1970. */
  readonly at: number
  readonly method: string
  /** Below the store's root, with the query. */
  readonly path: string
  readonly body: unknown
  readonly status: number
  /** `client` for the emulator's access token, `other` for the other app's. */
  readonly who: string
}

/** An empty store. */
export const createState = (clock: () => number): State => {
  const timeline = new Timeline(clock)
  const child = { product: (row: ChildRow) => row.product_id }
  const named = { name: (row: NamedRow) => row.name.toLowerCase() }
  const ofCustomer = { customer: (row: OfCustomer) => row.customer_id }
  const ofOrder = { order: (row: Row) => row['order_id'] as number }
  const collections = new Map<string, Table>()
  return {
    timeline,
    products: new Table<ProductRow>(timeline, {
      firstId: 77,
      indexes: {
        ...named,
        sku: (row) => row.sku.toLowerCase() || undefined,
        brand: (row) => row.brand_id || undefined,
        url: (row) => row.custom_url?.url,
      },
    }),
    variants: new Table<VariantRow>(timeline, {
      firstId: 300,
      indexes: { product: (row) => row.product_id, sku: (row) => row.sku.toLowerCase() || undefined },
    }),
    options: new Table<OptionRow>(timeline, { firstId: 110, indexes: { product: (row) => row.product_id } }),
    images: new Table<ChildRow>(timeline, { firstId: 240, indexes: child }),
    customFields: new Table<ChildRow>(timeline, { firstId: 1, indexes: child }),
    bulkRules: new Table<ChildRow>(timeline, { firstId: 1, indexes: child }),
    videos: new Table<ChildRow>(timeline, { firstId: 1, indexes: child }),
    reviews: new Table<ChildRow>(timeline, { firstId: 1, indexes: child }),
    modifiers: new Table<ModifierRow>(timeline, { firstId: 1, indexes: child }),
    complexRules: new Table<RuleRow>(timeline, { firstId: 1, indexes: child }),
    channels: new Table(timeline, { firstId: 1 }),
    sites: new Table(timeline, { firstId: 1000 }),
    redirects: new Table(timeline, {
      firstId: 1,
      indexes: { place: (row) => placeKey(Number(row['site_id']), String(row['from_path'])) },
    }),
    currencies: new Table(timeline, { firstId: 1 }),
    taxClasses: new Table(timeline, { firstId: 1 }),
    storeMetafields: new Table(timeline, { firstId: 1 }),
    channelAssignments: new Table<ChannelRow>(timeline, { firstId: 1, indexes: child }),
    metafields: new Table<MetafieldRow>(timeline, {
      firstId: 1,
      indexes: { owner: (row) => ownerKey(row.resource_type, row.resource_id) },
    }),
    brands: new Table<NamedRow>(timeline, { firstId: 35, indexes: named }),
    categories: new Table<NamedRow>(timeline, {
      firstId: 18,
      indexes: { parent: (row) => row['parent_id'] as number },
    }),
    trees: new Table(timeline, { firstId: 1 }),
    orders: new Table(timeline, { firstId: 100 }),
    consignments: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    orderLines: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    shipments: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    orderCoupons: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    orderMessages: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    transactions: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    refunds: new Table(timeline, { firstId: 1, indexes: ofOrder }),
    locations: new Table(timeline, { firstId: 1 }),
    inventory: new Table(timeline, {
      firstId: 1,
      indexes: {
        product: (row) => row['product_id'] as number,
        variant: (row) => row['variant_id'] as number,
        location: (row) => row['location_id'] as number,
      },
    }),
    priceLists: new Table<NamedRow>(timeline, { firstId: 1, indexes: named }),
    priceRecords: new Table<PriceRow>(timeline, {
      firstId: 1,
      indexes: { list: (row) => row.price_list_id, key: (row) => priceKey(row) },
    }),
    priceAssignments: new Table(timeline, { firstId: 1 }),
    customers: new Table<CustomerRow>(timeline, {
      firstId: 1,
      indexes: { email: (row) => row.email.toLowerCase(), group: (row) => row.customer_group_id || undefined },
    }),
    customerAddresses: new Table<OfCustomer>(timeline, { firstId: 1, indexes: ofCustomer }),
    customerAttributes: new Table<NamedRow>(timeline, { firstId: 1, indexes: named }),
    customerAttributeValues: new Table<AttributeValueRow>(timeline, {
      firstId: 1,
      indexes: { ...ofCustomer, attribute: (row) => row.attribute_id },
    }),
    customerGroups: new Table<NamedRow>(timeline, { firstId: 1 }),
    store: {},
    collection: (name, firstId = 1) => {
      const known = collections.get(name) ?? new Table(timeline, { firstId, indexes: {} })
      collections.set(name, known)
      return known
    },
    log: [],
    now: () => timeline.now(),
  }
}

/** Key of the `owner` index of metafields. */
export const ownerKey = (type: string, id: number): string => `${type} ${id}`

/** Key of the `key` index of price records. */
export const priceKey = (row: Pick<PriceRow, 'price_list_id' | 'variant_id' | 'currency'>): string =>
  `${row.price_list_id} ${row.variant_id} ${row.currency}`

/** Key of the `place` index of redirects. */
export const placeKey = (site: number, path: string): string => `${site} ${path}`

/** The form of moments in price lists and of customers: `2018-08-15T14:49:05Z`. */
export const zuluTime = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`

/** The catalog's form of a moment: `2018-08-15T14:49:05+00:00`. */
export const catalogTime = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}+00:00`
