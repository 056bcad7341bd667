import { afterEach, describe, expect, it } from 'vitest'
import { configHash, planSync, pullStore, pushPlan } from '../../src/app/index.ts'
import { push, withRun } from '../../src/engine/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { Crash, dying } from '../support/dying.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, reopened, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
/** What lies between the client and the store. */
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const SKUS = Array.from({ length: 25 }, (_, index) => `MUG-${String(index + 1).padStart(2, '0')}`)

/** 25 mugs at 10, a plan that wants 11 for each: three requests. */
const ready = async (wanted = 11) => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price' },
        guards: { maxChanges: false, allChanged: false },
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  shop.feed([['sku', 'price'], ...SKUS.map((sku) => [sku, wanted])])
  await shop.pull()
  const { plan } = await shop.plan()
  return { plan, mark: shop.emulator.log.length }
}

const prices = (): number[] => shop.emulator.state.products.list().map(({ price }) => price)

const pushUntilCrash = (planId: string, call: number, when: 'before' | 'after'): Promise<unknown> => {
  const { workspace } = shop
  const spec = workspace.sync('prices')
  const options = {
    approvedBy: 'test',
    allowed: new Map(),
    only: null,
    source: workspace.source(spec),
    configHash: configHash(workspace.settings, spec),
  }
  return workspace.withStore('main', 'push', (side) => {
    const doomed = { ...side, mirror: dying(side.mirror, call, when) }
    return withRun(workspace.context, doomed, 'push', planId, (run) =>
      push(workspace.context, doomed, spec, planId, options, run),
    )
  })
}

const APPROVE = { approvedBy: 'test', allow: [], only: null }

const horizon = () => shop.workspace.withStore('main', 'look', async ({ horizonMs }) => horizonMs)

describe('a crash of the process', () => {
  // One record approves all rows, then each of the three requests has its intent and its end.
  const points = [1, 2, 3, 4, 5, 6, 7].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const])

  it.each(points)(
    'P1, P2: at step %i of the journal, %s it is durable: the next push ends everything, nothing twice',
    async (call, when) => {
      const { plan, mark } = await ready()
      await expect(pushUntilCrash(plan.plan, call, when)).rejects.toBeInstanceOf(Crash)
      const again = reopened(shop)
      const pushed = await pushPlan(again, plan.plan, APPROVE)
      expect(ends(pushed)).toEqual({ applied: 25 })
      expect(prices()).toEqual(Array(25).fill(11))
      const written = writes(shop, mark).flatMap(({ body }) => body as { id: number }[])
      expect(written).toHaveLength(25)
      expect(await again.withMirror('main', (mirror) => [mirror.openChanges(), mirror.brokenJournal()])).toEqual([
        [],
        null,
      ])
      await pullStore(again, 'main', {})
      expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 25 })
    },
  )

  it('P2: and a new plan instead of the old one: what was sent is settled first, and nothing is written twice', async () => {
    const { plan, mark } = await ready()
    await expect(pushUntilCrash(plan.plan, 3, 'before')).rejects.toBeInstanceOf(Crash)
    await shop.pull()
    const second = await shop.plan()
    const pushed = await shop.push(second.plan.plan)
    expect(pushed.counts.failed).toBe(0)
    expect(prices()).toEqual(Array(25).fill(11))
    const written = writes(shop, mark).flatMap(({ body }) => (body as { id: number }[]).map(({ id }) => id))
    expect(written).toHaveLength(new Set(written).size)
    expect(await shop.workspace.withMirror('main', (mirror) => mirror.openChanges())).toEqual([])
  })

  it('P2: gives a request that may have left just before the end its time, however old its intent is', async () => {
    const { plan } = await ready()
    await expect(pushUntilCrash(plan.plan, 2, 'after')).rejects.toBeInstanceOf(Crash)
    shop.clock.advance(10 * 60_000)
    const from = shop.clock.elapsed()
    const pushed = await pushPlan(reopened(shop), plan.plan, APPROVE)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(shop.clock.elapsed() - from).toBeGreaterThan(await horizon())
  })

  it('leaves a run that stands there as running, and the lock free', async () => {
    const { plan } = await ready()
    await expect(pushUntilCrash(plan.plan, 2, 'after')).rejects.toBeInstanceOf(Crash)
    expect(shop.rows("SELECT state FROM sync_run WHERE verb = 'push'")).toEqual([{ state: 'running' }])
    expect(shop.workspace.holder('main')).toBeNull()
  })
})

describe('a push that a signal stops', () => {
  it('P6: finishes the request in flight, records it, and goes on when it is run again', async () => {
    const { plan, mark } = await ready()
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (init.method === 'PUT') shop.stop.abort(new Error('SIGTERM'))
      return response
    }
    const stopped = await shop.push(plan.plan)
    expect([stopped.state, stopped.exit]).toEqual(['interrupted', 8])
    const { applied } = stopped.counts
    expect(applied).toBeGreaterThanOrEqual(10)
    expect(applied).toBeLessThan(25)
    expect(writes(shop, mark).flatMap(({ body }) => body as object[])).toHaveLength(applied)
    between = null
    const resumed = await pushPlan(reopened(shop), plan.plan, APPROVE)
    expect(ends(resumed)).toEqual({ applied: 25 })
    expect(writes(shop, mark)).toHaveLength(3)
  })
})

describe('a plan that is no longer what it was made for', () => {
  const refuses = (planId: string, reason: string) =>
    expect(shop.push(planId)).rejects.toMatchObject({
      code: 'stale_plan',
      exit: 1,
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('skiff plan prices'),
    })

  it('C12: the config of its sync changed: refused', async () => {
    const { plan, mark } = await ready()
    const { workspace } = shop
    const spec = workspace.sync('prices')
    const source = workspace.source(spec)
    const options = { approvedBy: 'test', allowed: new Map(), only: null, source, configHash: 'another' }
    await expect(
      workspace.withStore('main', 'push', (side) => push(workspace.context, side, spec, plan.plan, options, 'r9')),
    ).rejects.toMatchObject({ code: 'stale_plan', message: expect.stringContaining('config') })
    expect(writes(shop, mark)).toEqual([])
  })

  it('U8: it expired: refused', async () => {
    const { plan } = await ready()
    shop.clock.advance(24 * 3_600_000 + 1000)
    await refuses(plan.plan, 'expired')
  })

  it('its rows were tampered with: refused', async () => {
    const { plan, mark } = await ready()
    await shop.workspace.withStore('main', 'tamper', async (side) => {
      const [first, ...others] = plan.changes
      const fields = (first?.fields ?? []).map((field) => ({ ...field, to: '1' }))
      side.mirror.savePlan({ ...plan, plan: 'p99', changes: first ? [{ ...first, fields }, ...others] : [] }, 'open')
    })
    await refuses('p99', 'rows are not those')
    expect(writes(shop, mark)).toEqual([])
  })

  it('it was pushed already: refused', async () => {
    const { plan } = await ready()
    await shop.push(plan.plan)
    await refuses(plan.plan, 'pushed already')
  })

  it('U10: a row that somebody edited since is skipped, told with both values, and the others go through', async () => {
    const { plan } = await ready()
    const victim = shop.emulator.state.products.list()[3]
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${victim?.id}`, { price: 12.5 })
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 24, skipped: 1 })
    expect([pushed.state, pushed.exit]).toEqual(['partial', 5])
    expect(pushed.rows.find(({ state }) => state === 'skipped')?.reason).toBe(
      'price is 12.5 in the store now, the plan expected 10',
    )
    expect(shop.emulator.state.products.get(victim?.id ?? 0)?.price).toBe(12.5)
  })

  it('U10: a row that already has the new value is skipped without a request', async () => {
    const { plan, mark } = await ready()
    const victim = shop.emulator.state.products.list()[3]
    shop.emulator.state.products.update(victim?.id ?? 0, { price: 11 })
    const pushed = await shop.push(plan.plan)
    expect(pushed.rows.find(({ state }) => state === 'skipped')?.reason).toBe('already so in the store')
    expect(writes(shop, mark).flatMap(({ body }) => body as object[])).toHaveLength(24)
  })

  it('more than a fifth of its rows were edited since: nothing is written', async () => {
    const { plan, mark } = await ready()
    for (const { id } of shop.emulator.state.products.list().slice(0, 8)) {
      shop.emulator.state.products.update(id, { price: 14 })
    }
    await refuses(plan.plan, '8 of 25 rows were changed in the store since')
    expect(writes(shop, mark)).toEqual([])
  })
})

describe('a change that takes two requests', () => {
  const TRACKED = { inventory_tracking: 'product', inventory_level: 20 }

  /** Price and stock of each mug: the price goes to the product, the stock to the inventory. */
  const both = async () => {
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
      syncs: {
        prices: {
          store: 'main',
          resource: 'skus',
          source: 'feed',
          key: { sku: 'sku' },
          fields: { price: 'price', inventory_level: 'stock' },
          guards: { maxChanges: false, allChanged: false },
        },
      },
    })
    for (const sku of SKUS) await simpleProduct(shop, sku, 10, TRACKED)
    shop.clock.advance(60_000)
    shop.feed([['sku', 'price', 'stock'], ...SKUS.map((sku) => [sku, 11, 30])])
    await shop.pull()
    const { plan } = await shop.plan()
    return { plan, mark: shop.emulator.log.length }
  }

  const whole = async (planId: string, mark: number) => {
    const pushed = await pushPlan(reopened(shop), planId, APPROVE)
    expect(ends(pushed)).toEqual({ applied: 25 })
    shop.clock.advance(120_000)
    const stored = shop.emulator.state.products.list()
    await pullStore(reopened(shop), 'main', {})
    expect(shop.rows('SELECT DISTINCT price, inventory_level FROM skus')).toEqual([{ price: 11, inventory_level: 30 }])
    expect(stored.map(({ price }) => price)).toEqual(Array(25).fill(11))
    expect(writes(shop, mark).map(({ path }) => path)).toEqual([
      ...Array(3).fill('/v3/catalog/products'),
      '/v3/inventory/adjustments/absolute',
    ])
    const again = await planSync(reopened(shop), 'prices', { allow: [], staleOk: false, only: null })
    expect(again.plan.summary).toMatchObject({ update: 0, unchanged: 25 })
  }

  // One record approves; three requests for prices and one for stock have an intent and an end each. Ends of the first three
  // end no change.
  it.each([1, 2, 3, 4, 5, 6].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    'P2: a crash at step %i of the journal, %s it is durable: every part is written once',
    async (call, when) => {
      const { plan, mark } = await both()
      await expect(pushUntilCrash(plan.plan, call, when)).rejects.toBeInstanceOf(Crash)
      await whole(plan.plan, mark)
    },
  )

  it('P6: a signal between the two: the second part is sent by the next push, without waiting', async () => {
    const { plan, mark } = await both()
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (init.method === 'PUT') shop.stop.abort(new Error('SIGTERM'))
      return response
    }
    const stopped = await shop.push(plan.plan)
    expect(stopped).toMatchObject({ state: 'interrupted', counts: { applied: 0, held: 0, failed: 0 } })
    between = null
    const before = shop.clock.now()
    await whole(plan.plan, mark)
    expect(shop.clock.now() - before - 120_000).toBeLessThan(10_000)
  })

  it('U10: a value that somebody set to the planned one meanwhile does not keep the other from being written', async () => {
    const { plan, mark } = await both()
    const [first] = shop.emulator.state.products.list()
    shop.emulator.state.products.update(first?.id ?? 0, { price: 11 })
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 25 })
    const prices = writes(shop, mark).filter(({ path }) => path === '/v3/catalog/products')
    expect(prices.flatMap(({ body }) => body as object[])).toHaveLength(24)
  })
})
