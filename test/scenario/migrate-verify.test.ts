import { describe, expect, it } from 'vitest'
import type { Emulator } from '../../src/emulator/index.ts'
import { undoMove } from '../../src/engine/index.ts'
import type { Resource } from '../../src/model/index.ts'
import { catalog as everything } from '../../src/resources/index.ts'
import { jsonDocuments } from '../../tools/docs/json-documents.ts'
import { Crash, dying } from '../support/dying.ts'
import { openTwoShops } from '../support/two-shops.ts'
import { openWeb } from '../support/web.ts'

const SMALL = { old: { products: 12 } }

const call = async (shop: Emulator, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await shop.fetch(`http://127.0.0.1:1/stores/${shop.storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': shop.accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } as never)
  expect(answer.status, `${method} ${path}`).toBeLessThan(300)
  return answer.status === 204 ? null : ((await answer.json()) as { data: unknown }).data
}

/** The n-th product of a shop, as its emulator holds it. */
const product = (shop: Emulator, name: string) => {
  const found = shop.state.products.list().find((one) => one.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

const nameAt = (shop: Emulator, at: number): string => shop.state.products.list()[at]?.name ?? ''

describe('the comparison of two stores after a migration', () => {
  it('finds them equal right after a copy, and writes nothing', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const report = await shops.reconcile()
    expect(report).toMatchObject({ state: 'complete', exit: 0, differences: [], agreed: [], requests: { write: 0 } })
    expect(jsonDocuments.reconcile.schema.safeParse(report).error).toBeUndefined()
    const counts = { old: 12, new: 12, linked: 12, created: 12, adopted: 0, onlyOld: 0, onlyNew: 0, differs: 0 }
    expect(report.resources.find(({ resource }) => resource === 'products')).toMatchObject(counts)
    shops.close()
  })

  it('tells a price that was changed in the new store, and rows that only one of the two has', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const [priced, gone] = [nameAt(shops.old, 0), nameAt(shops.old, 1)]
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, priced).id}`, { price: 4321 })
    await call(shops.fresh, 'DELETE', `/v3/catalog/products/${product(shops.fresh, gone).id}`)
    await call(shops.fresh, 'POST', '/v3/catalog/brands', { name: 'A brand of the new store' })
    await call(shops.old, 'POST', '/v3/catalog/brands', { name: 'A late brand of the old store' })
    const report = await shops.reconcile()
    expect(report).toMatchObject({ state: 'partial', exit: 5 })
    const about = (resource: string) =>
      report.differences
        .filter((one) => one.resource === resource)
        .map(({ label, field, new: now, why }) => [label, field, now, why])
    expect(about('products')).toEqual(
      expect.arrayContaining([
        [priced, 'price', '4321', 'changed in the new store since'],
        [gone, null, null, 'what stood for it was taken out of the new store'],
      ]),
    )
    expect(about('products')).toHaveLength(2)
    expect(about('brands')).toEqual([
      ['A late brand of the old store', null, null, 'nothing in the new store stands for it'],
    ])
    expect(report.resources.find(({ resource }) => resource === 'brands')).toMatchObject({ onlyOld: 1, onlyNew: 1 })
    shops.close()
  })

  it('tells what was left to differ apart from what differs', async () => {
    const shops = openTwoShops(SMALL)
    const brand = shops.old.state.brands.list()[0]?.name ?? ''
    await call(shops.fresh, 'POST', '/v3/catalog/brands', { name: brand, page_title: 'Ours' })
    await shops.migrate({ existing: 'adopt' })
    const report = await shops.reconcile()
    expect(report).toMatchObject({ exit: 0, differences: [] })
    expect(report.agreed.map(({ label, field, new: now }) => [label, field, now])).toEqual([
      [brand, 'page_title', 'Ours'],
      [brand, 'meta_description', null],
    ])
    expect(report.resources.find(({ resource }) => resource === 'brands')).toMatchObject({ adopted: 1, agreed: 2 })
    shops.close()
  })

  it('looks at the pictures of some rows, by type and size of what both stores show', async () => {
    const images = everything.resources.get('product_images') as Resource
    const catalog = {
      ...everything,
      resources: new Map(everything.resources).set(images.name, { ...images, moves: { by: [] } }),
    }
    const web = openWeb()
    const shops = openTwoShops({ old: { products: 3 }, catalog, request: web.request })
    await shops.migrate({ only: ['products', 'brands', 'categories', 'variants'] })
    for (const table of [shops.old.state.images, shops.fresh.state.images])
      for (const { id } of table.list()) table.delete(id)
    const show = (shop: Emulator, at: number, place: number, bytes: string | undefined) => {
      const { id, date_modified } = product(shop, nameAt(shops.old, at))
      const address = `https://pictures.test/${shop.storeHash}/${id}-${place}.gif`
      shop.state.images.insert({ product_id: id, sort_order: place, url_zoom: address, date_modified } as never)
      if (bytes !== undefined) web.pages.set(address, { bytes: Buffer.from(`GIF89a${bytes}`) })
    }
    show(shops.old, 0, 0, 'the same')
    show(shops.fresh, 0, 4, 'the same')
    show(shops.old, 0, 1, 'cut')
    show(shops.fresh, 0, 5, 'cut short')
    show(shops.old, 1, 0, 'lost')
    show(shops.old, 2, 0, 'hidden')
    show(shops.fresh, 2, 0, undefined)
    const { pictures, exit } = await shops.reconcile({ pictures: 3 })
    const size = (text: string) => ({ type: 'image/gif', bytes: text.length + 6 })
    const told = pictures.map(({ label, place, old, new: now, verdict }) => [label, place, old, now, verdict])
    expect(told).toEqual([
      [nameAt(shops.old, 0), 1, size('the same'), size('the same'), 'same'],
      [nameAt(shops.old, 0), 2, size('cut'), size('cut short'), 'differs'],
      [nameAt(shops.old, 1), 1, size('lost'), null, 'differs'],
      [nameAt(shops.old, 2), 1, size('hidden'), { reason: expect.stringContaining('pictures.test') }, 'unknown'],
    ])
    expect(exit).toBe(5)
    shops.close()
  })
})

describe('the freeze of a migration', () => {
  it('finds nothing right after a copy, and afterwards what came, changed and went in the old store', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const writes = shops.fresh.state.log.length
    expect(await shops.freeze()).toMatchObject({
      exit: 0,
      state: 'complete',
      rows: [],
      requests: { read: 0, write: 0 },
    })
    const [priced, gone] = [nameAt(shops.old, 0), nameAt(shops.old, 1)]
    const { id, price } = product(shops.old, priced)
    const counted = shops.old.state.products
      .list()
      .find(({ name, inventory_tracking }) => inventory_tracking === 'product' && name !== gone && name !== priced)
    const stock = { was: Number(counted?.inventory_level), now: Number(counted?.inventory_level) + 3 }
    await call(shops.old, 'PUT', `/v3/catalog/products/${id}`, { price: 99 })
    await call(shops.old, 'PUT', `/v3/catalog/products/${counted?.id}`, { inventory_level: stock.now })
    await call(shops.old, 'DELETE', `/v3/catalog/products/${product(shops.old, gone).id}`)
    await call(shops.old, 'POST', '/v3/catalog/brands', { name: 'A late brand' })
    shops.clock.advance(60_000)
    const report = await shops.freeze()
    expect(report).toMatchObject({ exit: 5, state: 'partial', requests: { read: 0, write: 0 } })
    const rows = report.rows.filter(({ resource }) => resource === 'products' || resource === 'brands')
    expect(rows.map(({ resource, what, label, fields }) => [resource, what, label, fields])).toEqual([
      ['brands', 'added', 'A late brand', []],
      ['products', 'changed', priced, [{ field: 'price', was: String(price), now: '99' }]],
      ['products', 'gone', gone, []],
    ])
    expect(jsonDocuments.freeze.schema.safeParse(report).error).toBeUndefined()
    expect(report.rows.filter(({ resource }) => resource === 'skus')).toMatchObject([
      { what: 'changed', fields: [stock] },
    ])
    expect(shops.fresh.state.log).toHaveLength(writes)
    await shops.migrate()
    const quiet = await shops.freeze()
    expect(quiet).toMatchObject({ exit: 0, state: 'complete-with-rejects', rows: [] })
    expect(quiet.told.filter(({ resource }) => resource === 'products')).toEqual([
      {
        resource: 'products',
        key: { old: expect.any(String), new: String(product(shops.fresh, gone).id) },
        label: gone,
        reason: 'the old store has it no more; it stays in the new one',
      },
    ])
    expect(jsonDocuments.freeze.schema.safeParse(quiet).error).toBeUndefined()
    await call(shops.fresh, 'DELETE', `/v3/catalog/products/${product(shops.fresh, gone).id}`)
    shops.clock.advance(60_000)
    await shops.migrate()
    expect(await shops.freeze()).toMatchObject({ exit: 0, state: 'complete', rows: [], told: [] })
    shops.close()
  })

  it('tells rows that the last copy left behind for what they are, until the old store changes them', async () => {
    const shops = openTwoShops(SMALL)
    const theirs = shops.old.state.products.list().find(({ base_variant_id }) => base_variant_id !== null)
    const brand = shops.old.state.brands.list()[0]
    if (!theirs || !brand) throw new Error('the old store is empty')
    await call(shops.fresh, 'POST', '/v3/catalog/brands', { name: brand.name })
    const { name, sku, type, weight } = theirs
    await call(shops.fresh, 'POST', '/v3/catalog/products', { name, sku, type, weight, price: 1 })
    const { left } = await shops.migrate()
    const frozen = await shops.freeze()
    expect(frozen).toMatchObject({ exit: 0, rows: [] })
    expect(frozen.told.map(({ resource, key, reason }) => ({ resource, key: key.old, reason }))).toEqual(
      left
        .filter(({ reason }) => reason.includes('has it already'))
        .map(({ resource, key, reason }) => ({ resource, key, reason })),
    )
    expect(frozen.told.map(({ resource, label }) => [resource, label])).toEqual([
      ['brands', brand.name],
      ['products', name],
    ])
    await call(shops.old, 'PUT', `/v3/catalog/products/${theirs.id}`, { price: 77 })
    shops.clock.advance(60_000)
    const moved = await shops.freeze()
    expect(moved).toMatchObject({ exit: 5, state: 'partial' })
    expect(moved.rows.filter(({ resource }) => resource === 'products')).toMatchObject([{ what: 'added', label: name }])
    expect(moved.told.map(({ resource }) => resource)).toEqual(['brands'])
    shops.close()
  })

  it('takes what somebody took out of the new store for told, whatever the old store says of it', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const name = nameAt(shops.old, 0)
    await call(shops.fresh, 'DELETE', `/v3/catalog/products/${product(shops.fresh, name).id}`)
    shops.clock.advance(60_000)
    await call(shops.old, 'PUT', `/v3/catalog/products/${product(shops.old, name).id}`, { price: 99, name: 'Renamed' })
    shops.clock.advance(60_000)
    await shops.migrate()
    const frozen = await shops.freeze()
    expect(frozen).toMatchObject({ exit: 0, rows: [] })
    expect(frozen.told.filter(({ resource }) => resource === 'products')).toMatchObject([
      { label: 'Renamed', reason: 'taken out of the new store since, so it stays out' },
    ])
    shops.close()
  })

  it('looks, where a date is said, at rows that changed since then only', async () => {
    const shops = openTwoShops(SMALL)
    const since = new Date(shops.clock.now() + 3_600_000).toISOString()
    shops.clock.advance(7_200_000)
    const name = nameAt(shops.old, 0)
    await call(shops.old, 'PUT', `/v3/catalog/products/${product(shops.old, name).id}`, { price: 99 })
    shops.clock.advance(60_000)
    await shops.migrate({ since })
    expect(shops.fresh.state.products.list().map((one) => one.name)).toEqual([name])
    expect(await shops.freeze({ since })).toMatchObject({ exit: 0, rows: [] })
    expect((await shops.freeze()).resources.find(({ resource }) => resource === 'products')).toMatchObject({
      added: 11,
    })
    shops.close()
  })
})

describe('the undo of a migration', () => {
  it('tells what it would delete, and deletes nothing before somebody typed the name of the store', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const dry = await shops.undo({ dry: true, typedStore: null })
    expect(dry).toMatchObject({ state: 'waiting', exit: 3, dry: true, requests: { write: 0 } })
    expect(dry.rows.filter(({ resource, state }) => resource === 'products' && state === 'to-remove')).toHaveLength(12)
    expect(dry.unseen).toEqual(expect.arrayContaining(['product_reviews', 'product_metafields']))
    await expect(shops.undo({ typedStore: 'old' })).rejects.toMatchObject({ code: 'approval' })
    expect(shops.fresh.state.products.size).toBe(12)
    shops.close()
  })

  it('keeps what a person edited also after a delta that kept the edit', async () => {
    const shops = openTwoShops(SMALL)
    await shops.migrate()
    const edited = nameAt(shops.old, 0)
    const counted = shops.old.state.products
      .list()
      .find((one) => one.name !== edited && one.inventory_tracking === 'product')
    const fields = shops.old.state.customFields.list()
    const robbed = shops.old.state.products
      .list()
      .find((one) => one.name !== edited && one !== counted && fields.some(({ product_id }) => product_id === one.id))
    if (!counted || !robbed) throw new Error('the old store has no such products')
    shops.clock.advance(60_000)
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, edited).id}`, { price: 4321 })
    const stock = { inventory_level: counted.inventory_level + 3 }
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, counted.name).id}`, stock)
    const { id: at } = product(shops.fresh, robbed.name)
    const [field] = shops.fresh.state.customFields.list().filter(({ product_id }) => product_id === at)
    await call(shops.fresh, 'DELETE', `/v3/catalog/products/${at}/custom-fields/${field?.id}`)
    shops.clock.advance(60_000)
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
    const dry = await shops.undo({ dry: true, typedStore: null })
    const left = dry.rows.filter(({ resource, state }) => resource === 'products' && state === 'stays')
    expect(left.map(({ label, reason }) => [label, reason]).sort()).toEqual(
      [
        [edited, 'price was changed since'],
        [counted.name, expect.stringContaining('inventory_level was changed since')],
        [robbed.name, 'something of its product_custom_fields was taken out since'],
      ].sort(),
    )
    shops.close()
  })

  it('removes what it made, and keeps what a person edited, what hangs on that, and what was there before', async () => {
    const shops = openTwoShops(SMALL)
    const there = shops.old.state.brands.list()[0]?.name ?? ''
    await call(shops.fresh, 'POST', '/v3/catalog/brands', { name: there })
    await shops.migrate({ existing: 'adopt' })
    const [edited, added] = [nameAt(shops.old, 0), nameAt(shops.old, 1)]
    const robbed = shops.old.state.products.list().filter(({ name }) => name !== edited && name !== added)
    const [lost] = robbed.filter(({ id }) => shops.old.state.customFields.list().some((one) => one.product_id === id))
    const [counted] = robbed.filter((one) => one !== lost && one.inventory_tracking === 'product')
    if (!lost || !counted) throw new Error('the old store has no such products')
    const { id: at } = product(shops.fresh, lost.name)
    const [field] = shops.fresh.state.customFields.list().filter((one) => one.product_id === at)
    await call(shops.fresh, 'DELETE', `/v3/catalog/products/${at}/custom-fields/${field?.id}`)
    const stock = { inventory_level: counted.inventory_level + 3 }
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, counted.name).id}`, stock)
    shops.clock.advance(60_000)
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, edited).id}`, { price: 4321 })
    await call(shops.fresh, 'POST', `/v3/catalog/products/${product(shops.fresh, added).id}/custom-fields`, {
      name: 'Somebody',
      value: 'was here',
    })
    const report = await shops.undo()
    expect(report).toMatchObject({ state: 'complete', exit: 0 })
    expect(
      shops.fresh.state.products
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([edited, added, lost.name, counted.name].sort())
    expect(jsonDocuments.migrationUndo.schema.safeParse(report).error).toBeUndefined()
    const stays = report.rows.filter(({ state }) => state === 'stays').map(({ label, reason }) => [label, reason])
    expect(stays).toEqual(
      expect.arrayContaining([
        [edited, 'price was changed since'],
        [lost.name, 'something of its product_custom_fields was taken out since'],
        [counted.name, 'variants: inventory_level was changed since'],
        [added, expect.stringMatching(/^somebody added product_custom_fields \d+ to it$/)],
      ]),
    )
    const used = new Set(shops.fresh.state.products.list().flatMap(({ categories }) => categories))
    const above = new Set(shops.fresh.state.categories.list().map(({ parent_id }) => Number(parent_id)))
    for (const { id, name } of shops.fresh.state.categories.list())
      expect(used.has(id) || above.has(id), name).toBe(true)
    for (const id of used) expect(shops.fresh.state.categories.get(id)).toBeDefined()
    const kept = new Set(shops.fresh.state.products.list().map(({ brand_id }) => brand_id))
    const brands = shops.fresh.state.brands.list()
    expect(brands.filter(({ name }) => name === there)).toHaveLength(1)
    for (const { id, name } of brands) expect(name === there || kept.has(id), name).toBe(true)
    const twice = await shops.undo()
    expect(twice.rows.filter(({ state }) => state === 'stays').map(({ label, reason }) => [label, reason])).toEqual(
      stays,
    )
    expect(twice).toMatchObject({ exit: 0, requests: { write: 0 } })
    expect(shops.rows('new', "SELECT count(*) AS n FROM sync_link WHERE resource = 'products'")).toEqual([{ n: 4 }])
    expect(shops.rows('new', "SELECT count(*) AS n FROM sync_base WHERE sync = 'migrate.old.new.products'")).toEqual([
      { n: 4 },
    ])
    shops.close()
  })

  it('forgets also what went along with a product and has a listing of its own, so that the next copy makes it again', async () => {
    const resources = [
      'products',
      'variants',
      'categories',
      'brands',
      'product_metafields',
      'variant_metafields',
      'category_metafields',
      'brand_metafields',
      'channels',
      'product_channel_assignments',
      'product_category_assignments',
    ]
    const shops = openTwoShops({ ...SMALL, resources })
    const names = { product_metafields: 'products', category_metafields: 'categories', brand_metafields: 'brands' }
    for (const path of Object.values(names)) {
      const owners = shops.old.state[path as 'products'].list().slice(0, 3)
      const rows = owners.map(({ id }) => ({
        resource_id: id,
        namespace: 'erp',
        key: 'code',
        value: `${path} ${id}`,
        permission_set: 'app_only',
      }))
      await call(shops.old, 'POST', `/v3/catalog/${path}/metafields`, rows)
    }
    const [first, kept] = [nameAt(shops.old, 0), nameAt(shops.old, 1)]
    const pairs = [first, kept].map((name) => ({ product_id: product(shops.old, name).id, channel_id: 1 }))
    await call(shops.old, 'PUT', '/v3/catalog/products/channel-assignments', pairs)
    const copied = await shops.migrate({ existing: 'adopt' })
    expect(copied).toMatchObject({ state: 'complete', left: [] })
    shops.clock.advance(60_000)
    await call(shops.fresh, 'PUT', `/v3/catalog/products/${product(shops.fresh, kept).id}`, { price: 4321 })
    expect(await shops.undo()).toMatchObject({ state: 'complete', exit: 0 })
    expect(shops.fresh.state.products.list().map(({ name }) => name)).toEqual([kept])
    const linked = (resource: string) =>
      shops.rows('new', `SELECT count(*) AS n FROM sync_link WHERE resource = '${resource}'`)[0]?.['n']
    const fields = shops.fresh.state.metafields.list().filter(({ resource_type }) => resource_type === 'product')
    expect(linked('product_metafields')).toBe(fields.length)
    expect(linked('product_channel_assignments')).toBe(shops.fresh.state.channelAssignments.size)
    shops.clock.advance(60_000)
    const again = await shops.migrate({ existing: 'adopt' })
    expect(again).toMatchObject({ state: 'complete', left: [] })
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [] })
    expect(await shops.migrate({ existing: 'adopt' })).toMatchObject({ left: [], requests: { write: 0 } })
    shops.close()
  })

  it('keeps a product that was ordered in the new store, with what it refers to', async () => {
    const shops = openTwoShops({
      old: { products: 4, orders: 0 },
      resources: ['products', 'variants', 'categories', 'brands', 'orders', 'order_lines'],
    })
    await shops.migrate()
    const ordered = product(shops.fresh, nameAt(shops.old, 0))
    await call(shops.fresh, 'POST', '/v2/orders', {
      status_id: 11,
      billing_address: {
        first_name: 'Ada',
        last_name: 'Byron',
        street_1: '1 Main St',
        city: 'Austin',
        state: 'Texas',
        zip: '78701',
        country: 'United States',
        country_iso2: 'US',
        email: 'ada@example.com',
      },
      products: [{ product_id: ordered.id, quantity: 1, product_options: [] }],
    })
    const report = await shops.undo()
    expect(shops.fresh.state.products.list().map(({ id }) => id)).toEqual([ordered.id])
    const stays = report.rows.filter(({ state, resource }) => state === 'stays' && resource === 'products')
    expect(stays).toMatchObject([
      { label: ordered.name, reason: expect.stringMatching(/^order_lines \d+ refers to it$/) },
    ])
    for (const id of ordered.categories) expect(shops.fresh.state.categories.get(id)).toBeDefined()
    shops.close()
  })

  it('goes on after a kill, and deletes nothing twice', async () => {
    const shops = openTwoShops({ old: { products: 6 } })
    await shops.migrate()
    const { hash, resources } = shops.workspace.settings.stores['old'] as { hash: string; resources: readonly string[] }
    const from = { name: 'old', hash, resources }
    const options = { dry: false, typedStore: 'new', approvedBy: 'test' }
    for (const [turn, when] of [
      [3, 'before'],
      [4, 'after'],
      [9, 'after'],
    ] as const) {
      const killed = shops.open().withStore('new', 'undo', (side) => {
        const mirror = dying(side.mirror, turn, when)
        return undoMove(shops.workspace.context, { ...side, mirror }, from, options, `killed ${turn}`)
      })
      await expect(killed).rejects.toBeInstanceOf(Crash)
    }
    expect(await shops.undo()).toMatchObject({ state: 'complete', exit: 0 })
    expect([shops.fresh.state.products.size, shops.fresh.state.categories.size]).toEqual([0, 0])
    const deletes = shops.fresh.state.log.filter(({ method }) => method === 'DELETE').map(({ path }) => path)
    expect(deletes.length).toBeGreaterThan(6)
    expect(new Set(deletes).size).toBe(deletes.length)
    expect(shops.rows('new', 'SELECT count(*) AS n FROM sync_link')).toEqual([{ n: 0 }])
    expect(shops.rows('new', 'SELECT count(*) AS n FROM sync_base')).toEqual([{ n: 0 }])
    shops.close()
  })
})
