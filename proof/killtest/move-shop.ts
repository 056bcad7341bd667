import type { EmulatorProcess } from '../../test/support/black-box.ts'

/** Asks a store past the client. @throws when it refuses. */
export type Ask = <T = Row>(method: string, path: string, body?: unknown) => Promise<T>

export type Row = { readonly id: number } & Readonly<Record<string, unknown>>

export const askOf =
  ({ url, storeHash, accessToken }: Pick<EmulatorProcess, 'url' | 'storeHash' | 'accessToken'>): Ask =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/stores/${storeHash}${path}`, {
      method,
      headers: { 'X-Auth-Token': accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    const told = text === '' ? undefined : (JSON.parse(text) as { readonly data?: T })
    return (path.startsWith('/v3/') ? told?.data : told) as T
  }

/** What a merchant has in a small store: something of everything that a migration copies. */
export const fillShop = async (ask: Ask, size: number): Promise<void> => {
  const shelves = await shelvesOf(ask)
  const products: Row[] = []
  for (let number = 1; number <= size; number += 1) products.push(await makeProduct(ask, number, shelves))
  const customers = await makePeople(ask, size)
  await makePrices(ask)
  for (let number = 1; number <= size; number += 1) await makeOrder(ask, number, customers)
}

interface Shelves {
  readonly brands: readonly number[]
  readonly categories: readonly number[]
}

const shelvesOf = async (ask: Ask): Promise<Shelves> => {
  const brands: number[] = []
  for (const name of ['Noor', 'Tal']) brands.push((await ask('POST', '/v3/catalog/brands', { name })).id)
  const categories: number[] = []
  for (const name of ['Kitchen', 'Garden', 'Cups'])
    categories.push(await makeCategory(ask, name, name === 'Cups' ? (categories[0] ?? 0) : 0))
  const note = { namespace: 'erp', permission_set: 'read', key: 'code' }
  await ask('POST', '/v3/catalog/brands/metafields', [{ ...note, value: 'N', resource_id: brands[0] }])
  await ask('POST', '/v3/catalog/categories/metafields', [{ ...note, value: 'K', resource_id: categories[0] }])
  return { brands, categories }
}

const makeCategory = async (ask: Ask, name: string, parent_id: number): Promise<number> => {
  const body = [{ tree_id: 1, name, parent_id, is_visible: true }]
  const made = await ask<readonly { readonly category_id: number }[]>('POST', '/v3/catalog/trees/categories', body)
  return made[0]?.category_id ?? 0
}

/** Every second one has variants and a modifier. */
const makeProduct = async (ask: Ask, number: number, { brands, categories }: Shelves): Promise<Row> => {
  const name = `Thing ${number}`
  const sku = `THING-${number}`
  const option_values = (label: string) => [{ option_display_name: 'Size', label }]
  const inner = ['Large', 'Small'].map((label) => ({
    sku: `${sku}-${label}`,
    price: 10 + number,
    option_values: option_values(label),
  }))
  const product = await ask('POST', '/v3/catalog/products', {
    name,
    type: 'physical',
    weight: 1,
    price: 5 + number,
    brand_id: brands[number % 2],
    categories: [categories[number % 3]],
    custom_fields: ['Colour', 'Origin'].map((field) => ({ name: field, value: `${field} of ${number}` })),
    images: ['front', 'back'].map((view, at) => ({
      image_url: `https://pictures.example/${number}-${view}.jpg`,
      is_thumbnail: at === 0,
      description: view,
    })),
    bulk_pricing_rules: [{ quantity_min: 10, quantity_max: 0, type: 'percent', amount: 5 }],
    ...(number % 2 ? { sku, inventory_tracking: 'product', inventory_level: number } : { variants: inner }),
  })
  if (number % 2 === 0) {
    const values = ['Cork', 'Steel'].map((label, sort_order) => ({ label, sort_order }))
    const lid = { display_name: 'Lid', type: 'dropdown', required: false, option_values: values }
    await ask('POST', `/v3/catalog/products/${product.id}/modifiers`, lid)
  }
  const note = { namespace: 'erp', permission_set: 'read', value: String(number), resource_id: product.id }
  await ask(
    'POST',
    '/v3/catalog/products/metafields',
    ['shelf', 'row'].map((key) => ({ ...note, key })),
  )
  return product
}

const makePeople = async (ask: Ask, size: number): Promise<readonly Row[]> => {
  const group = await ask('POST', '/v2/customer_groups', { name: 'Friends' })
  await ask('POST', '/v3/customers/attributes', [{ name: 'Level', type: 'string' }])
  const [level] = await ask<readonly Row[]>('GET', '/v3/customers/attributes')
  const people = Array.from({ length: size }, (_none, at) => personOf(at + 1, group.id, level?.id ?? 0))
  const made: Row[] = []
  for (const person of people) made.push(...(await ask<readonly Row[]>('POST', '/v3/customers', [person])))
  return made
}

const personOf = (number: number, group: number, attribute: number) => ({
  email: `person.${number}@example.com`,
  first_name: 'Ada',
  last_name: `Number ${number}`,
  customer_group_id: number % 2 ? group : 0,
  addresses: [placeOf(number)],
  attributes: [{ attribute_id: attribute, attribute_value: String(number) }],
})

const placeOf = (number: number) => ({
  first_name: 'Ada',
  last_name: `Number ${number}`,
  address1: `${number} Mill Street`,
  city: 'Austin',
  state_or_province: 'Texas',
  postal_code: '78701',
  country_code: 'US',
})

const makePrices = async (ask: Ask): Promise<void> => {
  const list = await ask('POST', '/v3/pricelists', { name: 'Dealers', active: true })
  const variants = await ask<readonly Row[]>('GET', '/v3/catalog/variants?limit=250')
  const records = variants.map(({ id }, at) => ({ variant_id: id, currency: 'usd', price: 3 + at }))
  await ask('PUT', `/v3/pricelists/${list.id}/records`, records)
}

/** Every second one is a guest's, and was sent. */
const makeOrder = async (ask: Ask, number: number, customers: readonly Row[]): Promise<void> => {
  const line = (at: number) => ({
    name: `Line ${number}.${at}`,
    quantity: at,
    price_inc_tax: 10 + at,
    price_ex_tax: 9 + at,
  })
  const {
    address1: street_1,
    state_or_province: state,
    postal_code: zip,
    country_code: country_iso2,
    ...who
  } = placeOf(number)
  const billing_address = {
    ...who,
    street_1,
    state,
    zip,
    country_iso2,
    country: 'United States',
    email: `buyer.${number}@example.com`,
  }
  const day = String(10 + number).padStart(2, '0')
  const { id } = await ask('POST', '/v2/orders', {
    status_id: 11,
    customer_id: number % 2 ? (customers[number - 1]?.id ?? 0) : 0,
    date_created: `Tue, ${day} Mar 2026 10:00:00 +0000`,
    billing_address,
    products: [line(1), line(2)],
  })
  if (number % 2) return
  const lines = await ask<readonly Row[]>('GET', `/v2/orders/${id}/products`)
  const items = lines.map((one) => ({ order_product_id: one.id, quantity: one['quantity'] }))
  await ask('POST', `/v2/orders/${id}/shipments`, {
    order_address_id: lines[0]?.['order_address_id'],
    tracking_number: `PARCEL-${number}`,
    items,
  })
}

/** What people do in both stores after a copy. Returns what the new store holds otherwise from then on. */
export const editShops = async (ask: { readonly old: Ask; readonly new: Ask }): Promise<readonly string[]> => {
  const shelves = { brands: [0, 0], categories: [] as number[] }
  const [one, two] = await ask.old<readonly Row[]>('GET', '/v3/catalog/products?limit=2&sort=id')
  const customers = await ask.old<readonly Row[]>('GET', '/v3/customers?limit=250')
  await ask.old('PUT', `/v3/catalog/products/${one?.id}`, { price: 77, description: 'Better.' })
  await ask.old('POST', `/v3/catalog/products/${two?.id}/custom-fields`, { name: 'Colour', value: 'another' })
  await ask.old('PUT', '/v3/customers', [{ id: customers[0]?.id, last_name: 'Byron' }])
  const category = await makeCategory(ask.old, 'Late', 0)
  await makeProduct(ask.old, 90, { ...shelves, categories: [category, category, category] })
  await makeOrder(ask.old, 12, customers)
  const there = await ask.new<readonly Row[]>(
    'GET',
    `/v3/catalog/products?name=${encodeURIComponent(String(two?.['name']))}`,
  )
  await ask.new('PUT', `/v3/catalog/products/${there[0]?.id}`, { warranty: 'Ours.' })
  return [`products ${String(two?.['name'])} warranty`]
}
