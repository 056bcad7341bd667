import { call, callAll, every, type Shop } from './call.ts'
import { isTaken, requests } from './least-writes.ts'

/** What people changed in both stores after a copy. */
export interface Edited {
  /** The least requests that carry it over, by resource. */
  readonly least: Readonly<Record<string, number>>
  /** Fields that both stores changed. */
  readonly conflicts: number
}

/**
 * People go on working: the old store gets new texts, prices, customers' numbers, products and orders, the new one texts of its own. A
 * hundredth of the products get a text in both.
 */
export const editBoth = async (old: Shop, fresh: Shop): Promise<Edited> => {
  const { products, variants, categories, priceLists, priceRecords, customers, metafields, orders } = old.emulator.state
  const all = products.list()
  const texts = every(10, all)
  await callAll(
    old,
    'PUT',
    '/v3/catalog/products',
    10,
    texts.map(({ id }) => ({ id, warranty: 'two years' })),
  )
  const both = every(10, texts)
  await editNames(fresh, both, { warranty: 'three years' })
  await editNames(fresh, every(10, texts.slice(1)), { search_keywords: 'merges with the text' })
  await editNames(fresh, every(100, all.slice(5)), { warranty: 'of the new store alone' })

  const prices = every(
    20,
    variants.list().filter(({ option_values }) => option_values.length),
  )
  await callAll(
    old,
    'PUT',
    '/v3/catalog/variants',
    50,
    prices.map(({ id, product_id, price }) => ({ id, price: raised(price ?? products.get(product_id)?.price) })),
  )
  const shelves = every(10, categories.list())
  await callAll(
    old,
    'PUT',
    '/v3/catalog/trees/categories',
    50,
    shelves.map(({ id }) => ({ category_id: id, description: '<p>Tidied.</p>' })),
  )
  const [trade] = priceLists.list()
  const records = every(10, priceRecords.where('list', trade?.id ?? 0))
  await callAll(
    old,
    'PUT',
    `/v3/pricelists/${trade?.id}/records`,
    1000,
    records.map(({ variant_id, currency, price }) => ({ variant_id, currency, price: raised(price) })),
  )
  const people = every(20, customers.list())
  await callAll(
    old,
    'PUT',
    '/v3/customers',
    10,
    people.map(({ id }) => ({ id, phone: '5125550100' })),
  )
  const notes = every(
    10,
    metafields.list().filter(({ resource_type }) => resource_type === 'product'),
  )
  await callAll(
    old,
    'PUT',
    '/v3/catalog/products/metafields',
    50,
    notes.map(({ id }) => ({ id, value: 'wash cold' })),
  )
  const settled = every(
    50,
    orders.list().filter((order) => isTaken(order) && order['status_id'] === 11),
  )
  for (const { id } of settled) await call(old, 'PUT', `/v2/orders/${id}`, { status_id: 9 })
  const made = every(100, all)
  for (const { id } of made) await call(old, 'POST', '/v3/catalog/products', newProduct(id))
  for (const { id } of made) await call(old, 'POST', '/v2/orders', newOrder(id))
  return {
    conflicts: both.length,
    least: {
      products: requests(texts.length - both.length, 10) + made.length,
      variants: requests(prices.length, 50),
      categories: requests(shelves.length, 50),
      price_list_records: requests(records.length, 1000),
      customers: requests(people.length, 10),
      product_metafields: requests(notes.length, 50),
      orders: settled.length + made.length,
    },
  }
}

/** By a twentieth, in cents. */
const raised = (price: number | undefined): number => Math.round(Number(price) * 105) / 100

const editNames = async (fresh: Shop, rows: readonly { readonly name: string }[], change: object): Promise<void> => {
  const { products } = fresh.emulator.state
  const edits = rows.flatMap(({ name }) =>
    products.where('name', name.toLowerCase()).map(({ id }) => ({ id, ...change })),
  )
  await callAll(fresh, 'PUT', '/v3/catalog/products', 10, edits)
}

const newProduct = (number: number): object => ({
  name: `Came later No. ${number}`,
  sku: `LATER-${number}`,
  type: 'physical',
  weight: 1,
  price: 12,
  custom_fields: [{ name: 'Material', value: 'Linen' }],
})

const newOrder = (number: number): object => ({
  status_id: 10,
  customer_id: 0,
  billing_address: {
    first_name: 'A.',
    last_name: 'Buyer',
    street_1: `${number} Main Street`,
    city: 'Austin',
    state: 'Texas',
    zip: '78701',
    country: 'United States',
    country_iso2: 'US',
    email: `buyer.${number}@example.com`,
  },
  products: [{ name: 'A gift card', quantity: 1, price_inc_tax: 20, price_ex_tax: 20 }],
})
