import type { ProductRow, State } from '../state.ts'
import { amount, joined, olderTime } from './formats.ts'

/** A product in the older API's body: amounts as text, its parts as links. */
export const olderProduct = (state: State, product: ProductRow): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(SAME.map((name) => [name, product[name] ?? null])),
  ...Object.fromEntries(AMOUNTS.map((name) => [name, amount(product[name])])),
  calculated_price: amount(product.sale_price > 0 ? product.sale_price : product.price),
  inventory_tracking: TRACKING[product.inventory_tracking],
  related_products: joined(product['related_products']),
  meta_keywords: joined(product['meta_keywords']),
  custom_url: product.custom_url?.url ?? '',
  avalara_product_tax_code: product['product_tax_code'] ?? '',
  rating_total: product['reviews_rating_sum'] ?? 0,
  rating_count: product['reviews_count'] ?? 0,
  is_open_graph_thumbnail: product['open_graph_use_image'] ?? true,
  keyword_filter: null,
  event_date_field_name: 'Delivery Date',
  event_date_type: 'none',
  date_created: olderTime(product['date_created']),
  date_modified: olderTime(product.date_modified),
  date_last_imported: olderTime(product['date_last_imported']),
  preorder_release_date: olderTime(product['preorder_release_date']),
  primary_image: null,
  brand: product.brand_id ? link(state, `brands/${product.brand_id}`) : null,
  option_set: null,
  ...Object.fromEntries(
    Object.entries(PARTS).map(([name, path]) => [name, link(state, `products/${product.id}/${path}`)]),
  ),
})

const TRACKING = { none: 'none', product: 'simple', variant: 'sku' } as const

const AMOUNTS = [
  ...['price', 'cost_price', 'retail_price', 'sale_price', 'fixed_cost_shipping_price'],
  ...['weight', 'width', 'height', 'depth'],
]

const SAME = [
  ...['id', 'name', 'type', 'sku', 'description', 'search_keywords', 'availability', 'availability_description'],
  ...['sort_order', 'is_visible', 'is_featured', 'inventory_level', 'inventory_warning_level', 'warranty'],
  ...['is_free_shipping', 'total_sold', 'brand_id', 'view_count', 'page_title', 'meta_description', 'layout_file'],
  ...['is_price_hidden', 'price_hidden_label', 'categories', 'condition', 'is_condition_shown', 'is_preorder_only'],
  ...['preorder_message', 'order_quantity_minimum', 'order_quantity_maximum', 'open_graph_type', 'open_graph_title'],
  ...['open_graph_description', 'upc', 'option_set_id', 'option_set_display', 'tax_class_id', 'bin_picking_number'],
]

/** Links spell the paths without underscores; both are served. */
const PARTS = {
  images: 'images',
  discount_rules: 'discountrules',
  custom_fields: 'customfields',
  skus: 'skus',
  options: 'options',
}

const link = (state: State, path: string): unknown => ({
  url: `https://store-${state.store['id']}.mybigcommerce.com/api/v2/${path}.json`,
  resource: `/${path}`,
})
