import type { ProductRow, State, VariantRow } from '../state.ts'
import { money, NOTHING } from './formats.ts'
import type { Sums } from './order-row.ts'

export interface PricedLine {
  readonly goods: Goods
  readonly quantity: number
  readonly price: number
  /** On one piece. */
  readonly tax: number
}

/** What a line is about, as it was when it was ordered. */
export interface Goods {
  readonly product_id: number
  readonly variant_id: number
  readonly name: string
  readonly sku: string
  readonly upc: unknown
  readonly type: unknown
  readonly weight: number
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly cost: number
  readonly bin: unknown
  readonly brand: string
  readonly options: readonly Readonly<Record<string, unknown>>[]
}

/** A variant of the catalog. */
export const goodsOf = (state: State, product: ProductRow, variant: VariantRow): Goods => ({
  product_id: product.id,
  variant_id: variant.id,
  name: product.name,
  sku: variant.sku || product.sku,
  upc: variant['upc'] ?? '',
  type: product['type'],
  weight: Number(variant['weight'] ?? product['weight']),
  width: Number(product['width']),
  height: Number(product['height']),
  depth: Number(product['depth']),
  cost: Number(variant['cost_price'] || product['cost_price'] || 0),
  bin: variant['bin_picking_number'] ?? '',
  brand: state.brands.get(product.brand_id)?.name ?? '',
  options: variant.option_values.map((choice, place) => chosenOption(state, choice, place)),
})

/** Something that is in no catalog. */
export const customGoods = (name: string, sku: string, upc: string): Goods => ({
  product_id: 0,
  variant_id: 0,
  name,
  sku,
  upc,
  type: 'physical',
  weight: 0,
  width: 0,
  height: 0,
  depth: 0,
  cost: 0,
  bin: '',
  brand: '',
  options: [],
})

/** A line as the API shows it. */
export const lineRow = (
  { goods, quantity, price, tax }: PricedLine,
  orderId: number,
  addressId: number,
  { shipped, refunded }: Sums,
): Readonly<Record<string, unknown>> => {
  const { name, cost } = goods
  return {
    order_id: orderId,
    product_id: goods.product_id,
    variant_id: goods.variant_id,
    order_pickup_method_id: 0,
    order_address_id: addressId,
    name,
    name_customer: name,
    name_merchant: name,
    sku: goods.sku,
    upc: goods.upc,
    type: goods.type,
    base_price: money(price),
    price_ex_tax: money(price),
    price_inc_tax: money(price + tax),
    price_tax: money(tax),
    base_total: money(price * quantity),
    total_ex_tax: money(price * quantity),
    total_inc_tax: money((price + tax) * quantity),
    total_tax: money(tax * quantity),
    weight: money(goods.weight),
    width: money(goods.width),
    height: money(goods.height),
    depth: money(goods.depth),
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
    bin_picking_number: goods.bin,
    external_id: null,
    fulfillment_source: '',
    brand: goods.brand,
    gift_certificate_id: null,
    applied_discounts: [],
    product_options: goods.options,
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
