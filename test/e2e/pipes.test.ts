import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/model/index.ts'
import { type BlackBox, openBlackBox } from '../support/black-box.ts'

let box: BlackBox
beforeAll(async () => {
  box = await openBlackBox({ products: 60 })
  await box.skiff('pull')
})
afterAll(() => box.close())

/** Runs a command whose reader goes away at once, as `| head` or a terminal that is closed does. */
const unread = (...args: string[]): Promise<{ readonly exit: number | null; readonly signal: string | null }> => {
  const { process: child } = box.start(...args)
  child.stdout?.destroy()
  child.stderr?.destroy()
  return new Promise((done) => child.once('exit', (exit, signal) => done({ exit, signal })))
}

describe('output that nobody reads any more', () => {
  it('P21: ends a long answer well', async () => {
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n'
    expect(await unread('query', endless, '--format', 'csv')).toEqual({ exit: 0, signal: null })
  })

  it('P21: does not cut a push short: every row is written and on record', async () => {
    const { document } = await box.json<{ sku: string; price: number }[]>(
      'query',
      "SELECT sku, price FROM skus WHERE sku <> '' ORDER BY sku",
    )
    const rows = document.map(({ sku, price }, at) => `${sku},${at % 8 ? price : (price * 1.05).toFixed(2)}`)
    box.write('feed.csv', `sku,price\n${rows.join('\n')}\n`)
    const { document: plan } = await box.json<Plan>('plan', 'prices')
    expect(plan.changes.length).toBeGreaterThan(5)
    expect(await unread('push', plan.plan, '--yes', '--verbose')).toEqual({ exit: 0, signal: null })
    const { document: states } = await box.json<unknown[]>(
      'query',
      `SELECT state, count(*) AS n FROM sync_change WHERE plan = '${plan.plan}' GROUP BY state`,
    )
    expect(states).toEqual([{ state: 'applied', n: plan.changes.length }])
    const { document: runs } = await box.json<unknown[]>(
      'query',
      "SELECT state, exit FROM sync_run WHERE verb = 'push' ORDER BY rowid DESC LIMIT 1",
    )
    expect(runs).toEqual([{ state: 'complete', exit: 0 }])
  })
})
