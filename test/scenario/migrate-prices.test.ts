import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

interface Row {
  readonly id: number
}

const call = async (method: string, path: string, body: unknown): Promise<Row> => {
  const { origin, storeHash, accessToken, fetch } = shops.old
  const answer = await fetch(`${origin}/stores/${storeHash}/v3${path}`, {
    method,
    headers: { 'X-Auth-Token': accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300)
  return text === '' ? { id: 0 } : (JSON.parse(text) as { data: Row }).data
}

const open = (resources: readonly string[]): void => {
  const catalog = ['products', 'variants', 'categories', 'brands']
  shops = openTwoShops({ old: { products: 3, orders: 0 }, resources: [...catalog, ...resources] })
}

/** Both stores answer the same to a question without ids. */
const same = (sql: string, rows: number): void => {
  const told = shops.rows('old', sql)
  expect(told, sql).toHaveLength(rows)
  expect(shops.rows('new', sql)).toEqual(told)
}

const writes = (path: RegExp) => shops.fresh.log.filter((one) => one.method !== 'GET' && path.test(one.path))

const moved = async (write?: number): Promise<void> => {
  await shops.clock.sleep(60_000)
  const requests = write === undefined ? {} : { requests: { write } }
  expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], ...requests })
}

const cup = (more: object = {}): Promise<Row> =>
  call('POST', '/catalog/products', { name: 'Cup', type: 'physical', weight: 1, price: 9, sku: 'CUP', ...more })

describe('prices of a variant', () => {
  it('in two lists and two currencies each stay apart, and only the one that changed is sent again', async () => {
    open(['price_lists', 'price_list_records'])
    const { id } = await cup()
    const variant_id = shops.old.state.variants.where('product', id)[0]?.id
    const prices = { Friends: { usd: 8, eur: 7 }, Dealers: { usd: 6, eur: 5 } }
    const lists: Row[] = []
    for (const [name, amounts] of Object.entries(prices)) {
      const list = await call('POST', '/pricelists', { name, active: true })
      const records = Object.entries(amounts).map(([currency, price]) => ({ variant_id, currency, price }))
      await call('PUT', `/pricelists/${list.id}/records`, records)
      lists.push(list)
    }
    const all = `SELECT l.name, r.sku, r.currency, r.price FROM price_list_records r
      JOIN price_lists l ON l.id = r.price_list_id WHERE r.sku = 'CUP' ORDER BY 1, 3`
    await moved()
    same(all, 4)
    await moved(0)

    await call('PUT', `/pricelists/${lists[1]?.id}/records`, [{ variant_id, currency: 'eur', price: 4 }])
    await moved(1)
    await moved(0)
    same(all, 4)
    expect(shops.rows('new', all)).toContainEqual({ name: 'Dealers', sku: 'CUP', currency: 'eur', price: 4 })
  })

  it('go with their product and their list when the migration is undone', async () => {
    open(['price_lists', 'price_list_records'])
    const { id } = await cup()
    const list = await call('POST', '/pricelists', { name: 'Friends', active: true })
    const variant_id = shops.old.state.variants.where('product', id)[0]?.id
    await call('PUT', `/pricelists/${list.id}/records`, [{ variant_id, currency: 'usd', price: 8 }])
    await moved()
    const report = await shops.undo()
    expect(report.rows.filter(({ state }) => state !== 'removed')).toEqual([])
    const { products, priceLists, priceRecords } = shops.fresh.state
    expect([products.size, priceLists.size, priceRecords.size]).toEqual([0, 0, 0])
  })

  it('by quantity come with the product, and follow the old store afterwards', async () => {
    open(['product_bulk_prices'])
    const rule = (from: number, to: number, amount: number) => ({
      quantity_min: from,
      quantity_max: to,
      type: 'fixed',
      amount,
    })
    const { id } = await cup({ bulk_pricing_rules: [rule(5, 9, 8), rule(10, 19, 7)] })
    const all = `SELECT b.quantity_min, b.quantity_max, b.type, b.amount FROM product_bulk_prices b
      JOIN products p ON p.id = b.product_id WHERE p.sku = 'CUP' ORDER BY 1`
    await moved()
    same(all, 2)
    expect(writes(/bulk-pricing/)).toHaveLength(0)
    await moved(0)

    const path = `/catalog/products/${id}/bulk-pricing-rules`
    await call('POST', path, rule(20, 0, 6))
    const [first] = shops.old.state.bulkRules.where('product', id)
    await call('PUT', `${path}/${first?.id}`, rule(5, 9, 7.5))
    await moved(2)
    same(all, 3)
    await moved(0)
  })
})

describe('assignments of lists', () => {
  it('stand for those of the old store once they are made, although the answer does not tell them', async () => {
    open(['price_lists', 'price_list_assignments', 'customer_groups'])
    const list = await call('POST', '/pricelists', { name: 'Dealers', active: true })
    const group = shops.old.state.customerGroups.list().at(-1)
    await call('POST', '/pricelists/assignments', [{ price_list_id: list.id, customer_group_id: group?.id }])
    await moved()
    await moved(0)
    expect(await shops.reconcile()).toMatchObject({ state: 'complete', differences: [] })
    const asked = shops.fresh.requests.length
    await moved(0)
    const again = shops.fresh.requests.slice(asked).map(({ path }) => path)
    expect(again.filter((path) => path.startsWith('/v3/pricelists/assignments'))).toHaveLength(1)
  })
})

describe('what products say already', () => {
  it('is not sent again pair by pair: the categories that they are listed in', async () => {
    open(['product_category_assignments'])
    const categories = shops.old.state.categories.list().map(({ id }) => id)
    await cup({ categories: categories.slice(0, 2) })
    await moved()
    const all = `SELECT p.name, c.name AS category FROM product_category_assignments a
      JOIN products p ON p.id = a.product_id JOIN categories c ON c.category_id = a.category_id`
    expect(shops.rows('old', `${all} WHERE p.sku = 'CUP'`)).toHaveLength(2)
    await moved(0)
    expect(shops.rows('new', `${all} ORDER BY 1, 2`)).toEqual(shops.rows('old', `${all} ORDER BY 1, 2`))
    expect(writes(/category-assignments/)).toHaveLength(0)
  })
})

describe('gift wrapping', () => {
  it('of a list of its own stays behind, and that is told', async () => {
    open([])
    await cup({ gift_wrapping_options_type: 'list', gift_wrapping_options_list: [3, 4] })
    const { refused } = await shops.migrate()
    expect(refused.map(({ resource, what }) => `${resource}: ${what}`)).toContainEqual(
      expect.stringMatching(/^products: .*gift wrapping/),
    )
    await moved(0)
    expect(shops.fresh.state.products.list().find(({ sku }) => sku === 'CUP')).toMatchObject({
      gift_wrapping_options_list: [],
    })
  })
})
