import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { rehearsePlan, syncOne, undoRun } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct, writingBy } from '../support/shop-tools.ts'

let shop: Shop
let erp: Database.Database
afterEach(() => {
  erp.close()
  shop.close()
})

const YES = { approvedBy: 'cron', dryRun: false, allow: ['maxChanges', 'maxCreates'] }
const FIELDS = { name: { from: 'title', owner: 'both' }, price: 'price' }

/** A store of four products, of which the table has the first two. */
const open = async (
  sync: object = {},
  table = 'code text primary key, title text not null, price numeric',
): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { erp: { type: 'sqlite', path: 'erp.db', table: 'items', write: true } },
    syncs: {
      texts: {
        ...{ store: 'main', resource: 'products', source: 'erp', key: { sku: 'code' }, fields: FIELDS, insert: true },
        ...sync,
      },
    },
  })
  erp = new Database(join(shop.dir, 'erp.db'))
  erp.pragma('journal_mode = WAL')
  erp.exec(`create table items (${table})`)
  for (const sku of ['TEA-1', 'TEA-2', 'TEA-3', 'CUP-4']) await simpleProduct(shop, sku, 10.5)
  for (const sku of ['TEA-1', 'TEA-2'])
    erp.prepare('insert into items (code, title, price) values (?, ?, 10.5)').run(sku, sku)
  shop.clock.advance(60_000)
}

const rows = () => erp.prepare('select code, title, price from items order by code').raw().all()
const codes = () => erp.prepare('select code from items order by code').pluck().all()
const sync = async (workspace = shop.workspace) => {
  shop.clock.advance(600_000)
  return syncOne(workspace, 'texts', YES)
}

describe('products that only the store has', () => {
  it('get rows in the table, with their key and the mapped columns, and then take part like any other', async () => {
    await open()
    const report = await sync()
    expect([report.state, report.summary?.writeBack, report.counts.applied]).toEqual(['complete', 2, 2])
    expect(rows()).toEqual([
      ['CUP-4', 'CUP-4', 10.5],
      ['TEA-1', 'TEA-1', 10.5],
      ['TEA-2', 'TEA-2', 10.5],
      ['TEA-3', 'TEA-3', 10.5],
    ])
    expect((await sync()).summary).toMatchObject({ writeBack: 0, update: 0, unchanged: 4 })
    erp.exec(`update items set price = 11 where code = 'CUP-4'`)
    expect((await sync()).summary).toMatchObject({ update: 1 })
  })

  it('are shown by the plan as new rows of the source, and counted by maxCreates', async () => {
    await open({ guards: { maxCreates: 1 } })
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts' })
    expect(plan.changes).toMatchObject([
      { action: 'write-back', side: 'source', adds: true, line: null },
      { action: 'write-back', side: 'source', adds: true, fields: [{ field: 'name', from: null }, { field: 'price' }] },
    ])
    expect(plan.guards.find(({ guard }) => guard === 'maxCreates')).toMatchObject({ verdict: 'blocked' })
  })

  it('outside the filter are none of it', async () => {
    await open({ filter: { sku: 'TEA-*' } })
    expect((await sync()).counts.applied).toBe(1)
    expect(codes()).toEqual(['TEA-1', 'TEA-2', 'TEA-3'])
  })

  it('that were in the table once are not brought back, nor those that got another key in the store', async () => {
    await open()
    await sync()
    erp.exec(`delete from items where code = 'TEA-2'`)
    const { id } = shop.emulator.state.products.where('sku', 'cup-4')[0] ?? { id: 0 }
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sku: 'MUG-4' })
    for (let time = 0; time < 3; time += 1)
      expect((await syncOne(shop.workspace, 'texts', { ...YES, allow: ['maxSourceDrop'] })).summary).toMatchObject({
        writeBack: 0,
      })
    expect(codes()).toEqual(['CUP-4', 'TEA-1', 'TEA-3'])
    const gone = (await shop.plan({ sync: 'texts' })).plan.facts.source
    expect(gone).toMatchObject({ baseKeys: gone?.baseKept })
  })

  it('get none while a line has no readable key, or the configuration was changed just now', async () => {
    await open({}, 'code text, title text, price numeric')
    erp.exec(`insert into items values ('', 'no key', 1)`)
    expect((await sync()).summary).toMatchObject({ writeBack: 0, rejected: 1 })
    erp.exec(`delete from items where code = ''`)
    const file = join(shop.dir, 'sync.config.json')
    const config = JSON.parse(readFileSync(file, 'utf8'))
    config.syncs.texts.fields.weight = 'price'
    writeFileSync(file, JSON.stringify(config))
    expect((await sync(reopened(shop))).summary).toMatchObject({ writeBack: 0 })
    expect((await sync(reopened(shop))).summary).toMatchObject({ writeBack: 2 })
  })

  it('of which the table does not take one: it is skipped with the reason, the others are in', async () => {
    await open({}, `code text primary key check (code <> 'TEA-3'), title text not null, price numeric`)
    const report = await sync()
    expect(report.counts).toMatchObject({ applied: 1, skipped: 1 })
    expect(report.rows.find(({ state }) => state === 'skipped')?.reason).toMatch(/CHECK constraint failed/)
    expect(codes()).toEqual(['CUP-4', 'TEA-1', 'TEA-2'])
  })

  it('whose row came into the table since the plan: it is left as it is', async () => {
    await open()
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts', allow: ['maxCreates'] })
    erp.exec(`insert into items (code, title) values ('tea-3', 'TEA-3'), ('CUP-4', 'theirs')`)
    const report = await shop.push(plan.plan, { sync: 'texts', allow: ['maxCreates'] })
    expect(report.rows.map(({ reason }) => reason).sort()).toEqual([
      'a row with its key came into the source meanwhile',
      'name is "theirs" in the source now',
    ])
    expect(rows()).toEqual(
      expect.arrayContaining([
        ['tea-3', 'TEA-3', null],
        ['CUP-4', 'theirs', null],
      ]),
    )
  })

  it('a rehearsal adds them and takes them out again', async () => {
    await open()
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts', allow: ['maxCreates'] })
    expect((await rehearsePlan(shop.workspace, plan.plan, undefined)).counts).toMatchObject({ applied: 2, failed: 0 })
    expect(rows()).toHaveLength(2)
  })

  it('an undo leaves the added rows where they are, and says so', async () => {
    await open()
    const { run } = await sync()
    const { plan } = await undoRun(shop.workspace, run, { allow: [], store: undefined })
    expect(plan.changes).toEqual([])
    expect(plan.rejected.map(({ reason }) => reason)).toEqual(
      Array(2).fill('a row that was added to the source is not taken out of it'),
    )
    expect(rows()).toHaveLength(4)
  })

  it.each(['before', 'after'] as const)('P2: killed %s the rows were committed: each is there once', async (when) => {
    await open({}, 'code text, title text, price numeric')
    const dying = writingBy(shop.workspace, 'texts', async (write, ...args) => {
      if (when === 'after') await write(...args)
      throw Object.assign(new Error('killed'), { isCrash: true })
    })
    await expect(sync(dying)).rejects.toThrow('killed')
    expect((await sync(reopened(shop))).state).toBe('complete')
    expect(rows()).toHaveLength(4)
    expect((await sync(reopened(shop))).summary).toMatchObject({ writeBack: 0, unchanged: 4 })
  })
})
