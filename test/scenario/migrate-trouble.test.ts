import { afterEach, describe, expect, it } from 'vitest'
import { pullStore } from '../../src/app/index.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const open = (products = 6): void => {
  shops = openTwoShops({ old: { products, customers: 0, orders: 0 }, isJudged: false })
}

const links = (resource: string) =>
  shops.rows('new', `SELECT from_key, how FROM sync_link WHERE resource = '${resource}' ORDER BY 1`)

describe('a row that the store made with another address than asked for', () => {
  it('is known as made, and not asked about by the next run', async () => {
    open()
    const [brand] = shops.old.state.brands.list()
    shops.fresh.state.brands.insert({ ...brand, name: 'Somebody else’s' } as never)
    const first = await shops.migrate()
    expect(first.left).toEqual([])
    expect(first.resources.find(({ resource }) => resource === 'brands')).toMatchObject({ adopted: 0, failed: 0 })
    expect(links('brands').map(({ how }) => how)).toEqual(shops.old.state.brands.list().map(() => 'created'))
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })
})

describe('variants of a product that is there without options', () => {
  it('are told one by one, because options are not added to variants that are there', async () => {
    open(12)
    const { old, fresh } = shops
    const product = old.state.products.list().find(({ base_variant_id }) => base_variant_id === null)
    if (!product) throw new Error('the store has no product with options')
    const alike = { ...product, categories: [], brand_id: 0 }
    const { id } = fresh.state.products.insert(alike as never)
    const base = fresh.state.variants.insert({ product_id: id, sku: product.sku, option_values: [] } as never)
    fresh.state.products.update(id, { base_variant_id: base.id })
    const report = await shops.migrate({ existing: 'adopt' })
    const variants = old.state.variants.where('product', product.id)
    const told = report.left.filter(({ resource }) => resource === 'variants')
    expect(told.map(({ key }) => Number(key))).toEqual(variants.map((one) => one.id))
    for (const { reason } of told) expect(reason).toContain('An option cannot be added')
  })
})

describe('a row that cannot be brought to what the old store says', () => {
  it('is told with the reason, for as long as that is so', async () => {
    open()
    await shops.migrate()
    const [brand] = shops.old.state.brands.list()
    const id = brand?.id ?? 0
    shops.old.state.brands.update(id, { name: 'n'.repeat(300), meta_description: 'new' })
    for (const run of [1, 2]) {
      const report = await shops.migrate()
      expect(report, `run ${run}`).toMatchObject({
        state: 'complete-with-rejects',
        left: [{ resource: 'brands', key: String(id), reason: expect.stringContaining('name') }],
      })
    }
  })
})

describe('a row of the new store that could stand for two', () => {
  it('stands for none of them, and nothing is sent that the store refuses', async () => {
    open()
    const { old, fresh } = shops
    const [one, two] = old.state.products.list()
    fresh.state.products.insert({ ...one, sku: two?.sku, categories: [], brand_id: 0 } as never)
    for (const run of [1, 2]) {
      const report = await shops.migrate({ existing: 'adopt' })
      const products = report.left.filter(({ resource }) => resource === 'products')
      expect(
        products.map(({ key }) => Number(key)),
        `run ${run}`,
      ).toEqual([one?.id, two?.id])
      expect(report.resources.find(({ resource }) => resource === 'products')).toMatchObject({ failed: 0 })
    }
  })

  it('that has the SKU of a row standing for another keeps the other one out', async () => {
    open()
    const { old, fresh } = shops
    await shops.migrate()
    const [one] = old.state.products.list()
    old.state.products.insert({ ...one, id: undefined, name: 'Another', sku: 'OTHER-1' } as never)
    const copy = fresh.state.products.list().find(({ sku }) => sku === one?.sku)
    fresh.state.products.update(copy?.id ?? 0, { sku: 'OTHER-1' })
    const report = await shops.migrate()
    const told = report.left.filter(({ resource }) => resource === 'products')
    expect(told.map(({ reason }) => reason)).toEqual(['its sku is that of a row that stands for another one'])
    expect(report.resources.find(({ resource }) => resource === 'products')).toMatchObject({ failed: 0 })
  })
})

describe('a create whose answer is lost', () => {
  it('is known again where the store gave the row another address', async () => {
    open()
    const [brand] = shops.old.state.brands.list()
    shops.fresh.state.brands.insert({ ...brand, name: 'Somebody else’s' } as never)
    shops.fresh.faults.set([{ kind: 'drop', method: 'POST', path: '/v3/catalog/brands', when: 'after', times: 1 }])
    const report = await shops.migrate()
    expect(report.left.filter(({ resource }) => resource === 'brands')).toEqual([])
    expect(new Set(links('brands').map(({ how }) => how))).toEqual(new Set(['created']))
  })
})

describe('a row whose making was not noted before the migration died', () => {
  const diesAfterBrand = (): void => {
    let isDead = false
    shops = openTwoShops({
      old: { products: 6, customers: 0, orders: 0 },
      isJudged: false,
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        if (init?.method === 'POST' && String(url).includes('/catalog/brands') && !isDead) {
          isDead = true
          shops.stop.abort()
        }
        return answer
      },
    })
  }

  it('stands for the old row that it was made for, whatever that is called by then and whoever read it', async () => {
    diesAfterBrand()
    expect(await shops.migrate()).toMatchObject({ state: 'interrupted' })
    const made = shops.fresh.state.brands.list()
    const [first, second] = shops.old.state.brands.list()
    expect(made.map(({ name }) => name)).toEqual([first?.name])
    // The names change places, so that what the made row is called leads to the wrong one.
    shops.old.state.brands.update(first?.id ?? 0, { name: 'For a moment' })
    shops.old.state.brands.update(second?.id ?? 0, { name: first?.name })
    shops.old.state.brands.update(first?.id ?? 0, { name: second?.name })
    await pullStore(shops.open(new AbortController().signal), 'old', {})
    // One name is free only once the row that had it was renamed.
    await shops.again()
    expect(await shops.again()).toMatchObject({ left: [] })
    expect(links('brands')).toContainEqual({ from_key: String(first?.id), how: 'created' })
    expect(
      shops.rows('new', `SELECT to_key FROM sync_link WHERE resource = 'brands' AND from_key = '${first?.id}'`),
    ).toEqual([{ to_key: JSON.stringify({ id: made[0]?.id }) }])
    expect(shops.fresh.state.brands.size).toBe(shops.old.state.brands.size)
  })
})

describe('a copy of which row after row fails', () => {
  it('is stopped with what lets it go on, and goes on with that', async () => {
    open(12)
    const brands = shops.old.state.brands.list().length
    expect(brands).toBeGreaterThan(5)
    shops.fresh.faults.set([
      { kind: 'status', status: 422, method: 'POST', path: '/v3/catalog/brands', when: 'before' },
    ])
    expect(await shops.migrate()).toMatchObject({
      state: 'blocked',
      error: {
        message: expect.stringContaining('breaker: the push stopped'),
        hint: expect.stringContaining('--allow breaker'),
      },
    })
    const report = await shops.again({ allow: ['breaker'] })
    expect(report.resources.find(({ resource }) => resource === 'brands')).toMatchObject({ failed: brands })
    shops.fresh.faults.set([])
    await shops.again()
    expect(links('brands')).toHaveLength(brands)
  })
})
