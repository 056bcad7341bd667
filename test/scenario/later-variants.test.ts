import { afterEach, describe, expect, it } from 'vitest'
import { rehearsePlan, syncOne, undoRun } from '../../src/app/index.ts'
import { planText } from '../../src/cli/views/plan-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, writes } from '../support/shop-tools.ts'

let shop: Shop
/** Addresses that were asked for. */
const asked: string[] = []
afterEach(() => shop.close())

const HEAD = ['Handle', 'Title', 'Size', 'Colour', 'SKU', 'Price', 'GTIN']
const GROUP = {
  by: 'Handle',
  options: [
    { called: 'Size', value: 'Size' },
    { called: 'Colour', value: 'Colour' },
  ],
  none: '-',
  variants: { sku: 'SKU', price: 'Price' } as object,
}

const open = (group: object = GROUP, more: ShopOptions = {}, key: object = { name: 'Title' }): void => {
  asked.length = 0
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key,
        fields: { description: 'Handle' },
        group,
        create: true,
        createDefaults: {
          type: 'physical',
          weight: 1,
          is_visible: false,
          categories: [],
          channels: 'default',
          price: 1,
        },
        guards: { maxCreates: false, maxChanges: false, allChanged: false },
      },
    },
    fetch: (inner) => (url, init) => {
      asked.push(String(url))
      return inner(url, init)
    },
    ...more,
  })
}

const sync = async () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
}
const shirt = (size: string, colour: string, sku = `SH-${size}-${colour}`, gtin = '') => [
  'shirt',
  'Shirt',
  size,
  colour,
  sku,
  '20',
  gtin,
]
const blue = ['S', 'M', 'L'].map((size) => shirt(size, 'Blue'))
const more = ['Red', 'Green'].flatMap((colour) => ['S', 'M', 'L'].map((size) => shirt(size, colour)))
const variants = () => shop.emulator.state.variants.list()
const options = () => shop.emulator.state.options.list()
const sent = () => writes(shop).map(({ method, path }) => `${method} ${path}`)

/** A shop that has the blue shirts. */
const withBlue = async (group?: object, shopOptions?: ShopOptions): Promise<number> => {
  open(group, shopOptions)
  shop.feed([HEAD, ...blue])
  expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
  expect(sent()).toEqual(['POST /v3/catalog/products'])
  return shop.emulator.state.products.list()[0]?.id ?? 0
}

describe('variants that come to a product later', () => {
  it('find it, and are named after it, by a key that is computed', async () => {
    const options = [{ called: 'Size', value: 'Size' }]
    const group = { parent: { column: 'Parent', names: { '': 'Code' } }, options, variants: { price: 'Price' } }
    open(group, {}, { name: { expr: "concat(Title, ' shirt')" } })
    const rows = ['S', 'M', 'L'].map((size) => [`V${size}`, 'P', '', size, '20'])
    const head = [
      ['Code', 'Parent', 'Title', 'Size', 'Price', 'Handle'],
      ['P', '', 'Blue', '', '20', 'blue'],
    ]
    const feed = (count: number) => shop.feed([...head, ...rows.slice(0, count).map((row) => [...row, ''])])
    feed(2)
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    feed(3)
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 1 } }, { counts: { applied: 1 } }],
    })
    expect(shop.emulator.state.products.list().map(({ name }) => name)).toEqual(['Blue shirt'])
    expect(variants().map(({ sku }) => sku)).toEqual(['Blue shirt-S', 'Blue shirt-M', 'Blue shirt-L'])
  })

  it('are made with the values that they need, in as few requests as there are, and all old ids stay', async () => {
    const product = await withBlue()
    const before = { variants: variants(), options: options() }
    shop.feed([HEAD, ...blue, ...more])
    expect(await sync()).toMatchObject({
      state: 'complete',
      summary: { update: 0, create: 0 },
      parts: [
        { sync: 'catalog.product_option_values', state: 'complete', counts: { applied: 2 } },
        { sync: 'catalog.variants', state: 'complete', counts: { applied: 6 } },
      ],
    })
    const colour = before.options.find(({ display_name }) => display_name === 'Colour')?.id
    const value = `POST /v3/catalog/products/${product}/options/${colour}/values`
    expect(sent().slice(1)).toEqual([value, value, 'PUT /v3/catalog/variants'])
    expect(variants().slice(0, 3)).toEqual(before.variants)
    expect(
      variants().map(({ sku, price, option_values }) => [sku, price, ...option_values.map(({ label }) => label)]),
    ).toEqual([...blue, ...more].map(([, , size, colourOf, sku]) => [sku, 20, size, colourOf]))
    for (const [at, option] of before.options.entries()) {
      const { id, option_values } = options()[at] ?? {}
      expect([id, option_values?.slice(0, option.option_values.length)]).toEqual([option.id, option.option_values])
    }
    expect(
      options().map(({ option_values }) => option_values.map(({ label, sort_order }) => [label, sort_order])),
    ).toEqual([
      [
        ['S', 0],
        ['M', 1],
        ['L', 2],
      ],
      [
        ['Blue', 0],
        ['Red', 1],
        ['Green', 2],
      ],
    ])
    asked.length = 0
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ summary: { create: 0 } }, { summary: { create: 0 } }],
    })
    expect(sent()).toHaveLength(4)
    expect(asked.filter((url) => url.includes('options'))).toEqual([])
  })

  it('take the values that the store has already, also one that no variant stands for and that a dead run made', async () => {
    const product = await withBlue()
    const colour = options().find(({ display_name }) => display_name === 'Colour')?.id
    await elsewhere(shop, 'POST', `/v3/catalog/products/${product}/options/${colour}/values`, {
      label: 'RED',
      sort_order: 7,
    })
    shop.feed([HEAD, ...blue, ...more])
    shop.clock.advance(60_000)
    await syncOne(shop.workspace, 'catalog.product_option_values', { approvedBy: 'test', dryRun: false, allow: [] })
    expect(sent().slice(2)).toEqual([`POST /v3/catalog/products/${product}/options/${colour}/values`])
    expect(options()[1]?.option_values.map(({ label, sort_order }) => [label, sort_order])).toEqual([
      ['Blue', 0],
      ['RED', 7],
      ['Green', 8],
    ])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 0 } }, { counts: { applied: 6 } }],
    })
    expect(sent().slice(3)).toEqual(['PUT /v3/catalog/variants'])
  })

  it('are told by what they choose where the source has no SKU, and go by themselves with what a batch may not take', async () => {
    const product = await withBlue({ ...GROUP, variants: { sku: 'SKU', price: 'Price', gtin: 'GTIN' } })
    const unnamed = [...blue, ...more].map(([handle, title, size, colour]) =>
      shirt(size ?? '', colour ?? '', '')
        .with(0, handle ?? '')
        .with(1, title ?? ''),
    )
    shop.feed([HEAD, ...unnamed, shirt('S', 'White', '', '4006381333931')])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 3 } }, { counts: { applied: 7 } }],
    })
    expect(sent().slice(4)).toEqual(
      expect.arrayContaining(['PUT /v3/catalog/variants', `POST /v3/catalog/products/${product}/variants`]),
    )
    expect(
      variants()
        .slice(3)
        .map(({ sku, gtin }) => [sku, gtin]),
    ).toEqual(
      expect.arrayContaining([
        ['shirt-M-Red', ''],
        ['shirt-S-White', '4006381333931'],
      ]),
    )
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ summary: { create: 0 } }, { summary: { create: 0 } }],
    })
  })

  it('are never made a second time, nor in the place of what goes by another name', async () => {
    await withBlue()
    await elsewhere(shop, 'POST', '/v3/catalog/products', {
      name: 'Mug',
      type: 'physical',
      weight: 1,
      price: 3,
      sku: 'MUG',
    })
    await elsewhere(shop, 'POST', '/v3/catalog/products', {
      name: 'Tin',
      type: 'physical',
      weight: 1,
      price: 3,
      sku: 'TIN',
    })
    shop.feed([
      HEAD,
      shirt('s', 'BLUE', 'OTHER'),
      shirt('M', 'Navy', 'sh-m-blue'),
      shirt('S', 'Red', 'MUG'),
      ['tin', 'Tin', 'S', 'Red', 'TIN-S', '5', ''],
      ['tin', 'Tin', 'M', 'Red', 'TIN-M', '5', ''],
    ])
    const report = await sync()
    expect(report).toMatchObject({
      state: 'complete-with-rejects',
      parts: [{ summary: { create: 0 } }, { summary: { create: 0, rejected: 3 } }],
    })
    const { plan } = await shop.plan({ sync: 'catalog.variants' })
    expect(plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason])).toEqual([
      [2, 'SKU', 'OTHER', '"SH-S-Blue" in the store, where it is to be changed'],
      [4, 'SKU', 'MUG', 'a sku of another product in the store, "Mug"'],
      [
        5,
        'Size, Colour',
        'S / Red and 1 more',
        'a choice, and the product has no options in the store. An option cannot be added without taking the variants away; do it in the store',
      ],
    ])
    expect(sent().slice(3)).toEqual(['PUT /v3/catalog/products'])
    expect(variants()).toHaveLength(5)
  })

  it('are shown with what they choose', async () => {
    await withBlue()
    shop.clock.advance(60_000)
    shop.feed([HEAD, ...blue, shirt('S', 'Red')])
    await syncOne(shop.workspace, 'catalog.product_option_values', { approvedBy: 'test', dryRun: false, allow: [] })
    const { plan } = await shop.plan({ sync: 'catalog.variants' })
    const lines = planText(plan, screenOf(100, false)).split('\n')
    expect(lines.slice(lines.indexOf('Create (1)') + 2, -4)).toEqual([
      '      sku  SH-S-Red',
      '      price  20',
      '      option_values  Size S, Colour Red',
    ])
  })

  it('are rehearsed, and left where they are by an undo', async () => {
    await withBlue()
    shop.clock.advance(60_000)
    shop.feed([HEAD, ...blue, ...more])
    await shop.pull()
    for (const name of ['catalog.product_option_values', 'catalog.variants']) {
      const { plan } = await shop.plan({ sync: name })
      const predicted = await rehearsePlan(shop.workspace, plan.plan, undefined)
      expect(predicted.rows.map(({ state, reason }) => [state, reason])).toEqual(
        plan.changes.map(() => ['applied', null]),
      )
      const pushed = await shop.push(plan.plan, { sync: name })
      expect(pushed.rows.map(({ state }) => state)).toEqual(plan.changes.map(() => 'applied'))
      const undone = await undoRun(shop.workspace, pushed.run, { allow: [], store: undefined })
      expect(undone.plan.changes).toEqual([])
      expect(undone.plan.rejected).toHaveLength(plan.changes.length)
    }
    expect(variants()).toHaveLength(9)
  })

  it('are left alone where the source names them no more', async () => {
    await withBlue()
    const before = variants()
    shop.feed([HEAD, shirt('S', 'Blue'), shirt('S', 'Red')])
    expect(await sync()).toMatchObject({ parts: [{ counts: { applied: 1 } }, { counts: { applied: 1 } }] })
    expect(variants().slice(0, 3)).toEqual(before)
  })

  it('wait for their values where only they are planned, and say what makes them', async () => {
    await withBlue()
    shop.clock.advance(60_000)
    await shop.pull()
    shop.feed([HEAD, ...blue, shirt('S', 'Red')])
    const { plan: values } = await shop.plan({ sync: 'catalog.product_option_values' })
    expect(values.changes.map(({ label, fields }) => [label, ...fields.map(({ to }) => to)])).toEqual([
      ['Shirt', 'Red', 1],
    ])
    const { plan } = await shop.plan({ sync: 'catalog.variants' })
    expect(plan.changes).toEqual([])
    expect(plan.rejected).toMatchObject([
      {
        row: 5,
        column: 'Size, Colour',
        value: 'Colour Red',
        reason: 'not a choice in the store yet; `skiff sync catalog` makes it',
      },
    ])
  })

  it('N1, B17: are found after a lost answer, and so are their values, and not made twice', async () => {
    await withBlue()
    shop.feed([HEAD, ...blue, ...more])
    shop.emulator.faults.add({ kind: 'drop', when: 'after', method: 'POST', times: 1 })
    shop.emulator.faults.add({ kind: 'drop', when: 'after', method: 'PUT', times: 1 })
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 2 } }, { counts: { applied: 6 } }],
    })
    expect(
      sent()
        .slice(1)
        .map((one) => one.split(' ')[0]),
    ).toEqual(['POST', 'POST', 'PUT'])
    expect(variants()).toHaveLength(9)
    expect(options()[1]?.option_values).toHaveLength(3)
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ summary: { create: 0 } }, { summary: { create: 0 } }],
    })
  })

  it('N1, B17: are sent again only when the request before was not carried out', async () => {
    await withBlue()
    shop.feed([HEAD, ...blue, ...more])
    shop.emulator.faults.add({ kind: 'drop', when: 'before', method: 'PUT', times: 1 })
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{}, { counts: { applied: 6 } }] })
    expect(variants()).toHaveLength(9)
  })

  it('that somebody else made meanwhile with another price are not taken for ours', async () => {
    const product = await withBlue()
    shop.feed([HEAD, ...blue, shirt('S', 'Red')])
    shop.emulator.faults.add({ kind: 'drop', when: 'after', method: 'PUT', times: 1 })
    const { sleep } = shop.clock
    shop.clock.sleep = async (...args) => {
      const made = variants().find(({ sku }) => sku === 'SH-S-Red')
      if (made) shop.emulator.state.variants.update(made.id, { price: 77 })
      return sleep(...args)
    }
    const report = await sync()
    expect(report.parts?.[1]?.rows).toMatchObject([
      { state: 'skipped', reason: 'the store holds another value: price "77"' },
    ])
    expect(shop.emulator.state.variants.where('product', product)).toHaveLength(4)
  })

  it('are refused before anything is sent where a product would have more than 600 of them', async () => {
    open()
    const labels = (count: number, sign: string) => Array.from({ length: count }, (_, at) => `${sign}${at}`)
    const all = labels(30, 's').flatMap((size) => labels(20, 'c').map((colour) => shirt(size, colour)))
    shop.feed([HEAD, ...all.slice(0, 598)])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    const product = shop.emulator.state.products.list()[0]?.id
    await elsewhere(shop, 'POST', `/v3/catalog/products/${product}/variants`, {
      sku: 'BY-HAND',
      option_values: [
        { option_id: options()[0]?.id, id: options()[0]?.option_values[29]?.id },
        { option_id: options()[1]?.id, id: options()[1]?.option_values[19]?.id },
      ],
    })
    shop.feed([HEAD, ...all.slice(0, 597), shirt('s30', 'c1'), shirt('s29', 'c18')])
    const report = await sync()
    expect(report.parts).toMatchObject([{ summary: { create: 0 } }, { summary: { create: 0, rejected: 1 } }])
    const { plan } = await shop.plan({ sync: 'catalog.variants' })
    expect(plan.rejected).toMatchObject([
      { value: 's30 / c1 and 1 more', reason: 'one of 601 that the product would have, and 600 is the most' },
    ])
    shop.feed([HEAD, ...all.slice(0, 598), shirt('s30', 'c1')])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 1 } }, { counts: { applied: 1 } }],
    })
    expect(variants()).toHaveLength(600)
  })
})

describe('variants that a product lists later', () => {
  it('are made like those of neighbouring rows', async () => {
    open()
    shop.close()
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { resources: ['products', 'variants'] },
      syncs: {
        catalog: {
          store: 'main',
          resource: 'products',
          source: 'feed',
          key: { sku: 'sku' },
          fields: { name: 'name' },
          group: { list: 'variations', variants: { sku: 'sku', price: 'price' } },
          create: true,
          createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
        },
      },
    })
    const head = ['sku', 'name', 'price', 'variations']
    shop.feed([head, ['T-S', 'Tee S', '20', ''], ['T', 'Tee', '', 'sku=T-S,size=S']])
    expect(await sync()).toMatchObject({ state: 'complete' })
    shop.feed([
      head,
      ['T-S', 'Tee S', '20', ''],
      ['T-M', 'Tee M', '21', ''],
      ['T', 'Tee', '', 'sku=T-S,size=S|sku=T-M,size=M'],
    ])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 1 } }, { counts: { applied: 1 } }],
    })
    expect(variants().map(({ sku, price }) => [sku, price])).toEqual([
      ['T-S', 20],
      ['T-M', 21],
    ])
  })
})
