import { afterEach, describe, expect, it } from 'vitest'
import type { Plan, PullReport, PushReport } from '../../src/model/index.ts'
import { type BlackBox, openBlackBox } from '../support/black-box.ts'

let box: BlackBox
afterEach(() => box.close())

interface Row {
  sku: string
  price: number
}

/** Every SKU with its price as the mirror holds it, read the way a user would. */
const skus = async (): Promise<Row[]> => {
  const sql = 'SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku'
  const { exit, out } = await box.skiff('query', sql, '--format', 'csv')
  expect(exit).toBe(0)
  const [head, ...lines] = out.trim().split('\n')
  expect(head).toBe('sku,price')
  return lines.map((line) => {
    const [sku = '', price] = line.split(',')
    return { sku, price: Number(price) }
  })
}

const feed = (rows: readonly Row[]): void =>
  box.write('feed.csv', `sku,price\n${rows.map(({ sku, price }) => `${sku},${price}`).join('\n')}\n`)

/** Every so-many-th price a tenth higher. */
const dearer = (rows: readonly Row[], every: number): Row[] =>
  rows.map((row, index) => (index % every ? row : { ...row, price: Math.round(row.price * 110) / 100 }))

const changedIn = (rows: readonly Row[], next: readonly Row[]): string[] =>
  next.filter(({ price }, index) => price !== rows[index]?.price).map(({ sku }) => sku)

describe('the main job, from outside', () => {
  it('plans exactly the changed prices, pushes them, and a second run plans nothing', async () => {
    box = await openBlackBox()
    const pulled = await box.json<PullReport>('pull')
    expect([pulled.exit, pulled.document.state]).toEqual([0, 'complete'])
    const rows = await skus()
    expect(rows.length).toBeGreaterThan(400)
    const next = dearer(rows, 20)
    feed(next)

    const planned = await box.json<Plan & { state: string }>('plan', 'prices', '--exit-code')
    expect(planned.exit).toBe(3)
    expect(planned.document.changes.map(({ key }) => key['sku']).sort()).toEqual(changedIn(rows, next).sort())
    const pushed = await box.json<PushReport>('push', planned.document.plan, '--yes')
    expect(pushed.exit).toBe(0)
    expect(pushed.document.counts).toEqual({ applied: changedIn(rows, next).length, skipped: 0, failed: 0, held: 0 })
    expect(pushed.document.requests.write).toBe(planned.document.cost.requests)

    expect((await box.skiff('pull')).exit).toBe(0)
    const again = await box.json<Plan>('plan', 'prices', '--exit-code')
    expect(again.exit).toBe(0)
    expect(again.document.summary).toMatchObject({ update: 0, unchanged: rows.length })
    expect(await skus()).toEqual(next)
    expect(await box.log()).toHaveLength(planned.document.cost.requests)
  })

  it('syncs a changed file in one command', async () => {
    box = await openBlackBox()
    await box.skiff('pull')
    const rows = await skus()
    feed(dearer(rows, 25))
    const waiting = await box.json<PushReport>('sync', 'prices')
    expect([waiting.exit, waiting.document.state]).toEqual([3, 'waiting'])
    expect(await box.log()).toEqual([])
    const synced = await box.json<PushReport>('sync', 'prices', '--yes')
    expect([synced.exit, synced.document.state]).toEqual([0, 'complete'])
    expect(synced.document.counts.applied).toBe(Math.ceil(rows.length / 25))
    const again = await box.json<PushReport>('sync', 'prices', '--yes')
    expect(again.document).toMatchObject({ exit: 0, counts: { applied: 0 }, requests: { write: 0 } })
  })
})
