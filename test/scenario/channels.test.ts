import { afterEach, describe, expect, it } from 'vitest'
import { configHash, pushPlan, rehearsePlan, syncOne } from '../../src/app/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import { push, withRun } from '../../src/engine/index.ts'
import { Crash, dying } from '../support/dying.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { ends, reopened, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const PATH = '/v3/catalog/products/channel-assignments'

const openGoods = (channels: unknown = [1, 2]): void => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    syncs: {
      goods: {
        store: 'main',
        source: 'feed',
        resource: 'products',
        key: { sku: 'SKU' },
        fields: { name: 'Name', price: 'Price' },
        create: true,
        createDefaults: {
          type: 'physical',
          weight: 1,
          is_visible: false,
          categories: [],
          channels,
        },
        guards: { maxChanges: false, allChanged: false, maxSourceDrop: false },
      },
    },
  })
  shop.emulator.state.channels.insert({ id: 2, name: 'Outlet' })
  shop.feed([
    ['SKU', 'Name', 'Price'],
    ['A', 'Ash Bowl', 10],
    ['B', 'Birch Bowl', 20],
  ])
}
const plan = () => shop.plan({ sync: 'goods' }).then(({ plan: made }) => made)
const APPROVE = { approvedBy: 'test', allow: [], only: null }
const onChannels = (): string[] => {
  const { channelAssignments, products } = shop.emulator.state
  return channelAssignments
    .list()
    .map(({ product_id, channel_id }) => `${products.get(product_id)?.sku} ${channel_id}`)
    .sort()
}
const ALL = ['A 1', 'A 2', 'B 1', 'B 2']
const paths = (from = 0): string[] => writes(shop, from).map(({ method, path }) => `${method} ${path}`)

const pushUntilCrash = (planId: string, call: number, when: 'before' | 'after'): Promise<unknown> => {
  const { workspace } = shop
  const spec = workspace.sync('goods')
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

describe('channels of a new product', () => {
  it('are shown and counted by the plan, assigned by the same push, and then nothing is planned', async () => {
    openGoods()
    await shop.pull()
    const made = await plan()
    expect(made.changes[0]?.follow).toEqual({ product_channel_assignments: [{ channel_id: 1 }, { channel_id: 2 }] })
    expect(made.cost.endpoints).toEqual([
      { endpoint: 'POST /v3/catalog/products', requests: 2, rows: 2 },
      { endpoint: `PUT ${PATH}`, requests: 1, rows: 4 },
    ])
    const pushed = await shop.push(made.plan, { sync: 'goods' })
    expect(ends(pushed)).toEqual({ applied: 2 })
    expect(onChannels()).toEqual(ALL)
    expect(paths()).toEqual(['POST /v3/catalog/products', 'POST /v3/catalog/products', `PUT ${PATH}`])
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ create: 0, update: 0, unchanged: 2 })
  })

  it('are rehearsed too, whichever channels the store has', async () => {
    openGoods([1, 2, 7])
    await shop.pull()
    const { plan: id } = await plan()
    const rehearsed = await rehearsePlan(shop.workspace, id, undefined)
    expect(rehearsed.counts).toMatchObject({ applied: 2, failed: 0 })
    expect(onChannels()).toEqual([])
  })

  it('are left to the store where the config says so', async () => {
    openGoods('default')
    await shop.pull()
    expect(ends(await shop.push((await plan()).plan, { sync: 'goods' }))).toEqual({ applied: 2 })
    expect(onChannels()).toEqual([])
  })

  it('must be ids', () => {
    expect(() => openGoods(['web'])).toThrow(
      /createDefaults.channels: must be a list of ids, such as \[1\], or "default"/,
    )
    openGoods()
  })

  const lost: [string, Fault][] = [
    ['after it was carried out', { kind: 'drop', method: 'PUT', path: PATH, times: 1 }],
    ['before it was carried out', { kind: 'drop', method: 'PUT', path: PATH, times: 1, when: 'before' }],
    ['by a bare 500', { kind: 'status', status: 500, method: 'PUT', path: PATH, times: 1 }],
  ]
  it.each(lost)('are sent again where the answer is lost %s', async (_title, fault) => {
    openGoods()
    await shop.pull()
    const made = await plan()
    shop.emulator.faults.set([fault])
    expect(ends(await shop.push(made.plan, { sync: 'goods' }))).toEqual({ applied: 2 })
    expect(onChannels()).toEqual(ALL)
    expect(shop.emulator.state.products.size).toBe(2)
  })

  it('come after a create whose own answer was lost', async () => {
    openGoods()
    await shop.pull()
    const made = await plan()
    shop.emulator.faults.set([{ kind: 'drop', method: 'POST', path: '/v3/catalog/products', times: 1 }])
    expect(ends(await shop.push(made.plan, { sync: 'goods' }))).toEqual({ applied: 2 })
    expect(onChannels()).toEqual(ALL)
    expect(shop.emulator.state.products.size).toBe(2)
  })

  it('that do not exist fail the row, which says that the product is made', async () => {
    openGoods([1, 9])
    await shop.pull()
    const pushed = await shop.push((await plan()).plan, { sync: 'goods' })
    expect(ends(pushed)).toEqual({ failed: 2 })
    expect(pushed.rows[0]?.reason).toMatch(/Channel 9 does not exist.*name, price.* applied/)
    expect(onChannels()).toEqual([])
  })

  it('that are never answered for leave the row open, and the next run finishes it', async () => {
    openGoods()
    await shop.pull()
    const made = await plan()
    shop.emulator.faults.set([{ kind: 'drop', method: 'PUT', path: PATH, times: 100, when: 'before' }])
    const pushed = await shop.push(made.plan, { sync: 'goods' })
    expect(pushed.counts).toMatchObject({ applied: 0, failed: 0, held: 2 })
    shop.emulator.faults.set([])
    const report = await syncOne(reopened(shop), 'goods', { ...APPROVE, dryRun: false })
    expect(report.summary).toMatchObject({ create: 0, update: 0, unchanged: 2 })
    expect(onChannels()).toEqual(ALL)
    expect(shop.rows('SELECT state FROM sync_change')).toEqual([{ state: 'applied' }, { state: 'applied' }])
  })

  it('that a token may not assign leave the row open, and the next run finishes it', async () => {
    openGoods()
    await shop.pull()
    const made = await plan()
    shop.emulator.faults.set([{ kind: 'status', status: 403, method: 'PUT', path: PATH, times: 100 }])
    expect(await shop.push(made.plan, { sync: 'goods' })).toMatchObject({ state: 'failed', counts: { held: 2 } })
    shop.emulator.faults.set([])
    await syncOne(reopened(shop), 'goods', { ...APPROVE, dryRun: false })
    expect(onChannels()).toEqual(ALL)
  })
})

describe('a crash between a product and its channels', () => {
  // One step approves both rows; each product has an intent, and both together one for their channels and their end.
  const points = [1, 2, 3, 4, 5].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const])

  it.each(points)(
    'at step %i of the journal, %s it is durable: the same push goes on, nothing twice',
    async (call, when) => {
      openGoods()
      await shop.pull()
      const { plan: id } = await plan()
      await expect(pushUntilCrash(id, call, when)).rejects.toBeInstanceOf(Crash)
      expect(ends(await pushPlan(reopened(shop), id, APPROVE))).toEqual({ applied: 2 })
      expect(onChannels()).toEqual(ALL)
      expect(shop.emulator.state.products.size).toBe(2)
    },
  )

  it.each(points)(
    'at step %i of the journal, %s it is durable: the next run leaves nothing half made',
    async (call, when) => {
      openGoods()
      await shop.pull()
      const { plan: id } = await plan()
      await expect(pushUntilCrash(id, call, when)).rejects.toBeInstanceOf(Crash)
      await syncOne(reopened(shop), 'goods', { ...APPROVE, dryRun: false })
      expect(onChannels()).toEqual(ALL)
      expect(shop.emulator.state.products.size).toBe(2)
      expect(await reopened(shop).withMirror('main', (mirror) => mirror.openChanges())).toEqual([])
    },
  )

  it('a product that somebody edited meanwhile gets its channels all the same', async () => {
    openGoods()
    await shop.pull()
    const { plan: id } = await plan()
    shop.emulator.faults.set([{ kind: 'drop', method: 'PUT', path: PATH, times: 100, when: 'before' }])
    await shop.push(id, { sync: 'goods' })
    shop.emulator.faults.set([])
    const [first] = shop.emulator.state.products.list()
    shop.emulator.state.products.update(first?.id ?? 0, { price: 11 })
    expect(ends(await pushPlan(reopened(shop), id, APPROVE))).toEqual({ applied: 2 })
    expect(onChannels()).toEqual(ALL)
  })
})
