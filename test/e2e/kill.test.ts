import { afterEach, describe, expect, it } from 'vitest'
import { runKills } from '../../proof/killtest/kills.ts'
import { type Plan, type PushReport, seeded } from '../../src/model/index.ts'
import { type BlackBox, openBlackBox, until } from '../support/black-box.ts'

let box: BlackBox
afterEach(() => box?.close())

const SKUS = 'SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku'
const query = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await box.json<Record<string, unknown>[]>('query', sql)).document

describe('P1: kill -9', () => {
  it('in the middle of a push: everything is written, and nothing twice', async () => {
    box = await openBlackBox({ products: 200 })
    await box.skiff('pull')
    const rows = await query(SKUS)
    const next = rows.map(({ sku, price }, index) => ({
      sku,
      price: index % 6 ? price : Math.round(Number(price) * 105) / 100,
    }))
    box.write('feed.csv', `sku,price\n${next.map(({ sku, price }) => `${sku},${price}`).join('\n')}\n`)
    const { document: plan } = await box.json<Plan>('plan', 'prices')
    expect(plan.cost.requests).toBeGreaterThan(4)

    await box.faults([{ kind: 'slow', method: 'PUT', ms: 300 }])
    const push = box.start('push', plan.plan, '--yes')
    await until(async () => (await box.log()).length >= 3, 'three writes')
    push.process.kill('SIGKILL')
    await push.ended
    await box.faults([])

    const { exit, document } = await box.json<PushReport>('push', plan.plan, '--yes')
    expect(exit).toBe(0)
    expect(document.counts).toEqual({ applied: plan.changes.length, skipped: 0, failed: 0, held: 0 })
    const written = (await box.log()).flatMap(({ path, body }) =>
      (body as { id: number; price: number }[]).map(({ id }) => `${path} ${id}`),
    )
    expect(written).toHaveLength(new Set(written).size)
    expect((await box.skiff('pull')).exit).toBe(0)
    expect(await query(SKUS)).toEqual(next)
    expect((await box.skiff('plan', 'prices', '--exit-code')).exit).toBe(0)
  })
})

describe('P1, P2: kill -9 at a chance moment', () => {
  it('of pulls, pushes and creates leaves a sound file, and the same work then comes to its end', async () => {
    const { kills, faults } = await runKills(3, seeded(20), () => {})
    expect([kills, faults]).toEqual([3, []])
  }, 120_000)
})

describe('P6: a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s stops a pull with exit code 8, and the next pull goes on',
    async (signal) => {
      box = await openBlackBox({ products: 600 })
      await box.faults([{ kind: 'slow', path: '/v3/catalog/products', ms: 300 }])
      const pull = box.start('pull', '--json')
      await until(async () => (await box.requests()).length >= 3, 'the pull to be under way')
      pull.process.kill(signal)
      const { exit, out } = await pull.ended
      expect(exit).toBe(8)
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'interrupted' } })
      await box.faults([])
      expect((await box.skiff('pull')).exit).toBe(0)
      expect(await query('SELECT count(*) AS n FROM products')).toEqual([{ n: 600 }])
    },
  )

  it('stops a pull also while it waits for the quota', async () => {
    box = await openBlackBox({ products: 10, plan: 'standard' })
    const pull = box.start('pull')
    await until(async () => (await box.requests()).length >= 2, 'the pull to be under way')
    pull.process.kill('SIGINT')
    const { exit, err } = await pull.ended
    expect([exit, err]).toEqual([8, expect.stringContaining('stopped by SIGINT')])
    expect(err).toContain('Run the same command again')
  })
})
