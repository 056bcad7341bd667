import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const LOOSE = { maxChanges: false, allChanged: false, maxCreates: false, maxDeletes: false, maxSourceDrop: false }

const open = (resource: string, column: string): void => {
  shop = openShop({
    emulator: { products: 5, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'categories', 'channels', resource] },
    syncs: {
      listed: {
        store: 'main',
        resource,
        source: 'feed',
        key: { product_id: 'product', [column]: 'place' },
        fields: {},
        create: true,
        remove: 'delete',
        guards: LOOSE,
      },
    },
  })
}
const feed = (...rows: (readonly number[])[]) => shop.feed([['product', 'place'], ...rows])
const sync = () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'listed', { approvedBy: 'test', dryRun: false, allow: [] })
}

describe('a sync of category assignments', () => {
  const PATH = '/v3/catalog/products/category-assignments'
  const listed = () => Object.fromEntries(shop.emulator.state.products.list().map((row) => [row.id, row.categories]))

  it('adds a product to a category and takes it out again, and touches no other pair', async () => {
    open('product_category_assignments', 'category_id')
    const before = listed()
    const [first = 0, second = 0] = Object.keys(before).map(Number)
    const others = shop.emulator.state.categories.list().filter(({ id }) => !Object.values(before).flat().includes(id))
    const [one = 0, two = 0] = others.map(({ id }) => id)
    feed([first, one], [second, two])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(listed()).toEqual({
      ...before,
      [first]: [...(before[first] ?? []), one],
      [second]: [...(before[second] ?? []), two],
    })
    expect(await sync()).toMatchObject({ summary: { create: 0, unchanged: 2 } })

    feed([first, one])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(listed()).toEqual({ ...before, [first]: [...(before[first] ?? []), one] })
    expect(writes(shop).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
      `PUT ${PATH}`,
      `DELETE ${PATH}?product_id:in=${second}&category_id:in=${two}`,
    ])
    expect(await sync()).toMatchObject({ summary: { create: 0, unchanged: 1 } })
    expect(writes(shop)).toHaveLength(2)
  })
})

describe('a sync of channel assignments', () => {
  it('puts products on channels and takes off what left the feed, pair by pair', async () => {
    open('product_channel_assignments', 'channel_id')
    const { state } = shop.emulator
    state.channels.insert({ id: 2, name: 'Outlet' })
    const [first = 0, second = 0] = state.products.list().map(({ id }) => id)
    const held = () => state.channelAssignments.list().map((row) => [row.product_id, row.channel_id])
    const before = held()
    feed([first, 2], [second, 2])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    feed([first, 2])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(held()).toEqual([...before, [first, 2]])
    expect(await sync()).toMatchObject({ summary: { create: 0, unchanged: 1 } })
  })
})
