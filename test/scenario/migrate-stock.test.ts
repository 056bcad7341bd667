import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

type Store = 'old' | 'fresh'

const send = (store: Store, method: string, path: string, body?: unknown) =>
  elsewhere({ emulator: shops[store] }, method, `/v3${path}`, body)

const mug = (inventory_level: number) => ({
  name: 'Mug',
  type: 'physical',
  weight: 1,
  price: 9,
  sku: 'MUG',
  inventory_tracking: 'product',
  inventory_level,
})

const mugOf = async (store: Store) => (await send(store, 'GET', '/catalog/products?sku=MUG'))[0]
const stockOf = async (store: Store) => (await mugOf(store)).inventory_level

/** Somebody counts the mugs of a store. */
const count = async (store: Store, quantity: number): Promise<void> => {
  await send(store, 'PUT', '/inventory/adjustments/absolute', {
    items: [{ location_id: 1, product_id: (await mugOf(store)).id, quantity }],
  })
  await shops.clock.sleep(60_000)
}

const open = async (): Promise<void> => {
  shops = openTwoShops({ old: { products: 0 } })
  await send('old', 'POST', '/catalog/products', mug(40))
  await shops.clock.sleep(60_000)
}

const told = async (resource: string, existing: 'adopt' | 'overwrite' | null = null) =>
  (await foretellMigration(shops.workspace, 'old', 'new', { ...USUAL, existing })).resources.find(
    (one) => one.resource === resource,
  )

describe('stock that somebody counted anew in the new store', () => {
  it('stays there, and is asked about once the old store says another figure, as the plan tells before', async () => {
    await open()
    await shops.migrate()
    expect(await stockOf('fresh')).toBe(40)

    await count('fresh', 77)
    expect(await told('skus')).toMatchObject({ update: 0, conflicts: 0 })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })

    await count('old', 5)
    expect(await told('skus')).toMatchObject({ update: 0, conflicts: 1 })
    const delta = await shops.migrate()
    expect(delta).toMatchObject({ state: 'partial', requests: { write: 0 } })
    expect(delta.resources.find(({ resource }) => resource === 'skus')).toMatchObject({ updated: 0, conflicts: 1 })
    expect(await stockOf('fresh')).toBe(77)
    const decided = await shops.migrate({ conflict: 'source' })
    expect(decided).toMatchObject({ state: 'complete', requests: { write: 1 } })
    await shops.clock.sleep(60_000)
    expect(await stockOf('fresh')).toBe(5)
  })
})

describe('stock of a product that the new store has already', () => {
  it.each([
    { existing: 'adopt' as const, first: 3, later: 12 },
    { existing: 'overwrite' as const, first: 40, later: 12 },
  ])(
    'is $first where rows are to $existing, and follows the old store from then on',
    async ({ existing, first, later }) => {
      await open()
      await send('fresh', 'POST', '/catalog/products', mug(3))
      await shops.clock.sleep(60_000)
      await shops.migrate({ existing })
      await shops.clock.sleep(60_000)
      expect(await stockOf('fresh')).toBe(first)
      expect(await shops.migrate({ existing })).toMatchObject({ state: 'complete', requests: { write: 0 } })

      await count('old', 12)
      expect(await told('skus', existing)).toMatchObject({ update: 1, conflicts: 0 })
      await shops.migrate({ existing })
      await shops.clock.sleep(60_000)
      expect(await stockOf('fresh')).toBe(later)
    },
  )
})

const STOCK = ['products', 'variants', 'categories', 'brands', 'locations', 'inventory_items']

const place = (code: string, label: string, more: object = {}) => ({
  code,
  label,
  description: '',
  managed_by_external_source: false,
  type_id: 'PHYSICAL',
  enabled: true,
  time_zone: 'Europe/Paris',
  address: {
    address1: '1 Quay',
    city: 'Austin',
    state: 'TX',
    zip: '78701',
    email: 'quay@example.com',
    geo_coordinates: { latitude: 1, longitude: 2 },
    country_code: 'US',
  },
  ...more,
})

/** A mug, a shirt counted by its two sizes, a cap by both together, and two places beside the default one and one that is off. */
const openPlaces = async (resources: readonly string[] = STOCK): Promise<void> => {
  shops = openTwoShops({ old: { products: 0 }, resources })
  await send('old', 'POST', '/catalog/products', mug(40))
  const kinds = { Shirt: 'variant', Cap: 'product' }
  for (const [name, inventory_tracking] of Object.entries(kinds)) {
    const sku = name.toUpperCase()
    await send('old', 'POST', '/catalog/products', {
      name,
      type: 'physical',
      weight: 1,
      price: 9,
      sku,
      inventory_tracking,
      variants: ['S', 'L'].map((label) => ({
        sku: `${sku}-${label}`,
        option_values: [{ option_display_name: 'Size', label }],
      })),
    })
  }
  await send('old', 'POST', '/inventory/locations', [place('QUAY', 'Quay'), place('HILL', 'Hill')])
  await shops.clock.sleep(60_000)
  await countAt('old', 'QUAY', { MUG: 7, 'SHIRT-S': 3, 'SHIRT-L': 0 })
  await countAt('old', 'HILL', { 'SHIRT-L': 11, CAP: 9 })
}

const placeOf = async (store: Store, code: string): Promise<number> =>
  (await send(store, 'GET', `/inventory/locations?location_code:in=${code}`))[0]?.id

/** Somebody counts what lies at a place of a store. */
const countAt = async (store: Store, code: string, figures: Readonly<Record<string, number>>): Promise<void> => {
  const location_id = await placeOf(store, code)
  await send(store, 'PUT', '/inventory/adjustments/absolute', {
    items: Object.entries(figures).map(([sku, quantity]) => ({ location_id, sku, quantity })),
  })
  await shops.clock.sleep(60_000)
}

const FIGURES = `SELECT location_code, sku, total_inventory_onhand AS stock FROM inventory_items
  WHERE location_id > 1 ORDER BY 1, 2`
const figures = (store: 'old' | 'new') =>
  Object.fromEntries(
    shops.rows(store, FIGURES).map(({ location_code, sku, stock }) => [`${location_code} ${sku}`, stock]),
  )

const adjustments = () => shops.fresh.log.filter(({ path }) => path.startsWith('/v3/inventory/adjustments')).length

const ALL = { 'HILL CAP': 9, 'HILL SHIRT-L': 11, 'QUAY MUG': 7, 'QUAY SHIRT-L': 0, 'QUAY SHIRT-S': 3 }

describe('stock of further locations', () => {
  it('goes to the same location of the new store, which is made where it is lacking, in one request, and once', async () => {
    await openPlaces()
    await send('fresh', 'POST', '/inventory/locations', [place('DOCK', 'Dock'), place('HILL', 'Hill')])
    await shops.clock.sleep(60_000)
    expect(await told('inventory_items', 'adopt')).toMatchObject({ rows: 5, create: 5, requests: 1, left: 0 })
    const first = await shops.migrate({ existing: 'adopt' })
    expect(first).toMatchObject({ state: 'complete', left: [] })
    expect(adjustments()).toBe(1)
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 0 } })
    expect(figures('new')).toEqual(ALL)
    expect(await placeOf('fresh', 'QUAY')).not.toBe(await placeOf('old', 'QUAY'))
    const where = `SELECT code, label, time_zone, address FROM locations WHERE code = 'QUAY'`
    expect(shops.rows('new', where)).toEqual(shops.rows('old', where))
    expect(await shops.reconcile()).toMatchObject({ state: 'complete', differences: [] })
  })

  it('follows the old store, and what somebody counts in the new one stays or is asked about', async () => {
    await openPlaces()
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await countAt('fresh', 'QUAY', { MUG: 70 })
    await countAt('old', 'HILL', { 'SHIRT-L': 12, MUG: 2 })
    expect((await shops.freeze()).resources.find(({ resource }) => resource === 'inventory_items')).toMatchObject({
      added: 1,
      changed: 1,
    })
    expect(await told('inventory_items')).toMatchObject({ create: 1, update: 1, conflicts: 0 })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    await countAt('old', 'QUAY', { MUG: 6 })
    expect(await told('inventory_items')).toMatchObject({ create: 0, update: 0, conflicts: 1 })
    expect(await shops.migrate()).toMatchObject({ state: 'partial', requests: { write: 0 } })
    expect(figures('new')).toEqual({ ...ALL, 'HILL MUG': 2, 'HILL SHIRT-L': 12, 'QUAY MUG': 70 })
    const compared = await shops.reconcile()
    expect(compared.differences).toMatchObject([{ resource: 'inventory_items', old: 6, new: 70 }])
  })

  it('is told by its old row where the store does not take it, as stock of the default location is', async () => {
    await openPlaces()
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await countAt('old', 'QUAY', { MUG: 6 })
    await count('old', 5)
    const body = JSON.stringify({ status: 422, title: 'It is counted by another app', errors: {} })
    shops.fresh.faults.set([
      { kind: 'status', path: '/v3/inventory/adjustments/absolute', method: 'PUT', status: 422, body },
    ])
    const refused = await shops.migrate()
    expect(refused).toMatchObject({ state: 'partial', exit: 5 })
    const mugs = await mugOf('old')
    expect(refused.left).toEqual([
      {
        resource: 'skus',
        key: String(mugs.base_variant_id),
        label: 'Mug',
        reason: expect.stringContaining('It is counted by another app'),
      },
      {
        resource: 'inventory_items',
        key: `${await placeOf('old', 'QUAY')}\t${mugs.id}\t${mugs.base_variant_id}`,
        label: 'MUG',
        reason: expect.stringContaining('It is counted by another app'),
      },
    ])
    shops.fresh.faults.clear()
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
  })

  it('is left alone where the new store has figures of its own, unless somebody says otherwise', async () => {
    await openPlaces()
    await send('fresh', 'POST', '/inventory/locations', [place('PIER', 'Pier')])
    const first = await shops.migrate({ only: ['products', 'variants', 'categories', 'brands'] })
    expect(first.refused.map(({ what }) => what)).toContain('stock at other locations than the default one')
    await shops.clock.sleep(60_000)
    await countAt('fresh', 'PIER', { MUG: 5, 'SHIRT-S': 0 })
    const named = { names: { locations: { Quay: 'Pier' } }, existing: 'adopt' as const }
    const asked = await shops.migrate({ ...named, existing: null })
    expect(asked.left.map(({ resource, reason }) => [resource, reason.split(';')[0]])).toEqual([
      ['locations', 'the new store has it already (label)'],
      ['inventory_items', '3 figures of stock: nothing in the new store stands for their location'],
    ])
    await shops.migrate({ ...named, only: ['locations'] })
    const later = await shops.migrate({ ...named, existing: null })
    expect(later.left.map(({ resource, label, reason }) => [resource, label, reason.split(';')[0]])).toEqual([
      ['inventory_items', 'Quay', '1 figure of stock: the new store has figures of its own for them'],
    ])
    await shops.migrate({ ...named, existing: 'overwrite' })
    await shops.clock.sleep(60_000)
    expect(await shops.migrate(named)).toMatchObject({ state: 'complete', left: [], requests: { write: 0 } })
    expect(figures('new')).toEqual({
      'HILL CAP': 9,
      'HILL SHIRT-L': 11,
      'PIER MUG': 7,
      'PIER SHIRT-L': 0,
      'PIER SHIRT-S': 3,
    })
  })

  it('stays behind with a location that is switched off on either side, which is told', async () => {
    await openPlaces()
    const off = async (store: Store, code: string): Promise<void> => {
      shops[store].state.locations.update(await placeOf(store, code), { enabled: false })
    }
    await off('old', 'HILL')
    await send('fresh', 'POST', '/inventory/locations', [place('QUAY', 'Quay')])
    await shops.clock.sleep(60_000)
    await off('fresh', 'QUAY')
    const report = await shops.migrate({ existing: 'adopt' })
    expect(report.refused).toContainEqual(
      expect.objectContaining({ resource: 'locations', rows: 2, what: expect.stringContaining('switched off') }),
    )
    expect(report.left.map(({ resource, label, reason }) => [resource, label, reason])).toEqual([
      ['inventory_items', 'Quay', '3 figures of stock: their location is switched off in the new store'],
      ['inventory_items', 'Hill', '2 figures of stock: nothing in the new store stands for their location'],
    ])
    expect(adjustments()).toBe(0)
  })

  it('goes with its product when the migration is undone, and a product whose stock somebody counted stays', async () => {
    await openPlaces()
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await countAt('fresh', 'QUAY', { 'SHIRT-S': 4 })
    const report = await shops.undo()
    expect(report).toMatchObject({ state: 'complete' })
    expect(shops.fresh.state.products.list().map(({ name }) => name)).toEqual(['Shirt'])
    const stays = report.rows.filter(({ state }) => state === 'stays').map(({ resource, reason }) => [resource, reason])
    expect(stays).toContainEqual(['products', 'variants: total_inventory_onhand of inventory_items was changed since'])
    expect(stays).toContainEqual(['locations', 'Skiff has no request that deletes it'])
  })
})
