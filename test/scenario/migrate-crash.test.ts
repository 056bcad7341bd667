import { afterEach, describe, expect, it } from 'vitest'
import { moveStock } from '../../proof/simulation/move-stock.ts'
import { migrateStore, type Workspace } from '../../src/app/index.ts'
import type { Mirror } from '../../src/mirror/index.ts'
import { Crash, dying } from '../support/dying.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({ old: { products: 4, customers: 0, orders: 0 }, ...options })
}

/** A process whose mirror of the new store dies at a certain call. */
const dyingAt = (method: keyof Mirror, call: number, when: 'before' | 'after'): Workspace => {
  const { workspace } = shops
  return {
    ...workspace,
    withStore: (name, work, use, more) =>
      workspace.withStore(
        name,
        work,
        (side) => use(name === 'new' ? { ...side, mirror: dying(side.mirror, call, when, method) } : side),
        more,
      ),
  }
}

const numberOf = (sql: string): number => Number(shops.rows('new', sql)[0]?.['n'])
const brandsOf = (store: 'old' | 'fresh'): readonly string[] =>
  shops[store].state.brands
    .list()
    .map(({ name }) => name)
    .sort()
const rename = async (store: 'old' | 'fresh', was: string, name: string): Promise<void> => {
  const { id } = shops[store].state.brands.list().find((one) => one.name === was) ?? {}
  await elsewhere({ emulator: shops[store] }, 'PUT', `/v3/catalog/brands/${id}`, { name })
}

describe('a migration that ends in the middle', () => {
  it.each([1, 5])(
    'never has half of what it knows of a row: what it stands for and what both agreed on (%i)',
    async (call) => {
      open()
      await expect(migrateStore(dyingAt('saveLinks', call, 'before'), 'old', 'new', USUAL)).rejects.toThrow(Crash)
      for (const resource of ['brands', 'categories', 'products', 'variants']) {
        const links = numberOf(`SELECT count(*) AS n FROM sync_link WHERE resource = '${resource}'`)
        const base = numberOf(`SELECT count(*) AS n FROM sync_base WHERE sync = 'migrate.old.new.${resource}'`)
        expect([resource, base]).toEqual([resource, links])
      }
      expect(await shops.again()).toMatchObject({ state: 'complete', left: [] })
      expect(brandsOf('fresh')).toEqual(brandsOf('old'))
      expect(await shops.again()).toMatchObject({ requests: { write: 0 } })
    },
  )

  it('knows what it made when the old store calls it otherwise by then', async () => {
    open()
    const [was = ''] = brandsOf('old')
    const died = migrateStore(dyingAt('saveLinks', 1, 'before'), 'old', 'new', { ...USUAL, only: ['brands'] })
    await expect(died).rejects.toThrow(Crash)
    expect(brandsOf('fresh')).toContain(was)
    await rename('old', was, 'Called otherwise')
    expect(await shops.again()).toMatchObject({ state: 'complete', left: [] })
    expect(brandsOf('fresh')).toEqual(brandsOf('old'))
    expect(await shops.again()).toMatchObject({ requests: { write: 0 } })
  })

  it('keeps what somebody wrote since into a field that it left blank', async () => {
    open()
    const died = migrateStore(dyingAt('saveLinks', 1, 'before'), 'old', 'new', { ...USUAL, only: ['brands'] })
    await expect(died).rejects.toThrow(Crash)
    const { brands } = shops.fresh.state
    const made = brands.list().find((one) => one['meta_description'] === '')
    brands.update(made?.id ?? 0, { meta_description: 'ours' })
    expect(await shops.again()).toMatchObject({ state: 'complete', left: [] })
    expect(brands.get(made?.id ?? 0)).toMatchObject({ meta_description: 'ours' })
  })

  it('undoes no sale of the time in between', async () => {
    open({ old: { products: 12, customers: 0, orders: 0 } })
    const asked = { ...USUAL, only: ['products', 'variants'] }
    await expect(migrateStore(dyingAt('saveLinks', 1, 'before'), 'old', 'new', asked)).rejects.toThrow(Crash)
    const { state } = shops.fresh
    const sold = state.products.list().flatMap((product) => {
      const [variant] = state.variants.where('product', product.id)
      if (!variant || product.inventory_tracking === 'none' || variant.inventory_level < 2) return []
      moveStock(state, product, variant, -1)
      return [[variant.id, variant.inventory_level - 1]]
    })
    expect(sold.length).toBeGreaterThan(3)
    expect((await shops.again(asked)).left.filter(({ resource }) => resource !== 'products')).toEqual([])
    await shops.clock.sleep(60_000)
    state.timeline.catchUp()
    expect(sold.map(([id]) => [id, state.variants.get(id ?? 0)?.inventory_level])).toEqual(sold)
  })

  it('knows what it made without hearing of it when the old store calls it otherwise by then', async () => {
    let made = ''
    let isDead = false
    open({
      fetch: (inner) => async (url, init) => {
        if (isDead) throw new TypeError('fetch failed')
        const answer = await inner(url, init)
        if (init?.method !== 'POST' || !String(url).endsWith('/v3/catalog/brands') || made) return answer
        made = (JSON.parse(String(init.body)) as { name: string }).name
        isDead = true
        throw new TypeError('fetch failed')
      },
    })
    expect((await shops.migrate()).state).not.toBe('complete')
    expect(brandsOf('fresh')).toContain(made)
    isDead = false
    await shops.clock.sleep(300_000)
    await rename('old', made, 'Called otherwise')
    expect(await shops.again()).toMatchObject({ state: 'complete', left: [] })
    expect(brandsOf('fresh')).toEqual(brandsOf('old'))
    expect(await shops.again()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('a migration that cannot read all of a store', () => {
  it.each(['old', 'fresh'] as const)(
    'copies nothing, because what was not read (%s) would look like what is not there',
    async (which) => {
      let isCut = false
      open({
        fetch: (inner) => async (url, init) => {
          const answer = await inner(url, init)
          const isPage = String(url).includes(`/${shops[which].storeHash}/v3/catalog/brands?`)
          if (!isCut || !isPage || (init?.method ?? 'GET') !== 'GET') return answer
          const { data, meta } = JSON.parse(Buffer.from(await answer.arrayBuffer()).toString()) as {
            data: unknown[]
            meta: unknown
          }
          const short = Buffer.from(JSON.stringify({ data: data.slice(1), meta }))
          return { status: 200, headers: answer.headers, arrayBuffer: async () => new Uint8Array(short).buffer }
        },
      })
      await shops.migrate()
      const before = shops.fresh.log.length
      await elsewhere({ emulator: shops.old }, 'POST', '/v3/catalog/brands', { name: 'Late' })
      isCut = true
      await shops.clock.sleep(25 * 3_600_000)
      const ended = await shops.migrate().catch((error: unknown) => ({ error }))
      expect(ended.error).toMatchObject({ message: expect.stringContaining('could not prove itself complete') })
      expect(shops.fresh.log).toHaveLength(before)
    },
  )
})
