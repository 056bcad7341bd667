import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import type { MigrateReport, Progress } from '../../src/model/index.ts'
import { Crash } from '../support/dying.ts'
import { openTwoShops, type TwoShops, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const ORDERS = ['customers', 'orders', 'order_lines', 'order_addresses', 'order_shipments']

const open = (): void => {
  shops = openTwoShops({ resources: ORDERS, old: { products: 4, customers: 0, orders: 14 } })
}

const wanted = () =>
  shops.old.state.orders.list().filter((row) => row['status_id'] !== 0 && row['is_deleted'] === false)
const numbers = () =>
  shops.fresh.state.orders
    .list()
    .map((row) => Number(row['external_order_id']))
    .toSorted((a, b) => a - b)
const there = (old: number) =>
  shops.fresh.state.orders.list().find((row) => row['external_order_id'] === String(old)) ?? { id: 0 }
const statuses = (where = '') => `SELECT status_id, count(*) AS n FROM orders ${where} GROUP BY 1 ORDER BY 1`
const every = () => wanted().map(({ id }) => id)
const quiet = async () => expect(await shops.again()).toMatchObject({ requests: { write: 0 } })
const change = (store: 'old' | 'fresh', id: number, values: object) =>
  shops[store].state.orders.update(id, {
    ...values,
    date_modified: new Date(shops.clock.now()).toUTCString().replace('GMT', '+0000'),
  })
const countOf = (report: MigrateReport, name: string) => report.resources.find(({ resource }) => resource === name)

describe('orders and parcels of a migration', () => {
  const lost: Omit<Fault, 'path' | 'method'>[] = [
    { kind: 'status', status: 500, when: 'after', times: 3 },
    { kind: 'drop', when: 'after', times: 3 },
    { kind: 'truncate', times: 3 },
  ] as never
  it.each(lost)('whose answers are lost ($kind) are never made a second time', async (fault) => {
    open()
    for (const path of ['/v2/orders', '/v2/orders/:id/shipments'])
      shops.fresh.faults.add({ ...fault, method: 'POST', path } as Fault)
    const first = await shops.migrate()
    expect(first.error).toBeUndefined()
    expect(numbers()).toEqual(every())
    expect(shops.fresh.state.shipments.size).toBe(countOf(first, 'order_shipments')?.rows)
    await quiet()
  })

  const deaths: [string, (text: string) => boolean][] = [
    ['among the orders', () => shops.fresh.state.orders.size > 4],
    ['before the orders were noted', (text) => text.startsWith('reading what was made of orders')],
    ['among the parcels', () => shops.fresh.state.shipments.size > 1],
    ['before the parcels were noted', () => shops.fresh.state.shipments.size === shops.old.state.shipments.size],
  ]
  it.each(deaths)('are known again after the process died %s', async (_when, isTurn) => {
    open()
    const { progress } = shops
    let isDead = false
    progress.push = (one: Progress) => {
      isDead ||= isTurn('text' in one ? String(one.text) : '')
      if (isDead) throw new Crash()
      return 0
    }
    await expect(shops.migrate()).rejects.toThrow(Crash)
    progress.push = () => 0
    expect((await shops.again()).error).toBeUndefined()
    expect(numbers()).toEqual(every())
    expect(shops.fresh.state.shipments.size).toBe(shops.old.state.shipments.size)
    expect(shops.rows('new', statuses())).toEqual(
      shops.rows('old', statuses('WHERE status_id <> 0 AND NOT is_deleted')),
    )
    await quiet()
  })
})

describe('orders after a first copy', () => {
  it('keep what the new store says of them, are asked about where both changed, and new ones arrive', async () => {
    open()
    await shops.migrate()
    await shops.clock.sleep(3_600_000)
    const [a, b] = wanted()
    change('fresh', there(a?.id ?? 0).id, { staff_notes: 'Called the customer.' })
    change('fresh', there(b?.id ?? 0).id, { status_id: 12, status: 'Manual Verification Required' })
    change('old', b?.id ?? 0, { status_id: 13, status: 'Disputed' })
    const { id: _id, ...like } = { ...b }
    const late = shops.old.state.orders.insert({ ...like, status_id: 11 })
    const { id: _place, ...address } = { ...shops.old.state.consignments.where('order', b?.id ?? 0)[0] }
    const sentTo = shops.old.state.consignments.insert({ ...address, order_id: late.id })
    for (const { id: _line, ...line } of shops.old.state.orderLines.where('order', b?.id ?? 0))
      shops.old.state.orderLines.insert({ ...line, order_id: late.id, order_address_id: sentTo.id })
    change('old', late.id, {})
    const delta = await shops.again()
    expect(countOf(delta, 'orders')).toMatchObject({ created: 1, conflicts: 1 })
    expect(there(a?.id ?? 0)).toMatchObject({ staff_notes: 'Called the customer.' })
    expect(there(b?.id ?? 0)).toMatchObject({ status_id: 12 })
    expect(there(late.id)).toMatchObject({ status_id: 11, external_source: 'M-MIG' })
    await quiet()
  })

  it('with parcels keep the status that people said for theirs', async () => {
    open()
    await shops.migrate({ names: { order_statuses: { '2': '9', '3': '9', '10': '8' } } })
    const said = new Set(shops.fresh.state.orders.list().map((row) => row['status_id']))
    expect(said.has(8) || said.has(9)).toBe(true)
    for (const status of [2, 3, 10]) expect(said).not.toContain(status)
  })
})

describe('an order that went to several places', () => {
  it('gets each of its parcels', async () => {
    open()
    const { state } = shops.old
    const [parcel] = state.shipments.list()
    const order = Number(parcel?.['order_id'])
    const [first] = state.consignments.where('order', order)
    const second = state.consignments.insert({
      ...first,
      id: undefined,
      order_id: order,
      street_1: '2 Second Street',
    } as never)
    const [line] = state.orderLines.where('order', order)
    const moved = state.orderLines.insert({
      ...line,
      id: undefined,
      name: 'Another',
      order_address_id: second.id,
    } as never)
    state.shipments.insert({
      ...parcel,
      id: undefined,
      order_address_id: second.id,
      tracking_number: 'TO-2',
      items: [{ order_product_id: moved.id, product_id: 0, quantity: 1 }],
    } as never)
    const report = await shops.migrate()
    expect(report.left.filter((one) => one.resource === 'order_shipments')).toEqual([])
    const sent = shops.fresh.state.shipments.list().map((row) => row['tracking_number'])
    expect(sent).toContain('TO-2')
    expect((await shops.reconcile()).differences.filter((one) => one.resource === 'order_shipments')).toEqual([])
    await quiet()
  })

  it('says in its notes which line went where, because the API puts all of them at the first, which is told before', async () => {
    open()
    const { state } = shops.old
    const [sent] = wanted().filter(({ id }) => state.consignments.where('order', id).length)
    const order = Number(sent?.id)
    const [first] = state.consignments.where('order', order)
    const place = { first_name: 'Ann', last_name: 'Lee', street_1: '2 Quay', zip: '78702', city: 'Dallas' }
    const second = state.consignments.insert({ ...first, id: undefined, ...place } as never)
    const [line] = state.orderLines.where('order', order)
    const options = [{ display_name: 'Size', display_value: 'L' }]
    const moved = { name: 'Cap', quantity: 3, product_options: options, order_address_id: second.id }
    state.orderLines.insert({ ...line, id: undefined, ...moved } as never)
    change('old', order, { shipping_address_count: 2 })
    const plan = await foretellMigration(shops.workspace, 'old', 'new', USUAL)
    expect(plan.refused).toContainEqual(
      expect.objectContaining({ rows: 1, what: expect.stringContaining('which of several addresses') }),
    )
    await shops.migrate()
    const notes = String(there(order)['staff_notes'])
      .split('\n')
      .filter((text) => text.startsWith('Sent to'))
    expect(notes).toHaveLength(2)
    expect(notes[1]).toBe('Sent to Ann Lee, 2 Quay, 78702 Dallas: 3 x Cap (Size: L)')
    const others = shops.fresh.state.orders.list().filter((row) => row['external_order_id'] !== String(order))
    for (const row of others) expect(row['staff_notes']).not.toContain('Sent to')
    await quiet()
  })
})

describe('orders of a store with a legacy API account', () => {
  it('become history too, with their parcels', async () => {
    shops = openTwoShops({ older: true, resources: ORDERS, old: { products: 4, customers: 0, orders: 14 } })
    const report = await shops.migrate()
    expect(report.error).toBeUndefined()
    expect(shops.old.requests.filter(({ path }) => !path.startsWith('/v2/'))).toEqual([])
    expect(numbers()).toEqual(every())
    expect(shops.fresh.state.shipments.size).toBe(shops.old.state.shipments.size)
    expect(shops.rows('new', statuses())).toEqual(
      shops.rows('old', statuses('WHERE status_id <> 0 AND NOT is_deleted')),
    )
    await quiet()
  })
})
