import { describe, expect, it } from 'vitest'
import { newProduct, type Shop, shop } from './core-support.ts'

const path = '/v3/catalog/products/77'

const withProduct = async (): Promise<Shop> => {
  const store = shop()
  await store.call('POST', '/v3/catalog/products', newProduct('Tote'))
  return store
}

describe('images', () => {
  it('are 204 while there are none, and the first one is the thumbnail until another is', async () => {
    const { call } = await withProduct()
    expect((await call('GET', `${path}/images`)).status).toBe(204)
    const first = (await call('POST', `${path}/images`, { image_url: 'https://example.com/a/front.jpg' })).body.data
    const second = (await call('POST', `${path}/images`, { image_url: 'https://example.com/back.jpg' })).body.data
    expect([first.is_thumbnail, second.is_thumbnail]).toEqual([true, false])
    expect(first).not.toHaveProperty('image_url')
    await call('PUT', `${path}/images/${second.id}`, { is_thumbnail: true })
    const shown = async () =>
      (await call('GET', `${path}/images`)).body.data.map((one: { is_thumbnail: boolean }) => one.is_thumbnail)
    expect(await shown()).toEqual([false, true])
    await call('DELETE', `${path}/images/${second.id}`)
    expect(await shown()).toEqual([true])
  })

  it('need an address that a server could fetch', async () => {
    const { call } = await withProduct()
    const title = async (body: object) => (await call('POST', `${path}/images`, body)).body.title
    expect(await title({})).toBe("The field 'image_url' is invalid.")
    expect(await title({ image_url: 'file:///etc/passwd' })).toBe("The field 'image_url' is invalid.")
    expect(await title({ image_url: `https://example.com/${'x'.repeat(250)}` })).toBe(
      "The field 'image_url' is invalid.",
    )
  })

  it('have one thumbnail, whatever is asked for', async () => {
    const { call } = await withProduct()
    const first = (
      await call('POST', `${path}/images`, { image_url: 'https://example.com/a.jpg', is_thumbnail: false })
    ).body.data
    expect(first.is_thumbnail).toBe(true)
    const { body } = await call('PUT', `${path}/images/${first.id}`, { is_thumbnail: false })
    expect(body.data.is_thumbnail).toBe(true)
  })

  it('keep their id and get another file when another address takes their place', async () => {
    const { call } = await withProduct()
    const first = (await call('POST', `${path}/images`, { image_url: 'https://example.com/a.jpg' })).body.data
    const again = (await call('PUT', `${path}/images/${first.id}`, { image_url: 'https://example.com/a.jpg?v=2' })).body
      .data
    expect(again).toMatchObject({ id: first.id, sort_order: first.sort_order })
    expect(again.image_file).not.toBe(first.image_file)
  })

  it('push others back when one is put in their place', async () => {
    const { call } = await withProduct()
    const ids: number[] = []
    for (const name of ['a', 'b', 'c'])
      ids.push((await call('POST', `${path}/images`, { image_url: `https://example.com/${name}.jpg` })).body.data.id)
    await call('PUT', `${path}/images/${ids[0]}`, { sort_order: 2 })
    const places = (await call('GET', `${path}/images`)).body.data.map((one: { sort_order: number }) => one.sort_order)
    expect(places).toEqual([2, 1, 3])
  })

  it('are refused where their address leads nowhere', async () => {
    const { call } = await withProduct()
    const lost = await call('POST', `${path}/images`, { image_url: 'https://nobody.invalid/a.jpg' })
    expect([lost.status, lost.body.title]).toEqual([
      400,
      'The image could not be downloaded: https://nobody.invalid/a.jpg',
    ])
    expect((await call('GET', `${path}/images`)).status).toBe(204)
  })
})

describe('custom fields', () => {
  it('are unique by name and value, up to 200', async () => {
    const { call } = await withProduct()
    const add = async (value: string) => (await call('POST', `${path}/custom-fields`, { name: 'Note', value })).status
    const statuses: number[] = []
    for (let count = 0; count < 201; count++) statuses.push(await add(`n${count}`))
    expect([new Set(statuses.slice(0, 200)), statuses[200]]).toEqual([new Set([200]), 403])
    expect(await add('n7')).toBe(422)
    expect(await add('')).toBe(422)
  })

  it('change the date of their product', async () => {
    const { call, clock, emulator } = await withProduct()
    await clock.advance(1_000)
    await call('POST', `${path}/custom-fields`, { name: 'Note', value: 'x' })
    expect(emulator.state.products.get(77)?.date_modified).toBe('2025-01-15T10:30:01+00:00')
  })
})

describe('bulk pricing rules', () => {
  it('may not overlap', async () => {
    const { call } = await withProduct()
    const add = async (quantity_min: number, quantity_max: number) =>
      (await call('POST', `${path}/bulk-pricing-rules`, { quantity_min, quantity_max, type: 'percent', amount: '.5' }))
        .status
    expect([await add(10, 0), await add(5, 9), await add(5, 12), await add(20, 30), await add(9, 8)]).toEqual([
      200, 200, 409, 409, 422,
    ])
  })
})

describe('metafields', () => {
  const field = (key: string, more: object = {}) => ({
    permission_set: 'read',
    namespace: 'erp',
    key,
    value: '1',
    ...more,
  })

  it('are unique by namespace and key of one owner, and do not touch the product', async () => {
    const { call, clock, emulator } = await withProduct()
    const before = emulator.state.products.get(77)?.date_modified
    await clock.advance(5_000)
    expect((await call('POST', `${path}/metafields`, field('a'))).status).toBe(200)
    expect((await call('POST', `${path}/metafields`, field('a'))).status).toBe(409)
    expect((await call('POST', `${path}/variants/300/metafields`, field('a'))).status).toBe(200)
    expect(emulator.state.products.get(77)?.date_modified).toBe(before)
  })

  it('are saved row by row in a batch, which answers 422 when some failed', async () => {
    const { call, emulator } = await withProduct()
    const { status, body } = await call('POST', '/v3/catalog/products/metafields', [
      field('a', { resource_id: 77 }),
      field('b', { resource_id: 999 }),
      field('a', { resource_id: 77 }),
    ])
    expect([status, body.meta, body.data.length, body.errors.length]).toEqual([
      422,
      { total: 3, success: 1, failed: 2 },
      1,
      2,
    ])
    expect(emulator.state.metafields.size).toBe(1)
    expect(emulator.log.at(-1)?.status).toBe(422)
    const gone = await call('DELETE', '/v3/catalog/products/metafields', [body.data[0].id])
    expect([gone.status, gone.body.data]).toEqual([200, [body.data[0].id]])
  })

  it('are read by cursor, which the first page tells', async () => {
    const { call } = await withProduct()
    for (const key of ['a', 'b', 'c']) await call('POST', `${path}/metafields`, field(key))
    const first = (await call('GET', `${path}/metafields?limit=2`)).body
    expect(Object.keys(first.meta)).toEqual(['pagination', 'cursor_pagination'])
    const cursor = encodeURIComponent(first.meta.cursor_pagination.end_cursor)
    const next = (await call('GET', `${path}/metafields?limit=2&after=${cursor}`)).body
    expect([next.data.length, Object.keys(next.meta), next.meta.cursor_pagination.links]).toEqual([
      1,
      ['cursor_pagination'],
      {},
    ])
    expect((await call('GET', `${path}/metafields?page=2&limit=2`)).body.meta).not.toHaveProperty('cursor_pagination')
  })
})

describe('options', () => {
  it('have names of their own making and take up to 250 values', async () => {
    const { call } = await withProduct()
    const values = (count: number) => Array.from({ length: count }, (_, index) => ({ label: `v${index}` }))
    const option = (display_name: string, count: number) =>
      call('POST', `${path}/options`, { display_name, type: 'dropdown', option_values: values(count) })
    const { status, body } = await option('Size', 250)
    expect([status, body.data.name]).toEqual([200, 'Size1736937000-77'])
    expect((await option('size', 1)).status).toBe(409)
    expect((await option('Colour', 251)).status).toBe(403)
    const ids = new Set(body.data.option_values.map(({ id }: { id: number }) => id))
    expect(ids.size).toBe(250)
  })

  it('carry a new label to their variants', async () => {
    const store = shop()
    const size = { sku: 'X-S', option_values: [{ option_display_name: 'Size', label: 'S' }] }
    await store.call('POST', '/v3/catalog/products', newProduct('Shirt', { variants: [size] }))
    const option = store.emulator.state.options.list()[0]
    const value = option?.option_values[0]
    await store.call('PUT', `${path}/options/${option?.id}/values/${value?.id}`, { label: 'Small' })
    expect(store.emulator.state.variants.get(300)?.option_values).toMatchObject([{ label: 'Small' }])
  })
})

describe('the summary', () => {
  it('adds up what the variants hold and cost', async () => {
    const store = await withProduct()
    await store.call(
      'POST',
      '/v3/catalog/products',
      newProduct('Bag', { price: 30, inventory_tracking: 'product', inventory_level: 2 }),
    )
    expect((await store.call('GET', '/v3/catalog/summary')).body.data).toMatchObject({
      variant_count: 2,
      inventory_count: 2,
      inventory_value: 60,
      highest_variant_price: 30,
      average_variant_price: 20,
      newest_variant_date: '2025-01-15',
    })
  })
})
