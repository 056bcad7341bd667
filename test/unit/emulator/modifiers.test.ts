import { describe, expect, it } from 'vitest'
import { newProduct, type Shop, shop } from './core-support.ts'

const path = '/v3/catalog/products/77'

const withProduct = async (more: object = {}): Promise<Shop> => {
  const store = shop()
  await store.call('POST', '/v3/catalog/products', { ...newProduct('Tote'), ...more })
  return store
}
const modifier = (display_name: string, type: string, more: object = {}) => ({
  display_name,
  type,
  required: false,
  ...more,
})
const modified = async ({ call }: Shop) => (await call('GET', path)).body.data.date_modified

describe('modifiers', () => {
  it('of a checkbox get Yes and No from the store, whatever values are given', async () => {
    const { call } = await withProduct()
    const option_values = [{ label: 'Of course', sort_order: 0 }]
    const { data } = (await call('POST', `${path}/modifiers`, modifier('Gift wrap', 'checkbox', { option_values })))
      .body
    expect(data.option_values.map((one: { label: string; value_data: object }) => [one.label, one.value_data])).toEqual(
      [
        ['Yes', { checked_value: true }],
        ['No', { checked_value: false }],
      ],
    )
    expect(data.name).toMatch(/^Gift wrap\d+-77$/)
  })

  it('with a limited date break the server without the limits', async () => {
    const { call } = await withProduct()
    const config = { date_limited: true, date_limit_mode: 'range', date_earliest_value: '2025-01-01T00:00:00+00:00' }
    expect((await call('POST', `${path}/modifiers`, modifier('Day', 'date', { config }))).status).toBe(500)
    const whole = { ...config, date_latest_value: '2025-02-01T00:00:00+00:00' }
    expect((await call('POST', `${path}/modifiers`, modifier('Day', 'date', { config: whole }))).status).toBe(200)
  })

  it('go with their product', async () => {
    const { call, emulator } = await withProduct()
    await call('POST', `${path}/modifiers`, modifier('Engraving', 'text'))
    await call('POST', `${path}/reviews`, { title: 'Fine', date_reviewed: '2025-01-01' })
    await call('DELETE', path)
    expect([emulator.state.modifiers.size, emulator.state.reviews.size]).toEqual([0, 0])
  })
})

describe('complex rules', () => {
  it('need values of two modifiers of their product, and their conditions once', async () => {
    const { call } = await withProduct()
    const made = []
    for (const name of ['A', 'B'])
      made.push((await call('POST', `${path}/modifiers`, modifier(name, 'checkbox'))).body.data)
    const [a, b] = made.map(({ id, option_values }) => ({ modifier_id: id, modifier_value_id: option_values[0].id }))
    const status = async (...conditions: unknown[]) =>
      (await call('POST', `${path}/complex-rules`, { conditions })).status
    expect(await status(a)).toBe(422)
    expect(await status(a, { ...a, modifier_value_id: made[0].option_values[1].id })).toBe(422)
    expect(await status(a, { ...b, modifier_value_id: 9999 })).toBe(422)
    expect(await status({ variant_id: 300 }, { variant_id: 300 })).toBe(422)
    expect(await status(a, b)).toBe(200)
    expect(await status(b, a)).toBe(409)
    expect(await status({ variant_id: 300 }, b)).toBe(200)
  })
})

describe('videos and reviews', () => {
  it('are 204 while there are no reviews, and told apart by whether they wait', async () => {
    const { call } = await withProduct()
    expect((await call('GET', `${path}/reviews`)).status).toBe(204)
    const review = { title: 'Fine', date_reviewed: '2025-01-01T10:00:00Z' }
    await call('POST', `${path}/reviews`, review)
    await call('POST', `${path}/reviews`, { ...review, status: 'approved', rating: 5 })
    const found = async (status: number) => (await call('GET', `${path}/reviews?status=${status}`)).body.data.length
    expect([await found(0), await found(1)]).toEqual([1, 1])
    expect((await call('POST', `${path}/reviews`, { ...review, rating: 6 })).status).toBe(422)
    expect((await call('POST', `${path}/reviews`, { ...review, email: 'nobody' })).status).toBe(422)
  })

  it('move further back where another video takes their place, and keep what YouTube calls them', async () => {
    const { call } = await withProduct({
      videos: [
        { video_id: 'a', sort_order: 0 },
        { video_id: 'b', sort_order: 1 },
      ],
    })
    const list = async () =>
      (await call('GET', `${path}/videos`)).body.data.map((one: { video_id: string; sort_order: number }) => [
        one.video_id,
        one.sort_order,
      ])
    await call('PUT', `${path}/videos/1`, { sort_order: 1, video_id: 'c' })
    expect(await list()).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })
})

describe('the date of a product', () => {
  it('is moved by what is nested in it, and not by metafields', async () => {
    const store = await withProduct()
    const { call, clock } = store
    const writes: [string, object, boolean][] = [
      ['modifiers', modifier('Engraving', 'text'), true],
      ['videos', { video_id: 'a' }, true],
      ['metafields', { namespace: 'erp', key: 'bin', value: '1', permission_set: 'read' }, false],
      ['variants/300/metafields', { namespace: 'erp', key: 'bin', value: '1', permission_set: 'read' }, false],
    ]
    for (const [name, body, moves] of writes) {
      const before = await modified(store)
      await clock.advance(5000)
      expect((await call('POST', `${path}/${name}`, body)).status).toBe(200)
      expect([name, (await modified(store)) !== before]).toEqual([name, moves])
    }
  })
})

describe('a new product', () => {
  it('takes its pictures by their addresses, with one thumbnail', async () => {
    const { emulator } = await withProduct({
      images: [
        { image_url: 'https://example.com/a.jpg', sort_order: 0, description: 'Front' },
        { image_url: 'https://example.com/b.jpg', sort_order: 1, is_thumbnail: true },
      ],
    })
    expect(emulator.state.images.list().map((one) => [one['description'], one['is_thumbnail']])).toEqual([
      ['Front', false],
      ['', true],
    ])
  })

  it('is not made where one of its pictures cannot be fetched', async () => {
    const { emulator } = await withProduct({ images: [{ image_url: 'https://nobody.invalid/a.jpg' }] })
    expect(emulator.state.products.size).toBe(0)
  })
})
