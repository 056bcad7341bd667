import { afterEach, describe, expect, it } from 'vitest'
import { type JobReport, openJobBook, runJob } from '../../src/app/index.ts'
import { serve } from '../../src/daemon/index.ts'
import type { JobShop } from '../support/job-shop.ts'
import { feedMugs, openMugShop, statusOf, syncMugs } from '../support/mug-shop.ts'

let shop: JobShop
afterEach(() => shop.close())

const nightly = { cron: '0 2 * * *', steps: ['sync prices'], approve: 'auto' }
const DAY = 24 * 3_600_000

/** Nights on which the feed is absurd, each with its run. */
const badNights = async (count: number): Promise<JobReport[]> => {
  feedMugs(shop, 1000)
  return nights(count)
}

const nights = async (count: number): Promise<JobReport[]> => {
  const reports: JobReport[] = []
  for (let night = 0; night < count; night += 1) {
    shop.clock.advance(DAY)
    reports.push(await runJob(shop.open(), 'nightly'))
  }
  return reports
}

const isOpen = async (): Promise<boolean> => (await statusOf(shop)).stores[0]?.syncs[0]?.circuit.isOpen === true

describe('the circuit of a sync', () => {
  it('opens after three runs in a row that were blocked: a sound feed is planned, and not pushed', async () => {
    shop = await openMugShop({ nightly })
    expect((await badNights(3)).map(({ exit }) => exit)).toEqual([4, 4, 4])
    feedMugs(shop, 11)
    const [report] = await nights(1)
    expect(report).toMatchObject({ state: 'blocked', exit: 4, requests: { write: 0 } })
    expect(report?.steps[0]?.report).toMatchObject({
      plan: 'p4',
      summary: { update: 40 },
      pull: { state: 'complete' },
      error: {
        code: 'circuit',
        message:
          'the circuit of sync prices is open: 3 runs in a row failed or were blocked, the first on 2026-03-03T09:01:00Z',
        hint: expect.stringContaining('`skiff push p4`'),
      },
    })
    const { verdict, wrong } = await statusOf(shop)
    expect(verdict).toBe('wrong')
    expect(wrong).toContain(
      'main: the circuit of sync prices is open since 2026-03-03T09:01:00Z, so nothing is pushed for it by schedule; run `skiff sync prices` at a terminal, or push its plan',
    )
  })

  it('does not open before, and a run that goes well in between starts anew', async () => {
    shop = await openMugShop({ nightly })
    await badNights(2)
    feedMugs(shop, 11)
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', exit: 0 })
    await badNights(2)
    feedMugs(shop, 12)
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', exit: 0 })
  })

  it('keeps serve from pushing too', async () => {
    shop = await openMugShop({ nightly })
    await badNights(3)
    feedMugs(shop, 11)
    const stop = new AbortController()
    const told: string[] = []
    await serve({
      open: (progress) => shop.open({ progress, signal: stop.signal }),
      host: 'test',
      log: (level, text) => {
        told.push(`${level} ${text}`)
        if (text.startsWith('ended')) stop.abort()
      },
    })
    expect(told).toContain('warn ended: blocked')
    expect(openJobBook(shop.workspace.settings, 'nightly').runs()[0]).toMatchObject({ state: 'blocked', exit: 4 })
    expect(shop.rows("SELECT * FROM sync_journal WHERE to_state = 'applied'")).toEqual([])
  })

  it.each([
    ['a push of its plan', () => shop.push('p4')],
    ['a run that a person watches', () => runJob(shop.open(), 'nightly', { watched: true })],
    ['a sync that a person watches', () => syncMugs(shop, { watched: true })],
  ])('is closed by %s', async (_what, close) => {
    shop = await openMugShop({ nightly })
    await badNights(3)
    feedMugs(shop, 11)
    await nights(1)
    expect(await close()).toMatchObject({ state: 'complete', exit: 0 })
    expect(await statusOf(shop)).toMatchObject({ stores: [{ syncs: [{ circuit: { isOpen: false, failures: 0 } }] }] })
    feedMugs(shop, 12)
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', requests: { write: expect.any(Number) } })
  })

  it('is not closed by a dry run, nor by a plan that nobody pushed', async () => {
    shop = await openMugShop({ nightly })
    await badNights(3)
    feedMugs(shop, 11)
    await syncMugs(shop, { dryRun: true })
    await shop.plan()
    expect(await isOpen()).toBe(true)
    expect((await nights(1))[0]).toMatchObject({ state: 'blocked', exit: 4 })
  })

  it('is closed by a feed that leaves nothing to do', async () => {
    shop = await openMugShop({ nightly })
    await badNights(3)
    feedMugs(shop, 10)
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', exit: 0 })
    expect(await isOpen()).toBe(false)
  })

  it('N6, N9: stays closed while the store is away: the runs go on by themselves when it is back', async () => {
    shop = await openMugShop({ nightly })
    feedMugs(shop, 11)
    shop.emulator.faults.set([{ kind: 'status', status: 503 }])
    expect((await nights(4)).map(({ exit }) => exit)).toEqual([1, 1, 1, 1])
    const asked = shop.emulator.requests.length
    await nights(1)
    // A run that meets a store in maintenance gives up after a few tries.
    expect(shop.emulator.requests.length - asked).toBeLessThan(10)
    shop.emulator.faults.clear()
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', exit: 0 })
  })

  it('opens for feeds that are refused as well, after as many runs as the config says', async () => {
    shop = await openMugShop({ nightly }, {}, { circuit: 2 })
    shop.feed([['sku', 'cost']])
    await nights(2)
    expect(await isOpen()).toBe(true)
  })

  it('can be switched off', async () => {
    shop = await openMugShop({ nightly }, {}, { circuit: false })
    await badNights(5)
    feedMugs(shop, 11)
    expect((await nights(1))[0]).toMatchObject({ state: 'complete', exit: 0 })
  })
})
