import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import type { Emulator } from '../../src/emulator/index.ts'
import { openTwoShops, type TwoShops, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const call = async (emulator: Emulator, method: string, path: string, body: unknown) => {
  const answer = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300)
  return (JSON.parse(text) as { data: { id: number } }).data
}

const RESOURCES = [
  ...['products', 'variants', 'categories', 'brands', 'product_images', 'product_custom_fields', 'product_options'],
  ...['product_option_values', 'product_modifiers', 'product_modifier_values', 'product_reviews', 'product_metafields'],
  ...['price_lists', 'price_list_records', 'price_list_assignments', 'customer_groups', 'customers', 'orders'],
  ...['customer_addresses', 'customer_attributes', 'customer_attribute_values', 'customer_form_fields', 'redirects'],
  ...['order_lines', 'order_addresses', 'order_shipments'],
]

/** A shop in which rows need more than the request that makes them. */
const open = async (): Promise<void> => {
  const shop = { products: 30, orders: 60, customers: 20, settings: { latencyMs: 150 } }
  shops = openTwoShops({
    old: shop,
    fresh: { settings: { latencyMs: 150 } },
    resources: RESOURCES,
    isJudged: false,
  })
  const [one, two] = shops.old.state.products.list()
  shops.old.state.products.update(one?.id ?? 0, { related_products: [two?.id] } as never)
  const path = `/catalog/products/${one?.id}/modifiers`
  const checkbox = { type: 'checkbox', required: false, config: { checkbox_label: 'Yes, please' } }
  await call(shops.old, 'POST', path, { ...checkbox, display_name: 'Ribbon' })
  const wrap = await call(shops.old, 'POST', path, { ...checkbox, display_name: 'Wrap' })
  const [yes] = shops.old.state.modifiers.get(wrap.id)?.option_values ?? []
  const adjusters = { price: { adjuster: 'relative', adjuster_value: 2.5 } }
  await call(shops.old, 'PUT', `${path}/${wrap.id}/values/${yes?.id}`, { label: 'Yes', sort_order: 0, adjusters })
}

const foretold = () => foretellMigration(shops.workspace, 'old', 'new', { ...USUAL, existing: 'adopt' })

describe('the plan of a migration', () => {
  it('names the scopes that the new store’s token needs, now and later', async () => {
    await open()
    expect((await foretold()).scopes).toEqual([
      'store_inventory',
      'store_v2_content',
      'store_v2_customers',
      'store_v2_orders',
      'store_v2_products',
    ])
  })

  it('foretells the requests of a first copy, those that put right what a request could not say included, and its time', async () => {
    await open()
    const { cost } = await foretold()
    const begun = shops.clock.elapsed()
    const { requests } = await shops.migrate({ existing: 'adopt' })
    expect(cost.requests).toBe(requests.write)
    const seconds = (shops.clock.elapsed() - begun) / 1000
    expect(cost.seconds / seconds).toBeGreaterThan(0.9)
    expect(cost.seconds / seconds).toBeLessThan(1.1)
    expect((await foretold()).cost).toEqual({ requests: 0, seconds: 0 })
  })

  it('tells the time that the quota of each store makes its requests take', async () => {
    const quota = (requests: number) => ({ plan: { requests, windowMs: 30_000 }, settings: { latencyMs: 50 } })
    shops = openTwoShops({
      old: { products: 60, orders: 400, customers: 40, ...quota(30) },
      fresh: quota(200),
      resources: RESOURCES,
      isJudged: false,
    })
    const begun = shops.clock.elapsed()
    const { reading, reads, cost } = await foretold()
    const seconds = (shops.clock.elapsed() - begun) / 1000
    expect(reading.requests).toBe(reads.read + reads.check)
    expect(reading.seconds / seconds).toBeGreaterThan(0.9)
    expect(reading.seconds / seconds).toBeLessThan(1.1)
    expect(reading.seconds / reading.requests).toBeGreaterThan((4 * cost.seconds) / cost.requests)
  })

  it('foretells the requests of a delta', async () => {
    await open()
    await shops.migrate({ existing: 'adopt' })
    await shops.clock.sleep(60_000)
    const { products, priceLists, priceRecords } = shops.old.state
    const rows = products.list().slice(0, 12)
    for (const part of [rows.slice(0, 10), rows.slice(10)])
      await call(
        shops.old,
        'PUT',
        '/catalog/products',
        part.map(({ id }) => ({ id, warranty: 'a year' })),
      )
    for (const { id } of priceLists.list()) {
      const some = priceRecords.where('list', id).slice(0, 3)
      await call(
        shops.old,
        'PUT',
        `/pricelists/${id}/records`,
        some.map(({ variant_id, currency }) => ({ variant_id, currency, price: 1.5 })),
      )
    }
    const { cost } = await foretold()
    expect(cost.requests).toBe(4)
    expect(await shops.migrate({ existing: 'adopt' })).toMatchObject({ requests: { write: 4 } })
  })
})
