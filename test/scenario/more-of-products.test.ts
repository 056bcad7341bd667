import { afterEach, describe, expect, it } from 'vitest'
import { planSync, pullStore, rehearsePlan, syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const guards = { maxChanges: false, allChanged: false, maxCreates: false, maxSourceDrop: false, maxDeletes: 2 }

/** A shop with three products, and one sync of a resource. */
const open = async (resource: string, sync: object, pulled: readonly string[]): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'brands', ...pulled] },
    syncs: { it: { store: 'main', resource, source: 'feed', guards, ...sync } },
  })
  for (const sku of ['A', 'B', 'C']) await simpleProduct(shop, sku, 10)
  await settle()
}
const settle = async () => {
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
}
const sync = async () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'it', { approvedBy: 'test', dryRun: false, allow: [] })
}
/** What a rehearsal foretells of the plan that would be made now. */
const foretold = async () => {
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', { full: true })
  const { plan } = await planSync(shop.workspace, 'it', { allow: [], staleOk: false, only: null })
  return rehearsePlan(shop.workspace, plan.plan, undefined)
}
const idOf = (sku: string): number => shop.emulator.state.products.list().find((one) => one.sku === sku)?.id ?? 0
const variantOf = (sku: string): number => shop.emulator.state.variants.list().find((one) => one.sku === sku)?.id ?? 0
const sent = (from = 0) => writes(shop, from).map(({ method, path }) => `${method} ${path.replace(/\b\d+\b/g, 'N')}`)

describe('metafields of variants', () => {
  const fields = { 'meta:erp.bin': { from: 'Bin', blank: 'clear' } }
  const held = (sku: string) =>
    shop.emulator.state.metafields
      .where('owner', `variant ${variantOf(sku)}`)
      .map((row) => `${row.namespace}.${row.key} ${row['value']}`)
  const feed = (...bins: string[]) =>
    shop.feed([['sku', 'Bin'], ...['A', 'B', 'C'].map((sku, at) => [sku, bins[at] ?? ''])])

  it('are columns of a sync that finds variants by their SKU, and settle', async () => {
    await open('variants', { key: { sku: 'sku' }, fields }, ['variant_metafields'])
    const before = writes(shop).length
    feed('R1', 'R2')
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 2 } }] })
    expect(['A', 'B', 'C'].map(held)).toEqual([['erp.bin R1'], ['erp.bin R2'], []])
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 3 } }] })
    feed('R9', '')
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 2 } }] })
    expect(['A', 'B'].map(held)).toEqual([['erp.bin R9'], []])
    expect(sent(before).sort()).toEqual([
      'DELETE /v3/catalog/products/N/variants/N/metafields/N',
      'POST /v3/catalog/variants/metafields',
      'PUT /v3/catalog/variants/metafields',
    ])
  })

  it('that are refused in a batch fail alone', async () => {
    await open('variants', { key: { sku: 'sku' }, fields }, ['variant_metafields'])
    feed('R1', 'R2', 'R3')
    const { plan } = await shop.plan({ sync: 'it.variant_metafields' })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${idOf('B')}`)
    const report = await shop.push(plan.plan, { sync: 'it.variant_metafields' })
    expect(ends(report)).toEqual({ applied: 2, failed: 1 })
    expect(['A', 'C'].map(held)).toEqual([['erp.bin R1'], ['erp.bin R3']])
  })
})

describe('metafields of categories', () => {
  it('are columns of a sync that finds categories by their name', async () => {
    const fields = { 'meta:erp.code': 'Code' }
    await open('categories', { key: { name: 'Name' }, fields }, ['categories', 'category_metafields'])
    await elsewhere(shop, 'POST', '/v3/catalog/trees/categories', [{ name: 'Cups', tree_id: 1 }])
    await settle()
    shop.feed([
      ['Name', 'Code'],
      ['Cups', 'C-1'],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 1 } }] })
    expect(shop.emulator.state.metafields.list()).toMatchObject([{ resource_type: 'category', value: 'C-1' }])
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 1 } }] })
  })
})

describe('metafields of brands', () => {
  it('are a sync of their own, by the name of the brand', async () => {
    const key = { resource_id: { from: 'Brand', names: true }, namespace: { value: 'erp' }, key: { value: 'origin' } }
    const fields = { value: 'Origin', permission_set: { value: 'read' } }
    await open('brand_metafields', { key, fields, create: true }, ['brand_metafields'])
    for (const name of ['Larch', 'Kiln']) await elsewhere(shop, 'POST', '/v3/catalog/brands', { name })
    await settle()
    shop.feed([
      ['Brand', 'Origin'],
      ['Larch', 'Peru'],
      ['Kiln', 'Chile'],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    shop.feed([
      ['Brand', 'Origin'],
      ['Larch', 'Peru'],
      ['Kiln', 'Spain'],
    ])
    expect(await foretold()).toMatchObject({ state: 'complete', counts: { applied: 1, failed: 0 } })
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    const held = shop.emulator.state.metafields.list().map((row) => [row.resource_type, row.key, row['value']])
    expect(held).toEqual([
      ['brand', 'origin', 'Peru'],
      ['brand', 'origin', 'Spain'],
    ])
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
  })
})

describe('reviews', () => {
  const fields = {
    text: { from: 'Text', blank: 'clear' },
    rating: 'Stars',
    status: { value: 'approved' },
    date_reviewed: 'Day',
  }
  const key = { product_id: { from: 'Product', names: true }, title: 'Title', email: 'Mail' }
  const head = ['Product', 'Title', 'Mail', 'Text', 'Stars', 'Day']
  const row = (product: string, text: string, stars: number) => [
    product,
    'Fine',
    'a@example.com',
    text,
    stars,
    '2025-01-02T10:00:00Z',
  ]
  const held = () =>
    shop.emulator.state.reviews.list().map((one) => [one.product_id, one['text'], one['rating'], one['status']])

  it('are made, changed and cleared by product, title and writer, and settle', async () => {
    await open('product_reviews', { key, fields, create: true }, ['product_reviews'])
    const before = writes(shop).length
    shop.feed([head, row('A', 'Holds tea', 5), row('B', 'Leaks', 1)])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    shop.feed([head, row('A', '', 4), row('B', 'Leaks', 1)])
    expect(await foretold()).toMatchObject({ state: 'complete', counts: { applied: 1, failed: 0 } })
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(held()).toEqual([
      [idOf('A'), '', 4, 'approved'],
      [idOf('B'), 'Leaks', 1, 'approved'],
    ])
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    expect(sent(before)).toEqual([
      'POST /v3/catalog/products/N/reviews',
      'POST /v3/catalog/products/N/reviews',
      'PUT /v3/catalog/products/N/reviews/N',
    ])
  })

  it('are changed by their id alone, below the product that they are of', async () => {
    await open('product_reviews', { key: { id: 'Id' }, fields: { rating: 'Stars' } }, ['product_reviews'])
    const body = { title: 'Fine', date_reviewed: '2025-01-02T10:00:00Z', rating: 5 }
    const { id } = await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('C')}/reviews`, body)
    await settle()
    shop.feed([
      ['Id', 'Stars'],
      [id, 2],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(shop.emulator.state.reviews.get(id)).toMatchObject({ rating: 2, title: 'Fine', product_id: idOf('C') })
  })
})

describe('modifiers, their values and complex rules', () => {
  const boxes = async () => {
    const made = []
    for (const display_name of ['Gift wrap', 'Note'])
      made.push(
        await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('A')}/modifiers`, {
          display_name,
          type: 'checkbox',
          required: false,
        }),
      )
    await settle()
    return made
  }

  it('are made by product and name, and changed without a word about the name that the store made', async () => {
    const key = { product_id: { from: 'Product', names: true }, display_name: 'Name' }
    const fields = { type: { value: 'text' }, required: 'Needed', sort_order: 'Place' }
    await open('product_modifiers', { key, fields, create: true }, ['product_modifiers'])
    const head = ['Product', 'Name', 'Needed', 'Place']
    shop.feed([head, ['A', 'Engraving', 'false', 1], ['B', 'Engraving', 'true', 2]])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    shop.feed([head, ['A', 'Engraving', 'false', 7], ['B', 'Engraving', 'true', 2]])
    expect(await foretold()).toMatchObject({ state: 'complete', counts: { applied: 1, failed: 0 } })
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    const [first] = shop.emulator.state.modifiers.list()
    expect(first).toMatchObject({ type: 'text', required: false, sort_order: 7 })
  })

  it('take adjusters on the values that the store made for a checkbox', async () => {
    const key = { product_id: 'Product', modifier_id: 'Modifier', label: 'Label' }
    await open('product_modifier_values', { key, fields: { adjusters: 'Adjusters' } }, [
      'product_modifiers',
      'product_modifier_values',
    ])
    const [box] = await boxes()
    const adjusters = { price: { adjuster: 'relative', adjuster_value: 2 } }
    shop.feed([
      ['Product', 'Modifier', 'Label', 'Adjusters'],
      [idOf('A'), box.id, 'Yes', JSON.stringify(adjusters)],
    ])
    expect(await foretold()).toMatchObject({ state: 'complete', counts: { applied: 1, failed: 0 } })
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(shop.emulator.state.modifiers.get(box.id)?.option_values[0]).toMatchObject({ label: 'Yes', adjusters })
    expect(await sync()).toMatchObject({ summary: { update: 0, unchanged: 1 } })
  })

  it('are rules by product and place, read again one by one before they are changed', async () => {
    const key = { product_id: 'Product', sort_order: 'Place' }
    const fields = { conditions: 'Conditions', enabled: 'On' }
    await open('product_complex_rules', { key, fields, create: true }, ['product_modifiers', 'product_complex_rules'])
    const made = await boxes()
    const conditions = made.map(({ id, option_values }) => ({
      modifier_id: id,
      modifier_value_id: option_values[0].id,
    }))
    const feed = (on: boolean) =>
      shop.feed([
        ['Product', 'Place', 'Conditions', 'On'],
        [idOf('A'), 1, JSON.stringify(conditions), String(on)],
      ])
    feed(true)
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 1 } })
    feed(false)
    expect(await foretold()).toMatchObject({ state: 'complete', counts: { applied: 1, failed: 0 } })
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(shop.emulator.state.complexRules.list()).toMatchObject([{ enabled: false, sort_order: 1 }])
  })
})
