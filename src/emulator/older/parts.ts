import { refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { ChildRow, OptionRow, OptionValue, VariantRow } from '../state.ts'
import type { Call, Endpoint } from '../types.ts'
import { amount, amountOrNull, olderTime } from './formats.ts'
import { wanted } from './products.ts'

const scope = 'store_v2_products'
const get = (path: string, handle: Endpoint['handle']): Endpoint => ({ method: 'GET', path, scope, handle })

export const olderPartEndpoints: readonly Endpoint[] = [
  get('/v2/products/:id/skus', (call) => v2Page(call, skusOf(call), (row) => sku(call, row))),
  get('/v2/products/:id/images', (call) => v2Page(call, call.state.images.where('product', wanted(call).id), image)),
  ...['custom_fields', 'customfields'].map((part) =>
    get(`/v2/products/:id/${part}`, (call) =>
      v2Page(call, call.state.customFields.where('product', wanted(call).id), customField),
    ),
  ),
  ...['discount_rules', 'discountrules'].map((part) =>
    get(`/v2/products/:id/${part}`, (call) =>
      v2Page(call, call.state.bulkRules.where('product', wanted(call).id), discountRule),
    ),
  ),
  get('/v2/products/:id/options', (call) =>
    v2Page(call, call.state.options.where('product', wanted(call).id), productOption),
  ),
  get('/v2/options/:option/values', (call) => {
    const option = call.state.options.get(Number(call.params['option'])) ?? refuse(NOT_FOUND)
    return v2Page(call, option.option_values, (value) => optionValue(option, value))
  }),
]

const NOT_FOUND = v2Error(404, 'The requested resource was not found.')

/** A product that is sold as it is has none. */
const skusOf = (call: Call): readonly VariantRow[] => {
  const product = wanted(call)
  return product.base_variant_id === null ? call.state.variants.where('product', product.id) : []
}

const sku = ({ state }: Call, row: VariantRow): unknown => {
  const product = state.products.get(row.product_id)
  return {
    id: row['sku_id'] ?? row.id,
    product_id: row.product_id,
    sku: row.sku,
    price: amountOrNull(row.price),
    adjusted_price: amount(row.price ?? product?.price),
    cost_price: amount(row['cost_price']),
    upc: row['upc'] ?? '',
    inventory_level: row.inventory_level,
    inventory_warning_level: row['inventory_warning_level'] ?? 0,
    bin_picking_number: row['bin_picking_number'] ?? '',
    weight: amountOrNull(row['weight']),
    adjusted_weight: amount(row['weight'] ?? product?.['weight']),
    is_purchasing_disabled: row['purchasing_disabled'] ?? false,
    purchasing_disabled_message: row['purchasing_disabled_message'] ?? '',
    image_file: row['image_url'] ?? '',
    options: row.option_values.map(({ id, option_id }) => ({ product_option_id: option_id, option_value_id: id })),
  }
}

const image = (row: ChildRow): unknown => ({
  id: row.id,
  product_id: row.product_id,
  image_file: row['image_file'],
  zoom_url: row['url_zoom'],
  thumbnail_url: row['url_thumbnail'],
  standard_url: row['url_standard'],
  tiny_url: row['url_tiny'],
  is_thumbnail: row['is_thumbnail'],
  sort_order: row['sort_order'],
  description: row['description'],
  date_created: olderTime(row['date_modified']),
})

const customField = (row: ChildRow): unknown => ({
  id: row.id,
  product_id: row.product_id,
  name: row['name'],
  text: row['value'],
})

/** The id is a text here. */
const discountRule = (row: ChildRow): unknown => ({
  id: String(row.id),
  product_id: row.product_id,
  min: row['quantity_min'],
  max: row['quantity_max'],
  type: row['type'],
  type_value: row['amount'],
})

/** Each product has options of its own, so each shared option is used once. */
const productOption = (row: OptionRow): unknown => ({
  id: row.id,
  option_id: row.id,
  display_name: row.display_name,
  sort_order: row['sort_order'] ?? 0,
  is_required: true,
})

const optionValue = (option: OptionRow, { id, label, sort_order, is_default }: OptionValue): unknown => ({
  id,
  option_id: option.id,
  label,
  sort_order,
  value: label,
  is_default,
})
