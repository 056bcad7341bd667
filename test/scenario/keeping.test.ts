import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { backupStore, configHash, restoreStore, syncOne } from '../../src/app/index.ts'
import { serve } from '../../src/daemon/index.ts'
import { push, writtenBy } from '../../src/engine/index.ts'
import { openFile } from '../../src/mirror/file.ts'
import { openMirror } from '../../src/mirror/index.ts'
import type { Progress } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { type JobShop, openJobShop, pricesOf } from '../support/job-shop.ts'
import { openShop, type Shop } from '../support/shop.ts'

let shop: Shop
afterEach(() => shop.close())

const guards = { maxChanges: false, allChanged: false, maxSourceDrop: false, changeRate: false }
const prices = {
  store: 'main',
  resource: 'skus',
  source: 'feed',
  key: { sku: 'sku' },
  fields: { price: 'price' },
  guards,
}

const YES = { approvedBy: '--yes', dryRun: false, allow: [] }

const storePrices = () => shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku')

const accepted = () => shop.emulator.log.length

describe('a copy that is put back', () => {
  it('P4: knows again what the store already holds, and nothing is written twice or over an edit', async () => {
    shop = openShop({ syncs: { prices } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.02))
    await syncOne(shop.workspace, 'prices', YES)
    const { path } = await backupStore(shop.workspace, 'main', null)

    shop.clock.advance(3_600_000)
    shop.feed(pricesOf(shop, 1.05))
    expect((await syncOne(shop.workspace, 'prices', YES)).counts.applied).toBeGreaterThan(0)
    shop.clock.advance(3_600_000)
    await shop.pull()
    const [end, writes] = [storePrices(), accepted()]

    const { kept } = await restoreStore(shop.workspace, 'main', path)
    expect(kept).toMatch(/main\.db\.before-/)
    expect(shop.rows("SELECT verb FROM sync_run WHERE verb = 'restore'")).toHaveLength(1)
    expect(storePrices()).not.toEqual(end)

    const again = await syncOne(shop.workspace, 'prices', YES)
    expect(again).toMatchObject({ state: 'complete', summary: { update: 0, conflict: 0 } })
    expect([storePrices(), accepted()]).toEqual([end, writes])
    await expect(shop.workspace.withMirror('main', (mirror) => mirror.brokenJournal())).resolves.toBeNull()
  })

  it('P4, U12: leaves the first plan that would write something to a person', async () => {
    shop = openShop({ syncs: { prices } })
    await shop.pull()
    const { path } = await backupStore(shop.workspace, 'main', null)
    shop.clock.advance(60_000)
    await restoreStore(shop.workspace, 'main', path)
    shop.feed(pricesOf(shop, 1.05))
    shop.clock.advance(60_000)
    for (const attempt of [1, 2]) {
      const synced = await syncOne(shop.workspace, 'prices', YES)
      expect([attempt, synced.state, synced.exit]).toEqual([attempt, 'waiting', 3])
      shop.clock.advance(60_000)
    }
    const { plan } = await shop.plan()
    expect(plan.notes[0]).toMatch(/a copy was put in the place of the mirror at/)
    expect((await shop.push(plan.plan)).state).toBe('complete')
    shop.clock.advance(60_000)
    shop.feed(pricesOf(shop, 1.05))
    expect((await syncOne(shop.workspace, 'prices', YES)).state).toBe('complete')
  })
})

describe('a disk that takes nothing more', () => {
  const PAGES = [0, 1, 2, 4, 6, 8, 12, 16]

  /** Plans a push, and carries it out on a mirror that can grow by so many pages. */
  const pushOnFullDisk = async (pages: number) => {
    shop = openShop({ syncs: { prices: { ...prices, guards: { ...guards, canary: false, priceScale: false } } } })
    await shop.pull()
    const dearer = storePrices().map(({ sku, price }) => [String(sku), (Number(price) * 1.05).toFixed(2)])
    shop.feed([['sku', 'price'], ...dearer])
    const { plan } = await shop.plan()
    const before = accepted()
    const { path } = shop.workspace.place('main')
    const spec = shop.workspace.sync('prices')
    const ended = shop.workspace.withStore('main', 'push', async (side) => {
      const db = openFile(path)
      const writer = { pid: 1, host: 'test', since: plan.created, work: 'push' }
      const mirror = openMirror({ path, catalog, migrations: 'migrations', database: db, writer })
      try {
        // No page is free, so that every further one has to come from the disk.
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + pages}`)
        const options = { approvedBy: 'test', allowed: new Map(), only: null, source: shop.workspace.source(spec) }
        const bound = { ...options, configHash: configHash(shop.workspace.settings, spec) }
        return await push(shop.workspace.context, { ...side, mirror }, spec, plan.plan, bound, 'r9')
      } finally {
        mirror.close()
      }
    })
    const outcome = await ended.then(
      ({ error }) => error ?? null,
      (error: unknown) => error,
    )
    const sent = shop.emulator.log.slice(before).reduce((rows, { body }) => rows + (body as unknown[]).length, 0)
    return { outcome, sent }
  }

  it('P8, P9: sends nothing whose intent could not be recorded, wherever the disk becomes full', async () => {
    let full = 0
    for (const pages of PAGES) {
      const { outcome, sent } = await pushOnFullDisk(pages)
      const intents = shop.rows("SELECT DISTINCT plan, change FROM sync_journal WHERE to_state = 'intent'").length
      if (outcome !== null) {
        full += 1
        expect(outcome).toMatchObject({ code: 'mirror', message: expect.stringMatching(/the disk is full: \d+ bytes/) })
      }
      expect(sent).toBeLessThanOrEqual(intents)
      expect(await shop.workspace.withMirror('main', (mirror) => mirror.brokenJournal())).toBeNull()
      if (pages !== PAGES.at(-1)) shop.close()
    }
    expect(full).toBeGreaterThan(1)
  })

  it('P10: refuses a mirror that cannot be written before any request', async () => {
    shop = openShop({ store: { mirror: 'file/main.db' } })
    writeFileSync(join(shop.dir, 'file'), '')
    await expect(shop.pull()).rejects.toMatchObject({ code: 'mirror', hint: expect.stringMatching(/writable/) })
    expect(shop.emulator.requests).toHaveLength(0)
  })
})

describe('a process that is stopped and woken', () => {
  it('P7: reads the rows again before it writes over them', async () => {
    let asleep = false
    shop = openShop({
      emulator: { products: 60, plan: 'unlimited' },
      store: { resources: ['products'] },
      syncs: {
        prices: {
          store: 'main',
          resource: 'products',
          source: 'feed',
          key: { id: 'id' },
          fields: { search_keywords: 'words' },
          guards: { ...guards, canary: false },
        },
      },
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        if (init.method === 'PUT' && !asleep) {
          asleep = true
          // Stopped for ten minutes, in which the merchant edits a row that has not been sent yet.
          shop.clock.advance(600_000)
          const last = shop.emulator.state.products.list().at(-1)!
          shop.emulator.state.products.update(last.id, { ...last, search_keywords: 'by hand' })
        }
        return answer
      },
    })
    await shop.pull()
    const rows = shop.rows('SELECT id FROM products ORDER BY id')
    shop.feed([['id', 'words'], ...rows.map(({ id }) => [Number(id), `words ${id}`])])
    const { plan } = await shop.plan()
    const pushed = await shop.push(plan.plan)
    expect(pushed.counts).toEqual({ applied: rows.length - 1, skipped: 1, failed: 0, held: 0 })
    expect(pushed.rows.find(({ state }) => state === 'skipped')?.reason).toMatch(/by hand.*in the store now/)
    expect(shop.emulator.state.products.list().at(-1)?.search_keywords).toBe('by hand')
  })
})

describe('history that was dropped', () => {
  it('is not undone in part: a run that the journal no longer knows says so', async () => {
    shop = openShop({ syncs: { prices } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.05))
    const { run } = await syncOne(shop.workspace, 'prices', YES)
    const planOf = () => shop.workspace.withMirror('main', (mirror) => writtenBy(mirror, run).plan.plan)
    await expect(planOf()).resolves.toMatch(/^p/)
    shop.clock.advance(401 * 86_400_000)
    await shop.workspace.withStore('main', 'test', async ({ mirror }) =>
      mirror.prune({ ...shop.workspace.settings.retention, runs: null }, shop.clock.now()),
    )
    await expect(planOf()).rejects.toThrow(new RegExp(`what run ${run} wrote is no longer known`))
  })

  it('goes at the end of a pull, by the defaults', async () => {
    shop = openShop({ syncs: { prices } })
    const job = shop.workspace
    await shop.pull()
    expect(job.settings.retention).toEqual({
      changeLog: 400,
      journal: 400,
      plans: 90,
      runs: 400,
      snapshots: 400,
      conflicts: 400,
    })
    shop.feed(pricesOf(shop, 1.05))
    for (const _ of [1, 2]) {
      await syncOne(job, 'prices', { ...YES, dryRun: true })
      shop.clock.advance(91 * 86_400_000)
    }
    await syncOne(job, 'prices', { ...YES, dryRun: true })
    expect(shop.rows('SELECT plan FROM sync_plan')).toEqual([{ plan: 'p3' }])
  })
})

describe('the daemon', () => {
  const serving = async (days: number, before: (jobs: JobShop) => void = () => undefined) => {
    const jobs = openJobShop({ daily: { cron: '30 12 * * *', steps: ['pull main'] } })
    shop = jobs
    await jobs.pull()
    before(jobs)
    const stop = new AbortController()
    const end = jobs.clock.now() + days * 86_400_000
    const told: string[] = []
    await serve({
      open: (progress: (one: Progress) => void) => jobs.open({ progress, signal: stop.signal }),
      host: 'test',
      log: (level, text) => {
        if (/backup/.test(text)) told.push(`${level} ${text}`)
        if (text.startsWith('ended') && jobs.clock.now() >= end) stop.abort()
      },
    })
    return told
  }

  it('copies every mirror once a day', async () => {
    const told = await serving(1)
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(/^info backup of main: .*main-20260302T\d{6}Z\.db$/)
    expect(readdirSync(join(shop.dir, '.skiff', 'backups'))).toHaveLength(2)
  })

  it('tells a copy that failed, and runs its jobs all the same', async () => {
    const told = await serving(1, (jobs) => writeFileSync(join(jobs.dir, '.skiff', 'backups'), 'in the way'))
    expect(told).toEqual([
      expect.stringMatching(/^error no backup of main was made/),
      expect.stringMatching(/^error no backup of main was made/),
    ])
  })
})
