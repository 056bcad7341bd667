import { afterEach, describe, expect, it } from 'vitest'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({
    resources: ['products', 'variants', 'categories', 'brands', 'redirects'],
    ...options,
    old: { products: 9, customers: 0, orders: 0, ...options.old },
  })
}
const put = (from_path: string, to: object) =>
  shops.old.state.redirects.insert({ site_id: 1000, from_path, to: { url: null, entity_id: null, ...to } })
const led = () => shops.fresh.state.redirects.list().map(({ from_path, to }) => ({ from_path, to: to as object }))
/** A page's path as redirects tell it. */
const bare = (page: unknown): string => {
  const { url, path = url } = page as { readonly url?: string; readonly path?: string }
  return String(path).replace(/\/$/, '')
}
const inNew = (method: string, path: string, body: object) => elsewhere({ emulator: shops.fresh }, method, path, body)
const newId = (name: string) => shops.fresh.state.products.list().find((one) => one.name === name)?.id

describe('redirects of another store', () => {
  it('lead to the new ids of products, brands and categories; those to pages are told', async () => {
    open()
    const { state } = shops.old
    for (const { id } of state.redirects.list()) state.redirects.delete(id)
    const product = state.products.list()[3]
    const [brand] = state.brands.list()
    put('/was-product', { type: 'product', entity_id: product?.id })
    put('/was-brand', { type: 'brand', entity_id: brand?.id })
    put('/was-page', { type: 'page', entity_id: 3 })
    put('/elsewhere', { type: 'url', url: '/sale' })
    const { left } = await shops.migrate()
    expect(led()).toMatchObject([
      { from_path: '/was-product', to: { type: 'product', entity_id: newId(product?.name ?? '') } },
      { from_path: '/was-brand', to: { type: 'brand' } },
      { from_path: '/elsewhere', to: { type: 'url', url: '/sale' } },
    ])
    expect(left).toMatchObject([{ resource: 'redirects', reason: expect.stringContaining('to_entity_id 3') }])
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })

  it('are made for pages that the new store shows elsewhere, and for no others, once', async () => {
    open()
    const { state } = shops.old
    const [one, two, three] = state.products.list()
    const { state: there } = shops.fresh
    for (const [old, url] of [
      [one, '/other-place/'],
      [two, two?.custom_url?.url ?? ''],
    ] as const) {
      if (!old) throw new Error('an empty shop')
      const { id: _id, base_variant_id: _base, categories: _categories, brand_id: _brand, ...rest } = old
      there.products.insert({
        ...rest,
        categories: [],
        brand_id: 0,
        base_variant_id: null,
        custom_url: { url, is_customized: true },
      } as never)
    }
    const from = String(one?.custom_url?.url).replace(/\/$/, '')
    const report = await shops.migrate({ existing: 'adopt' })
    expect(report.resources.find(({ resource }) => resource === 'redirects.moved')).toMatchObject({ created: 1 })
    const moved = led().filter(({ from_path }) => String(from_path).replace(/\/$/, '') === from)
    expect(moved).toMatchObject([{ to: { type: 'product', entity_id: newId(one?.name ?? '') } }])
    expect(led().some(({ from_path }) => String(from_path).startsWith(String(three?.custom_url?.url)))).toBe(false)
    expect(await shops.migrate({ existing: 'adopt' })).toMatchObject({ requests: { write: 0 } })
  })

  it('are made for brands and categories that the new store shows elsewhere, and for none that only have another name', async () => {
    open()
    const { state } = shops.old
    for (const { id } of state.redirects.list()) state.redirects.delete(id)
    const [mine, named] = state.brands.list()
    const [shelf, renamed] = state.categories.list().filter((row) => row['parent_id'] === 0)
    if (!mine || !named || !shelf || !renamed) throw new Error('an empty shop')
    const there = { url: '/our-brand/', is_customized: true }
    await inNew('POST', '/v3/catalog/brands', { name: mine.name, custom_url: there })
    await inNew('POST', '/v3/catalog/trees/categories', [
      { tree_id: 1, name: shelf.name, parent_id: 0, url: { path: '/our-shelf/', is_customized: true } },
    ])
    const options = {
      existing: 'adopt' as const,
      names: { brands: { [named.name]: 'Named anew' }, categories: { [renamed.name]: 'Shelved anew' } },
    }
    expect(await shops.migrate(options)).toMatchObject({ state: 'complete', left: [] })
    const { brands, categories } = shops.fresh.state
    const brand = brands.list().find(({ name }) => name === mine.name)
    const category = categories.list().find(({ name }) => name === shelf.name)
    expect(led()).toEqual([
      { from_path: bare(shelf['url']), to: { type: 'category', entity_id: category?.id, url: null } },
      { from_path: bare(mine['custom_url']), to: { type: 'brand', entity_id: brand?.id, url: null } },
    ])
    expect(brands.list().find(({ name }) => name === 'Named anew')?.['custom_url']).toEqual(named['custom_url'])
    expect(categories.list().find(({ name }) => name === 'Shelved anew')?.['url']).toEqual(renamed['url'])
    await shops.clock.sleep(60_000)
    expect(await shops.migrate(options)).toMatchObject({ requests: { write: 0 } })
  })

  it('are made for pages that somebody moves in the new store after the copy', async () => {
    open()
    await shops.migrate()
    const before = led().length
    const [brand] = shops.old.state.brands.list()
    const there = shops.fresh.state.brands.list().find(({ name }) => name === brand?.name)
    await inNew('PUT', `/v3/catalog/brands/${there?.id}`, { custom_url: { url: '/moved/', is_customized: true } })
    await shops.clock.sleep(25 * 3_600_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(led().slice(before)).toMatchObject([
      { from_path: bare(brand?.['custom_url']), to: { type: 'brand', entity_id: there?.id } },
    ])
  })

  it('that the store does not take are told by their path, with what it said, and tried again', async () => {
    open()
    await shops.migrate()
    const [brand] = shops.old.state.brands.list()
    const there = shops.fresh.state.brands.list().find(({ name }) => name === brand?.name)
    await inNew('PUT', `/v3/catalog/brands/${there?.id}`, { custom_url: { url: '/moved/', is_customized: true } })
    await shops.clock.sleep(25 * 3_600_000)
    const body = JSON.stringify({ status: 422, title: 'That path is taken by a page', errors: {} })
    shops.fresh.faults.set([{ kind: 'status', path: '/v3/storefront/redirects', method: 'PUT', status: 422, body }])
    const refused = await shops.migrate()
    expect(refused).toMatchObject({ state: 'partial', exit: 5 })
    expect(refused.left).toEqual([
      {
        resource: 'redirects',
        key: bare(brand?.['custom_url']),
        label: null,
        reason: expect.stringContaining('That path is taken by a page'),
      },
    ])
    shops.fresh.faults.clear()
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 1 } })
  })

  it('are not made where the new store shows another category at the old path, which is told', async () => {
    open()
    const [shelf] = shops.old.state.categories.list().filter((row) => row['parent_id'] === 0)
    if (!shelf) throw new Error('an empty shop')
    const { path } = shelf['url'] as { readonly path: string }
    await inNew('POST', '/v3/catalog/trees/categories', [
      { tree_id: 1, name: shelf.name, parent_id: 0, url: { path: '/our-shelf/', is_customized: true } },
      { tree_id: 1, name: 'Another', parent_id: 0, url: { path, is_customized: true } },
    ])
    const report = await shops.migrate({ existing: 'adopt' })
    expect(report.left).toContainEqual({
      resource: 'redirects',
      key: path.replace(/\/$/, ''),
      label: null,
      reason: 'the old store showed another row there than the new one does, so it leads nowhere else',
    })
    expect(led().map(({ from_path }) => from_path)).not.toContain(bare(shelf['url']))
  })
})
