import { afterEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'

let shop: Shop
afterEach(() => shop.close())

const skuRows = (): { sku: string; price: number }[] =>
  shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku') as { sku: string; price: number }[]

describe('the main job', () => {
  it('plans exactly the changed prices, pushes them, and plans nothing afterwards', async () => {
    shop = openShop()
    const pulled = await shop.pull()
    expect(pulled.state).toBe('complete')
    const rows = skuRows()
    const changed = rows.filter((_row, index) => index % 20 === 0)
    shop.feed([
      ['sku', 'price'],
      ...rows.map(({ sku, price }, index) => [sku, index % 20 === 0 ? (price * 1.1).toFixed(2) : price]),
    ])

    const { plan } = await shop.plan()
    expect(plan.summary.update).toBe(changed.length)
    expect(plan.changes.map(({ key }) => key['sku']).sort()).toEqual(changed.map(({ sku }) => sku).sort())

    const pushed = await shop.push(plan.plan)
    expect(pushed.rows.filter(({ state }) => state !== 'applied')).toEqual([])
    expect(pushed.requests.write).toBe(plan.cost.requests)
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: rows.length })
    await shop.pull()
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: rows.length })
  })
})
