import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listConflicts, pushPlan, resolveConflicts, syncOne } from '../../src/app/index.ts'
import type { PlanReport, ResolveReport } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4', 'TEA-5', 'TEA-6']
const NAME = { from: 'Name', owner: 'both' }
const ALL = ['maxChanges', 'maxConflicts']
const YES = { approvedBy: 'cron', dryRun: false, allow: ALL }

/** A shop whose two sides have agreed on everything. */
const open = async (name: object = NAME): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: {
      texts: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'SKU' },
        fields: { name, price: 'Price' },
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  write({})
  await syncOne(shop.workspace, 'texts', YES)
}

const file = () => join(shop.dir, 'feed.csv')
const write = (names: Record<string, string>, prices: Record<string, string> = {}) =>
  writeFileSync(
    file(),
    `SKU,Name,Price\n${SKUS.map((sku) => `${sku},${names[sku] ?? sku},${prices[sku] ?? '10'}\n`).join('')}`,
  )
const product = (sku: string) => shop.emulator.state.products.where('sku', sku.toLowerCase())[0]
const nameOf = (sku: string) => product(sku)?.name
const cellOf = (sku: string) => readFileSync(file(), 'utf8').match(new RegExp(`^${sku},([^,]*),`, 'm'))?.[1]
const rename = async (sku: string, name: string) => {
  shop.clock.advance(60_000)
  await elsewhere(shop, 'PUT', `/v3/catalog/products/${product(sku)?.id}`, { name })
}
const plan = async (): Promise<PlanReport['plan']> => {
  await shop.pull()
  return (await shop.plan({ sync: 'texts', allow: ALL })).plan
}
/** Both sides name the product anew. */
const quarrel = async (sku = 'TEA-1') => {
  await rename(sku, `store ${sku}`)
  write({ [sku]: `file ${sku}` })
  return plan()
}
const inbox = () => listConflicts(shop.workspace, undefined, undefined)
const resolve = (take: string, ...ids: string[]): Promise<ResolveReport> =>
  resolveConflicts(shop.workspace, ids, { take, by: 'ann', allow: ALL, store: undefined })
const push = (id: string) => pushPlan(shop.workspace, id, { approvedBy: 'ann', allow: ALL, only: null })
const quiet = { update: 0, writeBack: 0, conflict: 0, unchanged: 6 }

describe('a field that both sides changed', () => {
  it('B3: is a conflict that touches neither side, listed with both values and what was agreed', async () => {
    await open()
    const made = await quarrel()
    expect(made.summary).toMatchObject({ update: 0, writeBack: 0, conflict: 1 })
    expect(await inbox()).toMatchObject([
      {
        id: 'c1',
        sync: 'texts',
        key: { sku: 'TEA-1' },
        field: 'name',
        base: 'TEA-1',
        inStore: { value: 'store TEA-1', changed: '2026-03-02T09:02:00Z' },
        inSource: { value: 'file TEA-1' },
        plan: made.plan,
        decision: null,
        next: 'skiff resolve c1 --take store',
      },
    ])
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect([report.exit, report.summary.conflict]).toEqual([5, 1])
    expect([nameOf('TEA-1'), cellOf('TEA-1')]).toEqual(['store TEA-1', 'file TEA-1'])
  })

  it('keeps its number and its beginning while it is open, and leaves the inbox when the sides agree', async () => {
    await open()
    await quarrel()
    const [before] = await inbox()
    await rename('TEA-1', 'store again')
    await plan()
    expect(await inbox()).toMatchObject([{ id: 'c1', since: before?.since, inStore: { value: 'store again' } }])
    write({ 'TEA-1': 'store again' })
    await plan()
    expect(await inbox()).toEqual([])
  })

  it('stays in the inbox when its row cannot be read, and when a guard blocks the feed', async () => {
    await open()
    await quarrel()
    write({ 'TEA-1': 'file TEA-1' }, { 'TEA-1': 'ten' })
    await plan()
    expect(await inbox()).toHaveLength(1)
    writeFileSync(file(), 'SKU,Name,Price\nTEA-2,TEA-2,10\n')
    expect((await plan()).guards.filter(({ verdict }) => verdict === 'blocked')).not.toEqual([])
    expect(await inbox()).toHaveLength(1)
  })
})

describe('a decision', () => {
  it.each([
    ['store', 'store TEA-1', 'store TEA-1'],
    ['source', 'file TEA-1', 'file TEA-1'],
    ['Earl Grey', 'Earl Grey', 'Earl Grey'],
  ])('for %s is a plan that brings both sides to it', async (take, inStore, inFile) => {
    await open()
    await quarrel()
    const { plan: made, decided } = await resolve(take, 'c1')
    expect(made).toMatchObject({ origin: 'resolve c1', summary: { conflict: 0 } })
    expect(decided).toEqual([{ conflict: 'c1', key: { sku: 'TEA-1' }, field: 'name', value: inStore }])
    expect([nameOf('TEA-1'), cellOf('TEA-1')]).toEqual(['store TEA-1', 'file TEA-1'])
    expect((await push(made?.plan ?? '')).exit).toBe(0)
    expect([nameOf('TEA-1'), cellOf('TEA-1')]).toEqual([inStore, inFile])
    expect(await inbox()).toEqual([])
    expect((await plan()).summary).toMatchObject(quiet)
  })

  it('for the store needs no plan where nothing is written back: it is remembered until a side moves', async () => {
    await open({ ...NAME, writeBack: false })
    await quarrel()
    expect((await resolve('store', 'c1')).plan).toBeNull()
    expect(await inbox()).toEqual([])
    expect((await plan()).summary).toMatchObject(quiet)
    write({ 'TEA-1': 'file moved on' })
    expect((await plan()).changes).toMatchObject([{ action: 'update', fields: [{ to: 'file moved on' }] }])
  })

  it('for another value stands where nothing is written back, until the file moves', async () => {
    await open({ ...NAME, writeBack: false })
    await quarrel()
    await push((await resolve('Earl Grey', 'c1')).plan?.plan ?? '')
    expect((await plan()).summary).toMatchObject(quiet)
    write({ 'TEA-1': 'file moved on' })
    expect((await plan()).changes).toMatchObject([{ action: 'update', fields: [{ from: 'Earl Grey' }] }])
  })

  it('that is not pushed yet is carried by the next plan, not forgotten and not asked about again', async () => {
    await open()
    await quarrel()
    const first = await resolve('source', 'c1')
    const next = await plan()
    expect(next.summary).toMatchObject({ update: 1, conflict: 0 })
    expect(next.changes).toMatchObject([{ action: 'update', fields: [{ to: 'file TEA-1', resolves: 'c1' }] }])
    expect(await inbox()).toMatchObject([
      { id: 'c1', decision: { take: 'source', by: 'ann', plan: next.plan }, next: `skiff push ${next.plan}` },
    ])
    await expect(push(first.plan?.plan ?? '')).rejects.toThrow('a later plan took its place')
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect([report.exit, nameOf('TEA-1'), await inbox()]).toEqual([0, 'file TEA-1', []])
  })

  it.each([
    ['store', () => rename('TEA-1', 'a third name'), 'a third name', 'file TEA-1'],
    ['file', async () => write({ 'TEA-1': 'a third name' }), 'store TEA-1', 'a third name'],
  ])(
    'is no longer one once the %s moves: that is a new conflict, and the old one keeps what was said',
    async (_side, move, inStore, inSource) => {
      await open()
      await quarrel()
      await resolve('Earl Grey', 'c1')
      await move()
      expect((await plan()).summary).toMatchObject({ update: 0, writeBack: 0, conflict: 1 })
      expect(await inbox()).toMatchObject([
        { id: 'c2', decision: null, inStore: { value: inStore }, inSource: { value: inSource } },
      ])
      const [old] = await shop.workspace.withMirror('main', (mirror) => [mirror.conflict('c1')])
      expect(old).toMatchObject({
        store: 'store TEA-1',
        source: 'file TEA-1',
        decision: { take: 'Earl Grey', by: 'ann' },
      })
    },
  )

  it('overwrites nothing that moved after it was made', async () => {
    await open()
    await quarrel()
    const { plan: made } = await resolve('source', 'c1')
    await rename('TEA-1', 'a third name')
    const report = await push(made?.plan ?? '')
    expect(report.rows).toMatchObject([{ state: 'skipped' }])
    expect([nameOf('TEA-1'), (await inbox()).length]).toEqual(['a third name', 1])
  })

  it('is not taken about a store that moved since the conflict was listed', async () => {
    await open()
    await quarrel()
    await rename('TEA-1', 'a third name')
    await shop.pull()
    await expect(resolve('source', 'c1')).rejects.toThrow("c1 is no longer as it is listed: the store's value moved")
  })

  it('can be changed before it is pushed, and joins the others that wait', async () => {
    await open()
    await rename('TEA-1', 'store TEA-1')
    await rename('TEA-2', 'store TEA-2')
    write({ 'TEA-1': 'file TEA-1', 'TEA-2': 'file TEA-2' })
    await plan()
    await resolve('source', 'c1')
    await resolve('store', 'c1')
    const { plan: made, decided } = await resolve('source', 'c2')
    expect(decided.map(({ conflict }) => conflict)).toEqual(['c2'])
    expect(made?.origin).toBe('resolve c1 c2')
    expect((await push(made?.plan ?? '')).counts.applied).toBe(2)
    expect([nameOf('TEA-1'), cellOf('TEA-1'), nameOf('TEA-2')]).toEqual(['store TEA-1', 'store TEA-1', 'file TEA-2'])
    expect(await inbox()).toEqual([])
  })

  it('must be a value that the field can hold, about conflicts that are open', async () => {
    await open()
    await quarrel()
    await expect(resolve('', 'c1')).rejects.toMatchObject({ exit: 2, message: expect.stringMatching(/^c1: "" is /) })
    await expect(resolve('store', 'c9')).rejects.toThrow('there is no conflict c9')
    await expect(resolve('store', 'first')).rejects.toThrow('there is no conflict first')
    await push((await resolve('store', 'c1')).plan?.plan ?? '')
    await expect(resolve('source', 'c1')).rejects.toThrow('c1 is settled since')
  })

  it('passes the guards like any other change', async () => {
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { settleMs: 0 },
      sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
      syncs: {
        texts: {
          store: 'main',
          resource: 'products',
          source: 'feed',
          key: { sku: 'SKU' },
          fields: { price: { from: 'Price', owner: 'both' } },
        },
      },
    })
    for (const sku of SKUS) await simpleProduct(shop, sku, 10)
    write({}, { 'TEA-1': '11' })
    await plan()
    const { plan: made } = await resolve('0', 'c1')
    expect([made?.changes.filter(({ side }) => side === 'store'), made?.held]).toMatchObject([
      [],
      [{ guard: 'zeroPrice' }],
    ])
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${product('TEA-1')?.id}`, { cost_price: 9 })
    await shop.pull()
    expect((await resolve('8', 'c1')).plan?.held).toMatchObject([{ guard: 'priceFloor' }])
  })
})

describe('a SKU', () => {
  it('B11: that two products exchange takes nothing to the wrong row', async () => {
    await open()
    const [one, two] = [product('TEA-1')?.id, product('TEA-2')?.id]
    const sku = (id: number | undefined, to: string) =>
      elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sku: to })
    shop.clock.advance(60_000)
    await sku(one, 'TEA-X')
    await sku(two, 'TEA-1')
    await sku(one, 'TEA-2')
    write({ 'TEA-1': 'TEA-1', 'TEA-2': 'TEA-2' }, { 'TEA-1': '11' })
    const made = await plan()
    expect(made.notes.join('\n')).toContain('2 keys moved to another row (renamed?): TEA-1, TEA-2')
    // The names were agreed on the other rows, so nobody knows who is right: that is asked and not guessed.
    expect(made.changes.filter(({ action }) => action === 'conflict')).toMatchObject([
      { key: { sku: 'TEA-1' }, entity: { id: two }, fields: [{ base: null, from: 'TEA-2', to: 'TEA-1' }] },
      { key: { sku: 'TEA-2' }, entity: { id: one }, fields: [{ base: null, from: 'TEA-1', to: 'TEA-2' }] },
    ])
    await syncOne(shop.workspace, 'texts', YES)
    expect([
      shop.emulator.state.products.get(one ?? 0)?.price,
      shop.emulator.state.products.get(two ?? 0)?.price,
    ]).toEqual([10, 11])
    expect([nameOf('TEA-1'), nameOf('TEA-2')]).toEqual(['TEA-2', 'TEA-1'])
  })
})

describe('a value that goes to and fro', () => {
  it('B14: is held once it was reversed three times in a day', async () => {
    shop = openShop({ store: { settleMs: 0 } })
    const skus = shop.emulator.state.products.list().filter(({ base_variant_id: only, sku }) => only !== null && sku)
    const [first] = skus
    const there = async (percent: number) => {
      shop.clock.advance(3_600_000)
      const rows = skus.map(({ sku, price }, index) => [sku, (index ? price : price * (1 + percent / 100)).toFixed(2)])
      shop.feed([['sku', 'price'], ...rows])
      return syncOne(shop.workspace, 'prices', { ...YES, allow: ['priceFloor'] })
    }
    await there(0)
    for (const percent of [10, 0, 10]) expect((await there(percent)).counts.applied).toBe(1)
    const report = await there(0)
    expect([report.exit, report.counts]).toMatchObject([5, { applied: 0, held: 1 }])
    expect(report.guards.find(({ guard }) => guard === 'flap')).toMatchObject({ verdict: 'held' })
    expect(shop.emulator.state.products.get(first?.id ?? 0)?.price).toBeCloseTo((first?.price ?? 0) * 1.1, 2)
  })
})
