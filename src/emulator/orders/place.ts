import type { ProductRow, State, VariantRow } from '../state.ts'
import type { Row } from '../table.ts'
import { goodsOf, lineRow, type PricedLine } from './line-row.ts'
import { orderRow, type Sums } from './order-row.ts'

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
  const lines = order.lines.map((line) => priced(state, line))
  const sums = sumsOf(lines, order.statusId)
  const row = state.orders.insert(orderRow(state, order, sums))
  const address = state.consignments.insert(addressRow(row.id, order, sums))
  for (const line of lines) state.orderLines.insert(lineRow(line, row.id, address.id, sums))
  return row
}

const TAX = 0.0825
const SHIPPED: ReadonlySet<number> = new Set([2, 10])
const REFUNDED = 4

const priced = (state: State, { product, variant, quantity }: NewOrder['lines'][number]): PricedLine => {
  const price = priceOf(product, variant)
  return { goods: goodsOf(state, product, variant), quantity, price, tax: cents(price * TAX) }
}

/** What a piece costs in the catalog, before taxes. */
export const priceOf = (product: ProductRow, variant: VariantRow): number =>
  variant.sale_price ?? variant.price ?? (product.sale_price || product.price)

export const sumsOf = (lines: readonly PricedLine[], statusId: number): Sums => {
  const items = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  return {
    goods: cents(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)),
    tax: cents(lines.reduce((sum, { tax, quantity }) => sum + tax * quantity, 0)),
    items,
    shipped: SHIPPED.has(statusId) ? items : 0,
    refunded: statusId === REFUNDED,
  }
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

export const addressRow = (
  orderId: number,
  { address, shipping }: Pick<NewOrder, 'address' | 'shipping'>,
  { items, shipped }: Sums,
): Readonly<Record<string, unknown>> => ({
  order_id: orderId,
  ...address,
  items_total: items,
  items_shipped: shipped,
  shipping_method: shipping === 0 ? 'Free Shipping' : 'Flat Rate',
  base_cost: shipping,
  cost_ex_tax: shipping,
  cost_inc_tax: shipping,
  cost_tax: 0,
  cost_tax_class_id: 2,
  base_handling_cost: 0,
  handling_cost_ex_tax: 0,
  handling_cost_inc_tax: 0,
  handling_cost_tax: 0,
  handling_cost_tax_class_id: 2,
  shipping_zone_id: 1,
  shipping_zone_name: address.country,
  form_fields: [],
})
