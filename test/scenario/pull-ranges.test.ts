import { afterEach, describe, expect, it } from 'vitest'
import { pullStore } from '../../src/app/index.ts'
import type { Catalog, PullReport, Resource } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const PAGE = 5

/** Pages of few products, so that a small store has many. */
const smallPages = (() => {
  const products = catalog.resources.get('products') as Resource
  const small = { ...products, api: { ...products.api, list: { ...products.api.list, pageSize: PAGE } } } as Resource
  return { ...catalog, resources: new Map(catalog.resources).set('products', small) } as Catalog
})()

const open = (products: number, options: ShopOptions = {}): void => {
  shop = openShop({
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    catalog: smallPages,
    store: { resources: ['products', 'variants'] },
    ...options,
    emulator: { products, orders: 0, plan: 'unlimited', ...options.emulator },
  })
}

const ids = (): unknown[] => shop.rows('SELECT id FROM products ORDER BY id').map(({ id }) => id)
const inStore = (): number[] => shop.emulator.state.products.list().map(({ id }) => id)
const of = ({ resources }: PullReport, name: string) => resources.find(({ resource }) => resource === name)
const isPage = (url: string): boolean => url.includes('/v3/catalog/products?')
const pages = (): number => shop.emulator.requests.filter(({ path }) => isPage(path)).length

/** Answers come after a round trip; what happens is told before each page. */
const slow = (ms: number, happens: (page: number) => Promise<unknown> = async () => undefined): { most(): number } => {
  let [now, most, page] = [0, 0, 0]
  between = async (inner, url, init) => {
    now += 1
    most = Math.max(most, now)
    await shop.clock.sleep(ms / 2)
    if (isPage(url) && init.method === 'GET') {
      page += 1
      await happens(page)
    }
    const answer = await inner(url, init)
    await shop.clock.sleep(ms / 2)
    now -= 1
    return answer
  }
  return { most: () => most }
}

describe('a pull of a listing by keys', () => {
  it('at round trips of 300 ms on a pro plan is as fast as the quota lets all its requests go at once', async () => {
    const products = 600 * PAGE
    open(products, { emulator: { plan: 'pro' } })
    const lanes = slow(300)
    const began = shop.clock.now()
    await shop.pull({ full: true })
    const pull = shop.clock.now() - began
    shop.close()

    open(10, { emulator: { plan: 'pro' } })
    slow(300)
    const again = shop.clock.now()
    await shop.workspace.withStore('main', 'pull', ({ store }) =>
      Promise.all(Array.from({ length: products / PAGE }, () => store.get('/v2/time'))),
    )
    expect((shop.clock.now() - again) / pull).toBeGreaterThan(0.97)
    expect(lanes.most()).toBeLessThanOrEqual(6)
  })

  it.each([1, 5, 6, 10, 20, 81, 200, 203])('takes no request beyond its pages for %i products', async (products) => {
    open(products)
    await shop.pull()
    expect(ids()).toEqual(inStore())
    // A first page that is full is not believed to be the last.
    expect(pages()).toBe(products === PAGE ? 2 : Math.ceil(products / PAGE))
  })

  it('holds every product that was there all the time, while others come and go around it', async () => {
    open(203)
    const kept = new Set(inStore())
    let turn = 0
    slow(40, async (page) => {
      turn += 1
      await simpleProduct(shop, `NEW-${page}`, 10)
      const live = inStore()
      for (const gone of [live[0], live[(turn * 37) % live.length]]) {
        kept.delete(gone as number)
        await elsewhere(shop, 'DELETE', `/v3/catalog/products/${gone}`)
      }
    })
    await shop.pull()
    expect([...kept].filter((id) => !ids().includes(id))).toEqual([])
    between = null
    shop.clock.advance(3_600_000)
    expect((await shop.pull()).state).toBe('complete')
    expect(ids()).toEqual(inStore())
  })

  it('that was stopped goes on in each range where it was, and reads no page twice', async () => {
    open(203)
    slow(40, async (page) => {
      if (page === 20) shop.stop.abort(new Error('SIGTERM'))
    })
    await expect(shop.pull()).rejects.toMatchObject({ exit: 8 })
    const before = { pages: pages(), held: ids().length }
    expect(before.held).toBe(before.pages * PAGE)
    between = null
    const pulled = await pullStore(reopened(shop, { catalog: smallPages }), 'main', {})
    expect(of(pulled, 'products')).toMatchObject({ rows: 203, complete: true, expected: 203 })
    expect(ids()).toEqual(inStore())
    // Each of the ranges that are left may end with a page that is not full.
    expect(pages()).toBeLessThanOrEqual(Math.ceil(203 / PAGE) + 6)
  })

  it('that fails in one range keeps what the others have read', async () => {
    open(203)
    slow(40)
    const healthy = between
    between = async (inner, url, init) => {
      if (
        isPage(url) &&
        url.includes('id:greater') &&
        url.includes('id:max') &&
        Number(/id:greater=(\d+)/.exec(url)?.[1]) < (inStore()[20] as number)
      )
        throw new Error('the line is dead')
      return (healthy as NonNullable<typeof between>)(inner, url, init)
    }
    await expect(shop.pull()).rejects.toMatchObject({ code: 'unavailable' })
    expect(ids().length).toBeGreaterThan(40)
    between = null
    expect(of(await shop.pull(), 'products')).toMatchObject({ rows: 203, complete: true })
    expect(ids()).toEqual(inStore())
  })

  it('whose pages are answered out of a list that does not keep to its bounds is a failure', async () => {
    open(100)
    between = async (inner, url, init) => inner(url.replace(/&id:max=\d+/, ''), init)
    await expect(shop.pull()).rejects.toMatchObject({ code: 'unexpected_answer' })
  })
})

describe('removed products', () => {
  it('are found by counting, in far fewer requests than a sweep of all keys', async () => {
    open(400)
    await shop.pull()
    const gone = [inStore()[7], inStore()[250]]
    for (const id of gone) await elsewhere(shop, 'DELETE', `/v3/catalog/products/${id}`)
    shop.clock.advance(3_600_000)
    const from = pages()
    expect(of(await shop.pull(), 'products')).toMatchObject({ removed: 2, complete: true })
    expect(ids()).toEqual(inStore())
    expect(pages() - from).toBeLessThan(400 / PAGE / 3)
  })
})

describe('a pull of what changed', () => {
  it('takes one request where a page of the newest holds it all', async () => {
    open(60)
    await shop.pull()
    shop.clock.advance(3_600_000)
    const changed = inStore().slice(20, 23)
    for (const id of changed) await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sort_order: 9 })
    const from = pages()
    expect(of(await shop.pull(), 'products')).toMatchObject({ rows: 3, changed: 3, complete: true })
    expect(pages() - from).toBe(1)
  })

  it('reads on where it does not', async () => {
    open(60)
    await shop.pull()
    shop.clock.advance(3_600_000)
    const changed = inStore().slice(20, 43)
    for (const id of changed) await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sort_order: 9 })
    const from = pages()
    expect(of(await shop.pull(), 'products')).toMatchObject({ rows: 23, changed: 23, complete: true })
    expect(pages() - from).toBe(1 + 5)
  })

  it('believes no page of the newest that is not sorted so', async () => {
    open(60)
    await shop.pull()
    shop.clock.advance(3_600_000)
    for (const id of [inStore()[1], inStore()[50]])
      await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sort_order: 9 })
    between = async (inner, url, init) => inner(url.replace('sort=date_modified&direction=desc', 'sort=id'), init)
    expect(of(await shop.pull(), 'products')).toMatchObject({ rows: 2, changed: 2, complete: true })
  })
})
