import type { Emulator } from '../../src/emulator/index.ts'
import { call, callAll, every, type Shop } from './call.ts'

/** What is pulled and copied: everything that the store below holds. */
export const RESOURCES = [
  'products',
  'variants',
  'product_images',
  'product_custom_fields',
  'product_options',
  'product_option_values',
  'product_modifiers',
  'product_modifier_values',
  'product_videos',
  'product_bulk_prices',
  'product_reviews',
  'categories',
  'brands',
  'product_metafields',
  'variant_metafields',
  'category_metafields',
  'brand_metafields',
  'price_lists',
  'price_list_records',
  'price_list_assignments',
  'redirects',
  'customer_groups',
  'customer_attributes',
  'customers',
  'customer_addresses',
  'customer_attribute_values',
  'customer_form_fields',
  'orders',
  'order_lines',
  'order_addresses',
  'order_shipments',
]

/** How many rows a store of full size has. */
export const FULL = {
  products: 2000,
  variants: 10_000,
  categories: 300,
  customers: 3000,
  orders: 5000,
  redirects: 1000,
  reviews: 600,
} as const

/** Sizes of a store that is a part of a full one. */
export const sizesOf = (scale: number): typeof FULL =>
  Object.fromEntries(
    Object.entries(FULL).map(([what, full]) => [what, Math.max(10, Math.round(full * scale))]),
  ) as unknown as typeof FULL

/** Adds to a generated shop what it lacks: as many rows as a store of that size has, and some of every kind. */
export const fillUp = async (old: Shop, sizes: typeof FULL): Promise<void> => {
  addCategories(old.emulator, sizes.categories)
  addVariants(old.emulator, sizes.variants)
  addPrices(old.emulator)
  relateProducts(old.emulator)
  await addModifiers(old)
  await addVideos(old)
  await addReviews(old, sizes.reviews)
  await addMetafields(old)
  await addRedirects(old, sizes.redirects)
}

const addCategories = ({ state }: Emulator, count: number): void => {
  const [above] = state.categories.list()
  if (!above) return
  const { id, ...row } = above
  for (let place = 1; state.categories.size < count; place += 1) {
    const path = `/season-${place}/`
    state.categories.insert({ ...row, parent_id: id, name: `Season ${place}`, url: { path, is_customized: false } })
  }
}

/** Products with one option get further values of it, in turns. */
const addVariants = ({ state }: Emulator, count: number): void => {
  const single = state.products.list().flatMap((product) => {
    const [option, second] = state.options.where('product', product.id)
    return option && !second ? [{ product, option: option.id }] : []
  })
  for (let round = 1; state.variants.size < count; round += 1) {
    for (const { product, option } of single) {
      const [first] = state.variants.where('product', product.id)
      const { option_values: values = [], display_name = '' } = state.options.get(option) ?? {}
      if (!first || state.variants.size >= count) return
      const value = { id: option * 100 + values.length, label: `Make ${round}`, sort_order: values.length }
      state.options.update(option, { option_values: [...values, { ...value, value_data: null, is_default: false }] })
      const chosen = { id: value.id, label: value.label, option_id: option, option_display_name: display_name }
      const { id: _id, ...like } = first
      const sku = `${product.id}-M${round}`
      state.variants.insert({ ...like, sku, inventory_level: 0, option_values: [chosen] })
    }
  }
}

/** Trade prices of every variant in two currencies, and a sale of some. */
const addPrices = ({ state }: Emulator): void => {
  const [like] = state.priceRecords.list()
  const [trade, sale] = state.priceLists.list()
  if (!like || !trade || !sale) return
  const priced = new Set(state.priceRecords.list().map(({ variant_id }) => variant_id))
  const { id: _id, ...row } = { ...like, bulk_pricing_tiers: [] }
  for (const [place, { id, product_id, price }] of state.variants.list().entries()) {
    if (priced.has(id)) continue
    const put = (list: number, currency: string, factor: number): unknown =>
      state.priceRecords.insert({
        ...row,
        price_list_id: list,
        variant_id: id,
        product_id,
        currency,
        price: Math.round(Number(price ?? state.products.get(product_id)?.price) * factor * 100) / 100,
      })
    put(trade.id, 'usd', 0.8)
    if (place % 2 === 0) put(trade.id, 'eur', 0.75)
    if (place % 5 === 0) put(sale.id, 'usd', 0.5)
  }
}

/** Every fifth product names the next one, which no request that makes it can. */
const relateProducts = ({ state }: Emulator): void => {
  const products = state.products.list()
  for (const [place, { id }] of products.entries()) {
    const next = products[place + 1]
    if (place % 5 === 0 && next) state.products.update(id, { related_products: [next.id] })
  }
}

/** An engraving, a lid that costs more, or a gift wrap that does, for every tenth product. */
const addModifiers = async (old: Shop): Promise<void> => {
  const adjusters = { price: { adjuster: 'relative', adjuster_value: 2.5 } }
  for (const [place, { id }] of every(10, old.emulator.state.products.list()).entries()) {
    const path = `/v3/catalog/products/${id}/modifiers`
    const name = ['Engraving', 'Lid', 'Gift wrap'][place % 3]
    const type = ['text', 'dropdown', 'checkbox'][place % 3]
    const values = [
      { label: 'None', sort_order: 0 },
      { label: 'Cork', sort_order: 1, adjusters },
    ]
    const made = await call(old, 'POST', path, {
      display_name: name,
      type,
      required: false,
      ...(type === 'dropdown' ? { option_values: values } : {}),
      ...(type === 'checkbox' ? { config: { checkbox_label: 'Yes, please' } } : {}),
    })
    const [yes] = made['option_values'] as { readonly id: number }[]
    if (type === 'checkbox') {
      await call(old, 'PUT', `${path}/${made.id}/values/${yes?.id}`, { label: 'Yes', sort_order: 0, adjusters })
    }
  }
}

const addVideos = async (old: Shop): Promise<void> => {
  for (const { id } of every(20, old.emulator.state.products.list())) {
    await call(old, 'POST', `/v3/catalog/products/${id}/videos`, { video_id: `video-${id}`, title: 'How it is made' })
  }
}

const addReviews = async (old: Shop, count: number): Promise<void> => {
  const products = old.emulator.state.products.list()
  for (let place = 0; place < count; place += 1) {
    const product = products[(place * 7) % products.length]
    await call(old, 'POST', `/v3/catalog/products/${product?.id}/reviews`, {
      title: `Lasts ${place + 1} years`,
      text: 'Used every day.',
      status: 'approved',
      rating: 1 + (place % 5),
      name: 'A. Buyer',
      email: `buyer.${place + 1}@example.com`,
      date_reviewed: '2025-11-03T10:00:00+00:00',
    })
  }
}

/** Two with every third product, and one with some of everything else that may have some. */
const addMetafields = async (old: Shop): Promise<void> => {
  const { products, variants, categories, brands } = old.emulator.state
  const note = (key: string, place: number) => ({
    namespace: 'bench',
    key,
    value: `${key} ${place}`,
    permission_set: 'read',
  })
  const rows = (owners: readonly { readonly id: number }[], keys: readonly string[]) =>
    owners.flatMap(({ id }, place) => keys.map((key) => ({ resource_id: id, ...note(key, place) })))
  const kinds = {
    products: rows(every(3, products.list()), ['care', 'origin']),
    variants: rows(every(5, variants.list()), ['shelf']),
    categories: rows(every(2, categories.list()), ['banner']),
    brands: rows(brands.list(), ['since']),
  }
  for (const [kind, all] of Object.entries(kinds)) await callAll(old, 'POST', `/v3/catalog/${kind}/metafields`, 50, all)
}

const addRedirects = async (old: Shop, count: number): Promise<void> => {
  const { products, categories, redirects } = old.emulator.state
  const [some, shelves] = [products.list(), categories.list()]
  const target = (place: number) => {
    if (place % 3 === 0) return { type: 'product', entity_id: some[place % some.length]?.id }
    if (place % 3 === 1) return { type: 'category', entity_id: shelves[place % shelves.length]?.id }
    return { type: 'url', url: `/pages/${place}` }
  }
  const left = Math.max(0, count - redirects.size)
  const rows = Array.from({ length: left }, (_, place) => ({
    site_id: 1000,
    from_path: `/once/${place}`,
    to: target(place),
  }))
  await callAll(old, 'PUT', '/v3/storefront/redirects', 50, rows)
}
