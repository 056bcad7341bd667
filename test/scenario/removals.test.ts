import { afterEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

const MINUTE = 60_000
let shop: Shop
afterEach(() => shop.close())

/** A store of products P0, P1..., pulled, and agreed on with a feed that names all of them. */
const agreed = async (products: number, sync: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      prices: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price' },
        remove: 'hide',
        ...sync,
      },
    },
  })
  for (let at = 0; at < products; at += 1) await simpleProduct(shop, `P${at}`, 10)
  await pulled()
  shop.feed(rows(products))
  await shop.plan()
}
const pulled = async (): Promise<void> => {
  shop.clock.advance(MINUTE)
  await shop.pull()
}
type Rows = (string | number)[][]
const rows = (count: number): Rows => [
  ['sku', 'price'],
  ...Array.from({ length: count }, (_none, at) => [`P${at}`, 10]),
]
const without = (all: Rows, ...keys: string[]): Rows => all.filter(([sku]) => !keys.includes(String(sku)))
const edit = (sku: string, set: object) =>
  elsewhere(
    shop,
    'PUT',
    `/v3/catalog/products/${shop.emulator.state.products.list().find((one) => one['sku'] === sku)?.id}`,
    set,
  )
const hidden = async (): Promise<unknown[]> =>
  (await shop.plan()).plan.changes.filter(({ action }) => action === 'hide').map(({ key }) => key['sku'])
const base = (): number => Number(shop.rows('SELECT count(*) AS n FROM sync_base')[0]?.['n'])

describe('a row that left the source', () => {
  it('is hidden, and is a matter of the sync until that is done', async () => {
    await agreed(20)
    shop.feed(without(rows(20), 'P3'))
    const { plan } = await shop.plan()
    expect(plan.summary).toMatchObject({ remove: 1, unchanged: 19 })
    expect(await hidden()).toEqual(['P3'])
    await shop.push((await shop.plan()).plan.plan)
    shop.clock.advance(10 * MINUTE)
    await pulled()
    expect(await hidden()).toEqual([])
    expect(base()).toBe(19)
  })

  it('B10: stays as it is where its row has a new name that the source knows', async () => {
    await agreed(20)
    await edit('P0', { sku: 'NEW' })
    await pulled()
    shop.feed([...without(rows(20), 'P0'), ['NEW', 10]])
    expect(await hidden()).toEqual([])
  })

  it('stays as it is where it is outside the filter by now', async () => {
    await agreed(20, { filter: { condition: 'New' } })
    await edit('P19', { condition: 'Used' })
    await pulled()
    shop.feed(without(rows(20), 'P19'))
    expect(await hidden()).toEqual([])
  })

  it('stays as it is while any line of the source has no readable key', async () => {
    await agreed(40)
    const broken = rows(40).map((row) => (row[0] === 'P7' ? ['P7', 10, 'extra'] : row))
    shop.feed(without(broken, 'P9'))
    const { plan } = await shop.plan()
    expect(plan.summary).toMatchObject({ remove: 0, rejected: 1 })
    expect(plan.notes.join('\n')).toMatch(/1 lines of the source have no readable key, so nothing is removed/)
    expect(base()).toBe(40)
    shop.feed(without(rows(40), 'P9'))
    expect(await hidden()).toEqual(['P9'])
  })

  it('is one of a few: more block the plan', async () => {
    await agreed(60)
    shop.feed(rows(49))
    const { plan } = await shop.plan()
    expect(plan.guards.find(({ guard }) => guard === 'maxHides')).toMatchObject({
      verdict: 'blocked',
      detail: expect.stringMatching(/^11 of 60 rows are hidden/),
    })
    shop.feed(rows(50))
    expect(await hidden()).toHaveLength(10)
  })

  it('B9: is forgotten where nothing is to become of it', async () => {
    await agreed(20, { remove: 'never' })
    shop.feed(rows(19))
    await shop.plan()
    expect(base()).toBe(19)
  })
})
