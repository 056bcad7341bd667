import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportDefinitions, runReport } from '../../src/app/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { type JobShop, openJobShop } from '../support/job-shop.ts'
import { elsewhere } from '../support/shop-tools.ts'

let shop: JobShop
beforeEach(() => {
  shop = openJobShop(
    {},
    { store: { resources: ['products', 'variants', 'orders', 'order_lines'] }, emulator: { orders: 200 } },
  )
})
afterEach(() => shop.close())

const report = async (name: string, days?: number): Promise<Record<string, unknown>[]> => {
  const { columns, rows } = await runReport(shop.open(), name, { store: 'main', days })
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))
}

const NOT_SALES = '(0, 5, 6)'

describe('the reports', () => {
  it('are read over the mirror, each with the columns of its chart and the resources that exist', async () => {
    await shop.pull()
    for (const { name, chart, needs } of reportDefinitions()) {
      for (const resource of needs) expect(catalog.resources.has(resource), `${name} needs ${resource}`).toBe(true)
      const { columns, rows } = await runReport(shop.open(), name, { store: 'main' })
      for (const column of chart ? [chart.value, ...chart.labels] : []) expect(columns, name).toContain(column)
      if (name !== 'price-changes' && name !== 'thin-margins') expect(rows.length, name).toBeGreaterThan(0)
    }
  })

  it('read at most one of the mirrored tables from end to end, so that they stay quick over a large store', async () => {
    await shop.pull()
    for (const { name, sql } of reportDefinitions()) {
      const own = [...sql.matchAll(/(\w+)(?: \([^)]*\))? AS (?:MATERIALIZED )?\(/g)].map(([, one]) => one)
      const dated = sql.replaceAll(':since', "'2026-01-01T00:00:00Z'").replaceAll(':now', "'2026-02-01T00:00:00Z'")
      const steps = shop.rows(`EXPLAIN QUERY PLAN ${dated}`).map(({ detail }) => String(detail))
      const scanned = steps.flatMap((step) => /^SCAN (?!CONSTANT)(\w+)/.exec(step)?.[1] ?? [])
      expect(scanned.filter((one) => !own.includes(one)).length, `${name}: ${steps.join('; ')}`).toBeLessThanOrEqual(1)
    }
  })

  it('count every sale once and nothing else: not incomplete, cancelled, declined or archived orders', async () => {
    await shop.pull()
    const [expected] = shop.rows(
      `SELECT count(*) AS orders, round(sum(total_inc_tax), 2) AS revenue FROM orders
       WHERE status_id NOT IN ${NOT_SALES} AND is_deleted = 0`,
    )
    expect(shop.rows(`SELECT 1 FROM orders WHERE status_id IN ${NOT_SALES}`).length).toBeGreaterThan(0)
    const rows = await report('sales-per-day', 3000)
    const sum = (column: string) => rows.reduce((total, row) => total + Number(row[column]), 0)
    expect(sum('orders')).toBe(expected?.['orders'])
    expect(sum('revenue')).toBeCloseTo(Number(expected?.['revenue']), 1)
  })

  it('show days without a sale, and as many days as were asked for', async () => {
    await shop.pull()
    const rows = await report('sales-per-day', 7)
    expect(new Set(rows.map(({ day }) => day)).size).toBe(7)
    expect(rows.at(-1)?.['day']).toBe('2026-03-02')
  })

  it('tell price changes with the run that met them', async () => {
    await shop.pull()
    const [sku] = shop.rows('SELECT sku, product_id, price FROM skus WHERE is_simple AND own_price IS NULL LIMIT 1')
    shop.clock.advance(60_000)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${sku?.['product_id']}`, { price: Number(sku?.['price']) * 2 })
    shop.clock.advance(60_000)
    const { run } = await shop.pull()
    expect(await report('price-changes')).toContainEqual(
      expect.objectContaining({ sku: sku?.['sku'], field: 'price', before: sku?.['price'], percent: 100, run }),
    )
  })

  it('refuse before the first pull, and while the last pull of what they count did not end', async () => {
    await expect(report('low-stock')).rejects.toMatchObject({ code: 'mirror', hint: 'run `skiff pull main` first' })
    await shop.pull({ only: ['products', 'variants'] })
    expect(await report('low-stock')).toBeDefined()
    await expect(report('best-sellers')).rejects.toMatchObject({ code: 'mirror' })
    await shop.pull()
    shop.emulator.faults.set([{ kind: 'status', path: '/v2/orders', status: 501 }])
    await shop.pull().catch(() => undefined)
    await expect(report('best-sellers')).rejects.toThrow('did not end')
    expect(await report('low-stock')).toBeDefined()
  })

  it('refuse an unknown name, and days where there is no period', async () => {
    await shop.pull()
    await expect(report('low-stok')).rejects.toMatchObject({ hint: expect.stringContaining('"low-stock"') })
    await expect(report('low-stock', 7)).rejects.toMatchObject({ code: 'usage' })
    await expect(report('sales-per-day', 0)).rejects.toMatchObject({ code: 'usage' })
  })
})
