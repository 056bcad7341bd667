import { afterEach, describe, expect, it } from 'vitest'
import { planSync, pullStore, pushPlan, rehearsePlan, syncOne, verifyStore } from '../../src/app/index.ts'
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

const PATH = '/v3/storefront/redirects'
const LOOSE = { maxChanges: false, allChanged: false, maxCreates: false, maxDeletes: false, maxSourceDrop: false }

const open = async (more: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 10, plan: 'unlimited' },
    store: { resources: ['products', 'sites', 'redirects'] },
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    syncs: {
      moved: {
        store: 'main',
        resource: 'redirects',
        source: 'feed',
        key: { site_id: { value: '1000' }, from_path: 'Old' },
        fields: {
          to_type: 'Kind',
          to_entity_id: { from: 'Id', blank: 'clear' },
          to_url: { from: 'New', blank: 'clear' },
        },
        create: true,
        guards: LOOSE,
        ...more,
      },
    },
  })
  for (const { id } of shop.emulator.state.redirects.list()) shop.emulator.state.redirects.delete(id)
  shop.clock.advance(60_000)
}
const feed = (...rows: (readonly (string | number)[])[]) => shop.feed([['Old', 'Kind', 'Id', 'New'], ...rows])
const sync = () => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'moved', { approvedBy: 'test', dryRun: false, allow: [] })
}
const plan = async () => (await planSync(shop.workspace, 'moved', { allow: [], staleOk: false, only: null })).plan
const push = (id: string) => pushPlan(shop.workspace, id, { approvedBy: 'test', allow: [], only: null })
const mine = (from_path: string, url: string) =>
  elsewhere(shop, 'PUT', PATH, [{ site_id: 1000, from_path, to: { type: 'url', url } }])

/** Where each path leads, as the store has it. */
const held = () =>
  Object.fromEntries(
    shop.emulator.state.redirects.list().map(({ from_path, to }) => {
      const { type, entity_id, url } = to as { type: string; entity_id: number | null; url: string | null }
      return [from_path, url ?? `${type} ${entity_id}`]
    }),
  )

describe('a sync of redirects', () => {
  it('makes them in one request, changes and deletes them, touches no others, and then plans nothing', async () => {
    await open({ remove: 'delete' })
    await mine('/own', '/kept')
    const [product] = shop.emulator.state.products.list()
    feed(
      ['/a', 'url', '', '/new-a'],
      ['/b/', 'product', product?.id ?? 0, ''],
      ['/c', 'url', '', 'https://example.com/c/'],
    )
    const mark = shop.emulator.log.length
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 3 } })
    expect(writes(shop, mark)).toEqual([
      {
        method: 'PUT',
        path: PATH,
        body: [
          { site_id: 1000, from_path: '/a', to: { type: 'url', url: '/new-a' } },
          { site_id: 1000, from_path: '/b', to: { type: 'product', entity_id: product?.id } },
          { site_id: 1000, from_path: '/c', to: { type: 'url', url: 'https://example.com/c/' } },
        ],
      },
    ])
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 3 } })

    feed(['/a/', 'product', product?.id ?? 0, ''], ['/b', 'url', '', '/new-b'])
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 3 } })
    expect(held()).toEqual({ '/own': '/kept', '/a': `product ${product?.id}`, '/b': '/new-b' })
    const end = shop.emulator.log.length
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    expect(shop.emulator.log).toHaveLength(end)
    expect(await verifyStore(shop.workspace, 'main', { syncs: ['moved'] })).toMatchObject({ exit: 0, drift: {} })
  })

  it('sends a redirect whole where one of its fields is another', async () => {
    await open({ fields: { to_url: 'New' }, createDefaults: { to_type: 'url' } })
    await mine('/a', '/x')
    feed(['/a', '', '', '/y'])
    const mark = shop.emulator.log.length
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(writes(shop, mark)).toMatchObject([
      { body: [{ site_id: 1000, from_path: '/a', to: { type: 'url', url: '/y' } }] },
    ])
  })

  it('names the row whose target is not there, and makes the others', async () => {
    await open()
    feed(['/a', 'url', '', '/new-a'], ['/b', 'product', 999_999, ''])
    const report = await sync()
    expect(report.counts).toMatchObject({ applied: 1, failed: 1 })
    expect(held()).toEqual({ '/a': '/new-a' })
  })

  it('leaves a path alone that somebody redirected since the plan', async () => {
    await open()
    await pullStore(shop.workspace, 'main', { full: true })
    feed(['/a', 'url', '', '/new-a'], ['/b', 'url', '', '/new-b'])
    const made = await plan()
    expect(await rehearsePlan(shop.workspace, made.plan, undefined)).toMatchObject({ counts: { applied: 2 } })
    await mine('/a', '/theirs')
    expect(ends(await push(made.plan))).toEqual({ applied: 1, skipped: 1 })
    expect(held()).toEqual({ '/a': '/theirs', '/b': '/new-b' })
  })

  it('tells what the store made of a target', async () => {
    await open()
    feed(['/a', 'url', '', '/new-a '])
    between = async (inner, url, init) => {
      const answer = await inner(url, init)
      if (init?.method !== 'PUT') return answer
      const { data } = JSON.parse(new TextDecoder().decode(await answer.arrayBuffer())) as { data: { to: object }[] }
      const tidied = data.map((row) => ({ ...row, to: { ...row.to, url: '/tidy' } }))
      return Response.json({ data: tidied, meta: {} }, { status: answer.status })
    }
    const report = await sync()
    expect(report.rows).toMatchObject([{ state: 'applied', reason: 'the store altered to_url' }])
  })
})
