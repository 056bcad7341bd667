import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const ORDERS = ['customers', 'orders', 'order_lines', 'order_addresses', 'order_shipments']

/** Orders of guests only. */
const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({ resources: ORDERS, ...options, old: { products: 4, customers: 0, orders: 8, ...options.old } })
  for (const { id } of shops.old.state.orders.list()) shops.old.state.orders.update(id, { customer_id: 0 })
}
/** One that is to be copied. */
const anOrder = (): number => {
  const found = shops.old.state.orders.list().find((row) => row['status_id'] !== 0 && row['is_deleted'] === false)
  if (!found) throw new Error('no order')
  return found.id
}
const touched = (id: number, facts: object): void => {
  const date_modified = new Date(shops.clock.now()).toUTCString().replace('GMT', '+0000')
  shops.old.state.orders.update(id, { ...facts, date_modified })
}
const there = (old: number) => shops.fresh.state.orders.list().find((row) => row['external_order_id'] === String(old))
const copied = (): readonly number[] =>
  shops.fresh.state.orders
    .list()
    .map((row) => Number(row['external_order_id']))
    .toSorted((a, b) => a - b)
const wanted = (): readonly number[] =>
  shops.old.state.orders
    .list()
    .filter((row) => row['status_id'] !== 0 && row['is_deleted'] === false)
    .map(({ id }) => id)
const plan = () => foretellMigration(shops.workspace, 'old', 'new', USUAL)
const quiet = async () => {
  await shops.clock.sleep(60_000)
  expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
}

describe('orders of guests', () => {
  it('are guests’ orders in the new store too, with the address that the buyer gave', async () => {
    open()
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(copied()).toEqual(wanted())
    for (const old of wanted()) {
      const order = there(old)
      const { email } = (shops.old.state.orders.get(old)?.['billing_address'] ?? {}) as { email?: string }
      expect(order).toMatchObject({ customer_id: 0, billing_address: { email } })
    }
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [] })
    await quiet()
  })
})

describe('archived orders', () => {
  it('that the old store does not list stay behind, as it is told before anything is written', async () => {
    open()
    touched(anOrder(), { is_deleted: true })
    for (const { refused, left } of [await plan(), await shops.migrate()]) {
      expect(refused.map(({ what }) => what).join()).toMatch(/archived orders that the store no longer lists/)
      expect(left).toEqual([])
    }
    expect(copied()).toEqual(wanted())
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [] })
    await quiet()
  })

  it('that the old store lists stay behind too, told with their number, and are no difference', async () => {
    let one = 0
    open({
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        const isList = String(url).includes(`/${shops.old.storeHash}/v2/orders?`)
        if (!isList || answer.status !== 200) return answer
        const rows = JSON.parse(Buffer.from(await answer.arrayBuffer()).toString()) as { id: number }[]
        const shown = Buffer.from(
          JSON.stringify(rows.map((row) => (row.id === one ? { ...row, is_deleted: true } : row))),
        )
        return { status: answer.status, headers: answer.headers, arrayBuffer: async () => new Uint8Array(shown).buffer }
      },
    })
    one = anOrder()
    for (const { refused, left } of [await plan(), await shops.migrate()]) {
      expect(refused).toContainEqual(
        expect.objectContaining({ resource: 'orders', rows: 1, what: expect.stringMatching(/^archived orders/) }),
      )
      expect(left).toEqual([])
    }
    expect(copied()).toEqual(wanted().filter((id) => id !== one))
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [] })
    await quiet()
  })

  it('that were copied before they were archived stay in the new store as they are', async () => {
    open()
    await shops.migrate()
    const one = anOrder()
    const before = there(one)
    await shops.clock.sleep(3_600_000)
    touched(one, { is_deleted: true })
    expect(await shops.migrate()).toMatchObject({ exit: 0, requests: { write: 0 } })
    expect(there(one)).toEqual(before)
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [] })
  })
})

describe('an order whose products the old store has no more', () => {
  it('arrives with its lines, totals and parcels all the same', async () => {
    open({ resources: ['products', 'variants', 'categories', 'brands', ...ORDERS] })
    const one = Number(shops.old.state.shipments.list()[0]?.['order_id'])
    const { products, variants, orderLines } = shops.old.state
    for (const { product_id } of orderLines.where('order', one)) {
      for (const { id } of variants.where('product', Number(product_id))) variants.delete(id)
      products.delete(Number(product_id))
    }
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(copied()).toEqual(wanted())
    const lines = (store: 'old' | 'fresh', order: number) =>
      shops[store].state.orderLines
        .where('order', order)
        .map((row) => [row['sku'], row['quantity'], row['price_inc_tax']])
    const order = there(one)
    expect(lines('fresh', order?.id ?? 0)).toEqual(lines('old', one))
    const was = shops.old.state.orders.get(one)
    expect(order).toMatchObject({ total_inc_tax: was?.['total_inc_tax'], total_ex_tax: was?.['total_ex_tax'] })
    expect(shops.fresh.state.shipments.where('order', order?.id ?? 0)).toHaveLength(
      shops.old.state.shipments.where('order', one).length,
    )
    await quiet()
  })
})

describe('an order with more lines than one request takes', () => {
  it('is never made with half of them: it stays behind and is told, beforehand too', async () => {
    open()
    const one = anOrder()
    const [line] = shops.old.state.orderLines.where('order', one)
    const { id: _id, ...like } = line ?? { id: 0 }
    for (let at = 0; at < 500; at += 1) shops.old.state.orderLines.insert({ ...like, name: `Line ${at}` })
    const lines = shops.old.state.orderLines.where('order', one).length
    const reason = `its ${lines} order_lines are more than the 500 that one request takes, and none can be added later`
    const left = [{ resource: 'orders', key: String(one), label: null, reason }]
    expect((await plan()).left).toEqual(left)
    expect(await shops.migrate()).toMatchObject({ state: 'complete-with-rejects', left })
    expect(copied()).toEqual(wanted().filter((id) => id !== one))
    const { differences } = await shops.reconcile()
    expect(differences.map(({ resource, key }) => [resource, key.old])).toEqual([['orders', String(one)]])
    await quiet()
  })

  it('arrives whole with as many as it takes', async () => {
    open()
    const one = anOrder()
    const [line] = shops.old.state.orderLines.where('order', one)
    const { id: _id, ...like } = line ?? { id: 0 }
    for (let at = shops.old.state.orderLines.where('order', one).length; at < 500; at += 1)
      shops.old.state.orderLines.insert({ ...like, name: `Line ${at}` })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(shops.fresh.state.orderLines.where('order', there(one)?.id ?? 0)).toHaveLength(500)
    await quiet()
  })
})

describe('an order of which one sum is said and the other of its pair is not', () => {
  it('is told by the store’s own words and stays behind, the others come, and it comes once it is whole', async () => {
    open()
    const one = anOrder()
    const transform = (resource: string, row: Readonly<Record<string, unknown>>) =>
      (resource === 'orders' && row['id'] === one ? { ...row, total_ex_tax: null } : row) as never
    const first = await shops.migrate({ transform })
    expect(first).toMatchObject({ state: 'partial', exit: 5 })
    expect(first.left).toEqual([
      { resource: 'orders', key: String(one), label: null, reason: expect.stringContaining('total_ex_tax') },
    ])
    expect(copied()).toEqual(wanted().filter((id) => id !== one))
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(copied()).toEqual(wanted())
    await quiet()
  })

  it('that the old store tells only by half is told as one that cannot be read, and no run calls itself complete', async () => {
    open()
    const one = anOrder()
    touched(one, { total_ex_tax: '' })
    const left = [{ resource: 'orders', key: String(one), label: null, reason: 'orders.total_ex_tax is not a number' }]
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete-with-rejects', left })
    expect(copied()).toEqual(wanted().filter((id) => id !== one))
    const { exit, differences } = await shops.reconcile()
    expect(exit).toBe(5)
    expect(differences.map(({ resource, key, why }) => [resource, key.old, why])).toEqual([
      ['orders', String(one), 'orders.total_ex_tax is not a number'],
    ])
  })

  it('that the old store tells only by half stops no later run, is told by each, and comes once it is whole', async () => {
    open()
    const one = anOrder()
    const sum = shops.old.state.orders.get(one)?.['total_ex_tax']
    touched(one, { total_ex_tax: '' })
    const left = [{ resource: 'orders', key: String(one), label: null, reason: 'orders.total_ex_tax is not a number' }]
    await shops.migrate()
    await shops.clock.sleep(3_600_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete-with-rejects', left, requests: { write: 0 } })
    expect((await plan()).left).toEqual(left)
    touched(one, { total_ex_tax: sum })
    await shops.clock.sleep(3_600_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(copied()).toEqual(wanted())
    await quiet()
  })

  it('that was copied before it could no longer be read stays copied, and is told as one whose older state is known', async () => {
    open()
    await shops.migrate()
    const one = anOrder()
    const before = there(one)
    await shops.clock.sleep(3_600_000)
    touched(one, { total_ex_tax: '' })
    const reason = 'orders.total_ex_tax is not a number; the mirror keeps an older state of it'
    for (const wait of [3_600_000, 3_600_000, 25 * 3_600_000]) {
      const { left, requests } = await shops.migrate()
      expect([left, requests.write]).toEqual([[{ resource: 'orders', key: String(one), label: null, reason }], 0])
      await shops.clock.sleep(wait)
    }
    expect(there(one)).toEqual(before)
  })
})
