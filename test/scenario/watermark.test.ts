import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type SyncOptions, syncOne } from '../../src/app/index.ts'
import { isoTime, type SyncReport } from '../../src/model/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
let erp: Database.Database
const close = () => {
  erp.close()
  shop.close()
}
afterEach(close)

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4', 'TEA-5', 'TEA-6']
const YES: SyncOptions = {
  approvedBy: 'cron',
  dryRun: false,
  watched: true,
  allow: ['maxChanges', 'allChanged', 'maxPriceChange', 'priceScale', 'flap', 'changeRate'],
}
const MINUTE = 60_000

const open = async (
  sync: object = {},
  {
    watermark = { column: 'changed' },
    write = false,
    ...more
  }: { watermark?: object; write?: boolean } & Pick<ShopOptions, 'fetch' | 'store'> = {},
): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { erp: { type: 'sqlite', path: 'erp.db', table: 'items', write, watermark } },
    syncs: {
      prices: {
        ...{ store: 'main', resource: 'products', source: 'erp', key: { sku: 'code' }, fields: { price: 'price' } },
        ...sync,
      },
    },
    ...more,
  })
  erp = new Database(join(shop.dir, 'erp.db'))
  erp.pragma('journal_mode = WAL')
  erp.exec('create table items (code text, price text, changed text, name text)')
  for (const [index, sku] of SKUS.entries()) {
    await simpleProduct(shop, sku, 10)
    insert(sku, '10', (12 - index) * 60 * MINUTE)
  }
  shop.clock.advance(MINUTE)
}

const stamp = (ago = 0): string => isoTime(shop.clock.now() - ago)
const insert = (sku: string, price: string, ago = 0) =>
  erp.prepare('insert into items values (?, ?, ?, ?)').run(sku, price, stamp(ago), sku)
const set = (sku: string, price: string, changed: string | null = stamp()) =>
  erp.prepare('update items set price = ?, changed = ? where code = ?').run(price, changed, sku)
const held = (sku: string) => shop.emulator.state.products.where('sku', sku.toLowerCase())[0]?.price

/** One run, a while after the last one; with the rows that it read, null for all. */
const run = async (
  options: Partial<SyncOptions> = {},
  workspace = shop.workspace,
): Promise<{ report: SyncReport; read: number | null; notes: readonly string[] }> => {
  shop.clock.advance(30 * MINUTE)
  const report = await syncOne(workspace, 'prices', { ...YES, ...options })
  const notes = await workspace.withMirror('main', (mirror) => mirror.plan(report.plan ?? '')?.plan.notes ?? [])
  const [, rows] = notes.map((note) => /^read only .*, (\d+) rows/.exec(note)).find(Boolean) ?? []
  return { report, read: rows === undefined ? null : Number(rows), notes }
}

describe('a source whose rows say when they were changed', () => {
  it('is read whole at first, then where something changed and at the newest row, and comes to rest', async () => {
    await open()
    expect((await run()).notes).toContain('read whole: nothing was read by these rules before')
    set('TEA-2', '11')
    const changed = await run()
    expect([changed.read, changed.report.state, changed.report.counts.applied]).toEqual([2, 'complete', 1])
    expect(held('TEA-2')).toBe(11)
    const quiet = await run()
    expect([quiet.read, quiet.report.summary]).toEqual([1, expect.objectContaining({ update: 0, unchanged: 1 })])
  })

  it('reads rows within the overlap once more, and those that say nothing each time', async () => {
    await open()
    await run()
    await run()
    set('TEA-1', '12', isoTime(shop.clock.now() - 10 * MINUTE))
    set('TEA-3', '13', stamp())
    await run()
    // Committed late: its stamp is from before the last reading, and within the overlap.
    set('TEA-4', '14', stamp(35 * MINUTE))
    set('TEA-5', '15', null)
    expect((await run()).read).toBe(4)
    expect(SKUS.map(held)).toEqual([12, 10, 13, 14, 15, 10])
  })

  it('counts from when it was read, also for the parts of its rows, which are planned long after that', async () => {
    const fields = { price: 'price', 'custom:Blend': 'name' }
    let meanwhile = () => {}
    await open(
      { fields },
      {
        store: { resources: ['products', 'variants', 'product_custom_fields'], settleMs: 0 },
        fetch: (inner) => (url, init) => {
          if ((init as RequestInit).method === 'PUT') meanwhile()
          return inner(url, init)
        },
      },
    )
    const blends = () => shop.emulator.state.customFields.list().map(({ value }) => value)
    // A row of the future makes the moment of the reading count.
    set('TEA-6', '11', '2099-01-01T00:00:00Z')
    meanwhile = () => {
      meanwhile = () => {}
      shop.clock.advance(60 * MINUTE)
      erp.prepare("update items set name = 'Assam', changed = ? where code = 'TEA-2'").run(stamp())
      shop.clock.advance(60 * MINUTE)
    }
    expect((await run()).report).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 6 } }] })
    expect(blends()).toEqual(SKUS)
    const next = await run()
    expect([next.read, next.report.parts?.[0]?.counts.applied]).toEqual([2, 1])
    expect(blends()).toEqual(SKUS.with(1, 'Assam'))
  })

  it('rows that it leaves out are not gone, and no guard of feeds takes a part for a fall', async () => {
    await open({ guards: { sentinels: ['TEA-1'] } })
    await run()
    erp.exec(`delete from items where code = 'TEA-6'`)
    set('TEA-2', '11')
    const { read, report } = await run()
    expect([read, report.state, report.exit]).toEqual([1, 'complete', 0])
    expect(report.guards.filter(({ verdict }) => verdict === 'blocked')).toEqual([])
    expect(report.guards.find(({ guard }) => guard === 'maxSourceDrop')?.detail).toContain('only rows that changed')
    expect((await run({ full: true })).report.guards.find(({ guard }) => guard === 'maxSourceDrop')?.detail).toContain(
      'rows fell from 6 to 5',
    )
  })

  it.each([
    ['a cell that cannot be used', () => set('TEA-2', 'soon'), () => set('TEA-2', '11', isoTime(0))],
    ['a price that a guard holds', () => set('TEA-2', '0'), () => set('TEA-2', '11', isoTime(0))],
  ])('%s is read again, however old its watermark is, until nothing is open', async (_what, spoil, repair) => {
    await open()
    await run()
    spoil()
    expect((await run()).read).toBe(2)
    const again = await run()
    expect([again.read, again.notes]).toEqual([null, expect.arrayContaining([expect.stringContaining('read whole: ')])])
    repair()
    await run()
    expect(held('TEA-2')).toBe(11)
    expect((await run()).read).toBeGreaterThan(0)
  })

  it('a row that a push left alone comes again', async () => {
    await open()
    await run()
    set('TEA-2', '11')
    await shop.pull()
    const { plan } = await shop.plan({ allow: ['maxChanges'] })
    const { id } = shop.emulator.state.products.where('sku', 'tea-2')[0] ?? { id: 0 }
    shop.clock.advance(MINUTE)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 12.5 })
    expect((await shop.push(plan.plan, { allow: ['maxChanges'] })).counts).toMatchObject({ skipped: 1 })
    expect((await run()).notes).toContain('read whole: p2 did not end with everything in step')
    expect(held('TEA-2')).toBe(11)
  })

  it('P2: killed between plan and push, or in the middle of the push: nothing is lost', async () => {
    await open()
    await run()
    set('TEA-2', '11')
    set('TEA-3', '13')
    await shop.pull()
    await shop.plan({ allow: ['maxChanges'] })
    shop.clock.advance(2 * 60 * MINUTE)
    set('TEA-4', '14')
    expect((await run({}, reopened(shop))).read).toBeNull()
    expect(SKUS.map(held)).toEqual([10, 11, 13, 14, 10, 10])
    set('TEA-5', '15')
    let calls = 0
    const dying = reopened(shop, {
      fetch: async (...args) => {
        const response = await (shop.emulator.fetch as unknown as typeof fetch)(...args)
        if (args[1]?.method !== 'PUT') return response
        calls += 1
        throw Object.assign(new Error('killed'), { isCrash: true })
      },
    })
    await run({}, dying).catch(() => undefined)
    expect(calls).toBeGreaterThan(0)
    shop.clock.advance(2 * 60 * MINUTE)
    await run({}, reopened(shop))
    await run({}, reopened(shop))
    expect(held('TEA-5')).toBe(15)
    expect((await run({}, reopened(shop))).read).not.toBeNull()
  })

  it('another mapping, another place, `full` and the time that is set read everything', async () => {
    await open()
    await run()
    expect((await run()).read).not.toBeNull()
    expect((await run({ full: true })).notes).toContain('read whole: as asked')
    const config = (change: (parsed: ReturnType<typeof JSON.parse>) => void) => {
      const file = join(shop.dir, 'sync.config.json')
      const parsed = JSON.parse(readFileSync(file, 'utf8'))
      change(parsed)
      writeFileSync(file, JSON.stringify(parsed))
      return reopened(shop)
    }
    const other = config((parsed) => {
      parsed.syncs.prices.fields.price = { expr: 'mul(price, 2)' }
    })
    expect((await run({}, other)).read).toBeNull()
    expect(held('TEA-6')).toBe(20)
    expect((await run({}, other)).read).not.toBeNull()
    const moved = config((parsed) => {
      parsed.sources.erp = {
        type: 'sqlite',
        path: 'erp.db',
        query: 'select * from items',
        watermark: { column: 'changed' },
      }
    })
    expect((await run({}, moved)).read).toBeNull()
    expect((await run({}, moved)).read).not.toBeNull()
    shop.clock.advance(23 * 60 * MINUTE)
    expect((await run({}, moved)).notes).toContain('read whole: its time has come')
  })

  it('what changed in the store alone is met by the next whole reading', async () => {
    await open()
    await run()
    const { id } = shop.emulator.state.products.where('sku', 'tea-2')[0] ?? { id: 0 }
    shop.clock.advance(MINUTE)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 9 })
    await run()
    expect(held('TEA-2')).toBe(9)
    await run({ full: true })
    expect(held('TEA-2')).toBe(10)
  })

  it('a sync that removes what is gone, or adds what is missing, reads everything each time', async () => {
    await open({ remove: 'hide' })
    await run()
    expect((await run()).notes).toContain('read whole: what is gone shows in a whole reading only ("remove")')
    close()
    await open({ insert: true }, { write: true })
    await run()
    expect((await run()).notes).toContain('read whole: what the source lacks shows in a whole reading only ("insert")')
  })

  it('of two rows with one key neither is taken, also where only one of them changed', async () => {
    await open()
    await run()
    insert('tea-2 ', '99')
    const { read, report } = await run()
    expect([read, report.summary?.rejected]).toEqual([3, 2])
    expect(held('TEA-2')).toBe(10)
  })

  it('a row that is dated in the future does not hide what comes after', async () => {
    await open()
    set('TEA-1', '10', '2099-01-01T00:00:00Z')
    await run()
    set('TEA-2', '11')
    await run()
    set('TEA-3', '12')
    await run()
    expect(SKUS.map(held)).toEqual([10, 11, 12, 10, 10, 10])
  })

  it('a plan for single keys leaves the watermark as it is', async () => {
    await open()
    await run()
    set('TEA-2', '11')
    await shop.pull()
    await shop.plan({ only: ['TEA-3'], allow: ['maxChanges'] })
    expect([(await run()).read, held('TEA-2')]).toEqual([2, 11])
  })

  it('ends where whole readings end, over any history of edits, stamps, failures and plans that nobody pushed', async () => {
    const edit = fc.record({
      kind: fc.constantFrom('set', 'set', 'late', 'unstamped', 'bad', 'add', 'plan', 'fail'),
      row: fc.integer({ min: 0, max: 5 }),
      price: fc.integer({ min: 8, max: 14 }),
    })
    let [parts, wholes] = [0, 0]
    const round = async () => {
      const { read, report } = await run()
      if (read === null) wholes += 1
      else parts += 1
      if (!report.state.startsWith('complete')) return report.state
      const rows = erp.prepare(`select code, price from items where price <> 'soon'`).all() as {
        code: string
        price: string
      }[]
      expect(rows.map(({ code }) => ({ code, price: String(held(code)) }))).toEqual(rows)
      return report.state
    }
    const property = fc.asyncProperty(
      fc.array(fc.array(edit, { maxLength: 3 }), { minLength: 4, maxLength: 7 }),
      async (rounds) => {
        close()
        await open()
        await round()
        for (const edits of rounds) {
          for (const { kind, row, price } of edits) {
            const sku = SKUS[row] ?? ''
            if (kind === 'set') set(sku, String(price))
            if (kind === 'late') set(sku, String(price), stamp(14 * MINUTE))
            if (kind === 'unstamped') set(sku, String(price), null)
            if (kind === 'bad') set(sku, 'soon')
            if (kind === 'fail') shop.emulator.faults.set([{ kind: 'status', status: 422, method: 'PUT', times: 1 }])
            if (kind === 'plan') {
              await shop.pull()
              await shop.plan({ allow: ['maxChanges'] })
            }
            if (kind === 'add' && held(`NEW-${row}`) === undefined) {
              await simpleProduct(shop, `NEW-${row}`, 10)
              insert(`NEW-${row}`, String(price))
            }
          }
          await round()
          shop.emulator.faults.set([])
        }
        await round()
        expect(await round()).toMatch(/^complete/)
      },
    )
    await fc.assert(property, { numRuns: 4, seed: 12, endOnFailure: true })
    expect(Math.min(parts, wholes)).toBeGreaterThan(4)
  })
})
