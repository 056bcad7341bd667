import { afterEach, describe, expect, it } from 'vitest'
import { pushPlan } from '../../src/app/index.ts'
import type { Fault } from '../../src/emulator/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, ends, reopened, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const HEAD = ['SKU', 'Name', 'Type', 'Weight', 'Price']
const row = (sku: string, price: number) => [sku, sku, 'physical', 1, price]
const SKUS = Array.from({ length: 10 }, (_, at) => `MUG-${at}`)
const POST = { method: 'POST', path: '/v3/catalog/products' } as const

/** A shop of ten mugs at 10 each, and a sync that also creates. */
const open = async (options: ShopOptions = {}): Promise<void> => {
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    store: { resources: ['products', 'variants', 'brands'] },
    syncs: {
      prices: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'SKU' },
        fields: { name: 'Name', type: 'Type', weight: 'Weight', price: 'Price' },
        create: true,
        createDefaults: { is_visible: false, categories: [], channels: 'default' },
        guards: { maxChanges: false, allChanged: false },
      },
    },
    ...options,
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(600_000)
  await shop.pull()
}
const answer = (status: number, body: object): ReturnType<Fetch> =>
  Promise.resolve(
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }) as never,
  )
const inStore = (): Record<string, number> =>
  Object.fromEntries(shop.emulator.state.products.list().map(({ sku, price }) => [sku, price]))

describe('a connection that the server closes as a request leaves', () => {
  it.each([
    ['was carried out', 'after'],
    ['was not carried out', 'before'],
  ])('N22: leaves a write unknown, and one that %s is written once', async (_title, when) => {
    await open()
    shop.feed([HEAD, ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    let closed = false
    between = async (inner, url, init) => {
      if (init.method !== 'PUT' || closed) return inner(url, init)
      closed = true
      if (when === 'after') await inner(url, init)
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      })
    }
    const mark = shop.emulator.log.length
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 10 })
    expect(writes(shop, mark)).toHaveLength(1)
    expect(Object.values(inStore())).toEqual(Array(10).fill(11))
  })
})

describe('a listing by page numbers', () => {
  it('N24: holds a row once that comes twice because another was added before it, and is read once more', async () => {
    await open()
    for (let at = 0; at < 300; at += 1) await elsewhere(shop, 'POST', '/v3/catalog/brands', { name: `b${at}` })
    const brands = shop.emulator.state.brands.list()
    let isMoved = false
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (isMoved || !url.includes('/v3/catalog/brands?') || !url.includes('page=2')) return response
      isMoved = true
      const { data, meta } = JSON.parse(new TextDecoder().decode(await response.arrayBuffer()))
      meta.pagination.total += 1
      return answer(200, { meta, data: [brands[249], ...data] })
    }
    const pulled = await shop.pull({ full: true, only: ['brands'] })
    expect(isMoved).toBe(true)
    expect(pulled.resources).toMatchObject([{ resource: 'brands', rows: brands.length, complete: true }])
    expect(shop.rows('SELECT id FROM brands ORDER BY id')).toEqual(brands.map(({ id }) => ({ id })))
  })
})

describe('a product that was created', () => {
  it('N30: and that the store does not show for a minute is waited for, not created again', async () => {
    await open()
    shop.feed([HEAD, row('NEW', 20)])
    const { plan } = await shop.plan()
    const faults: Fault[] = [
      { kind: 'drop', ...POST, times: 1 },
      { kind: 'stale', ms: 60_000 },
    ]
    shop.emulator.faults.set(faults)
    const mark = shop.emulator.log.length
    const pushed = await shop.push(plan.plan)
    expect(pushed.rows.map(({ state, reason }) => [state, reason])).toEqual([['applied', 'found in the store']])
    expect(writes(shop, mark).map(({ method }) => method)).toEqual(['POST'])
  })
})

describe('a refusal for now or for good', () => {
  it('N34: a batch that is too large for the store goes through in halves', async () => {
    await open()
    shop.feed([HEAD, ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    between = (inner, url, init) =>
      init.method === 'PUT' && JSON.parse(String(init.body ?? '[]')).length > 4
        ? answer(413, {
            status: 413,
            title: 'The request payload is too large. The maximum items allowed in the array is 4.',
          })
        : inner(url, init)
    const mark = shop.emulator.log.length
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 10 })
    expect(writes(shop, mark).map(({ body }) => body.length)).toEqual([3, 2, 3, 2])
  })

  it('N40: where the store’s plan allows no more products, one create is tried, and every update goes on', async () => {
    await open()
    const fresh = Array.from({ length: 8 }, (_, at) => `NEW-${at}`)
    shop.feed([HEAD, ...fresh.map((sku) => row(sku, 20)), ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    shop.emulator.faults.set([{ kind: 'status', status: 507, ...POST }])
    const pushed = await shop.push(plan.plan)
    const tried = shop.emulator.requests.filter(({ method, status }) => method === 'POST' && status === 507)
    expect(pushed).toMatchObject({ state: 'partial', exit: 5, counts: { applied: 10 } })
    // As many as the lanes let out before the first answer.
    expect(tried.length).toBeLessThanOrEqual(4)
    expect(pushed.counts.failed).toBe(tried.length)
    expect(pushed.counts.skipped).toBe(8 - tried.length)
    expect(pushed.rows.find(({ state }) => state === 'skipped')?.reason).toContain('allows no more')
    expect(inStore()).toEqual(Object.fromEntries(SKUS.map((sku) => [sku, 11])))
  })

  it('N40: a limit of the platform is told like a missing scope, and stops the push', async () => {
    await open()
    shop.feed([HEAD, row('NEW', 20)])
    const { plan } = await shop.plan()
    shop.emulator.faults.set([{ kind: 'status', status: 403, ...POST }])
    const pushed = await shop.push(plan.plan)
    expect(pushed).toMatchObject({ state: 'failed', exit: 7, error: { code: 'scope' } })
    expect(pushed.error?.hint).toContain('limits of the store’s plan')
  })

  it('N41: a row that is locked is waited for, in a push and in a pull', async () => {
    await open()
    shop.feed([HEAD, ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    shop.emulator.faults.set([
      { kind: 'status', status: 423, method: 'PUT', times: 3 },
      { kind: 'status', status: 423, method: 'GET', path: '/v3/catalog/brands', times: 3 },
    ])
    const mark = shop.emulator.log.length
    expect(ends(await shop.push(plan.plan))).toEqual({ applied: 10 })
    expect(writes(shop, mark)).toHaveLength(1)
    expect((await shop.pull({ full: true })).state).toBe('complete')
  })

  it('N41: a row that stays locked fails, and the others go through', async () => {
    await open()
    shop.feed([HEAD, ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    const locked = shop.emulator.state.products.list()[6]?.id
    between = (inner, url, init) =>
      init.method === 'PUT' && String(init.body).includes(`"id":${locked},`)
        ? answer(423, { status: 423, title: 'Locked' })
        : inner(url, init)
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 9, failed: 1 })
    expect(pushed.rows.find(({ state }) => state === 'failed')).toMatchObject({
      key: { sku: 'MUG-6' },
      reason: expect.stringContaining('423'),
    })
  })
})

describe('a fault of Skiff itself', () => {
  it('P23: in the middle of a push ends the run, frees the store, is on record, and the next push finds what was sent', async () => {
    await open()
    shop.feed([HEAD, ...SKUS.map((sku) => row(sku, 11))])
    const { plan } = await shop.plan()
    const mark = shop.emulator.log.length
    // Anything that nobody foresaw, in code that runs when the first answer is there.
    shop.progress.push = (one) => {
      if (one?.kind === 'advance' && one.what.startsWith('push')) throw new TypeError('x is not a function')
      return 0
    }
    await expect(shop.push(plan.plan)).rejects.toThrow('x is not a function')
    expect(writes(shop, mark)).toHaveLength(1)
    expect(shop.rows('SELECT verb, state, exit, report FROM sync_run ORDER BY rowid DESC LIMIT 1')).toEqual([
      { verb: 'push', state: 'failed', exit: 1, report: expect.stringContaining('x is not a function') },
    ])
    const next = reopened({ ...shop, progress: [] })
    expect(next.holder('main')).toBeNull()
    const pushed = await pushPlan(next, plan.plan, { approvedBy: 'test', allow: [], only: null })
    expect(ends(pushed)).toEqual({ applied: 10 })
    expect(writes(shop, mark)).toHaveLength(1)
  })
})
