import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const open = async (sync: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        command: 'Action',
        fields: { name: 'Name' },
        create: true,
        createDefaults: {
          type: 'physical',
          weight: 1,
          price: '10',
          is_visible: false,
          categories: [],
          channels: 'default',
        },
        guards: { maxChanges: false, allChanged: false, maxCreates: false, maxDeletes: 2 },
        ...sync,
      },
    },
  })
  for (const sku of ['A', 'B', 'C', 'D', 'E']) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  await shop.pull()
}

const plan = (allow: string[] = []) => shop.plan({ sync: 'catalog', allow: ['maxSourceDrop', ...allow] })
const HEAD = ['Action', 'sku', 'Name']

describe('a column of commands', () => {
  it('says row by row whether it may be made, changed, deleted, or is left alone', async () => {
    await open()
    shop.feed([
      HEAD,
      ['', 'A', 'A2'],
      ['', 'X1', 'New 1'],
      ['CREATE', 'B', 'B2'],
      ['create', 'X2', 'New 2'],
      ['Update', 'C', 'C2'],
      ['update', 'X3', 'New 3'],
      ['delete', 'D', ''],
      [' delete ', 'X4', 'x'.repeat(300)],
      ['skip', 'E', 'x'.repeat(300)],
    ])
    const made = await plan()
    expect(made.plan.changes.map(({ action, key }) => `${action} ${key['sku']}`).sort()).toEqual([
      'create X1',
      'create X2',
      'remove D',
      'update A',
      'update C',
    ])
    expect(made.plan.rejected).toEqual([])
    expect(made.plan.notes).toEqual(
      expect.arrayContaining([
        '1 rows say "create" and are in the store already: B',
        '1 rows say "update" and are not in the store: X3',
        '1 rows say "delete" and are not in the store: X4',
        '1 rows say "skip": E',
      ]),
    )
    await shop.push(made.plan.plan, { sync: 'catalog' })
    const skus = shop.emulator.state.products.list().map(({ sku, name }) => `${sku} ${name}`)
    expect(skus).toEqual(['A A2', 'B B', 'C C2', 'E E', 'X1 New 1', 'X2 New 2'])
    shop.clock.advance(60_000)
    const report = await syncOne(shop.workspace, 'catalog', {
      approvedBy: 'test',
      dryRun: false,
      allow: ['maxSourceDrop'],
    })
    expect(report).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, remove: 0 } })
  })

  it('deletes no more rows than the guard of deletions lets pass', async () => {
    await open()
    shop.feed([HEAD, ['delete', 'A', ''], ['delete', 'B', ''], ['delete', 'C', '']])
    const blocked = (await plan()).plan.guards.filter(({ verdict }) => verdict === 'blocked')
    expect(blocked).toMatchObject([{ guard: 'maxDeletes' }])
  })

  it('rejects a row with a word that is no command, and one that its resource cannot carry out', async () => {
    await open()
    shop.feed([HEAD, ['remove', 'A', 'A2'], ['', 'B', 'B2']])
    expect((await plan()).plan.rejected).toEqual([
      {
        row: 2,
        column: 'Action',
        value: 'remove',
        reason: 'none of the commands create, update, delete, skip',
        key: { sku: 'A' },
      },
    ])
    shop.close()
    await open({ resource: 'skus', fields: { price: 'Name' }, create: false, createDefaults: {} })
    shop.feed([HEAD, ['delete', 'A', '']])
    expect((await plan()).plan.rejected).toMatchObject([{ row: 2, reason: 'rows of skus cannot be deleted' }])
  })

  it('may have words of its own', async () => {
    await open({ command: { from: 'Action', map: { D: 'delete', N: '', U: 'update' } } })
    shop.feed([HEAD, ['d', 'A', ''], ['N', 'B', 'B2'], ['U', 'X9', 'X']])
    expect((await plan()).plan.changes.map(({ action, key }) => [action, key['sku']])).toEqual([
      ['remove', 'A'],
      ['update', 'B'],
    ])
  })

  it('keeps rows that it skips from being removed as gone', async () => {
    await open({ remove: 'hide' })
    shop.feed([HEAD, ...['A', 'B', 'C', 'D', 'E'].map((sku) => ['', sku, sku])])
    await plan()
    shop.feed([HEAD, ['skip', 'A', ''], ...['B', 'C', 'D', 'E'].map((sku) => ['', sku, sku])])
    expect((await plan()).plan).toMatchObject({ changes: [], summary: { unchanged: 5 } })
  })
})
