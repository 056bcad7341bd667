import type { ProductRow, State, VariantRow } from '../state.ts'
import type { Row } from '../table.ts'
import { money, orderTime } from './formats.ts'
import { statusName } from './statuses.ts'

export interface NewOrder {
  /** ms since 1970. */
  readonly created: number
  /** ms since 1970; `created` when absent. */
  readonly modified?: number
  readonly statusId: number
  /** 0 is a guest. */
  readonly customerId: number
  readonly address: Address
  readonly lines: readonly { readonly product: ProductRow; readonly variant: VariantRow; readonly quantity: number }[]
  readonly paymentMethod: string
  /** In the store's currency. */
  readonly shipping: number
  readonly archived?: boolean
  readonly staffNotes?: string | null
  readonly cartId?: string | null
}

export interface Address {
  readonly first_name: string
  readonly last_name: string
  readonly company: string
  readonly street_1: string
  readonly street_2: string
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly country: string
  readonly country_iso2: string
  readonly phone: string
  readonly email: string
}

/** Stores an order with its lines and its one shipping address; totals are reckoned from the lines. Stock stays as it is. */
export const placeOrder = (state: State, order: NewOrder): Row => {
  const lines = order.lines.map((line) => ({ ...line, price: priceOf(line.product, line.variant) }))
  const items = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const shipped = SHIPPED.has(order.statusId) ? items : 0
  const row = state.orders.insert(orderRow(state, order, costs(lines, order.shipping), items, shipped))
  const consignment = state.consignments.insert({
    order_id: row.id,
    ...order.address,
    items_total: items,
    items_shipped: shipped,
    shipping_method: order.shipping === 0 ? 'Free Shipping' : 'Flat Rate',
    base_cost: order.shipping,
    cost_ex_tax: order.shipping,
    cost_inc_tax: order.shipping,
    cost_tax: 0,
    cost_tax_class_id: 2,
    base_handling_cost: 0,
    handling_cost_ex_tax: 0,
    handling_cost_inc_tax: 0,
    handling_cost_tax: 0,
    handling_cost_tax_class_id: 2,
    shipping_zone_id: 1,
    shipping_zone_name: order.address.country,
    form_fields: [],
  })
  for (const line of lines)
    state.orderLines.insert(lineRow(state, line, row.id, consignment.id, shipped > 0, order.statusId))
  return row
}

const TAX = 0.0825
const SHIPPED: ReadonlySet<number> = new Set([2, 10])
const REFUNDED = 4

interface PricedLine {
  readonly product: ProductRow
  readonly variant: VariantRow
  readonly quantity: number
  readonly price: number
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

const priceOf = (product: ProductRow, variant: VariantRow): number =>
  variant.sale_price ?? variant.price ?? (product.sale_price || product.price)

const costs = (
  lines: readonly PricedLine[],
  shipping: number,
): { readonly goods: number; readonly tax: number; readonly shipping: number } => {
  const goods = cents(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0))
  return { goods, tax: cents(goods * TAX), shipping }
}

/** In the order in which the API gives the fields; what the API only links to is added when the order is shown. */
const orderRow = (
  state: State,
  order: NewOrder,
  { goods, tax, shipping }: ReturnType<typeof costs>,
  items: number,
  shipped: number,
): Readonly<Record<string, unknown>> => ({
  customer_id: order.customerId,
  date_created: orderTime(order.created),
  is_tax_inclusive_pricing: false,
  date_modified: orderTime(order.modified ?? order.created),
  date_shipped: shipped ? orderTime(order.modified ?? order.created) : '',
  status_id: order.statusId,
  status: statusName(order.statusId),
  subtotal_ex_tax: money(goods),
  subtotal_inc_tax: money(goods + tax),
  subtotal_tax: money(tax),
  base_shipping_cost: money(shipping),
  shipping_cost_ex_tax: money(shipping),
  shipping_cost_inc_tax: money(shipping),
  shipping_cost_tax: NOTHING,
  shipping_cost_tax_class_id: 2,
  base_handling_cost: NOTHING,
  handling_cost_ex_tax: NOTHING,
  handling_cost_inc_tax: NOTHING,
  handling_cost_tax: NOTHING,
  handling_cost_tax_class_id: 2,
  base_wrapping_cost: NOTHING,
  wrapping_cost_ex_tax: NOTHING,
  wrapping_cost_inc_tax: NOTHING,
  wrapping_cost_tax: NOTHING,
  wrapping_cost_tax_class_id: 3,
  total_ex_tax: money(goods + shipping),
  total_inc_tax: money(goods + tax + shipping),
  total_tax: money(tax),
  items_total: items,
  items_shipped: shipped,
  payment_method: order.paymentMethod,
  payment_provider_id: null,
  payment_status: PAYMENT[order.statusId] ?? 'captured',
  refunded_amount: order.statusId === REFUNDED ? money(goods + tax + shipping) : NOTHING,
  order_is_digital: false,
  store_credit_amount: NOTHING,
  gift_certificate_amount: NOTHING,
  ip_address: '203.0.113.7',
  ip_address_v6: '',
  geoip_country: order.address.country,
  geoip_country_iso2: order.address.country_iso2,
  currency_id: 1,
  currency_code: state.store['currency'],
  currency_exchange_rate: ONE,
  default_currency_id: 1,
  default_currency_code: state.store['currency'],
  staff_notes: order.staffNotes ?? null,
  customer_message: '',
  discount_amount: NOTHING,
  coupon_discount: NOTHING,
  shipping_address_count: 1,
  is_deleted: order.archived ?? false,
  ebay_order_id: '0',
  cart_id: order.cartId ?? null,
  billing_address: { ...order.address, form_fields: [] },
  is_email_opt_in: false,
  credit_card_type: null,
  order_source: 'www',
  channel_id: 1,
  external_source: null,
  external_id: null,
  external_merchant_id: null,
  tax_provider_id: 'BasicTaxProvider',
  customer_locale: 'en',
  external_order_id: '',
  store_default_currency_code: state.store['currency'],
  store_default_to_transactional_exchange_rate: ONE,
  custom_status: statusName(order.statusId),
})

const NOTHING = '0.0000'
const ONE = '1.0000000000'

/** Payment by the order's status; the others are captured. */
const PAYMENT: Readonly<Record<number, string>> = {
  0: '',
  1: 'pending',
  4: 'refunded',
  5: 'void',
  6: 'declined',
  7: '',
  14: 'partially refunded',
}

const lineRow = (
  state: State,
  { product, variant, quantity, price }: PricedLine,
  orderId: number,
  addressId: number,
  shipped: boolean,
  statusId: number,
): Readonly<Record<string, unknown>> => {
  const tax = cents(price * TAX)
  const cost = Number(variant['cost_price'] || product['cost_price'] || 0)
  const refunded = statusId === REFUNDED
  return {
    order_id: orderId,
    product_id: product.id,
    variant_id: variant.id,
    order_pickup_method_id: 0,
    order_address_id: addressId,
    name: product.name,
    name_customer: product.name,
    name_merchant: product.name,
    sku: variant.sku || product.sku,
    upc: variant['upc'] ?? '',
    type: product['type'],
    base_price: money(price),
    price_ex_tax: money(price),
    price_inc_tax: money(price + tax),
    price_tax: money(tax),
    base_total: money(price * quantity),
    total_ex_tax: money(price * quantity),
    total_inc_tax: money((price + tax) * quantity),
    total_tax: money(tax * quantity),
    weight: money(Number(variant['weight'] ?? product['weight'])),
    width: money(Number(product['width'])),
    height: money(Number(product['height'])),
    depth: money(Number(product['depth'])),
    quantity,
    base_cost_price: money(cost),
    cost_price_inc_tax: money(cost),
    cost_price_ex_tax: money(cost),
    cost_price_tax: NOTHING,
    is_refunded: refunded,
    quantity_refunded: refunded ? quantity : 0,
    refund_amount: NOTHING,
    return_id: 0,
    wrapping_id: 0,
    wrapping_name: '',
    base_wrapping_cost: NOTHING,
    wrapping_cost_ex_tax: NOTHING,
    wrapping_cost_inc_tax: NOTHING,
    wrapping_cost_tax: NOTHING,
    wrapping_message: '',
    quantity_shipped: shipped ? quantity : 0,
    event_name: null,
    event_date: null,
    fixed_shipping_cost: NOTHING,
    ebay_item_id: '',
    ebay_transaction_id: '',
    option_set_id: null,
    parent_order_product_id: null,
    is_bundled_product: false,
    bin_picking_number: variant['bin_picking_number'] ?? '',
    external_id: null,
    fulfillment_source: '',
    brand: state.brands.get(product.brand_id)?.name ?? '',
    gift_certificate_id: null,
    applied_discounts: [],
    product_options: variant.option_values.map((choice, place) => chosenOption(state, choice, place)),
    configurable_fields: [],
    discounted_total_inc_tax: money((price + tax) * quantity),
  }
}

const chosenOption = (
  state: State,
  choice: VariantRow['option_values'][number],
  place: number,
): Readonly<Record<string, unknown>> => {
  const option = state.options.get(choice.option_id)
  return {
    id: place + 1,
    option_id: choice.option_id,
    product_option_id: choice.option_id,
    display_name: choice.option_display_name,
    display_name_customer: choice.option_display_name,
    display_name_merchant: choice.option_display_name,
    display_value: choice.label,
    display_value_customer: choice.label,
    display_value_merchant: choice.label,
    value: String(choice.id),
    type: option?.type === 'swatch' ? 'Swatch' : 'Multiple choice',
    name: String(option?.['name'] ?? choice.option_display_name),
    display_style: option?.type === 'dropdown' ? 'Pick list' : 'Rectangle',
  }
}
