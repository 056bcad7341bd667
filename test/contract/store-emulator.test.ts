import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.ts'
import { bodiesAt, type Resource, seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import {
  type Fetch,
  openStore,
  type Page,
  type PageRequest,
  type Store,
  type StoreOptions,
} from '../../src/store/index.ts'
import { judge } from '../support/openapi.ts'
import { rejection, virtualClock } from '../unit/store/support.ts'

const resource = (name: string): Resource => catalog.resources.get(name)!
const route = (name: string, nth = 0) => resource(name).api.update![nth]!
const within = (...names: string[]) => names.map((name) => resource(name).api.within!)

/** What the official description of the API does not allow of what was sent to a store without faults. */
const violations: string[] = []

/** The description allows `:asc` in words and leaves it out of the list of values. */
const SORT = 'request GET /v2/orders: ?sort is not what is described'

afterEach(() => {
  expect(violations.splice(0)).toEqual([])
})

const open = (emulated: Partial<EmulatorOptions> = {}, options: Partial<StoreOptions> = {}) => {
  const clock = virtualClock()
  const emulator = createEmulator({ catalog, clock, products: 60, ...emulated })
  const fetch: Fetch = async (url, init) => {
    if (emulated.faults) return emulator.fetch(url, init)
    const judged = judge(emulator.fetch)
    const response = await judged.fetch(url, init)
    violations.push(...judged.violations.filter((one) => one.startsWith('request') && one !== SORT))
    return response
  }
  const store = openStore(
    {
      hash: emulator.storeHash,
      origin: emulator.origin,
      auth: { accessToken: emulator.accessToken },
      quotaShare: 1,
      ...options,
    },
    { clock, random: seeded(1), fetch },
  )
  return { clock, emulator, store, run: clock.run }
}

/** What programs keep with a thing, of which the seeded shop has none but with products. */
const keepNote = ({ state }: Emulator, resource_type: string) => {
  const note = { namespace: 'erp', key: 'bin', value: '7', resource_type, resource_id: 1 }
  const dates = { date_created: '2025-01-01T00:00:00+00:00', date_modified: '2025-01-01T00:00:00+00:00' }
  state.metafields.insert({ ...note, permission_set: 'read', description: '', owner_client_id: 'emulator', ...dates })
}

/** Every page of a listing, as a pull asks for them. */
const readAll = async (store: Store, { name }: Resource, request: PageRequest = {}): Promise<Page[]> => {
  const { api, key } = resource(name)
  const pages: Page[] = []
  for (let page = 1, after: number | undefined; ; page += 1) {
    const beyond = after === undefined ? {} : { after }
    const next = await store.page(resource(name), {
      ...request,
      ...(api.list!.paging === 'keyset' ? beyond : { page }),
    })
    pages.push(next)
    if (next.last) return pages
    after = next.bodies.at(-1)?.[key[0]!] as number
  }
}

const ids = (pages: readonly Page[], key: string) => pages.flatMap(({ bodies }) => bodies.map((body) => body[key]))

describe('the client against the emulated store', () => {
  const listed = [...catalog.resources.values()].filter(({ api }) => api.list && !api.list.per).map(({ name }) => name)

  it.each(listed)('reads all of %s once, in pages, and as many as the store counts', async (name) => {
    const { store, run, emulator } = open()
    for (const type of ['variant', 'category', 'brand']) keepNote(emulator, type)
    const { api, key } = resource(name)
    const paged = api.list!.paging === 'keyset' || api.list!.paging === 'page'
    const pages = await run(readAll(store, resource(name), paged ? { limit: 7 } : {}))
    const total = await run(store.total(resource(name)))
    const bodies = pages.flatMap((page) => page.bodies)
    expect(bodies.length).toBeGreaterThan(0)
    if (total !== null) expect(bodies).toHaveLength(total)
    const keys = bodies.map((body) => JSON.stringify(key.map((part) => body[part])))
    if (!api.list!.rows) expect(new Set(keys).size).toBe(bodies.length)
    expect(pages.every(({ serverTime }) => serverTime !== null)).toBe(true)
  })

  it('reads the records of each price list, in pages, and as many as the store counts', async () => {
    const { store, run } = open()
    const lists = ids(await run(readAll(store, resource('price_lists'))), 'id').map(Number)
    expect(lists.length).toBeGreaterThan(0)
    for (const of of lists) {
      const pages = await run(readAll(store, resource('price_list_records'), { of }))
      const bodies = pages.flatMap((page) => page.bodies)
      expect(bodies).toHaveLength(Number(await run(store.total(resource('price_list_records'), { of }))))
      expect(bodies.every((body) => body['price_list_id'] === of)).toBe(true)
    }
  })

  it('brings the children along, also where that makes the pages small', async () => {
    const { store, run } = open()
    const include = within('variants', 'product_options', 'product_images')
    const pages = await run(readAll(store, resource('products'), { include }))
    const bodies = pages.flatMap((page) => page.bodies)
    expect(bodies).toHaveLength(60)
    expect(pages.length).toBeGreaterThanOrEqual(6)
    expect(bodies.every((body) => bodiesAt(body, 'variants[]').length > 0)).toBe(true)
  })

  it('brings the lines with the orders', async () => {
    const { store, run } = open({ orders: 12 })
    const pages = await run(readAll(store, resource('orders'), { include: within('order_lines', 'order_addresses') }))
    const orders = pages.flatMap((page) => page.bodies)
    expect(orders).toHaveLength(12)
    const lines = orders.flatMap((body) => bodiesAt(body, 'consignments.shipping[].line_items[]'))
    expect(lines.length).toBeGreaterThanOrEqual(12)
  })

  it('asks for what changed since a moment', async () => {
    const { store, run, clock } = open()
    await run(clock.sleep(3_600_000))
    const [first] = (await run(store.page(resource('products'), {}))).bodies
    const since = new Date(clock.now() - 60_000).toISOString()
    expect(await run(store.total(resource('products'), { since }))).toBe(0)
    const id = first?.['id'] as number
    await run(store.send(resource('products'), route('products'), [{ id: { id }, set: { price: '12.34' } }]))
    const changed = await run(store.page(resource('products'), { since }))
    expect(changed.bodies.map((body) => [body['id'], body['price']])).toEqual([[id, 12.34]])
  })

  it('writes products, variants, stock and orders, and reads them back', async () => {
    const { store, run, clock } = open()
    const include = within('variants')
    const { bodies } = await run(store.page(resource('products'), { include }))
    const complex = bodies.find((body) => body['base_variant_id'] === null && body['inventory_tracking'] === 'variant')!
    const [variant] = bodiesAt(complex, 'variants[]')
    const variantId = variant?.body['id'] as number
    const productId = complex['id'] as number

    const product = await run(
      store.send(resource('products'), route('products'), [
        { id: { id: productId }, set: { name: 'Renamed', upc: null } },
      ]),
    )
    expect(product).toMatchObject({ kind: 'yes', echo: [{ id: productId, name: 'Renamed', upc: '' }] })

    const price = await run(
      store.send(resource('variants'), route('variants'), [
        { id: { id: variantId }, set: { price: '7.5', sale_price: '7' } },
      ]),
    )
    expect(price).toMatchObject({ kind: 'yes', echo: [{ id: variantId, price: 7.5, sale_price: 7 }] })

    const single = await run(
      store.send(resource('variants'), route('variants', 1), [
        { id: { id: variantId, product_id: productId }, set: { mpn: 'M-1' } },
      ]),
    )
    expect(single).toMatchObject({ kind: 'yes', echo: [{ id: variantId, mpn: 'M-1' }] })

    const stock = await run(
      store.send(resource('inventory_items'), route('inventory_items'), [
        { id: { location_id: 1, variant_id: variantId }, set: { total_inventory_onhand: 321 } },
      ]),
    )
    expect(stock).toMatchObject({ kind: 'yes', echo: null })
    await run(clock.sleep(1000))
    const again = await run(store.page(resource('variants'), { ids: [productId], purpose: 'check' }))
    expect(again.bodies.find((body) => body['id'] === variantId)).toMatchObject({ price: 7.5, inventory_level: 321 })

    const [order] = (await run(store.page(resource('orders'), {}))).bodies
    const orderId = order?.['id'] as number
    expect(
      await run(store.send(resource('orders'), route('orders'), [{ id: { id: orderId }, set: { staff_notes: 'hi' } }])),
    ).toMatchObject({ kind: 'yes', echo: [{ id: orderId, staff_notes: 'hi' }] })
    expect(store.requests()).toEqual({ read: 2, write: 5, check: 1 })
  })

  it('creates and deletes', async () => {
    const { store, run } = open()
    const { create, delete: remove } = resource('brands').api
    const made = await run(store.send(resource('brands'), create!, [{ id: {}, set: { name: 'Newcomer' } }]))
    expect(made).toMatchObject({ kind: 'yes', echo: [{ name: 'Newcomer' }] })
    const id = made.kind === 'yes' ? (made.echo?.[0]?.['id'] as number) : 0
    const twice = await run(store.send(resource('brands'), create!, [{ id: {}, set: { name: 'Newcomer' } }]))
    expect(twice).toMatchObject({ kind: 'no', status: 409 })
    const gone = await run(store.send(resource('brands'), remove!, [{ id: { id }, set: {} }]))
    expect(gone).toMatchObject({ kind: 'yes', status: 204, echo: null })
    expect((await run(store.page(resource('brands'), { ids: [id] }))).bodies).toEqual([])
  })

  it('tells a refused batch from one that went through', async () => {
    const { store, run } = open()
    const rows = [77, 999_999].map((id) => ({ id: { id }, set: { price: '3.21' } }))
    expect(await run(store.send(resource('products'), route('products'), rows))).toMatchObject({
      kind: 'no',
      status: 404,
    })
    expect((await run(store.page(resource('products'), { ids: [77] }))).bodies[0]).not.toMatchObject({ price: 3.21 })
    const sent = await run(store.send(resource('products'), route('products'), rows.slice(0, 1)))
    expect(sent).toMatchObject({ kind: 'yes', echo: [{ id: 77, price: 3.21 }] })
  })

  it('never goes over the quota, and uses nearly all of it', async () => {
    const { store, run, emulator, clock } = open({ settings: { latencyMs: 200 } })
    await run(Promise.all(Array.from({ length: 600 }, () => store.get('/v2/time'))))
    expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([])
    // Four windows of 150, of which the last needs not be waited out.
    expect(clock.elapsed()).toBeLessThan(4 * 30_000)
    expect(store.quota()).toMatchObject({ quota: 150, windowMs: 30_000 })
  })

  it('keeps to its share beside another app', async () => {
    const { store, run, emulator } = open({ otherApp: { requestsPerSecond: 2 } }, { quotaShare: 0.5 })
    await run(Promise.all(Array.from({ length: 300 }, () => store.get('/v2/time'))))
    const refused = emulator.requests.filter(({ status }) => status === 429)
    expect(refused.length).toBeLessThanOrEqual(3)
  })

  it('gets through a store that fails now and then', async () => {
    const faults = [
      { kind: 'status', status: 503, times: 2 },
      { kind: 'status', status: 429, times: 1 },
      { kind: 'drop', times: 1 },
      { kind: 'truncate', times: 1 },
      { kind: 'html200', times: 1 },
      { kind: 'empty200', times: 1 },
      { kind: 'slow', ms: 200_000, times: 1 },
    ].map((fault) => ({ method: 'GET', ...fault }))
    for (const fault of faults) {
      const { store, run } = open({ faults: [fault as never] })
      const pages = await run(readAll(store, resource('products'), { limit: 25 }))
      expect(ids(pages, 'id')).toHaveLength(60)
      expect(store.requests().read).toBeGreaterThan(3)
    }
  })

  it('does not know what became of a write whose answer was lost, and does not repeat it', async () => {
    for (const fault of [
      { kind: 'drop', when: 'after' },
      { kind: 'status', status: 502, when: 'after' },
      { kind: 'truncate' },
      { kind: 'html200' },
      { kind: 'slow', ms: 200_000, when: 'after' },
    ]) {
      const { store, run, emulator } = open({ faults: [{ ...fault, method: 'PUT', times: 1 } as never] })
      const rows = [{ id: { id: 77 }, set: { price: '3' } }]
      expect(await run(store.send(resource('products'), route('products'), rows))).toMatchObject({ kind: 'unknown' })
      expect(emulator.log.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    }
  })

  it('reads rows by key, one by one where a list of keys cannot be asked for', async () => {
    const { store, run, emulator } = open({ orders: 5 })
    const known = ids([await run(store.page(resource('orders'), {}))], 'id').slice(0, 3) as number[]
    const asked = await run(store.page(resource('orders'), { ids: [...known, 999_999], purpose: 'check' }))
    expect(ids([asked], 'id')).toEqual(known)
    expect(asked).toMatchObject({ last: true, total: 3 })
    expect(emulator.requests).toHaveLength(5)
    expect(store.requests()).toEqual({ read: 1, write: 0, check: 4 })
  })

  it('understands who may not', async () => {
    const stranger = open({}, { auth: { accessToken: 'aTokenThatNobodyIssued00000' } })
    expect(await stranger.run(rejection(stranger.store.page(resource('products'), {})))).toMatchObject({ code: 'auth' })
    const narrow = open({ scopes: ['store_v2_orders_read_only'] })
    const error = await narrow.run(rejection(narrow.store.page(resource('products'), {})))
    expect(error).toMatchObject({ code: 'scope', hint: expect.stringContaining('store_v2_products_read_only') })
    expect((await narrow.run(narrow.store.page(resource('orders'), {}))).bodies.length).toBeGreaterThan(0)
  })

  it('reads a v2 store with Basic auth', async () => {
    const legacy = { user: 'api', token: 'legacyToken0000000000000001' }
    const { store, run } = open({ legacy }, { auth: { basic: legacy } })
    expect((await run(store.page(resource('orders'), {}))).bodies.length).toBeGreaterThan(0)
    expect(store.quota()).toMatchObject({ quota: 20_000, left: 19_999, windowMs: 3_600_000 })
  })

  it('keeps the hour of a legacy account that something else uses too', async () => {
    const legacy = { user: 'api', token: 'legacyToken0000000000000001' }
    const { store, run, emulator, clock } = open({ legacy }, { auth: { basic: legacy } })
    const authorization = `Basic ${btoa(`${legacy.user}:${legacy.token}`)}`
    const elsewhere = () => emulator.fetch(`${emulator.origin}/api/v2/time`, { headers: { authorization } })
    for (let nth = 0; nth < 19_000; nth += 1) await elsewhere()
    await run(Promise.all(Array.from({ length: 1500 }, () => store.get('/v2/time'))))
    expect(emulator.requests.filter(({ status }) => status === 509).length).toBeLessThanOrEqual(3)
    expect(clock.elapsed()).toBeGreaterThan(59 * 60_000)
    expect(clock.elapsed()).toBeLessThan(65 * 60_000)
  })
})
