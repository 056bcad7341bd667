import { describe, expect, it } from 'vitest'
import { listConflicts, pushPlan, resolveConflicts } from '../../src/app/index.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops } from '../support/two-shops.ts'

describe('a migration', () => {
  it('copies a catalog into an empty store, and sends nothing the second time', async () => {
    const shops = openTwoShops()
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    expect(first.resources.find(({ resource }) => resource === 'products')).toMatchObject({ rows: 40, created: 40 })
    const names = 'SELECT name, price, sku, inventory_level FROM products ORDER BY name'
    expect(shops.rows('new', names)).toEqual(shops.rows('old', names))
    const paths = `SELECT p.name, c.name AS category FROM products p, json_each(p.categories) j JOIN categories c ON c.category_id = j.value ORDER BY 1, 2`
    expect(shops.rows('new', paths)).toEqual(shops.rows('old', paths))
    const skus = 'SELECT sku, price, inventory_level, cost_price FROM skus ORDER BY sku'
    expect(shops.rows('new', skus)).toEqual(shops.rows('old', skus))
    const second = await shops.migrate()
    expect(second).toMatchObject({ state: 'complete', requests: { write: 0 } })
    shops.close()
  })
})

describe('after a first copy', () => {
  it('carries over what changed in the old store, keeps what was edited in the new one, and asks about what both changed', async () => {
    const shops = openTwoShops()
    await shops.migrate()
    const names = shops.old.state.products.list().map(({ name }) => name)
    const [a = '', b = '', c = ''] = names
    await shops.clock.sleep(60_000)
    const put = async (store: 'old' | 'fresh', name: string, values: object) => {
      const emulator = shops[store]
      const id = emulator.state.products.list().find((one) => one.name === name)?.id
      const answer = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/catalog/products/${id}`, {
        method: 'PUT',
        headers: {
          'X-Auth-Token': emulator.accessToken,
          'Content-Type': 'application/json',
          Accept: 'application/json',
        },
        body: JSON.stringify(values),
      })
      expect(answer.status).toBe(200)
    }
    await put('old', a, { name: `${a} renamed`, warranty: 'a year' })
    await put('fresh', b, { warranty: 'edited in the new store' })
    await put('old', c, { warranty: 'said by the old store' })
    await put('fresh', c, { warranty: 'said by the new store' })
    const delta = await shops.migrate()
    expect(delta).toMatchObject({ state: 'partial', exit: 5, requests: { write: 1 } })
    expect(delta.resources.find(({ resource }) => resource === 'products')).toMatchObject({
      created: 0,
      updated: 1,
      conflicts: 1,
    })
    const there = new Map(shops.fresh.state.products.list().map((row) => [row.name, row['warranty']]))
    expect(there.get(`${a} renamed`)).toBe('a year')
    expect(there.get(b)).toBe('edited in the new store')
    expect(there.get(c)).toBe('said by the new store')

    const [conflict] = await listConflicts(shops.workspace, undefined, 'new')
    expect(conflict).toMatchObject({ sync: 'migrate.old.new.products', field: 'warranty' })
    const take = { take: 'source', by: 'test', allow: [], store: 'new' }
    const { plan } = await resolveConflicts(shops.workspace, [conflict?.id ?? ''], take)
    const pushed = await pushPlan(shops.workspace, plan?.plan ?? '', {
      approvedBy: 'test',
      allow: [],
      only: null,
      store: 'new',
    })
    expect(pushed).toMatchObject({ state: 'complete' })
    expect(shops.fresh.state.products.list().find(({ name }) => name === c)?.['warranty']).toBe('said by the old store')
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    shops.close()
  })

  it('lets an edit of the new store last: when the old one moves the same field later, it asks', async () => {
    const shops = openTwoShops({ old: { products: 4 } })
    await shops.migrate()
    const [brand] = shops.old.state.brands.list()
    const there = () => shops.fresh.state.brands.list().find(({ name }) => name === brand?.name)
    const say = (store: 'old' | 'fresh', id: number | undefined, page_title: string) =>
      elsewhere({ emulator: shops[store] }, 'PUT', `/v3/catalog/brands/${id}`, { page_title })
    await say('fresh', there()?.id, 'Ours')
    await shops.clock.sleep(25 * 3_600_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    await say('old', brand?.id, 'Theirs')
    await shops.clock.sleep(25 * 3_600_000)
    const report = await shops.migrate()
    expect(report.resources.find(({ resource }) => resource === 'brands')).toMatchObject({ conflicts: 1, updated: 0 })
    expect(there()?.['page_title']).toBe('Ours')
    shops.close()
  })

  it('leaves out what somebody took out of the new store, and tells it', async () => {
    const shops = openTwoShops({ old: { products: 4 } })
    await shops.migrate()
    const [brand] = shops.old.state.brands
      .list()
      .filter(({ id }) => !shops.old.state.products.list().some((one) => one.brand_id === id))
    const there = () => shops.fresh.state.brands.list().find(({ name }) => name === brand?.name)
    await elsewhere({ emulator: shops.fresh }, 'DELETE', `/v3/catalog/brands/${there()?.id}`)
    await shops.clock.sleep(25 * 3_600_000)
    const report = await shops.migrate()
    expect(report).toMatchObject({ state: 'complete-with-rejects', requests: { write: 0 } })
    expect(report.left).toMatchObject([
      { resource: 'brands', key: String(brand?.id), reason: 'taken out of the new store since, so it stays out' },
    ])
    expect(there()).toBeUndefined()
    shops.close()
  })
})
