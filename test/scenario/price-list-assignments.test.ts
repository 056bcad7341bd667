import { afterEach, describe, expect, it } from 'vitest'
import { planSync, pullStore, pushPlan, rehearsePlan, syncOne, undoRun, verifyStore } from '../../src/app/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, writes } from '../support/shop-tools.ts'

let shop: Shop
/** What lies between the client and the store. */
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const LOOSE = { maxChanges: false, allChanged: false, maxCreates: false } as const
const REMOVING = { remove: 'delete', guards: { ...LOOSE, maxDeletes: false, maxSourceDrop: false } } as const

const groups = (more: object = {}) => ({
  store: 'main',
  resource: 'price_list_assignments',
  source: 'feed',
  key: {
    customer_group_id: { from: 'group', blank: 'none' },
    channel_id: { from: 'channel', blank: 'none' },
  },
  fields: { price_list_id: { from: 'list', names: true } },
  create: true,
  guards: LOOSE,
  ...more,
})

/** Lists Trade and Export, and nothing assigned. */
const open = async (more: object = {}): Promise<{ Trade: number; Export: number }> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'price_lists', 'price_list_assignments'] },
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    syncs: { groups: groups(more) },
  })
  const lists: Record<string, number> = {}
  for (const name of ['Trade', 'Export']) lists[name] = (await elsewhere(shop, 'POST', '/v3/pricelists', { name })).id
  shop.clock.advance(60_000)
  return lists as { Trade: number; Export: number }
}

const feed = (...rows: (readonly (string | number)[])[]) => shop.feed([['group', 'channel', 'list'], ...rows])
const sync = () => syncOne(shop.workspace, 'groups', { approvedBy: 'test', dryRun: false, allow: [] })
const OPTIONS = { allow: [], staleOk: false, only: null }
const APPROVE = { approvedBy: 'test', allow: [], only: null }
const plan = async () => (await planSync(shop.workspace, 'groups', OPTIONS)).plan
const assign = (price_list_id: number, customer_group_id: number | null, channel_id: number | null) =>
  elsewhere(shop, 'POST', '/v3/pricelists/assignments', [
    { price_list_id, ...(customer_group_id && { customer_group_id }), ...(channel_id && { channel_id }) },
  ])

/** Lists by group and channel, as the store has them. */
const held = () =>
  Object.fromEntries(
    shop.emulator.state.priceAssignments
      .list()
      .map((row) => [`${row['customer_group_id'] ?? 'all'} ${row['channel_id'] ?? 'all'}`, row['price_list_id']]),
  )

describe('a sync of assignments', () => {
  it('assigns lists by name to groups, channels and both, in one request, and has nothing to do afterwards', async () => {
    const { Trade, Export } = await open()
    feed([3, 1, 'Trade'], [4, '', 'trade'], ['', 2, 'Export'])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 3 } })
    expect(held()).toEqual({ '3 1': Trade, '4 all': Trade, 'all 2': Export })
    expect(writes(shop).slice(2)).toEqual([
      {
        method: 'POST',
        path: '/v3/pricelists/assignments',
        body: [
          { customer_group_id: 3, channel_id: 1, price_list_id: Trade },
          { customer_group_id: 4, price_list_id: Trade },
          { channel_id: 2, price_list_id: Export },
        ],
      },
    ])
    const mark = shop.emulator.log.length
    shop.clock.advance(60_000)
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 3 } })
    expect(shop.emulator.log).toHaveLength(mark)
  })

  it('gives a group another list in place, where the row has group and channel', async () => {
    const { Trade, Export } = await open()
    await assign(Trade, 3, 1)
    feed([3, 1, 'Export'])
    const [{ id } = { id: 0 }] = shop.emulator.state.priceAssignments.list()
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(shop.emulator.state.priceAssignments.list()).toEqual([
      expect.objectContaining({ id, price_list_id: Export, customer_group_id: 3, channel_id: 1 }),
    ])
    expect(writes(shop).at(-1)).toEqual({
      method: 'PUT',
      path: `/v3/pricelists/${Export}/assignments`,
      body: { customer_group_id: 3, channel_id: 1 },
    })
  })

  it('rejects another list for a row without group or channel, which the API cannot change, and says so', async () => {
    const { Trade } = await open()
    await assign(Trade, 4, null)
    await pullStore(shop.workspace, 'main', { full: true })
    feed([4, '', 'Export'])
    const { changes, rejected } = await plan()
    expect(changes).toEqual([])
    expect(rejected).toMatchObject([
      {
        column: 'list',
        reason: 'the API changes it only in rows that hold channel_id; delete the row and make it again',
      },
    ])
  })

  it('rejects a row for everybody everywhere, and one whose list the store does not have', async () => {
    await open()
    await pullStore(shop.workspace, 'main', { full: true })
    feed(['', '', 'Trade'], [5, 1, 'Retail'], [0, 1, 'Trade'])
    const { changes, rejected } = await plan()
    expect(changes).toEqual([])
    expect(rejected.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [2, 'customer_group_id or channel_id', 'needed to create it'],
      [3, 'list', 'no name among the price_lists of the store'],
      [4, 'group', 'less than 1'],
    ])
  })

  it('deletes what left the feed where the sync says so, each row by its own id, and nothing beside it', async () => {
    const { Trade } = await open(REMOVING)
    await assign(Trade, 9, 1)
    feed([3, 1, 'Trade'], [3, '', 'Trade'], [3, 2, 'Trade'])
    await sync()
    shop.clock.advance(60_000)
    await sync()
    feed([3, 1, 'Trade'], [3, 2, 'Trade'])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(held()).toEqual({ '9 1': Trade, '3 1': Trade, '3 2': Trade })
  })

  it('refuses a blank cell where the key does not say that it means none', async () => {
    await open({ key: { customer_group_id: 'group', channel_id: { value: null } } })
    await pullStore(shop.workspace, 'main', { full: true })
    feed(['', 1, 'Trade'], [3, 1, 'Trade'])
    const { changes, rejected } = await plan()
    expect(rejected).toMatchObject([{ column: 'group', reason: 'a blank key' }])
    expect(changes).toMatchObject([{ action: 'create', key: { customer_group_id: 3, channel_id: null } }])
  })

  it('sends twenty-five rows a request, and counts creates and deletes for the guards', async () => {
    const { Trade } = await open({ guards: { maxChanges: false, allChanged: false } })
    feed(...Array.from({ length: 60 }, (_, index) => [index + 1, 1, 'Trade']))
    const mark = shop.emulator.log.length
    expect(await sync()).toMatchObject({ counts: { applied: 60 } })
    const sizes = writes(shop, mark).map(({ body }) => body.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60)
    expect(Math.max(...sizes)).toBe(25)
    expect(held()['60 1']).toBe(Trade)
    shop.clock.advance(60_000)
    feed(...Array.from({ length: 260 }, (_, index) => [index + 1, 1, 'Trade']))
    const report = await sync()
    expect(report.guards.filter(({ verdict }) => verdict === 'blocked').map(({ guard }) => guard)).toEqual([
      'maxCreates',
    ])
  })
})

describe('a push of assignments', () => {
  const ready = async (...rows: (readonly (string | number)[])[]) => {
    const lists = await open()
    await pullStore(shop.workspace, 'main', { full: true })
    feed(...rows)
    return { ...lists, made: await plan(), mark: shop.emulator.log.length }
  }
  const push = (id: string) => pushPlan(shop.workspace, id, APPROVE)

  it('names the row that the store refuses, and proves the others by reading, because the answer saved a part', async () => {
    const { Trade, Export, made, mark } = await ready([3, 1, 'Trade'], [4, 1, 'Export'], [5, 1, 'Trade'])
    await elsewhere(shop, 'DELETE', `/v3/pricelists/${Export}`)
    const report = await push(made.plan)
    expect(ends(report)).toEqual({ applied: 2, failed: 1 })
    expect(report.rows.find(({ state }) => state === 'failed')).toMatchObject({
      key: { customer_group_id: 4 },
      reason: expect.stringContaining('The price list was not found'),
    })
    expect(held()).toEqual({ '3 1': Trade, '5 1': Trade })
    expect(
      writes(shop, mark)
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => body.length),
    ).toEqual([3, 1])
  })

  it('leaves a list alone that somebody gave the group since the plan', async () => {
    const { Trade, Export, made } = await ready([3, 1, 'Trade'], [4, 1, 'Trade'])
    await assign(Export, 3, 1)
    const report = await push(made.plan)
    expect(ends(report)).toEqual({ applied: 1, skipped: 1 })
    expect(report.rows.find(({ state }) => state === 'skipped')?.reason).toMatch(/came to the store meanwhile/)
    expect(held()).toEqual({ '3 1': Export, '4 1': Trade })
  })

  it('finds out by reading what became of a request that was never answered, and assigns nothing twice', async () => {
    const { Trade, made, mark } = await ready([3, 1, 'Trade'], [4, '', 'Trade'])
    let lost = 0
    between = async (inner, url, init) => {
      const answer = await inner(url, init)
      if (init?.method !== 'POST' || lost) return answer
      lost += 1
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    expect(ends(await push(made.plan))).toEqual({ applied: 2 })
    expect(lost).toBe(1)
    expect(writes(shop, mark)).toHaveLength(1)
    expect(held()).toEqual({ '3 1': Trade, '4 all': Trade })
  })

  it('is foretold by a rehearsal, and found in step by verify', async () => {
    const { made } = await ready([3, 1, 'Trade'], ['', 1, 'Export'])
    expect(await rehearsePlan(shop.workspace, made.plan, undefined)).toMatchObject({ counts: { applied: 2 } })
    expect(held()).toEqual({})
    await push(made.plan)
    shop.clock.advance(60_000)
    await pullStore(shop.workspace, 'main', { full: true })
    await sync()
    expect(await verifyStore(shop.workspace, 'main', { syncs: ['groups'] })).toMatchObject({ exit: 0, drift: {} })
  })

  it('is undone where it gave a group another list; what it made stays, and is listed', async () => {
    const { Trade, Export } = await open()
    await assign(Trade, 3, 1)
    feed([3, 1, 'Export'], [4, 1, 'Export'])
    const { run } = await sync()
    expect(held()).toEqual({ '3 1': Export, '4 1': Export })
    shop.clock.advance(60_000)
    await pullStore(shop.workspace, 'main', { full: true })
    const { plan: back } = await undoRun(shop.workspace, run, { store: undefined, allow: [] })
    expect(back.changes).toMatchObject([{ action: 'update', fields: [{ from: Export, to: Trade }] }])
    expect(back.rejected).toMatchObject([{ reason: 'rows of price_list_assignments cannot be hidden' }])
    await push(back.plan)
    expect(held()).toEqual({ '3 1': Trade, '4 1': Export })
  })
})
