import { describe, expect, it } from 'vitest'
import { newProduct, type Shop, shop } from './core-support.ts'

const products = '/v3/catalog/products'
const variants = '/v3/catalog/variants'

/** A shirt in S and M, with product id 77 and variants 300 and 301. */
const withShirt = async (settings = {}): Promise<Shop> => {
  const store = shop({ settings })
  const sizes = ['S', 'M'].map((label) => ({
    sku: `X-${label}`,
    option_values: [{ option_display_name: 'Size', label }],
  }))
  await store.call('POST', products, newProduct('Shirt', { sku: 'X', inventory_tracking: 'variant', variants: sizes }))
  return store
}

const row = ({ emulator }: Shop, id: number) => emulator.state.variants.get(id)

describe('a variant', () => {
  it('follows its product while its price is null, and is free at 0', async () => {
    const store = await withShirt()
    const show = async () => (await store.call('GET', `${products}/77/variants/300`)).body.data
    expect(await show()).toMatchObject({ price: null, calculated_price: 10, sku_id: 300 })
    await store.call('PUT', `${products}/77`, { price: 12, sale_price: 11 })
    expect(await show()).toMatchObject({ price: null, calculated_price: 11 })
    await store.call('PUT', `${products}/77/variants/300`, { price: 0, sale_price: 0, cost_price: null, upc: null })
    expect(await show()).toMatchObject({ price: 0, calculated_price: 0, cost_price: 0, upc: '' })
  })

  it('counts as a change of its product', async () => {
    const store = await withShirt()
    await store.clock.advance(5_000)
    await store.call('PUT', variants, [{ id: 300, price: 9 }])
    expect(store.emulator.state.products.get(77)?.date_modified).toBe('2025-01-15T10:30:05+00:00')
  })

  it('adds to the stock of its product when that is tracked by variant', async () => {
    const store = await withShirt()
    await store.call('PUT', variants, [
      { id: 300, inventory_level: 4 },
      { id: 301, inventory_level: 3 },
    ])
    await store.clock.advance(500)
    expect((await store.call('GET', `${products}/77`)).body.data.inventory_level).toBe(7)
  })

  it('may not have the SKU of its parent, nor the options of its sister', async () => {
    const store = await withShirt()
    const option = store.emulator.state.options.list()[0]
    const choice = (place: number) => [{ option_id: option?.id, id: option?.option_values[place]?.id }]
    const sku = await store.call('PUT', `${products}/77/variants/300`, { sku: 'x' })
    expect([sku.status, row(store, 300)?.sku]).toEqual([409, 'X-S'])
    const same = await store.call('POST', `${products}/77/variants`, { sku: 'X-L', option_values: choice(0) })
    expect(same.body).toMatchObject({ status: 409, title: 'Variant with the same option values set exists' })
    const label = await store.call('POST', `${products}/77/variants`, {
      sku: 'X-L',
      option_values: [{ option_display_name: 'Size', label: 'L' }],
    })
    expect(label.status).toBe(422)
  })
})

describe('the base variant', () => {
  it('shares the SKU of its simple product both ways', async () => {
    const store = shop()
    await store.call('POST', products, newProduct('Tote', { sku: 'T' }))
    await store.call('PUT', `${products}/77`, { sku: 'T2' })
    expect(row(store, 300)?.sku).toBe('T2')
    await store.call('PUT', `${products}/77/variants/300`, { sku: 'T3' })
    expect(store.emulator.state.products.get(77)?.sku).toBe('T3')
  })

  it('goes with the first variant of an option, and a new one comes when the last of those is deleted', async () => {
    const store = shop()
    await store.call('POST', products, newProduct('Tote', { sku: 'T' }))
    const option = (
      await store.call('POST', `${products}/77/options`, {
        display_name: 'Size',
        type: 'rectangles',
        option_values: [{ label: 'S' }, { label: 'M' }],
      })
    ).body.data
    expect(store.emulator.state.products.get(77)?.base_variant_id).toBe(300)
    const created = await store.call('POST', `${products}/77/variants`, {
      sku: 'T-S',
      option_values: [{ option_id: option.id, id: option.option_values[0].id }],
    })
    expect(created.status).toBe(200)
    expect([store.emulator.state.products.get(77)?.base_variant_id, row(store, 300)]).toEqual([null, undefined])
    await store.call('DELETE', `${products}/77/variants/${created.body.data.id}`)
    const base = store.emulator.state.products.get(77)?.base_variant_id
    expect(row(store, base ?? 0)).toMatchObject({ sku: 'T', option_values: [] })
  })

  it('comes back when the option goes, and cannot be deleted itself', async () => {
    const store = await withShirt()
    const option = store.emulator.state.options.list()[0]?.id
    await store.call('DELETE', `${products}/77/options/${option}`)
    const base = store.emulator.state.products.get(77)?.base_variant_id
    expect(store.emulator.state.variants.list().map(({ id }) => id)).toEqual([base])
    expect((await store.call('DELETE', `${products}/77/variants/${base}`)).status).toBe(422)
  })
})

describe('a batch of variants', () => {
  it('holds 50 at most and 1 at least', async () => {
    const store = await withShirt()
    const rows = Array.from({ length: 51 }, () => ({ id: 300, price: 5 }))
    expect((await store.call('PUT', variants, rows)).status).toBe(413)
    expect((await store.call('PUT', variants, rows.slice(1))).status).toBe(200)
    expect((await store.call('PUT', variants, [])).body.title).toBe('Must supply some variants for bulk upsert')
  })

  it('saves nothing when one row is bad, and does not tell its place', async () => {
    const store = await withShirt()
    const { status, body } = await store.call('PUT', variants, [
      { id: 300, price: 5 },
      { id: 301, price: -1 },
      { id: 999, price: 5 },
    ])
    expect([status, Object.keys(body), body.batch_errors.length]).toEqual([422, ['batch_errors'], 2])
    expect(body.batch_errors[0].errors).toEqual({ price: expect.any(String) })
    expect(row(store, 300)?.price).toBeNull()
  })

  it('saves the good rows where the store is set to', async () => {
    const store = await withShirt({ partialVariantBatch: true })
    const { status, body } = await store.call('PUT', variants, [
      { id: 300, price: 5 },
      { id: 999, price: 5 },
    ])
    expect([status, body.batch_errors.length, row(store, 300)?.price]).toEqual([422, 1, 5])
  })

  it('leaves fields alone that its schema does not list', async () => {
    const store = await withShirt()
    await store.call('PUT', variants, [{ id: 300, sku: 'NEW', mpn: 'M', price: 5 }])
    expect(row(store, 300)).toMatchObject({ sku: 'X-S', mpn: '', price: 5 })
  })

  it('creates rows without an id', async () => {
    const store = await withShirt()
    const option = store.emulator.state.options.list()[0]
    const value = (
      await store.call('POST', `${products}/77/options/${option?.id}/values`, { label: 'L', sort_order: 3 })
    ).body.data
    const choice = { option_id: option?.id, id: value.id }
    const { body } = await store.call('PUT', variants, [{ product_id: 77, sku: 'X-L', option_values: [choice] }])
    expect(body.data).toMatchObject([{ sku: 'X-L', option_values: [{ label: 'L' }] }])
  })

  it('counts the stock of a new variant in that of its product', async () => {
    const store = await withShirt()
    const option = store.emulator.state.options.list()[0]
    const value = (
      await store.call('POST', `${products}/77/options/${option?.id}/values`, { label: 'L', sort_order: 3 })
    ).body.data
    const choice = { option_id: option?.id, id: value.id }
    await store.call('PUT', variants, [{ product_id: 77, sku: 'X-L', inventory_level: 4, option_values: [choice] }])
    expect(store.emulator.state.products.get(77)?.inventory_level).toBe(4)
  })
})

describe('listing variants', () => {
  it('knows few filters, and neither dates nor an order', async () => {
    const store = await withShirt()
    const found = async (query: string) =>
      (await store.call('GET', `${variants}?${query}`)).body.data?.map(({ id }: { id: number }) => id)
    expect(await found('sku=x-m')).toEqual([301])
    expect(await found('product_id:in=77,5')).toEqual([300, 301])
    expect(await found('id=300&include_fields=sku')).toEqual([300])
    for (const query of ['sku:in=a', 'date_modified:min=2025-01-01', 'sort=id']) {
      expect((await store.call('GET', `${variants}?${query}`)).status).toBe(422)
    }
  })
})
