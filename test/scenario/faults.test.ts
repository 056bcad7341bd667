import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/emulator/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, ends, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
/** What lies between the client and the store. */
let between: Between | null = null
afterEach(() => {
  between = null
  shop.close()
})

type Between = (inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>

const SKUS = Array.from({ length: 25 }, (_, index) => `MUG-${String(index + 1).padStart(2, '0')}`)

const openShopOfMugs = async (options: ShopOptions = {}): Promise<void> => {
  shop = openShop({
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
    ...options,
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  shop.feed([['sku', 'price'], ...SKUS.map((sku) => [sku, 11])])
  await shop.pull()
}

/** A shop of 25 mugs at 10 each and a plan that wants 11 for every one: three requests of up to ten products. */
const ready = async (options: ShopOptions = {}) => {
  await openShopOfMugs(options)
  const { plan } = await shop.plan()
  return { plan, mark: shop.emulator.log.length }
}

const prices = (): number[] => shop.emulator.state.products.list().map(({ price }) => price)
const faulty = (...faults: Fault[]): void => shop.emulator.faults.set(faults)
const victim = () => shop.emulator.state.products.list()[13] ?? { id: 0, sku: '', base_variant_id: 0 }

const rowsOf = ({ body }: { body?: unknown }) => JSON.parse(String(body ?? '[]')) as { id: number; price: number }[]

const answer = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

const PUT = { method: 'PUT', path: '/v3/catalog/products' } as const

describe('a write without a clear answer', () => {
  const everywhere: [string, Fault][] = [
    ['N1: the connection drops after it was carried out', { kind: 'drop', ...PUT, times: 1 }],
    ['N2: the connection drops before it was carried out', { kind: 'drop', ...PUT, times: 1, when: 'before' }],
    ['N3: it is carried out 40 s after its time-out', { kind: 'slow', ...PUT, times: 1, ms: 100_000 }],
    ['N1: the answer comes long after its time-out', { kind: 'slow', ...PUT, times: 1, ms: 100_000, when: 'after' }],
    ['N4: 500 after it was carried out', { kind: 'status', status: 500, ...PUT, times: 1, when: 'after' }],
    ['N5: 500 before it was carried out', { kind: 'status', status: 500, ...PUT, times: 1 }],
    ['N6: 503 before it was carried out', { kind: 'status', status: 503, ...PUT, times: 1 }],
    ['N4: 504 after it was carried out', { kind: 'status', status: 504, ...PUT, times: 1, when: 'after' }],
    ['N8: 429 without rate headers', { kind: 'status', status: 429, rateHeaders: false, body: '{}', ...PUT, times: 1 }],
    ['N12: the answer is cut half-way', { kind: 'truncate', ...PUT, times: 1 }],
    ['N13: a page of HTML with 200', { kind: 'html200', ...PUT, times: 1 }],
    ['N14: an empty body with 200', { kind: 'empty200', ...PUT, times: 1 }],
  ]
  it.each(everywhere)('%s: every change ends as applied, each with one effect', async (_title, fault) => {
    const { plan, mark } = await ready()
    faulty(fault)
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(pushed.exit).toBe(0)
    expect(prices()).toEqual(Array(25).fill(11))
    // Nothing but the planned value ever left, and no product was written more than twice.
    const rows = writes(shop, mark).flatMap(({ body }) => body as { id: number; price: number }[])
    expect(new Set(rows.map(({ price }) => price))).toEqual(new Set([11]))
    const times = rows.map(({ id }) => rows.filter((row) => row.id === id).length)
    expect(Math.max(...times)).toBeLessThanOrEqual(2)
    await shop.pull()
    expect((await shop.plan()).plan.summary).toMatchObject({ update: 0, unchanged: 25 })
  })

  it('N1: was carried out: it is found in the store and not sent again', async () => {
    const { plan, mark } = await ready()
    faulty({ kind: 'drop', ...PUT })
    const pushed = await shop.push(plan.plan)
    expect(pushed.rows.map(({ reason }) => reason)).toEqual(Array(25).fill('found in the store'))
    expect(writes(shop, mark)).toHaveLength(3)
  })

  it('N2: the old value counts as "not carried out" only 75 s later, and seen twice', async () => {
    const { plan } = await ready()
    faulty({ kind: 'drop', ...PUT, times: 1, when: 'before' })
    const before = shop.clock.now()
    await shop.push(plan.plan)
    expect(shop.clock.now() - before).toBeGreaterThanOrEqual(75_000)
    const seen = shop.emulator.requests.filter(({ at }) => at >= before)
    const again = seen.findLastIndex(({ method }) => method === 'PUT')
    const dropped = seen.findIndex(({ status }) => status === 0)
    const between = seen.slice(dropped + 1, again).filter(({ method }) => method === 'GET')
    expect(between.length).toBeGreaterThanOrEqual(2)
  })

  it('U10: is left alone when somebody else wrote a third value meanwhile', async () => {
    const { plan } = await ready()
    let hit = false
    between = (inner, url, init) => {
      if (init.method !== 'PUT' || hit) return inner(url, init)
      hit = true
      shop.emulator.state.products.update(rowsOf(init)[0]?.id ?? 0, { price: 13.5 })
      throw new Error('socket hang up')
    }
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 24, skipped: 1 })
    expect(pushed.rows.find(({ state }) => state === 'skipped')?.reason).toContain('13.5')
    expect(prices().filter((price) => price === 13.5)).toHaveLength(1)
    expect(pushed.exit).toBe(5)
  })

  it('ends as failed when it never gets through', async () => {
    const { plan } = await ready()
    faulty({ kind: 'drop', ...PUT, when: 'before' })
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ failed: 25 })
    expect(pushed.exit).toBe(5)
    expect(prices()).toEqual(Array(25).fill(10))
  })
})

describe('a store that says to wait', () => {
  it('N7: 429 with rate headers is waited out and is no failure', async () => {
    const { plan, mark } = await ready()
    faulty({ kind: 'status', status: 429, ...PUT, times: 4, headers: { 'X-Retry-After': '7' } })
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(writes(shop, mark)).toHaveLength(3)
  })

  it('N9: a storm of 429 for minutes only delays a pull', async () => {
    await ready()
    faulty({ kind: 'status', status: 429, method: 'GET', times: 10, headers: { 'X-Retry-After': '20' } })
    const pulled = await shop.pull({ full: true })
    expect(pulled.state).toBe('complete')
    expect(pulled.resources.find(({ resource }) => resource === 'products')?.rows).toBe(25)
  })

  it('N10: never goes beyond the quota of a standard plan, shared with another app', async () => {
    const { plan } = await ready({
      emulator: { plan: 'standard', otherApp: { accessToken: 'o', requestsPerSecond: 3 } },
    })
    await shop.push(plan.plan)
    await shop.pull({ full: true })
    expect(shop.emulator.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1)
  })
})

describe('a batch that is not carried out as a whole', () => {
  /** A store that refuses every batch with the victim in it, without saying which. */
  const refusing: Between = async (inner, url, init) =>
    init.method === 'PUT' && rowsOf(init).some(({ id }) => id === victim().id)
      ? (answer(422, { status: 422, title: 'The product name is a duplicate', type: 'about:blank' }) as never)
      : inner(url, init)

  it('N32: one bad row among ten is found by splitting, and the other nine go through', async () => {
    const { plan, mark } = await ready()
    between = refusing
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 24, failed: 1 })
    expect(pushed.rows.find(({ state }) => state === 'failed')).toMatchObject({
      key: { sku: victim().sku },
      reason: expect.stringContaining('422'),
    })
    expect([pushed.state, pushed.exit]).toEqual(['partial', 5])
    expect(prices().filter((price) => price === 11)).toHaveLength(24)
    // Two whole batches, and of the third what is left as it is halved down to the bad row.
    expect(writes(shop, mark).length).toBeLessThanOrEqual(6)
  })

  it('N32: the failed row is planned again by the next run', async () => {
    const { plan } = await ready()
    between = refusing
    await shop.push(plan.plan)
    await shop.pull()
    const { changes } = (await shop.plan()).plan
    expect(changes.map(({ key }) => key['sku'])).toEqual([victim().sku])
  })

  it.each([
    ['saved in part', true],
    ['refused whole', false],
  ])('N33: a batch of variants that is %s fails its bad row alone', async (_title, partialVariantBatch) => {
    const { plan } = await ready({
      store: { simplePrices: 'variant' },
      emulator: { settings: { partialVariantBatch } },
    })
    between = (inner, url, init) => {
      if (init.method !== 'PUT') return inner(url, init)
      const rows = rowsOf(init).map((row) => (row.id === victim().base_variant_id ? { ...row, price: -1 } : row))
      return inner(url, { ...init, body: JSON.stringify(rows) })
    }
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 24, failed: 1 })
  })

  it('N31: a 207 counts row by row: what the answer lacks is looked up', async () => {
    const { plan } = await ready()
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (init.method !== 'PUT') return response
      const { data } = JSON.parse(new TextDecoder().decode(await response.arrayBuffer())) as { data: object[] }
      return answer(207, { data: data.slice(1), errors: { 'data[0].inventory': 'could not be saved' } }) as never
    }
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(pushed.rows.filter(({ reason }) => reason === 'found in the store')).toHaveLength(3)
  })

  it('N37: a product that was deleted meanwhile is skipped as gone', async () => {
    const { plan } = await ready()
    const { id, sku } = victim()
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${id}`)
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 24, skipped: 1 })
    expect(pushed.rows.find(({ state }) => state === 'skipped')).toMatchObject({
      key: { sku },
      reason: 'gone from the store',
    })
  })

  it('N35: a value that the store alters is applied, told, and not sent again', async () => {
    const { plan } = await ready()
    between = (inner, url, init) => {
      if (init.method !== 'PUT') return inner(url, init)
      return inner(url, { ...init, body: JSON.stringify(rowsOf(init).map((row) => ({ ...row, price: 10.99 }))) })
    }
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(pushed.rows[0]?.reason).toBe('the store altered price')
    expect((await shop.plan()).plan.summary.update).toBe(0)
    shop.clock.advance(60_000)
    await shop.pull()
    expect((await shop.plan()).plan.summary.update).toBe(0)
  })
})

describe('credentials', () => {
  it('N38: a 401 in the middle stops the push at once; with good credentials it goes on where it stopped', async () => {
    const { plan, mark } = await ready()
    let left = 1
    between = async (inner, url, init) => {
      const shut = init.method === 'PUT' && left-- <= 0
      return shut ? (answer(401, { status: 401, title: 'Unauthorized' }) as never) : inner(url, init)
    }
    const stopped = await shop.push(plan.plan)
    expect(stopped).toMatchObject({
      state: 'failed',
      exit: 7,
      error: { code: 'auth' },
      counts: { applied: 10, failed: 0 },
    })
    expect(writes(shop, mark)).toHaveLength(1)
    expect(states(plan.plan)).toEqual({ applied: 10, approved: 15 })
    between = null
    const pushed = await shop.push(plan.plan)
    expect(ends(pushed)).toEqual({ applied: 25 })
    expect(writes(shop, mark)).toHaveLength(3)
  })

  it('N39: a missing scope is named, and nothing is recorded as failed', async () => {
    shop = openShop({ emulator: { scopes: ['store_v2_products_read_only', 'store_v2_information_read_only'] } })
    await shop.pull({ only: ['products', 'variants'] })
    const [row] = shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL')
    shop.feed([
      ['sku', 'price'],
      [String(row?.['sku']), Number(row?.['price']) + 0.5],
    ])
    const { plan } = await shop.plan()
    const error = { code: 'scope', hint: expect.stringContaining('store_v2_products') }
    expect(await shop.push(plan.plan)).toMatchObject({ state: 'failed', exit: 7, error })
    expect(states(plan.plan)).toEqual({ approved: 1 })
  })

  it('N49: another store that answers under the same hash blocks everything', async () => {
    const { plan, mark } = await ready()
    shop.emulator.state.store = { ...shop.emulator.state.store, domain: 'other.example.com' }
    await expect(shop.pull()).rejects.toMatchObject({ exit: 4, message: expect.stringContaining('storeIdentity') })
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ exit: 4 })
    expect(writes(shop, mark)).toEqual([])
  })

  it('N50: a store whose currency changed blocks a push', async () => {
    const { plan, mark } = await ready()
    shop.emulator.state.store = { ...shop.emulator.state.store, currency: 'EUR' }
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ exit: 4, message: expect.stringContaining('EUR') })
    expect(writes(shop, mark)).toEqual([])
  })
})

const states = (plan: string): Record<string, number> =>
  Object.fromEntries(
    shop
      .rows(`SELECT state, count(*) AS n FROM sync_change WHERE plan = '${plan}' GROUP BY state`)
      .map(({ state, n }) => [state, n]),
  )
