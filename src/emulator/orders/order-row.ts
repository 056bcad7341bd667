import type { State } from '../state.ts'
import { money, NOTHING, orderTime } from './formats.ts'
import type { NewOrder } from './place.ts'
import { statusName } from './statuses.ts'

/** What the lines of an order come to. */
export interface Sums {
  readonly goods: number
  readonly tax: number
  readonly items: number
  readonly shipped: number
  readonly refunded: boolean
}

/** In the order in which the API gives the fields; what the API only links to is added when the order is shown. */
export const orderRow = (
  state: State,
  order: NewOrder,
  { goods, tax, items, shipped, refunded }: Sums,
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
  base_shipping_cost: money(order.shipping),
  shipping_cost_ex_tax: money(order.shipping),
  shipping_cost_inc_tax: money(order.shipping),
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
  total_ex_tax: money(goods + order.shipping),
  total_inc_tax: money(goods + tax + order.shipping),
  total_tax: money(tax),
  items_total: items,
  items_shipped: shipped,
  payment_method: order.paymentMethod,
  payment_provider_id: null,
  payment_status: PAYMENT[order.statusId] ?? 'captured',
  refunded_amount: refunded ? money(goods + tax + order.shipping) : NOTHING,
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
