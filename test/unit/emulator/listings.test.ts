import { describe, expect, it } from 'vitest'
import { openShop, START } from './shop.ts'

const CATEGORIES = '/v3/catalog/trees/categories'

describe('the store', () => {
  it('tells who it is and what time it is, without an envelope', async () => {
    const shop = openShop({ storeHash: 'emu_abc' })
    expect((await shop.get('/v2/store')).body).toMatchObject({ id: 'emu_abc', currency: 'USD', default_channel_id: 1 })
    shop.pass(1500)
    expect((await shop.get('/v2/time')).body).toEqual({ time: START / 1000 + 1 })
  })
})

describe('categories of the trees', () => {
  it('are filtered by lists of ids only', async () => {
    const shop = openShop()
    const [first] = (await shop.get(`${CATEGORIES}?limit=1`)).body.data
    expect(first.category_id).toBe(18)
    const children = (await shop.get(`${CATEGORIES}?parent_id:in=${first.category_id}`)).body.data
    expect(children.length).toBeGreaterThan(0)
    expect(children.every(({ parent_id }: { parent_id: number }) => parent_id === 18)).toBe(true)
    const bare = (await shop.get(`${CATEGORIES}?category_id:in=18,19&include_fields=name`)).body.data
    expect(bare.map((row: object) => Object.keys(row))).toEqual([
      ['category_id', 'name'],
      ['category_id', 'name'],
    ])
    for (const name of ['tree_id', 'parent_id', 'id:in']) {
      const reply = await shop.get(`${CATEGORIES}?${name}=1`)
      expect(reply).toMatchObject({
        status: 422,
        body: { title: `The filter(s): ${name} are not valid filter parameter(s).` },
      })
    }
  })

  it('are made in a batch as far as they are good, which is 207', async () => {
    const shop = openShop()
    const all = await shop.ask('POST', CATEGORIES, [
      { name: 'Lamps', tree_id: 1 },
      { name: 'Oil Lamps', parent_id: 18 },
    ])
    expect(all.status).toBe(201)
    expect(all.body.meta).toEqual({ total: 2, success: 2, failed: 0 })
    expect(all.body.data[0]).toMatchObject({
      name: 'Lamps',
      parent_id: 0,
      tree_id: 1,
      url: { path: '/lamps/', is_customized: false },
    })
    expect(all.body.data[1]).toMatchObject({ parent_id: 18, tree_id: 1 })

    const part = await shop.ask('POST', CATEGORIES, [
      { name: 'Lamps', tree_id: 1 },
      { name: 'Rugs', tree_id: 1 },
    ])
    expect(part.status).toBe(207)
    expect(part.body.meta).toEqual({ total: 2, success: 1, failed: 1 })
    expect(Object.keys(part.body.errors)).toEqual(['0.name'])
    expect(part.body.data.map(({ name }: { name: string }) => name)).toEqual(['Rugs'])

    const none = await shop.ask('POST', CATEGORIES, [{ name: 'Orphans' }, { name: 'x'.repeat(51), tree_id: 1 }])
    expect(none.status).toBe(422)
    expect(Object.keys(none.body.errors)).toEqual(['0.tree_id', '1.name'])
  })

  it('are updated by id with an answer that holds no rows', async () => {
    const shop = openShop()
    const reply = await shop.ask('PUT', CATEGORIES, [{ category_id: 18, name: 'Bags', sort_order: 4 }])
    expect(reply).toMatchObject({ status: 200, body: { meta: { total: 1, success: 1, failed: 0 } } })
    expect(reply.body.data).toBeUndefined()
    const { body } = await shop.get(`${CATEGORIES}?category_id:in=18`)
    expect(body.data[0]).toMatchObject({ name: 'Bags', sort_order: 4, is_visible: true })

    const part = await shop.ask('PUT', CATEGORIES, [{ category_id: 18, name: 'Cases' }, { name: 'Nobody' }])
    expect(part.status).toBe(207)
    expect(part.body.errors).toEqual({
      '1.tree_id': "Tree Id is required and can't be empty",
      '1.category_id': 'Category does not exist.',
    })
  })

  it('are eight levels deep at most and never within themselves', async () => {
    const shop = openShop()
    let parent_id = (await shop.ask('POST', CATEGORIES, [{ name: 'L1', tree_id: 1 }])).body.data[0].category_id
    const top = parent_id
    for (let level = 2; level <= 8; level++) {
      parent_id = (await shop.ask('POST', CATEGORIES, [{ name: `L${level}`, parent_id }])).body.data[0].category_id
    }
    expect((await shop.ask('POST', CATEGORIES, [{ name: 'L9', parent_id }])).status).toBe(422)
    expect((await shop.ask('PUT', CATEGORIES, [{ category_id: top, parent_id }])).status).toBe(422)
  })

  it('take their children along and leave the products when they are deleted', async () => {
    const shop = openShop()
    expect((await shop.ask('DELETE', CATEGORIES)).status).toBe(422)
    const [product] = shop.state.products.list()
    const category = product?.categories[0] as number
    const top = (id: number): number => {
      const parent = shop.state.categories.get(id)?.['parent_id'] as number
      return parent === 0 ? id : top(parent)
    }
    const reply = await shop.ask('DELETE', `${CATEGORIES}?category_id:in=${top(category)}`)
    expect(reply.status).toBe(202)
    expect(reply.body.meta.success).toBeGreaterThan(1)
    expect((await shop.get(`${CATEGORIES}?category_id:in=${category}`)).body.data).toEqual([])
    const after = (await shop.get(`/v3/catalog/products/${product?.id}`)).body.data
    expect(after.categories).not.toContain(category)
    expect(after.date_modified).toBe('2026-03-01T12:00:00+00:00')
  })
})

describe('trees', () => {
  it('are shown nested, as deep as asked', async () => {
    const shop = openShop()
    const { body } = await shop.get('/v3/catalog/trees/1/categories')
    const depth = (nodes: { children: [] }[]): number =>
      nodes.length ? 1 + Math.max(...nodes.map((node) => depth(node.children))) : 0
    expect(depth(body.data)).toBe(4)
    expect(depth((await shop.get('/v3/catalog/trees/1/categories?depth=1')).body.data)).toBe(2)
    expect(await shop.get('/v3/catalog/trees/42/categories')).toMatchObject({
      status: 404,
      body: { title: 'Entity with id tree [42] was not found ' },
    })
  })

  it('are made for one channel and renamed by id', async () => {
    const shop = openShop()
    const made = await shop.ask('PUT', '/v3/catalog/trees', [
      { name: 'Outlet', channels: [2] },
      { id: 1, name: 'Main' },
    ])
    expect(made.body.data).toEqual([
      { id: 2, name: 'Outlet', channels: [2] },
      { id: 1, name: 'Main', channels: [1] },
    ])
    expect((await shop.get('/v3/catalog/trees?channel_id:in=2')).body.data).toHaveLength(1)
    expect((await shop.ask('PUT', '/v3/catalog/trees', [{ id: 7, name: 'None' }])).body.errors).toEqual({
      '0.tree_id': 'Tree does not exist.',
    })
    expect((await shop.ask('PUT', '/v3/catalog/trees', Array(51).fill({ id: 1 }))).status).toBe(413)
    expect((await shop.ask('DELETE', '/v3/catalog/trees?id:in=2')).status).toBe(204)
    expect((await shop.get('/v3/catalog/trees')).body.data).toHaveLength(1)
  })
})

describe('the deprecated categories', () => {
  it('show the default tree under the older names', async () => {
    const shop = openShop()
    await shop.ask('PUT', '/v3/catalog/trees', [{ name: 'Outlet', channels: [2] }])
    const other = await shop.ask('POST', CATEGORIES, [{ name: 'Seconds', tree_id: 2 }])
    const id = other.body.data[0].category_id
    expect((await shop.get(`/v3/catalog/categories/${id}`)).status).toBe(404)
    const { body } = await shop.get('/v3/catalog/categories/18')
    expect(body.data).toMatchObject({ id: 18, custom_url: { url: '/bags-travel/', is_customized: false } })
    expect(body.data.category_uuid).toBeUndefined()
    const names = (await shop.get('/v3/catalog/categories?sort=name&limit=3')).body.data
    expect(names[0].name < names[1].name).toBe(true)
  })

  it('refuse a second of a name with 409, and to delete one with products', async () => {
    const shop = openShop()
    const made = await shop.ask('POST', '/v3/catalog/categories', { name: 'Lamps', parent_id: 0 })
    expect(made.status).toBe(200)
    expect((await shop.ask('POST', '/v3/catalog/categories', { name: 'lamps', parent_id: 0 })).status).toBe(409)
    expect((await shop.ask('PUT', `/v3/catalog/categories/${made.body.data.id}`, { name: '' })).status).toBe(422)
    const [product] = shop.state.products.list()
    expect((await shop.ask('DELETE', `/v3/catalog/categories/${product?.categories[0]}`)).status).toBe(422)
    expect((await shop.ask('DELETE', `/v3/catalog/categories/${made.body.data.id}`)).status).toBe(204)
  })
})

describe('brands', () => {
  it('are made, found, renamed and unique ignoring case', async () => {
    const shop = openShop()
    const made = await shop.ask('POST', '/v3/catalog/brands', { name: 'Larch & Sons' })
    expect(made.body.data).toMatchObject({
      name: 'Larch & Sons',
      page_title: '',
      meta_keywords: [],
      custom_url: { url: '/larch-sons/', is_customized: false },
    })
    const { id } = made.body.data
    expect((await shop.ask('POST', '/v3/catalog/brands', { name: 'LARCH & SONS' })).status).toBe(409)
    expect((await shop.ask('POST', '/v3/catalog/brands', { page_title: 'x' })).status).toBe(422)
    expect((await shop.ask('PUT', `/v3/catalog/brands/${id}`, { name: 'Larch' })).body.data.name).toBe('Larch')
    expect((await shop.ask('PUT', `/v3/catalog/brands/${id}`, { name: 'larch' })).status).toBe(200)
    expect(
      (await shop.get('/v3/catalog/brands?name:like=arch')).body.data.map((row: { id: number }) => row.id),
    ).toContain(id)
    expect((await shop.get(`/v3/catalog/brands?id:in=35,${id}`)).body.data).toHaveLength(2)
    expect((await shop.get('/v3/catalog/brands?sort=name&direction=desc&limit=1')).body.data[0].name).toBe('Westmere')
    expect((await shop.get('/v3/catalog/brands/9')).status).toBe(404)
  })

  it('are saved without an address that is taken, which is 207', async () => {
    const shop = openShop()
    const url = shop.state.brands.get(35)?.['custom_url']
    const reply = await shop.ask('POST', '/v3/catalog/brands', { name: 'Copycat', custom_url: url })
    expect(reply.status).toBe(207)
    expect(reply.body.data).toMatchObject({ name: 'Copycat', custom_url: { url: '/copycat/' } })
    expect(reply.body.errors.status).toBe(207)
  })

  it('leave their products without a brand when they go', async () => {
    const shop = openShop()
    const product = shop.state.products.list().find(({ brand_id }) => brand_id > 0)
    expect((await shop.ask('DELETE', `/v3/catalog/brands/${product?.brand_id}`)).status).toBe(204)
    expect((await shop.get(`/v3/catalog/products/${product?.id}`)).body.data).toMatchObject({
      brand_id: 0,
      date_modified: '2026-03-01T12:00:00+00:00',
    })
    expect((await shop.ask('DELETE', '/v3/catalog/brands')).status).toBe(422)
  })
})
