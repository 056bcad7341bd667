import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { explainKey, rehearsePlan, syncOne } from '../../src/app/index.ts'
import { SourceRefusedError } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct, writingBy } from '../support/shop-tools.ts'

let shop: Shop
let erp: Database.Database
afterEach(() => {
  erp.close()
  shop.close()
})

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4']
const YES = { approvedBy: 'cron', dryRun: false, allow: ['maxChanges'] }
const FIELDS = { name: { from: 'title', owner: 'both' }, price: 'price' }

const open = async (source: object = { table: 'items', write: true }, fields: object = FIELDS): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { erp: { type: 'sqlite', path: 'erp.db', ...source } },
    syncs: { texts: { store: 'main', resource: 'products', source: 'erp', key: { sku: 'code' }, fields } },
  })
  erp = new Database(join(shop.dir, 'erp.db'))
  erp.pragma('journal_mode = WAL')
  erp.exec('create table items (code text primary key, title text, price numeric, secret_margin numeric)')
  for (const sku of SKUS) {
    await simpleProduct(shop, sku, 10)
    erp.prepare('insert into items values (?, ?, 10, 3)').run(sku, sku)
  }
  shop.clock.advance(60_000)
}

const titles = () => erp.prepare('select title from items order by code').pluck().all()
const idOf = (sku: string) => shop.emulator.state.products.where('sku', sku.toLowerCase())[0]?.id
const rename = async (sku: string, name: string) => {
  shop.clock.advance(60_000)
  await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf(sku)}`, { name })
}

describe('a sync with a table of a database', () => {
  it('carries each side’s edits to the other, and comes to rest', async () => {
    await open()
    expect((await syncOne(shop.workspace, 'texts', YES)).summary).toMatchObject({
      update: 0,
      writeBack: 0,
      unchanged: 4,
    })
    await rename('TEA-2', "Green 'tea'; drop table items")
    erp.prepare('update items set price = 11 where code = ?').run('TEA-3')
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect([report.state, report.counts]).toEqual(['complete', { applied: 2, skipped: 0, failed: 0, held: 0 }])
    expect(titles()).toEqual(['TEA-1', "Green 'tea'; drop table items", 'TEA-3', 'TEA-4'])
    expect(shop.emulator.state.products.where('sku', 'tea-3')[0]?.price).toBe(11)
    shop.clock.advance(600_000)
    expect((await syncOne(shop.workspace, 'texts', YES)).summary).toMatchObject({
      update: 0,
      writeBack: 0,
      unchanged: 4,
    })
  })

  it('writes what is left of a plan although another row of the table changed since', async () => {
    await open()
    await syncOne(shop.workspace, 'texts', YES)
    await rename('TEA-1', 'Assam')
    await rename('TEA-2', 'Ceylon')
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts' })
    erp.exec(`update items set title = 'Sencha' where code = 'TEA-2'; update items set price = 12 where code = 'TEA-4'`)
    const report = await shop.push(plan.plan, { sync: 'texts' })
    expect(report.counts).toMatchObject({ applied: 1, skipped: 1 })
    expect(report.rows.find(({ state }) => state === 'skipped')?.reason).toBe('name is "Sencha" in the source now')
    expect(titles()).toEqual(['Assam', 'Sencha', 'TEA-3', 'TEA-4'])
  })

  it.each(['before', 'after'] as const)(
    'P2: killed %s the rows were committed: the next run settles it',
    async (when) => {
      await open()
      await syncOne(shop.workspace, 'texts', YES)
      await rename('TEA-4', 'Oolong')
      const dying = writingBy(shop.workspace, 'texts', async (write, ...args) => {
        if (when === 'after') await write(...args)
        throw Object.assign(new Error('killed'), { isCrash: true })
      })
      await expect(syncOne(dying, 'texts', YES)).rejects.toThrow('killed')
      expect((await syncOne(reopened(shop), 'texts', YES)).state).toBe('complete')
      expect(titles()).toEqual(['TEA-1', 'TEA-2', 'TEA-3', 'Oolong'])
      expect((await syncOne(reopened(shop), 'texts', YES)).summary).toMatchObject({ writeBack: 0, update: 0 })
    },
  )

  it('lost after a part of the rows: the others stay approved, and the next run brings everything home', async () => {
    await open()
    await syncOne(shop.workspace, 'texts', YES)
    for (const sku of SKUS) await rename(sku, `${sku} new`)
    const losing = writingBy(shop.workspace, 'texts', async (write, edits, expected) => {
      await write(edits.slice(0, 2), expected)
      throw new SourceRefusedError('the connection was lost')
    })
    const report = await syncOne(losing, 'texts', YES)
    expect(report.exit).toBe(6)
    expect(titles()).toEqual(['TEA-1 new', 'TEA-2 new', 'TEA-3', 'TEA-4'])
    expect((await syncOne(reopened(shop), 'texts', YES)).state).toBe('complete')
    expect(titles()).toEqual(SKUS.map((sku) => `${sku} new`))
    expect((await syncOne(reopened(shop), 'texts', YES)).summary).toMatchObject({ writeBack: 0, update: 0 })
  })

  it('a rehearsal writes into the table and takes it back', async () => {
    await open()
    await syncOne(shop.workspace, 'texts', YES)
    await rename('TEA-1', 'Assam')
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts' })
    const report = await rehearsePlan(shop.workspace, plan.plan, undefined)
    expect(report.counts).toMatchObject({ applied: 1, failed: 0 })
    expect(titles()).toEqual(SKUS)
    expect((await shop.push(plan.plan, { sync: 'texts' })).counts).toMatchObject({ applied: 1 })
    expect(titles()[0]).toBe('Assam')
  })

  it('a query is a source as well, and `explain` shows the mapped columns of its row', async () => {
    await open({ query: 'SELECT code, title, price * 2 AS price FROM items -- twice;' }, { price: 'price' })
    const report = await syncOne(shop.workspace, 'texts', {
      ...YES,
      allow: ['maxChanges', 'maxPriceChange', 'priceScale', 'allChanged'],
    })
    expect(report.summary).toMatchObject({ update: 4 })
    const [story] = await explainKey(shop.workspace, 'TEA-1', undefined)
    expect(story?.fields).toMatchObject([{ field: 'price', column: 'price', cell: '20', store: '20' }])
  })

  it('keeps BigCommerce’s ids in a column of the table, also of products that it created', async () => {
    await open(
      { table: 'items', write: true },
      {
        id: { from: 'bc_id', owner: 'store', blank: 'clear' },
        name: 'title',
        type: 'kind',
        weight: 'kg',
        price: 'price',
      },
    )
    erp.exec(`alter table items add column bc_id integer; alter table items add column kind text default 'physical';
      alter table items add column kg numeric default 1; insert into items (code, title, price) values ('TEA-9', 'Rooibos', 4)`)
    const file = join(shop.dir, 'sync.config.json')
    const config = JSON.parse(readFileSync(file, 'utf8'))
    config.syncs.texts.create = true
    config.syncs.texts.createDefaults = { is_visible: false, categories: [], channels: 'default' }
    config.syncs.texts.guards = { maxCreates: false }
    writeFileSync(file, JSON.stringify(config))
    for (let time = 0; time < 3; time += 1) {
      await syncOne(reopened(shop), 'texts', YES)
      shop.clock.advance(600_000)
    }
    const ids = erp.prepare('select bc_id from items order by code').pluck().all()
    expect(ids).toEqual([...SKUS, 'TEA-9'].map(idOf))
    expect((await syncOne(reopened(shop), 'texts', YES)).summary).toMatchObject({ writeBack: 0, update: 0, create: 0 })
  })

  it('keeps what became of each row in a column of the table', async () => {
    await open({ table: 'items', write: true, outcome: 'bc_status' })
    erp.exec('alter table items add column bc_status text')
    await syncOne(shop.workspace, 'texts', YES)
    const status = () => erp.prepare('select bc_status from items order by code').pluck().all()
    expect(status()).toEqual([null, null, null, null])
    erp.exec(`update items set price = 11 where code = 'TEA-1'; update items set price = 'soon' where code = 'TEA-2';
      update items set price = 12 where code = 'TEA-3'`)
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts', allow: ['maxChanges'] })
    shop.clock.advance(60_000)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf('TEA-3')}`, { price: 12.5 })
    const report = await shop.push(plan.plan, { sync: 'texts', allow: ['maxChanges'] })
    expect(report.counts).toMatchObject({ applied: 1, skipped: 1 })
    expect(status()).toEqual([
      expect.stringMatching(/^2026-\d\d-\d\dT[\d:]+Z applied$/),
      expect.stringMatching(/Z rejected: price is not a number$/),
      expect.stringMatching(/Z skipped: .*price/),
      null,
    ])
    const before = erp.prepare('select * from items').all()
    const { plan: next } = await shop.plan({ sync: 'texts', allow: ['maxChanges'] })
    await rehearsePlan(shop.workspace, next.plan, undefined)
    expect(erp.prepare('select * from items').all()).toEqual(before)
  })

  it('keeps of a row that waits for a person what it waits for, and not what became of it before', async () => {
    await open({ table: 'items', write: true, outcome: 'bc_status' })
    erp.exec('alter table items add column bc_status text')
    // Enough of them that the one held row says nothing of the table as a whole.
    for (const sku of Array.from({ length: 20 }, (_, at) => `TIN-${at}`)) {
      await simpleProduct(shop, sku, 10)
      erp.prepare('insert into items values (?, ?, 10, 3, null)').run(sku, sku)
    }
    shop.clock.advance(60_000)
    await syncOne(shop.workspace, 'texts', YES)
    erp.exec(`update items set price = 11, bc_status = 'T applied' where code = 'TEA-1';
      update items set price = 0, bc_status = 'T applied' where code = 'TEA-2';
      update items set title = 'Ours', bc_status = 'T applied' where code = 'TEA-3'`)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf('TEA-3')}`, { name: 'Theirs' })
    shop.clock.advance(60_000)
    const report = await syncOne(shop.workspace, 'texts', { ...YES, allow: ['maxChanges'] })
    expect(report.summary).toMatchObject({ update: 1, held: 1, conflict: 1 })
    expect(erp.prepare('select bc_status from items order by code').pluck().all().slice(0, 3)).toEqual([
      expect.stringMatching(/Z applied$/),
      expect.stringMatching(/Z held: zeroPrice: /),
      expect.stringMatching(/Z conflict: name changed on both sides$/),
    ])
  })

  it('a column that cannot keep the outcome is told, and takes nothing from the push', async () => {
    await open({ table: 'items', write: true, outcome: 'bc_status' })
    await syncOne(shop.workspace, 'texts', YES)
    erp.prepare('update items set price = 11 where code = ?').run('TEA-3')
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect([report.state, report.counts?.applied]).toEqual(['complete', 1])
    expect(shop.progress).toContainEqual({
      kind: 'warning',
      text: expect.stringContaining(
        'erp does not keep the outcomes of its rows: sqlite items of erp.db cannot be used: no such column',
      ),
    })
  })

  it('a mapped column cannot keep the outcome as well', async () => {
    await open({ table: 'items', write: true, outcome: 'price' })
    await expect(syncOne(shop.workspace, 'texts', YES)).rejects.toThrow('column price is mapped to a field')
  })
})
