import { afterEach, describe, expect, it } from 'vitest'
import { readStatus, runJob, syncOne } from '../../../src/app/index.ts'
import { outlook } from '../../../src/daemon/index.ts'
import { type JobShop, openJobShop, pricesOf } from '../../support/job-shop.ts'

let shop: JobShop
afterEach(() => shop.close())

const nightly = { cron: '0 2 * * *', steps: ['pull main', 'sync prices'], approve: 'auto' }

const status = () => {
  const workspace = shop.open()
  return readStatus(workspace, ['main'], outlook(workspace.settings, shop.clock.now()))
}
const automatic = { approvedBy: 'test', dryRun: false, allow: [] }

describe('the status', () => {
  it('is open before anything was done, and well after everything went well', async () => {
    shop = openJobShop({ nightly })
    expect(await status()).toMatchObject({ verdict: 'open', exit: 5, stores: [{ mirror: null }] })
    await shop.pull()
    shop.feed(pricesOf(shop))
    await runJob(shop.open(), 'nightly')
    expect(await status()).toMatchObject({
      verdict: 'well',
      stores: [
        { resources: expect.arrayContaining([expect.objectContaining({ resource: 'orders', complete: true })]) },
      ],
      jobs: [{ job: 'nightly', next: '2026-03-03T02:00:00Z', missed: null, last: { run: 'nightly-1' } }],
    })
  }, 20_000)

  it('is open while a plan waits', async () => {
    shop = openJobShop({ nightly: { ...nightly, approve: 'ask' } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.05))
    await runJob(shop.open(), 'nightly')
    const found = await status()
    expect(found).toMatchObject({ verdict: 'open', exit: 5, wrong: [] })
    expect(found.open).toEqual([
      expect.stringContaining('plan p1 of prices waits'),
      'job nightly waits for approval: sync prices: waiting',
    ])
  })

  it('is wrong after a failed sync, and counts the failures in a row', async () => {
    shop = openJobShop({ nightly })
    shop.feed([['sku', 'cost']])
    for (const _try of [1, 2]) await runJob(shop.open(), 'nightly')
    const found = await status()
    expect(found).toMatchObject({ verdict: 'wrong', exit: 1 })
    expect(found.wrong).toEqual([
      expect.stringMatching(/^main: sync prices ended failed, 2 times in a row; see `skiff runs r\d+`$/),
      expect.stringMatching(/^job nightly ended failed, 2 times in a row: sync prices: .*no column "price"/),
    ])
    shop.feed(pricesOf(shop))
    await syncOne(shop.open(), 'prices', automatic)
    expect((await status()).wrong).toEqual([expect.stringMatching(/^job nightly/)])
  })

  it('is wrong while a pull did not end, and well once another did', async () => {
    shop = openJobShop({})
    await shop.pull()
    shop.emulator.faults.set([{ kind: 'status', path: '/v2/orders', status: 501 }])
    await shop.pull().catch(() => undefined)
    expect((await status()).wrong).toEqual([
      'main: the last pull of orders did not end; run `skiff pull main`',
      expect.stringContaining('main: pull main ended failed'),
    ])
    shop.emulator.faults.clear()
    await shop.pull()
    expect(await status()).toMatchObject({ verdict: 'well' })
  })

  it('is wrong when a job missed its time', async () => {
    shop = openJobShop({ nightly })
    await shop.pull()
    shop.feed(pricesOf(shop))
    await runJob(shop.open(), 'nightly')
    shop.clock.advance(17 * 3_600_000)
    expect((await status()).verdict).toBe('well')
    shop.clock.advance(3_600_000)
    expect(await status()).toMatchObject({
      verdict: 'wrong',
      wrong: ['job nightly was due at 2026-03-03T02:00:00Z and did not run; is `skiff serve` running?'],
    })
  })
})
