import { afterEach, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

it('a sync makes the tree of another channel, renames it without its channel, and then plans nothing', async () => {
  shop = openShop({
    emulator: { products: 5, plan: 'unlimited' },
    store: { resources: ['products', 'channels', 'category_trees'] },
    syncs: {
      trees: {
        store: 'main',
        resource: 'category_trees',
        source: 'feed',
        key: { id: 'Id' },
        fields: { name: 'Name' },
        create: true,
        createDefaults: { channels: [2] },
        guards: { maxChanges: false, allChanged: false, maxCreates: false },
      },
    },
  })
  const sync = (name: string) => {
    shop.feed([
      ['Id', 'Name'],
      [2, name],
    ])
    shop.clock.advance(60_000)
    return syncOne(shop.workspace, 'trees', { approvedBy: 'test', dryRun: false, allow: [] })
  }
  expect(await sync('Outlet')).toMatchObject({ state: 'complete', counts: { applied: 1 } })
  expect(await sync('Bargains')).toMatchObject({ state: 'complete', counts: { applied: 1 } })
  expect(writes(shop).map(({ body }) => body)).toEqual([
    [{ name: 'Outlet', channels: [2] }],
    [{ id: 2, name: 'Bargains' }],
  ])
  expect(shop.rows('SELECT id, name, channels FROM category_trees ORDER BY id')).toEqual([
    { id: 1, name: 'Default catalog tree', channels: '[1]' },
    { id: 2, name: 'Bargains', channels: '[2]' },
  ])
  expect(await sync('Bargains')).toMatchObject({ summary: { update: 0, unchanged: 1 } })
})
