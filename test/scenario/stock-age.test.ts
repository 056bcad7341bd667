import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { placeOrder } from '../../src/emulator/orders/index.ts'
import { catalogTime } from '../../src/emulator/state.ts'
import { isoTime } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, ends, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const open = (rule: object, store: object = {}): Shop => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store,
    syncs: {
      stock: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { inventory_level: { from: 'stock', ...rule } },
      },
    },
  })
  return shop
}
const BY_COLUMN = { asOf: 'exported' }
const WITHOUT_ORDERS = { resources: ['products', 'variants'] }

const plan = async (allow?: string[]) => (await shop.plan({ sync: 'stock', ...(allow ? { allow } : {}) })).plan
const push = async (id: string) => {
  const report = await shop.push(id, { sync: 'stock' })
  // Stock shows a moment after it was accepted.
  shop.clock.advance(1000)
  shop.emulator.state.timeline.catchUp()
  return report
}
const now = () => isoTime(shop.clock.now())
const levelOf = (sku: string): number => {
  const { products, variants } = shop.emulator.state
  const [variant] = variants.where('sku', sku.toLowerCase())
  const product = products.get(variant?.product_id ?? 0)
  return (product?.inventory_tracking === 'variant' ? variant : product)?.inventory_level ?? -1
}

/** Sets a level as somebody in the store would. */
const setLevel = (sku: string, level: number): void => {
  const { products, variants } = shop.emulator.state
  const [variant] = variants.where('sku', sku.toLowerCase())
  if (!variant) throw new Error(`no ${sku}`)
  const date_modified = catalogTime(shop.clock.now())
  if (products.get(variant.product_id)?.inventory_tracking === 'variant')
    variants.update(variant.id, { inventory_level: level })
  else products.update(variant.product_id, { inventory_level: level })
  products.update(variant.product_id, { date_modified })
}

/** A shopper buys: the stock goes down at once, and the order is in the list. */
const buys = (sku: string, quantity: number, statusId = 11): number => {
  const { state } = shop.emulator
  const [variant] = state.variants.where('sku', sku.toLowerCase())
  const product = state.products.get(variant?.product_id ?? 0)
  if (!variant || !product) throw new Error(`no ${sku}`)
  const order = placeOrder(state, {
    created: shop.clock.now(),
    statusId,
    customerId: 0,
    address: ADDRESS,
    lines: [{ product, variant, quantity }],
    paymentMethod: 'Credit Card',
    shipping: 0,
  })
  if (statusId !== 0) setLevel(sku, levelOf(sku) - quantity)
  return order.id
}
const ADDRESS = {
  first_name: 'A',
  last_name: 'B',
  company: '',
  street_1: 'C',
  street_2: '',
  city: 'D',
  state: 'E',
  zip: '12345',
  country: 'United States',
  country_iso2: 'US',
  phone: '',
  email: 'a@example.com',
}

const feed = (asOf: string, levels: Record<string, number>): void =>
  shop.feed([['sku', 'stock', 'exported'], ...Object.entries(levels).map(([sku, level]) => [sku, level, asOf])])

/** A mug and a cup with ten pieces each, known to the mirror, and both sides agreed. */
const settled = async (): Promise<void> => {
  await simpleProduct(shop, 'MUG', 7, { inventory_tracking: 'product', inventory_level: 10 })
  await simpleProduct(shop, 'CUP', 7, { inventory_tracking: 'product', inventory_level: 10 })
  shop.clock.advance(MINUTE)
  await shop.pull()
  feed(now(), { MUG: 10, CUP: 10 })
  await plan()
  shop.clock.advance(HOUR)
}

describe('B17: a stock figure that says since when it is true', () => {
  it('B17: is held where the store sold after that, and sent where it did not', async () => {
    open(BY_COLUMN)
    await settled()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 12, CUP: 12 })
    const made = await plan()
    expect(made.changes.map(({ key }) => key)).toEqual([{ sku: 'CUP' }])
    expect(made.held).toMatchObject([
      { key: { sku: 'MUG' }, guard: 'staleStock', reason: expect.stringContaining('orders took 3 since') },
    ])
    expect(made.guards.find(({ guard }) => guard === 'staleStock')).toMatchObject({ verdict: 'held' })
    expect(ends(await push(made.plan))).toEqual({ applied: 1 })
    expect([levelOf('MUG'), levelOf('CUP')]).toEqual([7, 12])
    // The next export knows of the sale.
    shop.clock.advance(HOUR)
    feed(now(), { MUG: 9, CUP: 12 })
    shop.clock.advance(MINUTE)
    await shop.pull()
    const next = await plan()
    expect([next.held.length, next.changes.length]).toEqual([0, 1])
    await push(next.plan)
    expect(levelOf('MUG')).toBe(9)
  })

  it('B17: has the orders since subtracted where that is asked for, once and not twice', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    buys('MUG', 2)
    shop.clock.advance(30 * MINUTE)
    // The ERP has counted the first order, and 20 pieces that came in.
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 28, CUP: 10 })
    const made = await plan()
    expect(made.held).toEqual([])
    expect(made.changes).toHaveLength(1)
    expect(made.changes[0]?.fields[0]).toMatchObject({ from: 5, to: 25, asOf: exported })
    expect(made.facts.source?.stock).toMatchObject({ oldest: exported, reduced: 1, taken: 3 })
    await push(made.plan)
    expect(levelOf('MUG')).toBe(25)
    // The same file again, after two more were sold: all five are subtracted from the same figure, which is what the store has.
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 2)
    shop.clock.advance(MINUTE)
    await shop.pull()
    const again = await plan()
    expect([again.changes.length, again.held.length]).toEqual([0, 0])
    expect(levelOf('MUG')).toBe(23)
  })

  it('B17: is held where orders do not explain all that moved', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    setLevel('MUG', 6)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 12, CUP: 12 })
    const made = await plan()
    expect(made.held).toMatchObject([{ key: { sku: 'MUG' }, reason: expect.stringContaining('went from 10 to 6') }])
    expect(made.changes.map(({ key }) => key)).toEqual([{ sku: 'CUP' }])
  })

  it('B17: is sent where all that moved was ordered before that, although the pull came later', async () => {
    open(BY_COLUMN)
    await settled()
    buys('MUG', 3)
    shop.clock.advance(30 * MINUTE)
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 27, CUP: 10 })
    const made = await plan()
    expect([made.held.length, made.changes.length]).toEqual([0, 1])
  })

  it('B17: is held without orders in the mirror whenever the move may be younger', async () => {
    open(BY_COLUMN, WITHOUT_ORDERS)
    await settled()
    setLevel('MUG', 7)
    shop.clock.advance(30 * MINUTE)
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 27, CUP: 11 })
    const made = await plan()
    expect(made.held.map(({ key }) => key)).toEqual([{ sku: 'MUG' }])
    // A figure of after the pull is newer than the move.
    shop.clock.advance(30 * MINUTE)
    feed(now(), { MUG: 27, CUP: 11 })
    expect((await plan()).held).toEqual([])
  })

  it('B17: is held where an order lies so close that it may be counted or not', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    buys('MUG', 1)
    shop.clock.advance(2 * MINUTE)
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 30, CUP: 10 })
    expect((await plan()).held).toMatchObject([{ reason: expect.stringContaining('so close to that moment') }])
  })

  it('B17: is held where a checkout that was begun before was finished after', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    const order = buys('MUG', 1, 0)
    shop.clock.advance(20 * MINUTE)
    await shop.pull()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    shop.emulator.state.orders.update(order, {
      status_id: 11,
      status: 'Awaiting Fulfillment',
      date_modified: new Date(shop.clock.now()).toUTCString(),
    })
    setLevel('MUG', 9)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 30, CUP: 10 })
    expect((await plan()).held).toHaveLength(1)
  })

  it('B17: is written as it is with "overwrite", or where a person lets it pass', async () => {
    open({ ...BY_COLUMN, after: 'overwrite' })
    await settled()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 12, CUP: 10 })
    expect((await plan()).changes[0]?.fields[0]).toMatchObject({ from: 7, to: 12 })
    shop.close()

    open(BY_COLUMN)
    await settled()
    const also = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(also, { MUG: 12, CUP: 10 })
    const made = await plan(['staleStock'])
    expect([made.held.length, made.changes.length]).toEqual([0, 1])
    expect(ends(await push(made.plan))).toEqual({ applied: 1 })
  })

  it('B17: does not take our own writes for moves, whoever reads them first', async () => {
    open(BY_COLUMN, WITHOUT_ORDERS)
    await settled()
    feed(now(), { MUG: 20, CUP: 20 })
    shop.clock.advance(MINUTE)
    await shop.pull()
    await push((await plan()).plan)
    shop.clock.advance(10 * MINUTE)
    // Exported after the write, but before the pull that sees it.
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 22, CUP: 22 })
    const made = await plan()
    expect([made.held.length, made.changes.length]).toEqual([0, 2])
    await push(made.plan)
    // A figure of before the last write, which was looked at for all the time since.
    feed(exported, { MUG: 25, CUP: 25 })
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    expect((await plan()).held).toEqual([])
  })

  it('B17: of a variant has only the orders of that variant subtracted', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await complexProduct(shop, {
      name: 'Tee',
      price: 20,
      sizes: ['S', 'M'],
      more: { inventory_tracking: 'variant' },
      variants: { inventory_level: 10 },
    })
    shop.clock.advance(MINUTE)
    await shop.pull()
    feed(now(), { 'Tee-S': 10, 'Tee-M': 10 })
    await plan()
    shop.clock.advance(HOUR)
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('Tee-S', 4)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { 'Tee-S': 30, 'Tee-M': 30 })
    expect((await plan()).changes.map(({ key, fields }) => [key['sku'], fields[0]?.to])).toEqual([
      ['Tee-S', 26],
      ['Tee-M', 30],
    ])
  })

  it('B17: is of the time of the file where that is asked for', async () => {
    open({ asOf: { file: 'modified' } })
    await settled()
    feed('', { MUG: 12, CUP: 12 })
    const written = shop.clock.now()
    utimesSync(join(shop.dir, 'feed.csv'), written / 1000, written / 1000)
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    const made = await plan()
    expect(made.held.map(({ key }) => key)).toEqual([{ sku: 'MUG' }])
    expect(made.facts.source?.stock).toMatchObject({ oldest: isoTime(written), line: null })
  })

  it('B17: has orders pulled with the stock by the sync itself', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    feed(exported, { MUG: 12, CUP: 10 })
    const report = await syncOne(shop.workspace, 'stock', { approvedBy: 'test', dryRun: false, allow: [] })
    expect(report.counts).toMatchObject({ applied: 1, held: 0 })
    shop.clock.advance(1000)
    shop.emulator.state.timeline.catchUp()
    expect(levelOf('MUG')).toBe(9)
  })

  it('B17: is read again right before it is written, also where the store does not date what it sells', async () => {
    open(BY_COLUMN)
    shop.close()
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      syncs: {
        stock: {
          store: 'main',
          resource: 'products',
          source: 'feed',
          key: { sku: 'sku' },
          fields: { inventory_level: { from: 'stock', ...BY_COLUMN } },
        },
      },
    })
    await settled()
    await shop.pull()
    feed(now(), { MUG: 12, CUP: 12 })
    const made = await plan()
    const [mug] = shop.emulator.state.products.where('sku', 'mug')
    shop.emulator.state.products.update(mug?.id ?? 0, { inventory_level: 9 })
    const { rows } = await push(made.plan)
    expect(rows.map(({ key, state }) => [key['sku'], state])).toEqual([
      ['MUG', 'skipped'],
      ['CUP', 'applied'],
    ])
    expect(levelOf('MUG')).toBe(9)
  })

  it('B17: never goes below zero', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 1, CUP: 10 })
    expect((await plan()).changes[0]?.fields[0]).toMatchObject({ from: 7, to: 0 })
  })

  it('is planned at first contact, where nobody can know what was before, with the orders that are known', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await simpleProduct(shop, 'MUG', 7, { inventory_tracking: 'product', inventory_level: 10 })
    const exported = now()
    shop.clock.advance(10 * MINUTE)
    buys('MUG', 3)
    shop.clock.advance(10 * MINUTE)
    await shop.pull()
    feed(exported, { MUG: 12 })
    const made = await plan()
    expect(made.changes[0]?.fields[0]).toMatchObject({ from: 7, to: 9, base: null })
    expect(made.notes.join('\n')).toContain('first contact: the store was first read after the figures of 1 rows')
  })

  it('has its age printed, of the oldest row', async () => {
    open(BY_COLUMN)
    await settled()
    const old = now()
    shop.clock.advance(2 * HOUR)
    shop.feed([
      ['sku', 'stock', 'exported'],
      ['MUG', 10, now()],
      ['CUP', 10, old],
    ])
    shop.clock.advance(70 * MINUTE)
    await shop.pull()
    const made = await plan()
    expect(made.notes).toContain(`stock figures are 3 h 10 min old (oldest row: line 3, true at ${old})`)
    expect(made.facts.source?.stock).toMatchObject({ oldest: old, line: 3 })
  })

  it.each([
    ['', 'blank, and says since when the stock is true'],
    ['yesterday', 'not a date and time like 2026-01-31T14:30:00Z'],
    ['2026-01-31 14:30', 'a time without its zone; end it with Z or an offset like +02:00'],
    ['2099-01-01T00:00:00Z', 'a moment that is still to come'],
  ])('is rejected with its line and column where the moment is %j', async (cell, reason) => {
    open(BY_COLUMN)
    await settled()
    feed(cell, { MUG: 12 })
    expect((await plan()).rejected).toEqual([{ row: 2, column: 'exported', value: cell, reason, key: { sku: 'MUG' } }])
  })

  it('needs no moment where the cell of the stock is blank', async () => {
    open(BY_COLUMN)
    await settled()
    shop.feed([
      ['sku', 'stock', 'exported'],
      ['MUG', '', ''],
    ])
    expect((await plan()).rejected).toEqual([])
  })

  it('is refused where orders are to be subtracted that are older than the stock', async () => {
    open({ ...BY_COLUMN, after: 'subtract-orders' })
    await settled()
    await shop.pull({ only: ['products', 'variants'] })
    feed(now(), { MUG: 12 })
    await expect(plan()).rejects.toMatchObject({
      code: 'mirror',
      message: expect.stringContaining('orders are to be subtracted from stock'),
    })
  })
})
