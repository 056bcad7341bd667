import { amount, flag, idList, moment, oneOf, orNull, type Rule, stock, text, textList, whole } from '../rules.ts'

const LONG = 65_535
const SIZE = 9_999_999_999

const price = amount()
const size = amount(0, SIZE)
const tradeNumber = text(14)

/** What a product takes in a write (docs/bigcommerce.md, Products). Nested lists and `brand_name` are read apart. */
export const PRODUCT_RULES = {
  name: text(250, 1),
  type: oneOf('physical', 'digital'),
  sku: text(255),
  description: text(),
  weight: size,
  width: size,
  depth: size,
  height: size,
  price,
  cost_price: price,
  retail_price: price,
  sale_price: price,
  map_price: price,
  tax_class_id: whole(0, 255),
  product_tax_code: text(255),
  categories: idList(1000),
  brand_id: whole(0, 1_000_000_000),
  inventory_level: stock,
  inventory_warning_level: whole(),
  inventory_tracking: oneOf('none', 'product', 'variant'),
  fixed_cost_shipping_price: price,
  is_free_shipping: flag,
  is_visible: flag,
  is_featured: flag,
  related_products: idList(50, -1),
  warranty: text(LONG),
  bin_picking_number: text(255),
  upc: tradeNumber,
  mpn: text(),
  gtin: tradeNumber,
  search_keywords: text(LONG),
  availability: oneOf('available', 'disabled', 'preorder'),
  availability_description: text(255),
  gift_wrapping_options_type: oneOf('any', 'none', 'list'),
  gift_wrapping_options_list: idList(),
  sort_order: whole(-2_147_483_648),
  condition: oneOf('New', 'Used', 'Refurbished'),
  is_condition_shown: flag,
  order_quantity_minimum: whole(0, 1_000_000_000),
  order_quantity_maximum: whole(0, 1_000_000_000),
  page_title: text(255),
  meta_keywords: textList,
  meta_description: text(LONG),
  preorder_release_date: orNull(moment),
  preorder_message: text(255),
  is_preorder_only: flag,
  is_price_hidden: flag,
  price_hidden_label: text(200),
  open_graph_type: oneOf('product', 'album', 'book', 'drink', 'food', 'game', 'movie', 'song', 'tv_show'),
  open_graph_title: text(),
  open_graph_description: text(),
  open_graph_use_meta_description: flag,
  open_graph_use_product_name: flag,
  open_graph_use_image: flag,
} satisfies Record<string, Rule>

/** What a create must bring. */
export const PRODUCT_NEEDS = ['name', 'type', 'weight', 'price']
