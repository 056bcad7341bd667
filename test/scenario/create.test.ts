import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/emulator/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const FIELDS = { name: 'Name', type: 'Type', weight: 'Weight', price: 'Price' }
const HEAD = ['SKU', 'Name', 'Type', 'Weight', 'Price']
type Cells = (string | number)[]
const row = (sku: string, price: number, name = sku): Cells => [sku, name, 'physical', 1, price]

const open = (sync: object, store: object = {}): void => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store,
    syncs: { goods: { store: 'main', source: 'feed', ...sync } },
  })
}
const products = (more: object = {}) =>
  open({
    resource: 'products',
    key: { sku: 'SKU' },
    fields: FIELDS,
    create: true,
    createDefaults: { is_visible: false, categories: [], channels: 'default' },
    ...more,
  })
const plan = (allow: string[] = []) => shop.plan({ sync: 'goods', allow }).then(({ plan: made }) => made)
const push = (id: string, allow: string[] = []) => shop.push(id, { sync: 'goods', allow })
const carry = async (allow: string[] = []) => {
  const made = await plan(allow)
  const from = shop.emulator.log.length
  const pushed = await push(made.plan, allow)
  return { made, pushed, sent: writes(shop, from) }
}
const inStore = (): { sku: string; price: number }[] =>
  shop.emulator.state.products.list().map(({ sku, price }) => ({ sku, price }))

describe('a sync of products', () => {
  it('creates what the store lacks and changes what differs; right after, nothing is planned', async () => {
    products({ guards: { maxChanges: false, allChanged: false } })
    await simpleProduct(shop, 'A', 10)
    await shop.pull()
    shop.feed([HEAD, row('A', 11), row('B', 20), row('C', 30)])
    const { made, pushed } = await carry()
    expect(made.summary).toMatchObject({ create: 2, update: 1 })
    expect(ends(pushed)).toEqual({ applied: 3 })
    expect(inStore()).toEqual([
      { sku: 'A', price: 11 },
      { sku: 'B', price: 20 },
      { sku: 'C', price: 30 },
    ])
    expect((await plan()).summary).toMatchObject({ create: 0, update: 0, unchanged: 3 })
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ create: 0, update: 0, unchanged: 3 })
  })

  it('a created row that the source changes next is an update with a base, not a first contact', async () => {
    products({ guards: { maxChanges: false, allChanged: false } })
    await shop.pull()
    shop.feed([HEAD, row('B', 20)])
    await carry()
    await shop.pull()
    shop.feed([HEAD, row('B', 21)])
    const made = await plan()
    expect(made.firstContact).toBe(0)
    expect(made.changes[0]?.fields[0]).toMatchObject({ field: 'price', from: '20', to: '21', base: '20' })
  })

  it('rejects a new row without what a create needs', async () => {
    products()
    await shop.pull()
    shop.feed([HEAD, ['B', '', 'physical', 1, 20], row('C', 30)])
    const made = await plan()
    expect(made.summary).toMatchObject({ create: 1, rejected: 1 })
    expect(made.rejected[0]).toMatchObject({ row: 2, column: 'name', reason: 'needed to create it' })
  })

  it('rejects a new row that does not say how it is to be sold, unless the config says it for such', async () => {
    const shown = (more: object) => products({ fields: { ...FIELDS, is_visible: 'Shown' }, ...more })
    const sheet = [
      [...HEAD, 'Shown'],
      [...row('A', 10), 'yes'],
      [...row('B', 20), ''],
    ]
    shown({ createDefaults: { categories: [], channels: 'default' } })
    await shop.pull()
    shop.feed(sheet)
    const made = await plan()
    expect(made.summary).toMatchObject({ create: 1, rejected: 1 })
    expect(made.rejected[0]).toMatchObject({ row: 3, column: 'is_visible', reason: 'needed to create it' })
    shop.close()
    shown({})
    await shop.pull()
    shop.feed(sheet)
    expect((await plan()).summary).toMatchObject({ create: 2, rejected: 0 })
  })

  it('B8: without "create" only notes the keys that the store does not know', async () => {
    products({ create: false, guards: { maxSourceDrop: false } })
    await simpleProduct(shop, 'A', 10)
    await shop.pull()
    shop.feed([HEAD, row('A', 10), row('B', 20)])
    const made = await plan()
    expect(made.summary).toMatchObject({ create: 0, update: 0, unchanged: 1 })
    expect(made.notes.join('\n')).toContain('B')
  })

  it('N36: a create that the store refuses as a duplicate name fails alone', async () => {
    products()
    await shop.pull()
    shop.feed([HEAD, row('B', 20, 'Same'), row('C', 30)])
    const made = await plan()
    await simpleProduct(shop, 'Z', 5, { name: 'Same' })
    const pushed = await push(made.plan)
    expect(ends(pushed)).toEqual({ applied: 1, failed: 1 })
    expect(pushed.rows.find(({ state }) => state === 'failed')?.reason).toMatch(/409/)
  })

  const POST = { method: 'POST', path: '/v3/catalog/products' } as const
  const lost: [string, Fault][] = [
    ['N1: after it was carried out', { kind: 'drop', ...POST, times: 1 }],
    ['N2: before it was carried out', { kind: 'drop', ...POST, times: 1, when: 'before' }],
    ['N3: long after its time-out', { kind: 'slow', ...POST, times: 1, ms: 100_000 }],
    [
      'N8: by a bare 429 that was carried out',
      { kind: 'status', status: 429, body: '{}', rateHeaders: false, when: 'after', ...POST, times: 1 },
    ],
    ['N4: by a 500 that was carried out', { kind: 'status', status: 500, when: 'after', ...POST, times: 1 }],
    ['N12: by half an answer', { kind: 'truncate', ...POST, times: 1 }],
  ]
  it.each(lost)('a create whose answer is lost %s makes one product, not two', async (_title, fault) => {
    products()
    await shop.pull()
    shop.feed([HEAD, row('B', 20), row('C', 30)])
    const made = await plan()
    shop.emulator.faults.set([fault])
    const pushed = await push(made.plan)
    expect(ends(pushed)).toEqual({ applied: 2 })
    expect(
      inStore()
        .map(({ sku }) => sku)
        .sort(),
    ).toEqual(['B', 'C'])
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ create: 0, update: 0, unchanged: 2 })
  })
})

describe('rows that left the source', () => {
  /** Four products that the source named once; now it names three. */
  const shelves = async (remove: string): Promise<void> => {
    products({ create: false, remove, guards: { maxSourceDrop: false } })
    for (const sku of ['A', 'B', 'C', 'D']) await simpleProduct(shop, sku, 10)
    await shop.pull()
    shop.feed([HEAD, ...['A', 'B', 'C', 'D'].map((sku) => row(sku, 10))])
    expect((await plan()).summary.unchanged).toBe(4)
    shop.feed([HEAD, ...['A', 'B', 'C'].map((sku) => row(sku, 10))])
  }

  it('B7: stay as they are by default', async () => {
    await shelves('never')
    expect((await plan()).changes).toEqual([])
  })

  it('are hidden with "remove": "hide"', async () => {
    await shelves('hide')
    const { made, sent } = await carry()
    expect(made.summary.remove).toBe(1)
    expect(made.changes[0]).toMatchObject({ action: 'hide', key: { sku: 'D' } })
    expect(sent).toMatchObject([{ method: 'PUT', body: [{ is_visible: false }] }])
    expect((await plan()).changes).toEqual([])
  })

  it('are deleted with "remove": "delete" only when the guard is allowed', async () => {
    await shelves('delete')
    const blocked = await plan()
    expect(blocked.guards.find(({ guard }) => guard === 'maxDeletes')?.verdict).toBe('blocked')
    await expect(push(blocked.plan)).rejects.toMatchObject({ exit: 4 })
    const { pushed, sent } = await carry(['maxDeletes'])
    expect(ends(pushed)).toEqual({ applied: 1 })
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^DELETE \/v3\/catalog\/products\/\d+$/),
    ])
    expect(inStore().map(({ sku }) => sku)).toEqual(['A', 'B', 'C'])
    await shop.pull()
    expect((await plan(['maxDeletes'])).changes).toEqual([])
  })

  it.each<[string, Fault]>([
    ['N1: was carried out', { kind: 'drop', method: 'DELETE', times: 1 }],
    ['N2: was not carried out', { kind: 'drop', method: 'DELETE', times: 1, when: 'before' }],
  ])('a removal whose answer is lost and that %s ends as applied', async (_title, fault) => {
    await shelves('delete')
    const made = await plan(['maxDeletes'])
    shop.emulator.faults.set([fault])
    expect(ends(await push(made.plan, ['maxDeletes']))).toEqual({ applied: 1 })
    expect(inStore().map(({ sku }) => sku)).toEqual(['A', 'B', 'C'])
  })

  it('N37: a product that somebody removed first counts as removed', async () => {
    await shelves('delete')
    const made = await plan(['maxDeletes'])
    const last = shop.emulator.state.products.list().at(-1)
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${last?.id}`)
    const pushed = await push(made.plan, ['maxDeletes'])
    expect(pushed.counts.failed).toBe(0)
  })

  it('A7: a product that was never in the source is not touched', async () => {
    products({ create: false, remove: 'delete', guards: { maxSourceDrop: false } })
    for (const sku of ['A', 'B']) await simpleProduct(shop, sku, 10)
    await shop.pull()
    shop.feed([HEAD, row('A', 10)])
    await plan()
    expect((await plan(['maxDeletes'])).changes).toEqual([])
  })
})

describe('a sync of brands', () => {
  it('creates and renames by their own requests, and settles', async () => {
    open({
      resource: 'brands',
      key: { name: 'Brand' },
      fields: { page_title: 'Title' },
      create: true,
      guards: { maxChanges: false, allChanged: false },
    })
    await elsewhere(shop, 'POST', '/v3/catalog/brands', { name: 'Acme' })
    await shop.pull()
    shop.feed([
      ['Brand', 'Title'],
      ['Acme', 'All of Acme'],
      ['Zenith', 'Zenith'],
    ])
    const { made, pushed } = await carry()
    expect(made.summary).toMatchObject({ create: 1, update: 1 })
    expect(ends(pushed)).toEqual({ applied: 2 })
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ create: 0, update: 0, unchanged: 2 })
    expect(
      shop.emulator.state.brands
        .list()
        .slice(-2)
        .map(({ name, page_title }) => [name, page_title]),
    ).toEqual([
      ['Acme', 'All of Acme'],
      ['Zenith', 'Zenith'],
    ])
  })
})

describe('a sync of categories', () => {
  it('writes up to 50 a request, whose answer tells nothing, and settles', async () => {
    shop = openShop({
      syncs: {
        goods: {
          store: 'main',
          source: 'feed',
          resource: 'categories',
          key: { category_id: 'Id' },
          fields: { description: 'Text', sort_order: 'Order' },
          guards: { maxChanges: false, allChanged: false, canary: false },
        },
      },
    })
    await shop.pull()
    const all = shop.rows('SELECT category_id, description FROM categories ORDER BY category_id').slice(0, 70)
    shop.feed([
      ['Id', 'Text', 'Order'],
      ...all.map(({ category_id }, index) => [Number(category_id), `<p>Shelf ${index}</p>`, index]),
    ])
    const { made, pushed, sent } = await carry()
    expect(made.summary.update).toBe(70)
    expect(sent).toHaveLength(2)
    expect(ends(pushed)).toEqual({ applied: 70 })
    expect((await plan()).summary.update).toBe(0)
    shop.clock.advance(60_000)
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ update: 0, unchanged: 70 })
  })
})

describe('a variant', () => {
  it('is synced by the resource of its own where the sync says so', async () => {
    open({
      resource: 'variants',
      key: { sku: 'SKU' },
      fields: { price: 'Price', upc: 'UPC' },
      guards: { maxChanges: false, allChanged: false },
    })
    const { variants } = await complexProduct(shop, { name: 'Tee', price: 20, sizes: ['S', 'M'] })
    await shop.pull()
    shop.feed([
      ['SKU', 'Price', 'UPC'],
      ['Tee-S', 21, '0123'],
      ['Tee-M', '', '0124'],
    ])
    const { pushed, sent } = await carry()
    expect(ends(pushed)).toEqual({ applied: 2 })
    expect(sent).toEqual([
      {
        method: 'PUT',
        path: '/v3/catalog/variants',
        body: [
          { id: variants[0]?.id, price: 21, upc: '0123' },
          { id: variants[1]?.id, upc: '0124' },
        ],
      },
    ])
    await shop.pull()
    expect((await plan()).summary.update).toBe(0)
  })
})
