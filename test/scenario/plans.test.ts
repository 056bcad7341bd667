import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'

interface Row {
  readonly sku: string
  readonly price: number
}

let shop: Shop
let rows: Row[]
beforeEach(async () => {
  shop = openShop()
  await shop.pull()
  rows = shop.rows(
    'SELECT sku, price FROM skus WHERE sku IS NOT NULL AND price > 5 ORDER BY sku LIMIT 12',
  ) as unknown as Row[]
})
afterEach(() => shop.close())

const feed = (factor: number) =>
  shop.feed([['sku', 'price'], ...rows.map(({ sku, price }) => [sku, (price * factor).toFixed(2)])])

describe('plans of one sync', () => {
  it('I16: a later plan takes the place of an earlier one, which writes nothing any more', async () => {
    feed(1.1)
    const wrong = await shop.plan()
    feed(1.02)
    const right = await shop.plan()
    await expect(shop.push(wrong.plan.plan)).rejects.toMatchObject({ code: 'stale_plan' })
    expect(shop.emulator.log).toEqual([])
    expect((await shop.push(right.plan.plan)).counts.applied).toBe(rows.length)
  })

  it('I16: a plan that was pushed in part writes nothing more once its source was read anew and says otherwise', async () => {
    feed(1.1)
    const wrong = await shop.plan()
    const [first] = wrong.plan.changes
    expect((await shop.push(wrong.plan.plan, { only: [String(first!.key['sku'])] })).counts.applied).toBe(1)
    shop.clock.advance(60_000)
    feed(1)
    await shop.pull()
    const right = await shop.plan()
    expect((await shop.push(right.plan.plan)).counts.applied).toBe(1)
    const written = shop.emulator.log.length
    await expect(shop.push(wrong.plan.plan)).rejects.toMatchObject({
      code: 'stale_plan',
      message: expect.stringContaining('its source was read anew since'),
    })
    expect(shop.emulator.log).toHaveLength(written)
  })

  it('a plan that was pushed in part goes on while its source says the same', async () => {
    feed(1.1)
    const { plan } = await shop.plan()
    const [first] = plan.changes
    await shop.push(plan.plan, { only: [String(first!.key['sku'])] })
    shop.clock.advance(60_000)
    await shop.pull()
    await shop.plan()
    expect((await shop.push(plan.plan)).counts.applied).toBe(plan.changes.length)
  })

  it('a plan of which much was changed in the store since is refused now and later, and no row of it is written', async () => {
    feed(1.1)
    const { plan } = await shop.plan()
    const moved = plan.changes.slice(0, 8)
    for (const { entity } of moved) {
      const variant = shop.emulator.state.variants.get(Number(entity['variant_id']))
      const product = shop.emulator.state.products.get(Number(entity['product_id']))
      if (product?.base_variant_id === variant?.id)
        shop.emulator.state.products.update(product!.id, { ...product!, price: 777 })
      else shop.emulator.state.variants.update(variant!.id, { ...variant!, price: 777 })
    }
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ code: 'stale_plan' })
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ code: 'stale_plan' })
    expect(shop.emulator.log).toEqual([])
  })
})

describe('the check before a push', () => {
  it('U13: sees an edit made after our own last write, also when no pull came between', async () => {
    feed(1.05)
    await shop.push((await shop.plan()).plan.plan)
    shop.clock.advance(30 * 60_000)
    const [target] = (await shop.plan()).plan.changes
    expect(target).toBeUndefined()
    feed(1.08)
    const { plan } = await shop.plan()
    const simple = plan.changes.find(
      ({ entity }) => shop.emulator.state.products.get(Number(entity['product_id']))?.base_variant_id,
    )
    const product = shop.emulator.state.products.get(Number(simple!.entity['product_id']))!
    shop.emulator.state.products.update(product.id, { ...product, price: 555 })
    const pushed = await shop.push(plan.plan)
    const row = pushed.rows.find(({ id }) => id === simple!.id)
    expect(row).toMatchObject({ state: 'skipped', reason: expect.stringContaining('555') })
    expect(shop.emulator.state.products.get(product.id)?.price).toBe(555)
  })

  it('leaves a row alone whose SKU has moved to another product', async () => {
    feed(1.05)
    const { plan } = await shop.plan()
    const simple = plan.changes.find(
      ({ entity }) => shop.emulator.state.products.get(Number(entity['product_id']))?.base_variant_id,
    )!
    const variant = shop.emulator.state.variants.get(Number(simple.entity['variant_id']))!
    const product = shop.emulator.state.products.get(Number(simple.entity['product_id']))!
    shop.emulator.state.variants.update(variant.id, { ...variant, sku: 'RENAMED' })
    shop.emulator.state.products.update(product.id, { ...product, sku: 'RENAMED' })
    const pushed = await shop.push(plan.plan)
    expect(pushed.rows.find(({ id }) => id === simple.id)).toMatchObject({
      state: 'skipped',
      reason: 'it is RENAMED in the store now',
    })
  })
})

describe('a plan that a row guard blocks', () => {
  it('is not let pass by a push, which could not add the rows that were held', async () => {
    feed(2)
    const { plan } = await shop.plan()
    expect(plan.guards.find(({ guard }) => guard === 'maxPriceChange')).toMatchObject({ verdict: 'blocked' })
    await expect(shop.push(plan.plan, { allow: ['maxPriceChange'] })).rejects.toMatchObject({
      code: 'blocked',
      hint: expect.stringContaining('plan again'),
    })
    expect(shop.emulator.log).toEqual([])
  })
})

describe('a plan of some keys', () => {
  it('is refused when the source names none of them', async () => {
    feed(1.1)
    await expect(shop.plan({ only: ['NOPE'] })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('NOPE'),
    })
  })
})

describe('a feed of which much cannot be read', () => {
  it('blocks, and says where nobody looks at the plan what is wrong with it', async () => {
    shop.feed([['sku', 'price'], ...rows.map(({ sku }, index) => [sku, index < 4 ? '12,9O' : 10])])
    const { plan } = await shop.plan()
    expect(plan.guards.find(({ guard }) => guard === 'maxSourceDrop')).toMatchObject({
      verdict: 'blocked',
      detail: expect.stringContaining('4 of 12 rows of the source cannot be read'),
    })
    expect(shop.progress.find(({ kind }) => kind === 'warning')).toMatchObject({
      text: expect.stringContaining('4 rejected (row 2, price "12,9O": not a number)'),
    })
  })
})

describe('a run whose process was killed', () => {
  it('is told as interrupted once the next run has the store', async () => {
    await shop.workspace.withStore('main', 'pull', async ({ mirror }) => {
      mirror.saveRun({
        run: 'r90',
        verb: 'pull',
        what: 'main',
        started: '2026-03-02T09:00:00Z',
        finished: null,
        state: 'running',
        exit: null,
        report: null,
      })
    })
    await shop.pull()
    const killed = await shop.workspace.withMirror('main', (mirror) => mirror.run('r90'))
    expect(killed).toMatchObject({ state: 'interrupted', exit: 8 })
  })
})
