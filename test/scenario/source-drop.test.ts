import { afterEach, describe, expect, it } from 'vitest'
import type { GuardName, PlanReport } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct } from '../support/shop-tools.ts'

const MINUTE = 60_000
let shop: Shop
afterEach(() => shop.close())

/** A store of simple products P0, P1... at 10, pulled once. */
const open = async (products: number, sync: object = {}, more: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price' },
        ...sync,
      },
    },
  })
  for (let at = 0; at < products; at += 1) await simpleProduct(shop, `P${at}`, 10, more)
  await pulled()
}
const pulled = async (): Promise<void> => {
  shop.clock.advance(MINUTE)
  await shop.pull()
}
const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_none, at) => at + from)
const feed = (numbers: readonly number[], price = 10): void =>
  shop.feed([['sku', 'price'], ...numbers.map((at) => [`P${at}`, price])])
const guard = ({ plan }: PlanReport, name: GuardName) => plan.guards.find((one) => one.guard === name)
const product = (sku: string) => shop.emulator.state.products.list().find((one) => one['sku'] === sku)

describe('maxSourceDrop', () => {
  it('does not hold against a feed what it lost in earlier, accepted readings', async () => {
    await open(100)
    for (const count of [100, 90, 82, 76]) {
      feed(range(count))
      expect(guard(await shop.plan(), 'maxSourceDrop'), `${count}`).toMatchObject({ verdict: 'ok' })
    }
    expect(shop.rows('SELECT count(*) AS n FROM sync_base')).toEqual([{ n: 76 }])
    feed(range(60))
    expect(guard(await shop.plan(), 'maxSourceDrop')).toMatchObject({ verdict: 'blocked' })
    expect(shop.rows('SELECT count(*) AS n FROM sync_base')).toEqual([{ n: 76 }])
  })

  it('D37, U2: still notices keys that were exchanged for others', async () => {
    await open(100)
    feed(range(70))
    await shop.plan()
    feed(range(70, 30))
    expect(guard(await shop.plan(), 'maxSourceDrop')).toMatchObject({
      verdict: 'blocked',
      detail: expect.stringMatching(/30 of 70 known keys are gone/),
    })
  })

  it('counts a row once however many of its cells the store cannot take', async () => {
    await open(80, { fields: { price: 'price', inventory_level: 'stock', is_visible: 'visible', name: 'name' } })
    await complexProduct(shop, { name: 'Tee', price: 20, sizes: range(20).map((at) => `s${at}`) })
    await pulled()
    const rows = (isBad: boolean) => [
      ['sku', 'price', 'stock', 'visible', 'name'],
      ...range(80).map((at) => [`P${at}`, 10, '', '', '']),
      ...range(20).map((at) => [`Tee-s${at}`, 20, ...(isBad ? [3, 'false', 'X'] : ['', '', ''])]),
    ]
    shop.feed(rows(false))
    await shop.plan()
    shop.feed(rows(true))
    const made = await shop.plan()
    expect(guard(made, 'maxSourceDrop')).toMatchObject({ verdict: 'ok' })
    expect(made.plan.facts).toMatchObject({ source: { rows: 100, known: 100, baseKept: 100, baseKeys: 100 } })
    expect(made.plan.summary).toMatchObject({ rejected: 20, unchanged: 80 })
  })

  it('sees keys that the store does not know also among rows of which others are rejected', async () => {
    await open(70, { fields: { inventory_level: 'stock' } })
    shop.feed([['sku', 'stock'], ...range(100).map((at) => [`P${at}`, 5])])
    expect(guard(await shop.plan(), 'maxSourceDrop')).toMatchObject({
      verdict: 'blocked',
      detail: expect.stringMatching(/knows 70 of 100 keys/),
    })
  })

  it('leaves keys outside the filter out of all its figures', async () => {
    await open(40, { filter: { condition: 'New' } })
    feed(range(40))
    await shop.plan()
    for (const at of range(20))
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${product(`P${at}`)?.id}`, { condition: 'Used' })
    await pulled()
    feed(range(40))
    const named = await shop.plan({ allow: ['maxSourceDrop'] })
    expect(named.plan.facts).toMatchObject({ source: { rows: 20, known: 20 } })
    feed(range(20, 20))
    const made = await shop.plan()
    expect(guard(made, 'maxSourceDrop')).toMatchObject({ verdict: 'ok' })
    expect(made.plan.facts).toMatchObject({ source: { rows: 20, known: 20, baseKept: 20, baseKeys: 20 } })
  })
})

describe('a key that stands for another row than before', () => {
  const both = { resource: 'products', fields: { price: { from: 'price', owner: 'both', writeBack: false } } }

  it('meets that row for the first time: what was agreed on the other one does not count', async () => {
    await open(1, both)
    feed([0])
    await shop.plan()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product('P0')?.id}`, { sku: 'OLD' })
    await simpleProduct(shop, 'P0', 10, { name: 'another' })
    await pulled()
    feed([0], 12)
    const { plan } = await shop.plan()
    expect(plan.summary).toMatchObject({ conflict: 1, update: 0 })
    expect(plan.changes[0]?.fields[0]).toMatchObject({ base: null })
    expect(plan.firstContact).toBe(1)
    expect(plan.notes.join('\n')).toMatch(/1 keys moved to another row \(renamed\?\): P0/)
  })

  it('takes over nothing of the other row once both sides agree', async () => {
    await open(1, { resource: 'products', fields: { price: 'price', name: 'name' } })
    shop.feed([
      ['sku', 'price', 'name'],
      ['P0', 10, 'P0'],
    ])
    await shop.plan()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product('P0')?.id}`, { sku: 'OLD' })
    const other = await simpleProduct(shop, 'P0', 10, { name: 'another' })
    await pulled()
    shop.feed([
      ['sku', 'price', 'name'],
      ['P0', 10, ''],
    ])
    await shop.plan()
    expect(shop.rows('SELECT entity, fields FROM sync_base')).toEqual([
      { entity: `{"id":${other.id}}`, fields: '{"price":{"store":"10","source":"10"}}' },
    ])
  })

  it('is no new row where its old one lives on under another key', async () => {
    const fields = { price: 'price', name: 'name', type: 'type', weight: 'weight' }
    await open(1, {
      resource: 'products',
      create: true,
      createDefaults: { is_visible: false, categories: [], channels: 'default' },
      fields,
    })
    const rows = [
      ['sku', 'price', 'name', 'type', 'weight'],
      ['P0', 10, 'P0', 'physical', 1],
    ]
    shop.feed(rows)
    await shop.plan()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product('P0')?.id}`, { sku: 'P0-2', name: 'renamed' })
    await pulled()
    const { plan } = await shop.plan()
    expect(plan.changes).toEqual([])
    expect(plan.rejected).toMatchObject([{ row: 2, value: 'P0', reason: 'renamed in the store to P0-2' }])
  })
})

describe('what a plan is made of', () => {
  it('D26: --only finds a key however its accents are encoded', async () => {
    await open(0)
    await simpleProduct(shop, 'CAFÉ'.normalize('NFC'), 10)
    await pulled()
    shop.feed([
      ['sku', 'price'],
      ['CAFÉ'.normalize('NFC'), 11],
    ])
    const { plan } = await shop.plan({ only: ['café'.normalize('NFD')] })
    expect(plan.summary).toMatchObject({ update: 1 })
  })

  it('names the location that stock goes to', async () => {
    const tracked = { inventory_tracking: 'product', inventory_level: 5 }
    await open(2, { fields: { inventory_level: 'price' } }, tracked)
    feed([0, 1], 7)
    expect((await shop.plan()).plan.notes.join('\n')).toMatch(/stock is written to location 1/)
    feed([0, 1], 5)
    expect((await shop.plan()).plan.notes.join('\n')).not.toMatch(/location/)
  })

  it('refuses stock of a location whose figures the mirror does not show', async () => {
    shop = openShop({
      emulator: { products: 30, plan: 'unlimited' },
      store: { location: 2 },
      syncs: {
        prices: {
          store: 'main',
          resource: 'skus',
          source: 'feed',
          key: { sku: 'sku' },
          fields: { inventory_level: 'price' },
        },
      },
    })
    await shop.pull()
    feed([0])
    await expect(shop.plan()).rejects.toMatchObject({
      code: 'usage',
      where: 'stores.main.location',
      message: expect.stringMatching(/location 2.*default location/),
    })
  })

  it('the newer side of two is told by the date that the listing is asked by', async () => {
    await open(2, {
      resource: 'products',
      guards: { maxChanges: false, allChanged: false },
      fields: { price: { from: 'price', owner: 'both', conflict: 'newer', writeBack: false } },
    })
    feed([0, 1])
    await shop.plan()
    for (const at of [0, 1])
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${product(`P${at}`)?.id}`, { price: 11 })
    await pulled()
    feed([0, 1], 12)
    expect((await shop.plan()).plan.summary.conflict).toBe(0)
  })
})
