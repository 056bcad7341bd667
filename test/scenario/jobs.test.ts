import { afterEach, describe, expect, it } from 'vitest'
import { openJobBook, runJob } from '../../src/app/index.ts'
import { type JobShop, openJobShop, pricesOf } from '../support/job-shop.ts'

let shop: JobShop
afterEach(() => shop.close())

describe('a job', () => {
  it('pulls, syncs and reports in its order, with the rule of the job as approval', async () => {
    shop = openJobShop({ nightly: { steps: ['pull main', 'sync prices', 'report low-stock'], approve: 'auto' } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.05))
    const report = await runJob(shop.open(), 'nightly')
    expect(report).toMatchObject({ run: 'nightly-1', job: 'nightly', state: 'complete', exit: 0 })
    expect(report.steps.map(({ step, state }) => [step, state])).toEqual([
      ['pull main', 'complete'],
      ['sync prices', 'complete'],
      ['report low-stock', 'complete'],
    ])
    expect(report.steps[1]?.report).toMatchObject({ counts: { failed: 0, skipped: 0 } })
    expect(report.requests.write).toBeGreaterThan(0)
    expect(shop.rows("SELECT DISTINCT json_extract(evidence, '$.by') AS by FROM sync_journal")).toContainEqual({
      by: 'rule of job nightly',
    })
    expect(openJobBook(shop.workspace.settings, 'nightly').runs()).toMatchObject([
      { run: 'nightly-1', state: 'complete', trouble: [], scheduled: null },
    ])
  })

  it('names the syncs that another brings with it as well, and says what there is where one is misspelled', async () => {
    const catalog = {
      store: 'main',
      resource: 'products',
      source: 'feed',
      key: { sku: 'sku' },
      fields: { name: 'Name', 'custom:Material': 'Material' },
      guards: { maxChanges: false, allChanged: false },
    }
    shop = openJobShop(
      { texts: { steps: ['pull main', 'sync catalog.product_custom_fields'], approve: 'auto' } },
      { store: { resources: ['products', 'variants', 'product_custom_fields'] }, syncs: { catalog } },
    )
    await shop.pull()
    const [{ sku } = {}] = shop.rows('SELECT sku FROM products')
    shop.feed([
      ['sku', 'Name', 'Material'],
      [String(sku), 'Another name', 'Steel'],
    ])
    const report = await runJob(shop.open(), 'texts')
    expect(report).toMatchObject({ state: 'complete', steps: [{}, { report: { counts: { applied: 1 } } }] })
    expect(shop.emulator.state.customFields.list().at(-1)).toMatchObject({ name: 'Material', value: 'Steel' })
    const failed = await runJob(shop.open({ env: { SHOP_TOKEN: 'not.the.token.00000000000000000' } }), 'texts')
    expect(failed.steps[1]).toMatchObject({ state: 'not-run', reason: 'pull main failed before it' })
    shop.configure((config) => {
      config.jobs.texts.steps = ['sync catalog.product_custom_field']
    })
    expect(() => shop.open()).toThrow(
      'there is no sync "catalog.product_custom_field". Did you mean "catalog.product_custom_fields"?',
    )
  })

  it('that asks leaves its plan waiting', async () => {
    shop = openJobShop({ nightly: { steps: ['sync prices'] } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.05))
    const report = await runJob(shop.open(), 'nightly')
    expect(report).toMatchObject({ state: 'waiting', exit: 3, requests: { write: 0 } })
    expect((await runJob(shop.open(), 'nightly')).run).toBe('nightly-2')
  })

  it('does not sync after a failed pull of the store, and says so', async () => {
    shop = openJobShop({ nightly: { steps: ['pull main', 'sync prices', 'report low-stock'], approve: 'auto' } })
    await shop.pull()
    shop.feed(pricesOf(shop, 1.05))
    const report = await runJob(shop.open({ env: { SHOP_TOKEN: 'not.the.token.00000000000000000' } }), 'nightly')
    expect(report).toMatchObject({ state: 'failed', exit: 7, requests: { write: 0 } })
    expect(report.steps).toMatchObject([
      { step: 'pull main', state: 'failed', exit: 7, error: { code: 'auth' } },
      { step: 'sync prices', state: 'not-run', exit: null, reason: 'pull main failed before it' },
      { step: 'report low-stock', state: 'complete' },
    ])
    expect(openJobBook(shop.workspace.settings, 'nightly').runs()[0]?.trouble).toHaveLength(2)
  })

  it('goes on after a failed sync, and leaves with the exit code that matters most', async () => {
    shop = openJobShop({ nightly: { steps: ['sync prices', 'pull main'], approve: 'auto' } })
    shop.feed([['sku', 'cost']])
    const report = await runJob(shop.open(), 'nightly')
    expect(report).toMatchObject({ state: 'failed', exit: 6 })
    expect(report.steps.map(({ exit }) => exit)).toEqual([6, 0])
  })

  it('is interrupted by a stop and says what was not run', async () => {
    shop = openJobShop({ nightly: { steps: ['pull main', 'sync prices'], approve: 'auto' } })
    const workspace = shop.open({ progress: () => shop.stop.abort() })
    const report = await runJob(workspace, 'nightly')
    expect(report).toMatchObject({ state: 'interrupted', exit: 8 })
    expect(report.steps[1]).toMatchObject({ state: 'not-run', reason: 'the job was stopped' })
  })

  it('of another name is refused with those that there are', async () => {
    shop = openJobShop({ nightly: { steps: ['pull main'] } })
    await expect(runJob(shop.open(), 'daily')).rejects.toMatchObject({ code: 'usage', hint: 'known: nightly' })
  })
})
