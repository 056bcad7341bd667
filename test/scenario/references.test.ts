import { afterEach, describe, expect, it } from 'vitest'
import { pullStore, syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

/** Men > Tops > Hoodies, Men > Bags, Women > Bags; brands Acme and Bob & Co. */
const open = async (more: object = {}): Promise<Record<string, number>> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'categories', 'brands'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: {
          categories: { from: 'Category', names: { list: ';', path: '/' }, blank: 'clear' },
          brand_id: { from: 'Brand', names: true },
        },
        guards: { maxChanges: false, allChanged: false },
        ...more,
      },
    },
  })
  const state = shop.emulator.state
  const ids: Record<string, number> = {}
  const tree = { men: [0, 'Men'], tops: ['men', 'Tops'], hoodies: ['tops', 'Hoodies'], bags: ['men', 'Bags'] } as const
  for (const [name, [parent, text]] of Object.entries({ ...tree, women: [0, 'Women'], other: ['women', 'Bags'] })) {
    const body = [{ tree_id: 1, parent_id: ids[parent] ?? 0, name: text }]
    ids[name] = (await elsewhere(shop, 'POST', '/v3/catalog/trees/categories', body))[0].category_id
  }
  for (const name of ['Acme', 'Bob & Co'])
    ids[name] = (await elsewhere(shop, 'POST', '/v3/catalog/brands', { name })).id
  for (const sku of ['A', 'B', 'C']) await simpleProduct(shop, sku, 10)
  expect(state.products.list()).toHaveLength(3)
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
  return ids
}

const product = (sku: string) => shop.emulator.state.products.list().find((one) => one.sku === sku)
const sync = () => syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })

describe('a field that a feed gives by name', () => {
  it('takes the ids of brands and of categories by their paths, ignoring case, and settles', async () => {
    const ids = await open()
    shop.feed([
      ['sku', 'Category', 'Brand'],
      ['A', 'men / tops / Hoodies; Women/Bags', 'ACME'],
      ['B', 'Men/Bags', 'Bob & Co'],
      ['C', '', ''],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(product('A')).toMatchObject({ brand_id: ids['Acme'] })
    expect(new Set(product('A')?.['categories'] as number[])).toEqual(new Set([ids['hoodies'], ids['other']]))
    expect(product('B')).toMatchObject({ brand_id: ids['Bob & Co'], categories: [ids['bags']] })
    expect(await sync()).toMatchObject({ state: 'complete', summary: { update: 0, unchanged: 3 } })
  })

  it('rejects a row that names what the store does not have, with the cell as it was understood', async () => {
    await open()
    shop.feed([
      ['sku', 'Category', 'Brand'],
      ['A', 'Men/Shoes', 'Acme'],
      ['B', 'Men/Bags', 'Acme Ltd'],
      ['C', 'Bags', ''],
    ])
    const { plan } = await shop.plan({ sync: 'catalog' })
    expect(plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])).toEqual([
      [2, 'Category', 'Men/Shoes', 'no name among the categories of the store'],
      [3, 'Brand', 'Acme Ltd', 'no name among the brands of the store'],
      [4, 'Category', 'Bags', 'no name among the categories of the store'],
    ])
    expect(plan.changes).toEqual([])
  })

  it('makes what is missing, level by level, where that is allowed, and then the rows that name it', async () => {
    const ids = await open({
      fields: {
        categories: { from: 'Category', names: { list: ';', path: '/', missing: 'create' } },
        brand_id: { from: 'Brand', names: { missing: 'create' } },
      },
    })
    shop.feed([
      ['sku', 'Category', 'Brand'],
      ['A', 'Men/Shoes/Running/Trail;Sale', 'Newcomer'],
      ['B', 'men/shoes', 'Acme'],
      ['C', 'Sale', ''],
    ])
    const { plan } = await shop.plan({ sync: 'catalog' })
    expect(plan.rejected.map(({ reason }) => reason)).toEqual(
      Array(3).fill('no name among the categories of the store; `skiff sync catalog.categories` makes it'),
    )
    expect(await sync()).toMatchObject({ sync: 'catalog', state: 'complete', counts: { applied: 3 } })
    const made = new Map(shop.emulator.state.categories.list().map((row) => [row.name, row]))
    const above = ['Sale', 'Shoes', 'Running', 'Trail'].map((name) => made.get(name)?.parent_id)
    expect(above).toEqual([0, ids['men'], made.get('Shoes')?.id, made.get('Running')?.id])
    expect(new Set(product('A')?.['categories'] as number[])).toEqual(
      new Set([made.get('Trail')?.id, made.get('Sale')?.id]),
    )
    const brands = shop.emulator.state.brands.list()
    expect(brands.filter(({ name }) => name === 'Newcomer').map(({ id }) => id)).toEqual([product('A')?.['brand_id']])
    const writes = shop.emulator.log.length
    expect(await sync()).toMatchObject({ state: 'complete', summary: { update: 0, unchanged: 3 } })
    expect(shop.emulator.log).toHaveLength(writes)
  })

  it('goes on where no row names anything, unless the rows before did', async () => {
    await open({
      fields: { price: 'Price', brand_id: { from: 'Brand', names: { missing: 'create' } } },
    })
    const feed = (price: string, brand: string) =>
      shop.feed([['sku', 'Price', 'Brand'], ...['A', 'B', 'C'].map((sku) => [sku, price, brand])])
    feed('11', '')
    expect(await sync()).toMatchObject({ sync: 'catalog', state: 'complete', counts: { applied: 3 } })
    feed('12', 'Newcomer')
    expect(await sync()).toMatchObject({ sync: 'catalog', state: 'complete', counts: { applied: 3 } })
    feed('13', '')
    expect(await sync()).toMatchObject({ sync: 'catalog.brands', state: 'blocked' })
  })

  it('takes a name that came to the store meanwhile', async () => {
    await open()
    shop.feed([
      ['sku', 'Category', 'Brand'],
      ['A', 'Men/Bags', 'Newcomer'],
    ])
    await elsewhere(shop, 'POST', '/v3/catalog/brands', { name: 'Newcomer' })
    shop.clock.advance(60_000)
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
  })
})
