import { afterEach, describe, expect, it } from 'vitest'
import { explainKey, planSync, pullStore, rehearsePlan, syncOne, undoRun, verifyStore } from '../../src/app/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const NO_LIMITS = { maxChanges: false, allChanged: false, maxCreates: false }

const DEFAULTS = {
  type: 'physical',
  weight: 1,
  price: '10',
  is_visible: false,
  categories: [],
  channels: 'default',
}

const open = async (sync: object = {}, more: ShopOptions = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'product_custom_fields', 'product_bulk_prices'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: {
          name: 'Name',
          'custom:Material': { from: 'Material', blank: 'clear' },
          'custom:Colour': 'Colour',
        },
        create: true,
        createDefaults: DEFAULTS,
        guards: NO_LIMITS,
        ...sync,
      },
    },
    ...more,
  })
  for (const sku of ['A', 'B', 'C']) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
}

const sync = async (allow: string[] = []) => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow })
}
const idOf = (sku: string): number => shop.emulator.state.products.list().find((one) => one.sku === sku)?.id ?? 0
const fieldsOf = (sku: string) =>
  shop.emulator.state.customFields.where('product', idOf(sku)).map(({ name, value }) => `${name}: ${value}`)
const sent = () => writes(shop).map(({ method, path }) => `${method} ${path}`)
/** A rehearsal of the part's plan, which must write nothing. */
const rehearsed = async (part: string) => {
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', { full: true })
  const { plan } = await planSync(shop.workspace, part, { allow: [], staleOk: false, only: null })
  const before = sent().length
  const report = await rehearsePlan(shop.workspace, plan.plan, undefined)
  expect(sent()).toHaveLength(before)
  return report
}
/** What verify finds of the part, after a pull. */
const drift = async (part: string) => {
  shop.clock.advance(60_000)
  const { exit, rows } = await verifyStore(shop.workspace, 'main', { syncs: [part] })
  return { exit, rows: rows.map(({ cause, field }) => `${cause} ${field}`) }
}
const HEAD = ['sku', 'Name', 'Material', 'Colour']

describe('custom fields as columns', () => {
  it('are made, changed and left alone as their cells say, and settle', async () => {
    await open()
    await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('B')}/custom-fields`, {
      name: 'Material',
      value: 'Wood',
    })
    await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('C')}/custom-fields`, { name: 'Origin', value: 'Peru' })
    const before = sent().length
    shop.feed([HEAD, ['A', 'A', 'Steel', 'Red'], ['B', 'B', 'Glass', ''], ['C', 'C', '', '']])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ sync: 'catalog.product_custom_fields', state: 'complete', counts: { applied: 3 } }],
    })
    expect(['A', 'B', 'C'].map(fieldsOf)).toEqual([
      ['Material: Steel', 'Colour: Red'],
      ['Material: Glass'],
      ['Origin: Peru'],
    ])
    expect(sent().slice(before)).toHaveLength(3)
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ summary: { create: 0, update: 0, remove: 0 } }] })
    expect(sent().slice(before)).toHaveLength(3)
  })

  it('ride in the request that makes their product, and are not made twice', async () => {
    await open()
    const before = sent().length
    shop.feed([HEAD, ['NEW', 'Brand new', 'Steel', 'Red']])
    const report = await sync(['maxSourceDrop'])
    expect(report).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(sent().slice(before)).toEqual(['POST /v3/catalog/products'])
    expect(fieldsOf('NEW')).toEqual(['Material: Steel', 'Colour: Red'])
    expect(await sync(['maxSourceDrop'])).toMatchObject({
      state: 'complete',
      parts: [{ summary: { create: 0, unchanged: 2 } }],
    })
    expect(sent().slice(before)).toHaveLength(1)
  })

  it('stay as they are when the product that was made with them is undone, which is hidden alone', async () => {
    await open({ createDefaults: { ...DEFAULTS, is_visible: true } })
    shop.feed([HEAD, ['NEW', 'Brand new', 'Steel', 'Red']])
    const { run } = await sync(['maxSourceDrop'])
    shop.clock.advance(60_000)
    await pullStore(shop.workspace, 'main', {})
    const { plan } = await undoRun(shop.workspace, run, { store: undefined, allow: [] })
    const before = sent().length
    expect(await shop.push(plan.plan, { sync: 'catalog' })).toMatchObject({ counts: { applied: 1, failed: 0 } })
    expect(writes(shop).slice(before)).toMatchObject([{ body: [{ id: idOf('NEW'), is_visible: false }] }])
    expect(Object.keys(writes(shop)[before]?.body[0])).toEqual(['id', 'is_visible'])
    expect(fieldsOf('NEW')).toEqual(['Material: Steel', 'Colour: Red'])
  })

  it('are found in the store after a lost answer, with their product', async () => {
    let isLost = false
    await open(
      {},
      {
        fetch:
          (inner) =>
          async (...request) => {
            const answer = await inner(...request)
            if (isLost && (request[1] as RequestInit)?.method === 'POST') {
              isLost = false
              throw new TypeError('the connection was cut')
            }
            return answer
          },
      },
    )
    shop.feed([HEAD, ['NEW', 'Brand new', 'Steel', '']])
    isLost = true
    expect(await sync(['maxSourceDrop'])).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    shop.feed([HEAD, ['A', 'A', 'Steel', ''], ['NEW', 'Brand new', 'Steel', 'Red']])
    isLost = true
    expect(await sync(['maxSourceDrop'])).toMatchObject({ parts: [{ state: 'complete', counts: { applied: 2 } }] })
    expect(['A', 'NEW'].map(fieldsOf)).toEqual([['Material: Steel'], ['Material: Steel', 'Colour: Red']])
  })

  it('go when their cell is cleared, as many as a guard allows, and then come again', async () => {
    await open()
    shop.feed([HEAD, ['A', 'A', 'Steel', 'Red'], ['B', 'B', 'Wood', 'Blue'], ['C', 'C', '', '']])
    await sync()
    shop.feed([HEAD, ['A', 'A', '', 'Red'], ['B', 'B', 'Wood', ''], ['C', 'C', '', '']])
    const blocked = await sync(['maxSourceDrop'])
    expect(blocked.parts).toMatchObject([{ state: 'blocked', summary: { remove: 1 } }])
    expect(blocked).toMatchObject({ state: 'blocked', exit: 4 })
    expect(await sync(['maxSourceDrop', 'maxDeletes=1'])).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 1 } }],
    })
    expect(['A', 'B'].map(fieldsOf)).toEqual([['Colour: Red'], ['Material: Wood', 'Colour: Blue']])
    expect(await sync(['maxSourceDrop'])).toMatchObject({ state: 'complete', parts: [{ summary: { remove: 0 } }] })
    shop.feed([HEAD, ['A', 'A', 'Steel', 'Red']])
    expect(await sync(['maxSourceDrop'])).toMatchObject({ parts: [{ counts: { applied: 1 } }] })
    expect(fieldsOf('A')).toEqual(['Colour: Red', 'Material: Steel'])
  })

  it('are safe from a feed that lost their column, or every cell of it', async () => {
    await open({ guards: { ...NO_LIMITS, maxDeletes: 100 } })
    const skus = Array.from({ length: 30 }, (_, at) => `P${at}`)
    for (const sku of skus) await simpleProduct(shop, sku, 10)
    shop.clock.advance(60_000)
    const rows = (material: string, colour: string) => [HEAD, ...skus.map((sku) => [sku, sku, material, colour])]
    shop.feed(rows('Steel', 'Red'))
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 60 } }] })
    shop.feed([['sku', 'Name', 'Colour'], ...skus.map((sku) => [sku, sku, 'Red'])])
    await expect(sync()).rejects.toThrow(/no column "Material"/)
    shop.feed(rows('', 'Red'))
    const cleared = await sync()
    expect(cleared.parts?.[0]).toMatchObject({ state: 'blocked', summary: { remove: 30 } })
    const guards = cleared.parts?.[0]?.guards.filter(({ verdict }) => verdict === 'blocked').map(({ guard }) => guard)
    expect(guards).toEqual(['columnShape'])
    shop.feed(rows('Steel', ''))
    expect((await sync()).parts?.[0]?.guards.filter(({ verdict }) => verdict === 'blocked')).toMatchObject([
      { guard: 'maxSourceDrop', detail: expect.stringContaining('rows fell from 60 to 30') },
    ])
    expect(shop.emulator.state.customFields.list()).toHaveLength(60)
  })

  it.each([
    ['an expression', { sku: { expr: 'upper(sku)' } }],
    ['a constant', { sku: { value: 'A' } }],
  ])('find the product that they belong to by a key that is %s, and settle', async (_what, key) => {
    await open({ key })
    shop.feed([HEAD, ['a', 'A', 'Steel', 'Red']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 2 } }] })
    expect(['A', 'B'].map(fieldsOf)).toEqual([['Material: Steel', 'Colour: Red'], []])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ summary: { create: 0, unchanged: 2 } }] })
    expect((await explainKey(shop.workspace, 'A', 'catalog')).map(({ sync: name }) => name)).toContain(
      'catalog.product_custom_fields',
    )
  })

  it('wait for the next run where they were written a moment ago, and are named all the same', async () => {
    await open()
    shop.feed([HEAD, ['A', 'A', 'Steel', 'Red'], ['NEW', 'New', 'Wood', 'Blue']])
    await syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: ['maxSourceDrop'] })
    const { plan } = await shop.plan({ sync: 'catalog.product_custom_fields' })
    expect(plan.notes).toContainEqual(
      expect.stringMatching(/^4 rows wait: what they belong to was written a moment ago/),
    )
    expect(plan).toMatchObject({ changes: [], summary: { unchanged: 4 } })
    expect(plan.guards.filter(({ verdict }) => verdict === 'blocked')).toEqual([])
  })

  it('are planned alone, of one product, and left to whoever made them meanwhile', async () => {
    await open()
    shop.feed([HEAD, ['A', 'A', 'Steel', ''], ['B', 'B', 'Wood', '']])
    const { plan } = await shop.plan({ sync: 'catalog.product_custom_fields', only: ['A'] })
    expect(plan.changes).toMatchObject([
      { action: 'create', label: 'A', key: { product_id: idOf('A'), name: 'Material' } },
    ])
    await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('A')}/custom-fields`, {
      name: 'material',
      value: 'Iron',
    })
    const pushed = await shop.push(plan.plan, { sync: 'catalog.product_custom_fields' })
    expect(pushed.rows).toMatchObject([{ state: 'skipped', reason: expect.stringContaining('it is in the store now') }])
    expect(fieldsOf('A')).toEqual(['material: Iron'])
  })

  it('of products outside the filter, and of those that two products answer to, are left alone', async () => {
    await open({ filter: { sku: 'B*' } })
    shop.feed([HEAD, ['A', 'A', 'Steel', ''], ['B', 'B', 'Wood', '']])
    const { plan } = await shop.plan({ sync: 'catalog.product_custom_fields' })
    expect(plan.changes.map(({ label }) => label)).toEqual(['B'])
  })

  it('that the store cannot hold reject their row, in the sync of products too', async () => {
    await open()
    shop.feed([HEAD, ['A', 'Another name', 'x'.repeat(251), '']])
    for (const name of ['catalog', 'catalog.product_custom_fields']) {
      const { plan } = await shop.plan({ sync: name })
      expect(plan.rejected).toMatchObject([{ row: 2, column: 'Material', reason: 'longer than 250 characters' }])
      expect(plan.changes).toEqual([])
    }
  })

  it('are explained with their cell, and undone where they were changed', async () => {
    await open()
    shop.feed([HEAD, ['A', 'A', 'Steel', '']])
    await sync()
    shop.feed([HEAD, ['A', 'A', 'Wood', '']])
    const report = await sync(['maxChanges', 'allChanged'])
    expect(fieldsOf('A')).toEqual(['Material: Wood'])
    const key = `${idOf('A')}\tMaterial`
    const [story] = await explainKey(shop.workspace, key, 'catalog.product_custom_fields')
    expect(story).toMatchObject({
      label: 'A',
      line: 2,
      fields: [{ field: 'value', column: 'Material', cell: 'Wood', store: 'Wood' }],
    })
    const stories = await explainKey(shop.workspace, 'A', undefined)
    expect(stories.map((one) => one.sync)).toEqual(['catalog', 'catalog.product_custom_fields'])
    const undone = await undoRun(shop.workspace, report.parts?.[0]?.run ?? '', { allow: [], store: undefined })
    expect(undone.plan.changes).toMatchObject([{ fields: [{ field: 'value', from: 'Wood', to: 'Steel' }] }])
    await shop.push(undone.plan.plan, { sync: 'catalog.product_custom_fields', allow: ['maxChanges'] })
    expect(fieldsOf('A')).toEqual(['Material: Steel'])
  })
})

describe('bulk prices as columns', () => {
  const bulk = {
    fields: { name: 'Name', 'bulk:10-49': { from: 'Price10', blank: 'clear' }, 'bulk:50': 'Price50' },
    guards: { ...NO_LIMITS, maxSourceDrop: false, maxDeletes: 1 },
  }
  const rulesOf = (sku: string) =>
    shop.emulator.state.bulkRules
      .where('product', idOf(sku))
      .map(({ quantity_min: from, quantity_max: to, type, amount }) => `${from} ${to} ${type} ${amount}`)
  const openBulk = () => open(bulk)

  it('are fixed prices from a quantity on, made with a new product and kept afterwards', async () => {
    await openBulk()
    const head = ['sku', 'Name', 'Price10', 'Price50']
    const before = sent().length
    shop.feed([head, ['A', 'A', '9.50', '9'], ['NEW', 'Brand new', '8', '']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ sync: 'catalog.product_bulk_prices' }] })
    expect(['A', 'NEW'].map(rulesOf)).toEqual([['10 49 fixed 9.5', '50 0 fixed 9'], ['10 49 fixed 8']])
    expect(
      sent()
        .slice(before)
        .filter((one) => one.includes('/bulk-pricing-rules')),
    ).toHaveLength(2)
    shop.feed([head, ['A', 'A', '', '8.90'], ['NEW', 'Brand new', '8', '']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 2 } }] })
    expect(['A', 'NEW'].map(rulesOf)).toEqual([['50 0 fixed 8.9'], ['10 49 fixed 8']])
  })

  it('are foretold by a rehearsal, and verify finds the one that somebody changed', async () => {
    await openBulk()
    const part = 'catalog.product_bulk_prices'
    shop.feed([
      ['sku', 'Name', 'Price10', 'Price50'],
      ['A', 'A', '9.50', '9'],
      ['B', 'B', '9', ''],
    ])
    expect(await rehearsed(part)).toMatchObject({ state: 'complete', counts: { applied: 3, failed: 0 } })
    expect(rulesOf('A')).toEqual([])
    await sync()
    await sync()
    expect(await drift(part)).toEqual({ exit: 0, rows: [] })
    const [rule] = shop.emulator.state.bulkRules.where('product', idOf('B'))
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf('B')}/bulk-pricing-rules/${rule?.id}`, { amount: 4 })
    expect(await drift(part)).toEqual({ exit: 5, rows: ['mirror-stale amount'] })
    await pullStore(shop.workspace, 'main', { full: true })
    expect(await drift(part)).toEqual({ exit: 5, rows: ['store-edited amount'] })
  })

  it('of nothing are made neither with a new product nor for one that is there', async () => {
    await openBulk()
    shop.feed([
      ['sku', 'Name', 'Price10', 'Price50'],
      ['A', 'A', '0', ''],
      ['NEW', 'Brand new', '0', ''],
    ])
    expect((await shop.plan({ sync: 'catalog' })).plan.rejected).toMatchObject([
      { row: 3, column: 'product_bulk_prices amount', reason: 'a price of nothing' },
    ])
    const { plan } = await shop.plan({ sync: 'catalog.product_bulk_prices' })
    expect(plan).toMatchObject({ changes: [], held: [{ guard: 'zeroPrice' }] })
  })
})

describe('metafields as columns', () => {
  const meta = {
    fields: {
      name: 'Name',
      'meta:erp.bin': { from: 'Bin', blank: 'clear' },
      'meta:erp.voltage read_and_sf_access': 'Voltage',
    },
    guards: { ...NO_LIMITS, maxSourceDrop: false, maxDeletes: 1 },
  }
  const openMeta = (more: ShopOptions = {}) =>
    open(meta, { store: { resources: ['products', 'variants', 'product_metafields'] }, ...more })
  const head = ['sku', 'Name', 'Bin', 'Voltage']
  const metaOf = (sku: string) =>
    shop.emulator.state.metafields
      .where('owner', `product ${idOf(sku)}`)
      .map((row) => `${row.namespace}.${row.key} ${row['value']} ${row['permission_set']}`)

  it('are made in batches, changed, and deleted where their cell is cleared, and settle', async () => {
    await openMeta()
    const before = sent().length
    shop.feed([head, ['A', 'A', 'R1', '230'], ['B', 'B', 'R2', ''], ['NEW', 'Brand new', 'R3', '']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 4 } }] })
    expect(sent().slice(before)).toEqual(['POST /v3/catalog/products', 'POST /v3/catalog/products/metafields'])
    expect(['A', 'B', 'NEW'].map(metaOf)).toEqual([
      ['erp.bin R1 app_only', 'erp.voltage 230 read_and_sf_access'],
      ['erp.bin R2 app_only'],
      ['erp.bin R3 app_only'],
    ])
    expect(await sync()).toMatchObject({
      parts: [{ state: 'complete', summary: { create: 0, update: 0, unchanged: 4 } }],
    })
    shop.feed([head, ['A', 'A', 'R9', '230'], ['B', 'B', '', ''], ['NEW', 'Brand new', 'R3', '']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 2 } }] })
    expect(['A', 'B'].map(metaOf)).toEqual([['erp.bin R9 app_only', 'erp.voltage 230 read_and_sf_access'], []])
    shop.feed([head, ['A', 'A', 'R9', '230'], ['B', 'B', 'R4', ''], ['NEW', 'Brand new', 'R3', '']])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 1 } }] })
    expect(metaOf('B')).toEqual(['erp.bin R4 app_only'])
  })

  it('are foretold by a rehearsal, and verify finds the one that somebody changed', async () => {
    await openMeta()
    const part = 'catalog.product_metafields'
    shop.feed([head, ['A', 'A', 'R1', '230'], ['B', 'B', 'R2', '']])
    expect(await rehearsed(part)).toMatchObject({ state: 'complete', counts: { applied: 3, failed: 0 } })
    expect(metaOf('A')).toEqual([])
    await sync()
    await sync()
    expect(await drift(part)).toEqual({ exit: 0, rows: [] })
    const [bin] = shop.emulator.state.metafields.where('owner', `product ${idOf('B')}`)
    await elsewhere(shop, 'PUT', '/v3/catalog/products/metafields', [{ id: bin?.id, value: 'X' }])
    expect(await drift(part)).toEqual({ exit: 5, rows: ['mirror-stale value'] })
    await pullStore(shop.workspace, 'main', { full: true })
    expect(await drift(part)).toEqual({ exit: 5, rows: ['store-edited value'] })
    shop.feed([head, ['A', 'A', 'R9', '230'], ['B', 'B', '', '']])
    expect(await rehearsed(part)).toMatchObject({ state: 'complete', counts: { applied: 2, failed: 0 } })
  })

  it('are found again after a lost answer, and one that is refused does not take the others with it', async () => {
    let isLost = false
    await openMeta({
      fetch:
        (inner) =>
        async (...request) => {
          const answer = await inner(...request)
          if (isLost && String(request[0]).includes('metafields') && (request[1] as RequestInit)?.method === 'POST') {
            isLost = false
            throw new TypeError('the connection was cut')
          }
          return answer
        },
    })
    shop.feed([head, ['A', 'A', 'R1', '230'], ['B', 'B', 'R2', '']])
    isLost = true
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 3 } }] })
    expect(shop.emulator.state.metafields.list()).toHaveLength(3)
    shop.feed([head, ['A', 'A', 'R1', '230'], ['B', 'B', 'R2', '12'], ['C', 'C', 'R3', '']])
    shop.clock.advance(60_000)
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'catalog.product_metafields' })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${idOf('C')}`)
    const pushed = await shop.push(plan.plan, { sync: 'catalog.product_metafields' })
    expect(pushed.counts).toMatchObject({ applied: 1, failed: 1 })
    expect(metaOf('B')).toHaveLength(2)
  })
})
