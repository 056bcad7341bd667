import { changeStock, DEFAULT_LOCATION } from '../inventory/index.ts'
import type { Body } from '../rules.ts'
import type { State } from '../state.ts'
import type { Row } from '../table.ts'
import type { Call } from '../types.ts'
import { money } from './formats.ts'
import { lineRow } from './line-row.ts'
import { addressOf, placesOf } from './new-addresses.ts'
import { amount, invalid, type NewLine, newLines } from './new-lines.ts'
import { orderRow } from './order-row.ts'
import { addressRow, sumsOf } from './place.ts'
import { STATUSES } from './statuses.ts'

/** Makes an order as the API makes it (docs/bigcommerce.md, New orders). @throws {Refusal} in the v2 form. */
export const createOrder = ({ state, settings, body, now }: Call): Row => {
  const given = (body ?? {}) as Body
  for (const name of Object.keys(given)) refuseName(name)
  const lines = newLines(state, given['products'])
  const billing = addressOf(given['billing_address'], 'billing_address')
  const moment = now()
  const statusId = statusOf(given['status_id'] ?? PENDING)
  const sums = { ...sumsOf(lines, statusId), shipped: 0 }
  const shipping = given['shipping_cost_ex_tax'] ?? given['base_shipping_cost'] ?? 0
  const order = {
    created: momentOf(given['date_created'], moment),
    modified: moment,
    statusId,
    customerId: Number(given['customer_id'] ?? 0),
    address: billing,
    lines: [],
    paymentMethod: String(given['payment_method'] ?? ''),
    shipping: amount(shipping, 'base_shipping_cost'),
  }
  const reckoned = orderRow(state, order, sums)
  const row = state.orders.insert({ ...reckoned, ...takenOver(state, given), ...sumsGiven(given, reckoned) })
  const sentTo = placesOf(given['shipping_addresses'], billing)
  const [first = 0] = sentTo.map(({ address, method }, index) => {
    const cost = index === 0 ? order.shipping : 0
    const place = { ...addressRow(row.id, { address, shipping: cost }, index === 0 ? sums : { ...sums, items: 0 }) }
    return state.consignments.insert(method === undefined ? place : { ...place, shipping_method: method }).id
  })
  for (const line of lines) state.orderLines.insert(lineRow(line, row.id, first, sums))
  state.orders.update(row.id, { shipping_address_count: sentTo.length })
  if (!UNTAKEN.has(statusId)) takeStock(state, settings, lines)
  return row
}

const PENDING = 1
/** Incomplete, cancelled and declined orders hold nothing of the stock. */
const UNTAKEN: ReadonlySet<number> = new Set([0, 5, 6])

/** A field that only the server writes is refused by name, and so is one that it does not know. */
const refuseName = (name: string): void => {
  if (SERVER_OWNED.has(name))
    invalid(name, 'cannot be written to. Please remove it from your request before trying again')
  if (name === 'consignments') invalid(name, 'is beyond the emulator')
  if (!TAKEN.has(name)) invalid(name, 'is not supported by this resource')
}

const SERVER_OWNED: ReadonlySet<string> = new Set([
  ...['id', 'date_modified', 'date_shipped', 'status', 'order_source', 'payment_status', 'external_id', 'coupons'],
  ...['subtotal_tax', 'shipping_cost_tax', 'handling_cost_tax', 'wrapping_cost_tax', 'total_tax', 'coupon_discount'],
  ...['shipping_cost_tax_class_id', 'handling_cost_tax_class_id', 'wrapping_cost_tax_class_id', 'cart_id'],
  ...['store_credit_amount', 'gift_certificate_amount', 'currency_id', 'currency_code', 'currency_exchange_rate'],
  ...['default_currency_id', 'shipping_address_count'],
])

const PAIRS = ['subtotal', 'shipping_cost', 'handling_cost', 'wrapping_cost', 'total'] as const
const AMOUNTS = ['base_shipping_cost', 'base_handling_cost', 'base_wrapping_cost', 'discount_amount', 'refunded_amount']
const TEXTS: Readonly<Record<string, number>> = {
  staff_notes: 65_535,
  customer_message: 65_535,
  payment_method: 255,
  payment_provider_id: 255,
  external_source: 255,
  external_order_id: 255,
  ip_address: 30,
  ip_address_v6: 39,
  geoip_country: 255,
  geoip_country_iso2: 2,
  customer_locale: 6,
  default_currency_code: 3,
  ebay_order_id: 255,
}
const NUMBERS = ['customer_id', 'items_total', 'channel_id']
const OTHERS = ['external_merchant_id', 'order_is_digital']
const TAKEN: ReadonlySet<string> = new Set([
  ...['products', 'shipping_addresses', 'billing_address', 'status_id', 'date_created', ...AMOUNTS, ...NUMBERS],
  ...PAIRS.flatMap((name) => [`${name}_ex_tax`, `${name}_inc_tax`]),
  ...Object.keys(TEXTS),
  ...OTHERS,
])

/** What the order takes over as it stands. */
const takenOver = (state: State, given: Body): Body => {
  for (const [name, most] of Object.entries(TEXTS)) refuseText(given, name, most)
  for (const name of NUMBERS) {
    if (given[name] !== undefined && !(Number.isInteger(given[name]) && Number(given[name]) >= 0))
      invalid(name, 'is invalid')
  }
  const channel = given['channel_id']
  if (channel !== undefined && state.channels.list().length && !state.channels.has(Number(channel)))
    invalid('channel_id', 'is invalid')
  const names = [...Object.keys(TEXTS), ...NUMBERS, ...OTHERS].filter((name) => given[name] !== undefined)
  const amounts = AMOUNTS.filter((name) => given[name] !== undefined && name !== 'refunded_amount')
  return {
    order_source: 'external',
    tax_provider_id: '',
    ip_address: '',
    ...Object.fromEntries(names.map((name) => [name, given[name]])),
    ...Object.fromEntries(amounts.map((name) => [name, money(amount(given[name], name))])),
    ...(given['ip_address_v6'] !== undefined && given['ip_address'] === undefined ? { ip_address: '' } : {}),
  }
}

const refuseText = (given: Body, name: string, most: number): void => {
  const value = given[name]
  if (value === undefined || value === null) return
  if (!((typeof value === 'string' && value.length <= most) || typeof value === 'number')) invalid(name, 'is invalid')
}

/** Amounts come in pairs, with and without tax; what is not given is reckoned from the lines, less the discount. */
const sumsGiven = (given: Body, reckoned: Body): Body => {
  const pairs = Object.fromEntries(
    PAIRS.flatMap((name) => {
      const [without, whole] = [`${name}_ex_tax`, `${name}_inc_tax`]
      if (given[without] === undefined && given[whole] === undefined) return []
      const [ex, inc] = [amount(given[without], without), amount(given[whole], whole)]
      return [
        [without, money(ex)],
        [whole, money(inc)],
        [`${name}_tax`, money(inc - ex)],
      ]
    }),
  )
  const discount = given['discount_amount'] === undefined ? 0 : amount(given['discount_amount'], 'discount_amount')
  const less = (name: string): string => money(Math.max(0, Number(reckoned[name]) - discount))
  return { total_ex_tax: less('total_ex_tax'), total_inc_tax: less('total_inc_tax'), ...pairs }
}

const statusOf = (id: unknown): number =>
  STATUSES.some((one) => one.id === id) ? Number(id) : invalid('status_id', 'is invalid')

/** RFC 2822; the order keeps it. */
const momentOf = (value: unknown, now: number): number => {
  if (value === undefined) return now
  const isRfc = typeof value === 'string' && /^([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} /.test(value)
  return isRfc && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : invalid('date_created', 'is invalid')
}

const takeStock = (state: State, settings: Call['settings'], lines: readonly NewLine[]): void =>
  changeStock(
    state,
    { ...settings, stockDelayMs: 0 },
    lines.flatMap(({ thing, quantity }) =>
      thing
        ? [
            {
              productId: thing.product.id,
              variantId: thing.product.inventory_tracking === 'variant' ? thing.variant.id : null,
              locationId: DEFAULT_LOCATION,
              mode: 'add' as const,
              quantity: -quantity,
            },
          ]
        : [],
    ),
  )
