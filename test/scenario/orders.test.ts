import { afterEach, describe, expect, it } from 'vitest'
import { configHash } from '../../src/app/index.ts'
import { parseAllow } from '../../src/diff/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import { plan, push, withRun } from '../../src/engine/index.ts'
import type { SourceRow, Values } from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { memorySource } from '../support/memory-source.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const FIELDS = ['status_id', 'date_created', 'billing_address', 'external_source', 'total_ex_tax', 'total_inc_tax']

const open = (fetch?: (inner: Fetch) => Fetch): void => {
  shop = openShop({
    ...(fetch ? { fetch } : {}),
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'orders', 'order_lines', 'order_addresses'] },
    syncs: {
      history: {
        store: 'main',
        resource: 'orders',
        source: 'feed',
        key: { external_order_id: 'number' },
        fields: Object.fromEntries(FIELDS.map((name) => [name, name])),
        create: true,
        guards: { maxChanges: false, allChanged: false, maxCreates: false },
      },
    },
  })
}

const BILLING = { first_name: 'Ada', last_name: 'Byron', street_1: '1 Mill Lane', city: 'Austin', zip: '78701' }
const ADDRESS = { ...BILLING, first_name: 'Grace', country: 'United States', country_iso2: 'US' }
const CUSTOM = { name: 'Lamp of old', quantity: 2, price_ex_tax: '10', price_inc_tax: '11.5', sku: 'OLD-1' }

const order = (number: string, lines: readonly Values[] = [CUSTOM], more: Values = {}): Omit<SourceRow, 'line'> => ({
  key: { external_order_id: number },
  values: {
    status_id: 10,
    date_created: '2019-03-04T05:06:07Z',
    billing_address: BILLING,
    external_source: 'M-MIG',
    total_ex_tax: '22.5',
    total_inc_tax: '25.75',
    ...more,
  },
  nested: { order_lines: lines, order_addresses: [ADDRESS] },
})

const sync = async (rows: readonly Omit<SourceRow, 'line'>[], name = 'history') => {
  const { workspace } = shop
  await shop.pull()
  const spec = workspace.sync(name)
  const options = { allowed: parseAllow([]), only: null, configHash: configHash(workspace.settings, spec) }
  return workspace.withStore('main', 'push', async (side) => {
    const made = await withRun(workspace.context, side, 'plan', name, (run) =>
      plan(
        workspace.context,
        side,
        spec,
        memorySource(rows),
        { ...options, automatic: false, staleOk: false, compareAll: false },
        run,
      ),
    )
    const pushed = await withRun(workspace.context, side, 'push', name, (run) =>
      push(
        workspace.context,
        side,
        spec,
        made.plan.plan,
        { ...options, approvedBy: 'test', source: memorySource(rows) },
        run,
      ),
    )
    return { made: made.plan, pushed }
  })
}

const held = () => shop.emulator.state.orders.list()
const stock = () => {
  // What is due by now shows.
  shop.emulator.state.timeline.catchUp()
  return shop.emulator.state.products.list().map(({ sku, inventory_level }) => [sku, inventory_level])
}
const tracked = async (level: number): Promise<number> => {
  const { id } = await simpleProduct(shop, 'MUG', 8)
  shop.emulator.state.products.update(id, { inventory_tracking: 'product', inventory_level: level })
  return id
}

describe('orders from a source', () => {
  it('are made with their lines and address in one request each, and keep date and totals', async () => {
    open()
    const { made, pushed } = await sync([order('A-1'), order('A-2')])
    expect(made.summary).toMatchObject({ create: 2, rejected: 0 })
    expect(ends(pushed)).toEqual({ applied: 2 })
    const [sent] = writes(shop)
    expect(sent).toEqual({
      method: 'POST',
      path: '/v2/orders',
      body: {
        external_order_id: 'A-1',
        status_id: 10,
        date_created: 'Mon, 04 Mar 2019 05:06:07 +0000',
        billing_address: BILLING,
        external_source: 'M-MIG',
        total_ex_tax: '22.5',
        total_inc_tax: '25.75',
        products: [{ ...CUSTOM, price_ex_tax: 10, price_inc_tax: 11.5 }],
        shipping_addresses: [ADDRESS],
      },
    })
    await shop.pull()
    expect(
      shop.rows('SELECT external_order_id, date_created, status_id, total_ex_tax, total_inc_tax FROM orders'),
    ).toMatchObject([
      { external_order_id: 'A-1', date_created: '2019-03-04T05:06:07Z', status_id: 10 },
      { external_order_id: 'A-2' },
    ])
    expect(shop.rows('SELECT name, sku, quantity, product_id FROM order_lines LIMIT 1')).toEqual([
      { name: 'Lamp of old', sku: 'OLD-1', quantity: 2, product_id: 0 },
    ])
    expect(shop.rows('SELECT first_name FROM order_addresses')).toEqual([
      { first_name: 'Grace' },
      { first_name: 'Grace' },
    ])
  })

  it('are not made again, and what only a create sets is no difference afterwards', async () => {
    open()
    await sync([order('A-1')])
    shop.clock.advance(60_000)
    const { made } = await sync([order('A-1', [CUSTOM], { total_ex_tax: '1', external_source: 'other' })])
    expect(made.summary).toMatchObject({ create: 0, update: 0, unchanged: 1 })
    const { pushed } = await sync([order('A-1', [CUSTOM], { status_id: 4 })])
    expect(ends(pushed)).toEqual({ applied: 1 })
    expect(writes(shop).slice(-1)).toMatchObject([{ method: 'PUT', body: { status_id: 4 } }])
  })

  it('take stock by lines of the catalog, and none by custom lines; a short one is refused and named', async () => {
    open()
    const id = await tracked(3)
    const mug = { product_id: id, quantity: 2 }
    expect(ends((await sync([order('A-1'), order('A-2', [mug])])).pushed)).toEqual({ applied: 2 })
    shop.clock.advance(60_000)
    expect(stock()).toEqual([['MUG', 1]])
    const { pushed } = await sync([order('A-1'), order('A-2'), order('A-3', [mug])])
    expect(ends(pushed)).toEqual({ failed: 1 })
    expect(held()).toHaveLength(2)
    expect(stock()).toEqual([['MUG', 1]])
  })

  it('without a billing address, or with one total alone, are not sent or are refused', async () => {
    open()
    const { made, pushed } = await sync([
      order('A-1', [CUSTOM], { billing_address: null }),
      order('A-2', [CUSTOM], { total_inc_tax: null }),
    ])
    expect(made.rejected).toMatchObject([{ column: 'billing_address', reason: 'needed to create it' }])
    expect(ends(pushed)).toEqual({ failed: 1 })
    expect(held()).toEqual([])
  })

  const lost: Fault[] = [
    { kind: 'status', status: 500, when: 'after', method: 'POST', path: '/v2/orders', times: 1 },
    { kind: 'drop', when: 'after', method: 'POST', path: '/v2/orders', times: 1 },
    { kind: 'truncate', method: 'POST', path: '/v2/orders', times: 1 },
  ]
  it.each(lost)(
    'whose answer is lost ($kind) are found by their number elsewhere, and never made twice',
    async (fault) => {
      open()
      shop.emulator.faults.add(fault)
      const { pushed } = await sync([order('A-1'), order('A-2')])
      expect(ends(pushed)).toEqual({ applied: 2 })
      expect(held().map((row) => row['external_order_id'])).toEqual(['A-1', 'A-2'])
      expect(writes(shop).filter(({ method }) => method === 'POST')).toHaveLength(2)
    },
  )

  it('whose answer is lost are not taken for those of somebody else under the same number, with other lines', async () => {
    let isLost = false
    open((inner) => async (url, init) => {
      if (init?.method !== 'POST' || isLost) return inner(url, init)
      isLost = true
      const body = JSON.parse(String(init.body))
      await inner(url, { ...init, body: JSON.stringify({ ...body, products: body.products.slice(0, 1) }) })
      throw new TypeError('fetch failed')
    })
    const { pushed } = await sync([order('A-1', [CUSTOM, CUSTOM])])
    expect(pushed.rows).toMatchObject([
      { state: 'skipped', reason: 'the store holds another value: 1 order_lines, and not 2' },
    ])
    expect(held()).toHaveLength(1)
  })

  it('that never arrived are sent again', async () => {
    open()
    shop.emulator.faults.add({ kind: 'drop', when: 'before', method: 'POST', path: '/v2/orders', times: 1 })
    const { pushed } = await sync([order('A-1')])
    expect(ends(pushed)).toEqual({ applied: 1 })
    expect(held()).toHaveLength(1)
  })
})

describe('parcels of orders', () => {
  const parcels = {
    store: 'main',
    resource: 'order_shipments',
    source: 'feed',
    key: { order_id: 'order', tracking_number: 'tracking' },
    fields: { order_address_id: 'address', items: 'items' },
    create: true,
    guards: { maxChanges: false, allChanged: false, maxCreates: false },
  }

  it('are sent to the order that they name, and make it shipped; one whose answer is lost is not sent twice', async () => {
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { resources: ['orders', 'order_lines', 'order_addresses', 'order_shipments'] },
      syncs: { parcels },
    })
    const body = {
      status_id: 11,
      billing_address: BILLING,
      products: [{ ...CUSTOM, price_ex_tax: 10, price_inc_tax: 11 }],
    }
    for (let made = 0; made < 2; made++) await elsewhere(shop, 'POST', '/v2/orders', body)
    await shop.pull()
    const [first, second] = shop.rows('SELECT id, order_id, order_address_id FROM order_lines ORDER BY id')
    const parcel = (line: Record<string, unknown> | undefined, quantity: number): Omit<SourceRow, 'line'> => ({
      key: { order_id: Number(line?.['order_id']), tracking_number: `1Z${quantity}` },
      values: {
        order_address_id: Number(line?.['order_address_id']),
        items: [{ order_product_id: Number(line?.['id']), quantity }],
      },
    })
    shop.emulator.faults.add({ kind: 'drop', method: 'POST', path: '/v2/orders/:id/shipments', times: 1 })
    const { pushed } = await sync([parcel(first, 2), parcel(second, 1)], 'parcels')
    expect(ends(pushed)).toEqual({ applied: 2 })
    await shop.pull()
    expect(shop.rows('SELECT status_id, items_shipped FROM orders ORDER BY id')).toEqual([
      { status_id: 2, items_shipped: 2 },
      { status_id: 3, items_shipped: 1 },
    ])
    expect(shop.rows('SELECT tracking_number FROM order_shipments ORDER BY id')).toEqual([
      { tracking_number: '1Z2' },
      { tracking_number: '1Z1' },
    ])
    shop.clock.advance(60_000)
    expect((await sync([parcel(first, 2), parcel(second, 1)], 'parcels')).made.summary).toMatchObject({ unchanged: 2 })
  })
})

describe('a pull of what hangs on orders', () => {
  const asked = (from: number, part: string) =>
    shop.emulator.requests.slice(from).filter(({ path }) => new RegExp(`orders/\\d+/${part}`).test(path)).length

  it('asks only orders that can have any, and afterwards only those that changed', async () => {
    shop = openShop({
      emulator: { products: 20, orders: 60, plan: 'unlimited' },
      store: {
        resources: [
          'products',
          'variants',
          'orders',
          'order_shipments',
          'order_coupons',
          'order_messages',
          'order_transactions',
          'order_refunds',
          'order_statuses',
        ],
      },
    })
    const { state } = shop.emulator
    shop.clock.advance(86_400_000)
    expect(await shop.pull()).toMatchObject({ state: 'complete' })
    const listed = state.orders.list().filter((row) => row['is_deleted'] === false)
    const count = (name: string): number => Number(shop.rows(`SELECT count(*) AS n FROM ${name}`)[0]?.['n'])
    const visible = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.filter((row) => listed.some(({ id }) => id === row['order_id'])).length
    expect(count('order_shipments')).toBe(visible(state.shipments.list()))
    expect(count('order_coupons')).toBe(visible(state.orderCoupons.list()))
    expect(count('order_messages')).toBe(visible(state.orderMessages.list()))
    expect(count('order_transactions')).toBe(visible(state.transactions.list()))
    expect(count('order_refunds')).toBe(state.refunds.list().length)
    expect(count('order_statuses')).toBe(15)
    expect(asked(0, 'shipments')).toBe(listed.filter((row) => Number(row['items_shipped']) > 0).length)
    expect(asked(0, 'coupons')).toBe(listed.filter((row) => Number(row['coupon_discount']) > 0).length)
    expect(asked(0, 'transactions')).toBe(listed.length)

    shop.clock.advance(3_600_000)
    const shipped = listed.find((row) => Number(row['items_shipped']) > 0)
    await elsewhere(shop, 'PUT', `/v2/orders/${shipped?.id}`, { staff_notes: 'Again' })
    const from = shop.emulator.requests.length
    expect(await shop.pull()).toMatchObject({ state: 'complete', full: false })
    expect([asked(from, 'shipments'), asked(from, 'transactions')]).toEqual([1, 1])
    expect(count('order_shipments')).toBe(visible(state.shipments.list()))
  })
})
