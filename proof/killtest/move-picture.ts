import type { Ask, Row } from './move-shop.ts'

/**
 * Everything that a store holds of what a migration copies, as one line for each row and without ids, so that two stores that hold the
 * same tell the same, and a row that is there twice shows.
 */
export const pictureOf = async (ask: Ask): Promise<readonly string[]> => {
  const names = new Map<string, string>()
  const nameOf = (kind: string, id: unknown): string => names.get(`${kind} ${String(id)}`) ?? 'nothing'
  const lines: string[] = []
  const add = (...words: readonly unknown[]): void => void lines.push(words.map((one) => JSON.stringify(one)).join(' '))

  const brands = await all(ask, '/v3/catalog/brands')
  for (const { id, name } of brands) names.set(`brand ${id}`, String(name))
  for (const { name } of brands) add('brand', name)
  const categories = (await all(ask, '/v3/catalog/trees/categories')) as readonly (Row & {
    readonly category_id: number
  })[]
  for (const { category_id: id, name } of categories) names.set(`category ${id}`, String(name))
  for (const { name, parent_id } of categories) add('category', name, 'in', nameOf('category', parent_id))

  const include = 'include=variants,images,custom_fields,bulk_pricing_rules,options,modifiers'
  for (const one of await all(ask, `/v3/catalog/products?${include}`, 10)) {
    names.set(`product ${one.id}`, String(one['name']))
    const shelf = listOf(one['categories']).map((id) => nameOf('category', id))
    add(
      'product',
      one['name'],
      one['sku'],
      one['price'],
      one['description'],
      one['inventory_level'],
      shelf,
      nameOf('brand', one['brand_id']),
    )
    for (const variant of rowsOf(one['variants'])) {
      names.set(`variant ${variant.id}`, String(variant['sku']))
      add('variant of', one['name'], variant['sku'], variant['price'], labelsOf(variant['option_values']))
    }
    for (const { is_thumbnail, description } of rowsOf(one['images']))
      add('picture of', one['name'], description, is_thumbnail)
    for (const { name, value } of rowsOf(one['custom_fields'])) add('custom field of', one['name'], name, value)
    for (const { quantity_min, amount } of rowsOf(one['bulk_pricing_rules']))
      add('bulk price of', one['name'], quantity_min, amount)
    for (const kind of ['options', 'modifiers'])
      for (const { display_name, option_values } of rowsOf(one[kind]))
        add(kind, 'of', one['name'], display_name, labelsOf(option_values))
  }
  for (const [owner, path] of [
    ['product', 'products'],
    ['brand', 'brands'],
    ['category', 'categories'],
  ] as const)
    for (const { resource_id, namespace, key, value } of await all(ask, `/v3/catalog/${path}/metafields`))
      add('metafield of', nameOf(owner, resource_id), namespace, key, value)

  for (const { id, name } of await all(ask, '/v3/pricelists')) {
    add('price list', name)
    for (const { variant_id, currency, price } of await all(ask, `/v3/pricelists/${id}/records`))
      add('price in', name, nameOf('variant', variant_id), currency, price)
  }
  for (const { id, name } of await ask<readonly Row[]>('GET', '/v2/customer_groups')) {
    names.set(`group ${id}`, String(name))
    add('group', name)
  }
  for (const { name, type } of await all(ask, '/v3/customers/attributes')) add('attribute', name, type)
  for (const one of await all(ask, '/v3/customers?include=addresses,attributes')) {
    names.set(`customer ${one.id}`, String(one['email']))
    add('customer', one['email'], one['last_name'], nameOf('group', one['customer_group_id']))
    for (const { address1, city } of rowsOf(one['addresses'])) add('address of', one['email'], address1, city)
    for (const { attribute_value } of rowsOf(one['attributes'])) add('attribute of', one['email'], attribute_value)
  }
  for (const one of await ordersOf(ask)) {
    const number = one['external_order_id'] || String(one.id)
    add(
      'order',
      number,
      one['status_id'],
      one['date_created'],
      one['total_inc_tax'],
      nameOf('customer', one['customer_id']),
    )
    for (const { name, quantity, price_inc_tax } of await ordered(ask, one, 'products'))
      add('line of', number, name, quantity, price_inc_tax)
    for (const { tracking_number, items } of await ordered(ask, one, 'shipments'))
      add('parcel of', number, tracking_number, listOf(items).length)
    for (const { street_1 } of await ordered(ask, one, 'shipping_addresses')) add('place of', number, street_1)
  }
  for (const { from_path } of await all(ask, '/v3/storefront/redirects')) add('redirect', from_path)
  return lines.sort()
}

const rowsOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? (value as Row[]) : [])
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const labelsOf = (value: unknown): readonly string[] =>
  rowsOf(value)
    .map(({ label }) => String(label))
    .sort()

const all = async (ask: Ask, path: string, limit = 250): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (let page = 1; ; page += 1) {
    const next = await ask<readonly Row[]>('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}&page=${page}`)
    rows.push(...next)
    if (next.length < limit) return rows
  }
}

const ordersOf = async (ask: Ask): Promise<readonly Row[]> =>
  (await ask<readonly Row[] | undefined>('GET', '/v2/orders?limit=250')) ?? []

/** A list without rows is an empty answer. */
const ordered = async (ask: Ask, { id }: Row, part: string): Promise<readonly Row[]> =>
  (await ask<readonly Row[] | undefined>('GET', `/v2/orders/${id}/${part}?limit=250`)) ?? []
