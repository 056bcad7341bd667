import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops, type TwoShopsOptions } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const ORDERS = [
  'customer_groups',
  'customers',
  'orders',
  'order_lines',
  'order_addresses',
  'order_shipments',
  'order_coupons',
]
const SHOP = ['products', 'variants', 'categories', 'brands']

const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({
    resources: [...SHOP, ...ORDERS],
    ...options,
    old: { products: 6, customers: 12, orders: 30, ...options.old },
  })
  // The official description of a group's create knows no rule of a price list.
  shops.old.state.customerGroups.update(1, { discount_rules: [] })
}

const history = `SELECT date_created, status_id, total_inc_tax, total_ex_tax, subtotal_inc_tax, shipping_cost_ex_tax,
  discount_amount, billing_address ->> 'email' AS email, items_shipped FROM orders o`
const both = (sql: string, where = { old: 'WHERE status_id <> 0', fresh: '' }) => {
  const rows = shops.rows('old', `${sql} ${where.old} ORDER BY o.date_created`)
  expect(rows.length).toBeGreaterThan(5)
  expect(shops.rows('new', `${sql} ${where.fresh} ORDER BY o.date_created`)).toEqual(rows)
}
const found = (report: { resources: readonly { resource: string }[] }, name: string) =>
  report.resources.find(({ resource }) => resource === name)
const ordersPosted = () => shops.fresh.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/orders')

/** The API takes no count of pieces that were shipped without a parcel. */
const told = history.replace(', items_shipped', '')

describe('orders of another store', () => {
  it('become history with their dates, totals, lines, addresses and customers, and take no stock', async () => {
    open()
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    both(told)
    const who = 'SELECT c.email, o.date_created FROM orders o LEFT JOIN customers c ON c.id = o.customer_id'
    both(who, { old: 'WHERE o.status_id <> 0', fresh: '' })
    const stock = 'SELECT sku, inventory_level FROM skus ORDER BY sku'
    expect(shops.rows('new', stock)).toEqual(shops.rows('old', stock))
    const [one] = shops.rows('new', `SELECT * FROM orders WHERE external_order_id = '104'`)
    expect(one).toMatchObject({
      external_source: 'M-MIG',
      staff_notes: expect.stringContaining('Order 104 of the old store'),
    })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 }, left: [] })
  })

  it('are compared line by line and address by address, although no request changes those', async () => {
    open()
    await shops.migrate()
    const same = await shops.reconcile()
    expect(same.differences).toEqual([])
    for (const resource of ['order_lines', 'order_addresses'])
      expect(same.resources.find((one) => one.resource === resource)?.compared).toBeGreaterThan(20)
    const [line] = shops.fresh.state.orderLines.list()
    shops.fresh.state.orderLines.update(line?.id ?? 0, { quantity: 99 })
    shops.fresh.state.orders.update(Number(line?.order_id), {
      date_modified: 'Mon, 02 Mar 2026 23:00:00 +0000',
    } as never)
    const { differences } = await shops.reconcile()
    expect(differences.map(({ resource, field, new: now }) => [resource, field, now])).toContainEqual([
      'order_lines',
      'quantity',
      99,
    ])
  })

  it('say what was chosen in the names of their lines, which are no products of the catalog', async () => {
    open()
    const line = shops.old.state.orderLines.list().find(({ order_id }) => order_id === 101)
    const option = { display_name: 'Size', display_value: 'Large' }
    shops.old.state.orderLines.update(line?.id ?? 0, { name: 'Shirt', product_options: [option] })
    await shops.migrate()
    const [order] = shops.rows('new', `SELECT id FROM orders WHERE external_order_id = '101'`)
    const lines = shops.rows(
      'new',
      `SELECT name, product_id FROM order_lines WHERE order_id = ${order?.['id']} ORDER BY id`,
    )
    expect(lines).toContainEqual({ name: 'Shirt (Size: Large)', product_id: 0 })
  })

  it('are made from the oldest on, so that the new numbers tell their order', async () => {
    open()
    const rows = shops.old.state.orders.list()
    shops.old.state.orders.update(rows[0]?.id ?? 0, { date_created: 'Tue, 01 Jun 2032 10:00:00 +0000' })
    await shops.migrate()
    const ids = shops.rows('new', 'SELECT id FROM orders ORDER BY date_created').map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  })

  it('get their parcels with the lines of the new order, and keep the status that they had', async () => {
    open()
    const report = await shops.migrate()
    expect(found(report, 'order_shipments')).toMatchObject({ rows: 7, created: 7 })
    const parcels = (store: 'old' | 'new') =>
      shops.rows(
        store,
        `SELECT o.date_created, o.status_id, s.tracking_number, l.sku, i.value ->> 'quantity' AS pieces FROM order_shipments s
         JOIN orders o ON o.id = s.order_id JOIN json_each(s.items) i
         JOIN order_lines l ON l.id = i.value ->> 'order_product_id' AND l.order_id = o.id ORDER BY 1, 4, 5`,
      )
    expect(parcels('old').length).toBeGreaterThan(7)
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
    expect(parcels('new')).toEqual(parcels('old'))
  })

  it('keep the status also when the migration was stopped between parcels and status', async () => {
    let isStopped = false
    open({
      fetch: (inner) => (url, init) => {
        const isPut = init?.method === 'PUT' && /\/v2\/orders\/\d+$/.test(String(url))
        if (isPut && !isStopped) {
          isStopped = true
          shops.stop.abort()
        }
        return inner(url, init)
      },
    })
    expect((await shops.migrate()).state).toBe('interrupted')
    expect(await shops.again()).toMatchObject({ state: 'complete' })
    both(told)
    expect(await shops.again()).toMatchObject({ requests: { write: 0 } })
  })

  it('stay behind where nobody finished them, which is told with their number, unless a status is said for them', async () => {
    open()
    const rows = shops.old.state.orders.list().filter(({ status_id }) => status_id === 0).length
    expect(rows).toBeGreaterThan(0)
    const first = await shops.migrate()
    expect(first.refused).toContainEqual(
      expect.objectContaining({ resource: 'orders', rows, what: expect.stringContaining('incomplete') }),
    )
    expect(shops.rows('new', 'SELECT id FROM orders WHERE status_id = 0')).toEqual([])
    const names = { order_statuses: { '0': '7', Shipped: '10' } }
    expect(await shops.migrate({ names })).toMatchObject({ state: 'complete' })
    expect(shops.rows('new', 'SELECT id FROM orders WHERE status_id = 7').length).toBeGreaterThanOrEqual(rows)
    expect(shops.rows('new', 'SELECT id FROM orders WHERE status_id IN (0, 2)')).toEqual([])
    await expect(shops.migrate({ names: { order_statuses: { '0': 'Paid' } } })).rejects.toThrow(/not a whole number/)
  })

  it('are not made twice when answers are lost', async () => {
    let posts = 0
    open({
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        if (init?.method === 'POST' && String(url).endsWith('/v2/orders') && posts++ % 5 === 0)
          throw new TypeError('socket hang up')
        return answer
      },
    })
    expect(await shops.migrate()).toMatchObject({ state: 'complete' })
    both(told)
    expect(ordersPosted()).toHaveLength(shops.fresh.state.orders.size)
  })

  it('carry what became of them since, and those that came since', async () => {
    open()
    await shops.migrate()
    await shops.clock.sleep(3_600_000)
    const date_modified = new Date(shops.clock.now()).toUTCString().replace('GMT', '+0000')
    const { state } = shops.old
    const pending = state.orders.list().find(({ status_id }) => status_id === 11)
    state.orders.update(pending?.id ?? 0, { status_id: 10, staff_notes: 'Was late.', date_modified })
    const report = await shops.migrate()
    expect(report).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(
      shops.rows('new', `SELECT status_id, staff_notes FROM orders WHERE external_order_id = '${pending?.id}'`),
    ).toEqual([{ status_id: 10, staff_notes: `Was late.\nOrder ${pending?.id} of the old store` }])
  })

  it('wait for a customer who is not there yet, and are a guest’s where he is gone from the old store', async () => {
    open()
    const { state } = shops.old
    const [one, two] = [...new Set(state.orders.list().map(({ customer_id }) => Number(customer_id)))].filter(Boolean)
    state.customers.delete(one ?? 0)
    const twin = state.customers.list().find(({ id }) => id !== two)
    state.customers.update(twin?.id ?? 0, { email: state.customers.get(two ?? 0)?.email ?? '' })
    const { left } = await shops.migrate()
    const ofOne = state.orders.list().filter((row) => row['customer_id'] === one && row['status_id'] !== 0)
    for (const { id } of ofOne)
      expect(shops.rows('new', `SELECT customer_id FROM orders WHERE external_order_id = '${id}'`)).toEqual([
        { customer_id: 0 },
      ])
    const ofTwo = state.orders.list().find((row) => row['customer_id'] === two && row['status_id'] !== 0)
    expect(left).toContainEqual(
      expect.objectContaining({
        resource: 'orders',
        key: String(ofTwo?.id),
        reason: expect.stringContaining(`customer_id ${two}`),
      }),
    )
  })
})
