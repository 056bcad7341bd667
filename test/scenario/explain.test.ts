import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { explainKey, pushPlan, resolveConflicts, syncOne, undoRun } from '../../src/app/index.ts'
import { explainText } from '../../src/cli/views/explain-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import type { Explanation } from '../../src/engine/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SHIRTS = [
  ['Handle', 'Title', 'Size', 'SKU', 'Price', 'Vendor'],
  ['shirt', 'Linen Shirt', 'S', 'SH-S', 20, 'x'],
  ['shirt', '', 'M', 'SH-M', 22, 'x'],
  ['tin', 'Tea Tin', '', 'TIN', 9, 'x'],
]

const openShirts = (): void => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { name: 'Title' },
        fields: { description: { expr: "concat('by ', Vendor)" } },
        group: {
          by: 'Handle',
          options: [{ called: 'Size', value: 'Size' }],
          variants: { sku: 'SKU', price: 'Price' },
        },
        create: true,
        createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
        guards: { maxCreates: false },
      },
    },
  })
}

const SKUS = ['TEA-1', ...Array.from({ length: 24 }, (_one, index) => `TEA-${index + 2}`)]

const open = async (): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: {
      goods: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'SKU' },
        fields: { price: 'Price', name: { from: 'Name', owner: 'both' } },
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  write()
  await run()
}
const write = (row: { name?: string; price?: string } = {}, others = '10') =>
  writeFileSync(
    join(shop.dir, 'feed.csv'),
    `SKU,Name,Price\n${SKUS.map((sku, index) => {
      const { name = sku, price = '10' } = index ? { price: others } : row
      return `${sku},${name},${price}\n`
    }).join('')}`,
  )
const run = () => {
  shop.clock.advance(600_000)
  return syncOne(shop.workspace, 'goods', { approvedBy: 'cron', dryRun: false, allow: [] })
}
const push = (plan: string) => pushPlan(shop.workspace, plan, { approvedBy: 'ann', allow: [], only: null })
const story = async (): Promise<Explanation> => (await explainKey(shop.workspace, 'TEA-1', undefined))[0] as Explanation
const text = (one: Explanation) => explainText(one, screenOf(120, false))

describe('the story of a key', () => {
  it('tells which run pushed it, by whose approval, where it was sent and what came back', async () => {
    await open()
    write({ price: '11' })
    const { run: id, plan } = await run()
    const found = await story()
    expect(found.recent).toMatchObject([
      {
        plan,
        planState: 'pushed',
        action: 'update',
        state: 'applied',
        guard: null,
        blocked: [],
        fields: [{ field: 'price', from: '10', to: '11' }],
        steps: [
          { run: id, from: 'planned', to: 'approved', evidence: { by: 'cron' } },
          { run: id, from: 'approved', to: 'intent', evidence: { endpoint: 'PUT /v3/catalog/products' } },
          { run: id, from: 'intent', to: 'applied', evidence: { status: 200 } },
        ],
      },
    ])
    expect(text(found)).toContain(
      [
        'In recent plans',
        `  ${plan}  2026-03-02 09:21  update  applied  in run ${id}`,
        '      price  10 -> 11',
        '      09:21:00 approved: by cron',
        '      09:21:00 intent: PUT /v3/catalog/products',
        '      09:21:00 applied: HTTP 200',
      ].join('\n'),
    )
  })

  it('names the guard that held the row, the guards that blocked its plan, and what was wrong with its cell', async () => {
    await open()
    write({ price: '15' })
    await run()
    write({ price: '11' }, '11')
    await run()
    write({ price: 'ten' })
    await run()
    const found = await story()
    expect(found.recent).toMatchObject([
      { action: 'rejected', state: 'rejected', reason: expect.stringContaining('"ten"') },
      { planState: 'superseded', state: 'planned', steps: [] },
      { action: 'update', state: 'held', guard: 'maxPriceChange', reason: expect.stringContaining('from 10 to 15') },
    ])
    expect(found.recent[1]?.blocked.map(({ guard }) => guard)).toContain('maxChanges')
    expect(text(found)).toMatch(/plan blocked by maxChanges: 25 of 25/)
    expect(text(found)).toMatch(/held by maxPriceChange: price would go from 10 to 15/)
  })

  it('shows conflicts with both values and what was decided, and what a plan was made for', async () => {
    await open()
    shop.clock.advance(60_000)
    const [product] = shop.emulator.state.products.where('sku', 'tea-1')
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product?.id}`, { name: 'store name' })
    write({ name: 'file name' })
    await run()
    expect(text(await story())).toContain(
      'c1 since 2026-03-02 09:22  name: store store name, source file name, last agreed TEA-1; open',
    )
    const { plan } = await resolveConflicts(shop.workspace, ['c1'], {
      take: 'source',
      by: 'ann',
      allow: [],
      store: undefined,
    })
    const { run: id } = await push(plan?.plan ?? '')
    await push((await undoRun(shop.workspace, id, { allow: [], store: undefined })).plan.plan)
    const found = await story()
    expect(found.conflicts).toMatchObject([
      { id: 'c1', inStore: 'store name', inSource: 'file name', decision: { take: 'source', by: 'ann' } },
    ])
    expect(found.recent.map(({ origin, state }) => [origin, state])).toEqual([
      [`undo ${id}`, 'applied'],
      ['resolve c1', 'applied'],
      [null, 'planned'],
    ])
    expect(found.fields.find(({ field }) => field === 'name')?.verdict).toContain('a person decided so')
    expect(text(found)).toContain('taken: source, by ann at 2026-03-02 09:22; settled 2026-03-02 09:22')
  })
})

describe('a row that is made of several records', () => {
  const told = async (key: string): Promise<Explanation> =>
    (await explainKey(shop.workspace, key, 'catalog'))[0] as Explanation

  it('is explained with each of them: its line, and the cells that the sync reads', async () => {
    openShirts()
    shop.feed(SHIRTS)
    await shop.pull()
    const story = await told('Linen Shirt')
    expect(story.records).toEqual([
      {
        line: 2,
        cells: { Handle: 'shirt', Size: 'S', Title: 'Linen Shirt', SKU: 'SH-S', Price: '20', Vendor: 'x' },
      },
      { line: 3, cells: { Handle: 'shirt', Size: 'M', Title: '', SKU: 'SH-M', Price: '22', Vendor: 'x' } },
    ])
    expect(text(story)).toMatch(/line +Handle +Size .*\n2 .*SH-S.*\n3 .*SH-M/)
  })

  it('names them also where one of them rejects the row', async () => {
    openShirts()
    shop.feed(SHIRTS.map((row, index) => (index === 2 ? [...row.slice(0, 2), 'S', ...row.slice(3)] : row)))
    await shop.pull()
    const story = await told('Linen Shirt')
    expect(story).toMatchObject({ line: 3, rejected: expect.stringContaining('chosen by two rows') })
    expect(story.records.map(({ line }) => line)).toEqual([2, 3])
  })

  it('has no such list where one record makes it', async () => {
    openShirts()
    shop.feed(SHIRTS)
    await shop.pull()
    expect((await told('Tea Tin')).records).toEqual([])
  })
})
