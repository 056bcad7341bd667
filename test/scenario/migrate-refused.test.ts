import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const REFUSED = ['order_coupons', 'order_messages', 'order_transactions', 'order_refunds']
const RESOURCES = [
  'customers',
  'customer_groups',
  'orders',
  'order_lines',
  'order_addresses',
  'order_shipments',
  ...REFUSED,
]

const open = (): void => {
  shops = openTwoShops({
    resources: ['products', 'variants', 'categories', 'brands', ...RESOURCES],
    old: { products: 6, customers: 6, orders: 30 },
  })
}
const plan = () =>
  foretellMigration(shops.workspace, 'old', 'new', {
    only: null,
    since: null,
    names: {},
    existing: null,
    conflict: 'ask',
    approvedBy: 'nobody',
  })

describe('what the API lets nobody carry over', () => {
  it('is told before a copy with its count, and neither planned as new rows nor as rows that stay one by one', async () => {
    open()
    const { refused, resources, left } = await plan()
    for (const name of REFUSED) {
      expect(refused.find(({ resource }) => resource === name)?.rows).toBe(
        shops.rows('old', `SELECT * FROM ${name}`).length,
      )
      expect(resources.map(({ resource }) => resource)).not.toContain(name)
      expect(left.map(({ resource }) => resource)).not.toContain(name)
    }
  })

  it('is nothing to do, no difference and no change once everything else is copied', async () => {
    open()
    await shops.migrate()
    expect(await plan()).toMatchObject({ exit: 0, state: 'complete' })
    const { resources, differences, refused } = await shops.reconcile()
    expect(refused).toEqual((await plan()).refused)
    expect(refused.map(({ resource }) => resource)).toEqual(expect.arrayContaining(REFUSED))
    expect(differences.filter(({ resource }) => REFUSED.includes(resource))).toEqual([])
    const payments = resources.find(({ resource }) => resource === 'order_transactions')
    expect(payments).toMatchObject({ new: 0, linked: 0, differs: 0 })
    expect(payments?.onlyOld).toBeGreaterThan(0)
    expect(await shops.freeze()).toMatchObject({ exit: 0, rows: [] })
  })

  it('does not count as copied where rows stay behind on purpose', async () => {
    open()
    const { resources } = await plan()
    expect(shops.rows('old', 'SELECT * FROM orders WHERE status_id = 0').length).toBeGreaterThan(0)
    expect(resources.find(({ resource }) => resource === 'orders')).toMatchObject({ standing: 0 })
  })
})
