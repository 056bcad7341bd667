import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planSync, pushPlan, syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'

let shop: Shop
beforeEach(async () => {
  shop = openShop({ store: { production: true } })
  await shop.pull()
  const rows = shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL LIMIT 1') as {
    sku: string
    price: number
  }[]
  shop.feed([['sku', 'price'], ...rows.map(({ sku, price }) => [sku, (price * 1.05).toFixed(2)])])
})
afterEach(() => shop.close())

const plan = () => planSync(shop.workspace, 'prices', { allow: [], staleOk: false, only: null })
const push = (id: string, typedStore?: string) =>
  pushPlan(shop.workspace, id, { approvedBy: 'test', allow: [], only: null, ...(typedStore ? { typedStore } : {}) })

describe('a live store', () => {
  it('U1, C6: asks for its name before the first push of a sync, and not again', async () => {
    const first = await plan()
    await expect(push(first.plan.plan)).rejects.toMatchObject({ code: 'approval' })
    await expect(push(first.plan.plan, 'another')).rejects.toMatchObject({ code: 'approval' })
    expect(shop.emulator.log).toEqual([])

    expect((await push(first.plan.plan, 'main')).counts.applied).toBe(1)
    const [row] = shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL LIMIT 1') as {
      sku: string
      price: number
    }[]
    shop.feed([
      ['sku', 'price'],
      [row!.sku, (row!.price * 1.05).toFixed(2)],
    ])
    expect((await push((await plan()).plan.plan)).counts.applied).toBe(1)
  })

  it('U15: lets a scheduled sync wait until a person has made the first push', async () => {
    const report = await syncOne(shop.workspace, 'prices', { approvedBy: 'rule', dryRun: false, allow: [] })
    expect(report).toMatchObject({ state: 'waiting', exit: 3 })
    expect(shop.emulator.log).toEqual([])
  })
})
