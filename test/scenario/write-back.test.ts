import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct, writingBy } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4']
const YES = { approvedBy: 'cron', dryRun: false, allow: ['maxChanges'] }

const open = async (fields: object = { name: { from: 'Name', owner: 'both' }, price: 'Price' }): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: { texts: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields } },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
}

const HEADER = 'SKU;"Name";Price\r\n'.replaceAll(';', ',')
const file = () => join(shop.dir, 'feed.csv')
const write = (rows: readonly string[]) => writeFileSync(file(), HEADER + rows.map((row) => `${row}\r\n`).join(''))
const read = () => readFileSync(file(), 'utf8')
const rows = (price = '10') => SKUS.map((sku) => `${sku},"${sku}",${price}`)
const idOf = (sku: string) => shop.emulator.state.products.where('sku', sku.toLowerCase())[0]?.id
const rename = async (sku: string, name: string) => {
  shop.clock.advance(60_000)
  await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf(sku)}`, { name })
}

describe('a two-way sync', () => {
  it('carries each side’s edits to the other, byte for byte elsewhere, and comes to rest', async () => {
    await open()
    write(rows())
    expect((await syncOne(shop.workspace, 'texts', YES)).summary).toMatchObject({
      update: 0,
      writeBack: 0,
      unchanged: 4,
    })
    await rename('TEA-2', 'Green "tea", loose')
    write(rows().map((row) => row.replace('TEA-3,"TEA-3",10', 'TEA-3,"TEA-3",11')))
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect(report.summary).toMatchObject({ update: 1, writeBack: 1, conflict: 0 })
    expect([report.state, report.counts]).toEqual(['complete', { applied: 2, skipped: 0, failed: 0, held: 0 }])
    expect(read()).toBe(
      `${HEADER}TEA-1,"TEA-1",10\r\nTEA-2,"Green ""tea"", loose",10\r\nTEA-3,"TEA-3",11\r\nTEA-4,"TEA-4",10\r\n`,
    )
    shop.clock.advance(600_000)
    const before = read()
    expect((await syncOne(shop.workspace, 'texts', YES)).summary).toMatchObject({
      update: 0,
      writeBack: 0,
      unchanged: 4,
    })
    expect(read()).toBe(before)
  })

  it('I9: never writes back what it wrote itself', async () => {
    await open()
    write(rows())
    await syncOne(shop.workspace, 'texts', YES)
    write(rows().map((row) => row.replace('"TEA-1"', '"Black tea"')))
    await syncOne(shop.workspace, 'texts', YES)
    for (const ms of [0, 1000, 600_000]) {
      shop.clock.advance(ms)
      expect((await syncOne(shop.workspace, 'texts', YES)).summary).toMatchObject({ update: 0, writeBack: 0 })
    }
  })

  it('refuses a file that changed between plan and push, and the next run brings everything home', async () => {
    await open()
    write(rows())
    await syncOne(shop.workspace, 'texts', YES)
    await rename('TEA-1', 'Darjeeling')
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts' })
    write(rows('12'))
    const report = await shop.push(plan.plan, { sync: 'texts' })
    expect([report.exit, report.error?.code, report.rows[0]?.state]).toEqual([6, 'source_refused', 'approved'])
    expect(read()).toContain('TEA-1,"TEA-1",12')
    const next = await syncOne(shop.workspace, 'texts', {
      ...YES,
      allow: ['maxChanges', 'maxPriceChange', 'priceScale'],
    })
    expect(next.counts).toMatchObject({ applied: 5, failed: 0 })
    expect(read()).toContain('TEA-1,"Darjeeling",12')
  })

  it('skips a value that moved on in the store since the plan', async () => {
    await open()
    write(rows())
    await syncOne(shop.workspace, 'texts', YES)
    await rename('TEA-1', 'Assam')
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'texts' })
    await rename('TEA-1', 'Ceylon')
    const report = await shop.push(plan.plan, { sync: 'texts' })
    expect(report.rows).toMatchObject([{ state: 'skipped', reason: 'name is another value in the store now' }])
    expect(read()).not.toContain('Assam')
  })

  it.each(['before', 'after'] as const)(
    'P2: killed %s the file was replaced: the next run settles it',
    async (when) => {
      await open()
      write(rows())
      await syncOne(shop.workspace, 'texts', YES)
      await rename('TEA-4', 'Oolong')
      const { workspace } = shop
      const dying = writingBy(workspace, 'texts', async (write, ...args) => {
        if (when === 'after') await write(...args)
        await workspace.withMirror('main', (mirror) => expect(mirror.openChanges()).toHaveLength(1))
        throw Object.assign(new Error('killed'), { isCrash: true })
      })
      await expect(syncOne(dying, 'texts', YES)).rejects.toThrow('killed')
      const report = await syncOne(reopened(shop), 'texts', YES)
      expect(report.state).toBe('complete')
      expect(read()).toContain('TEA-4,"Oolong",10')
      expect((await syncOne(reopened(shop), 'texts', YES)).summary).toMatchObject({ writeBack: 0, update: 0 })
    },
  )

  it('U9: a field that the store owns is written back also where the store alone can fill it', async () => {
    await open({ name: { from: 'Name', owner: 'store' } })
    write(['TEA-1,"old",10', ...rows().slice(1)])
    const report = await syncOne(shop.workspace, 'texts', YES)
    expect(report.summary).toMatchObject({ writeBack: 1, update: 0 })
    expect(read()).toContain('TEA-1,"TEA-1",10')
  })
})
