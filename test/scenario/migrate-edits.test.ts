import { afterEach, describe, expect, it } from 'vitest'
import type { Progress } from '../../src/model/index.ts'
import { Crash } from '../support/dying.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

type Store = 'old' | 'fresh'
type Row = Readonly<Record<string, unknown>> & { readonly id: number }

const send = async (store: Store, method: string, path: string, body?: unknown): Promise<Row[]> => {
  const data = (await elsewhere({ emulator: shops[store] }, method, `/v3${path}`, body)) ?? []
  return Array.isArray(data) ? data : [data]
}

const RESOURCES = [
  'products',
  'variants',
  'categories',
  'brands',
  'product_custom_fields',
  'product_modifiers',
  'product_metafields',
  'price_lists',
  'price_list_records',
  'customers',
  'customer_groups',
  'customer_attributes',
  'customer_attribute_values',
]

/** What hangs on a product and on a customer, each a word that people of either store may change. */
const open = async (): Promise<void> => {
  await fill()
  expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
  await shops.clock.sleep(60_000)
}

const fill = async (): Promise<void> => {
  shops = openTwoShops({ resources: RESOURCES, old: { products: 0 } })
  await send('old', 'POST', '/catalog/products', {
    name: 'Mug',
    type: 'physical',
    weight: 1,
    price: 9,
    sku: 'MUG',
    custom_fields: [{ name: 'Made of', value: 'clay' }],
  })
  const mug = await idOf('old', '/catalog/products?sku=MUG')
  await send('old', 'POST', `/catalog/products/${mug}/modifiers`, {
    display_name: 'Engraving',
    type: 'text',
    required: false,
  })
  await note('old', 'a', 'said once')
  await send('old', 'POST', '/pricelists', { name: 'Friends', active: true })
  await price('old', 'usd', 8)
  await send('old', 'POST', '/customers/attributes', [
    { name: 'Shoe', type: 'string' },
    { name: 'Hat', type: 'string' },
  ])
  await send('old', 'POST', '/customers', [{ first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com' }])
  await wears('old', 'Shoe', '38')
}

const idOf = async (store: Store, path: string): Promise<number> => (await send(store, 'GET', path))[0]?.id ?? 0

const note = async (store: Store, key: string, value: string): Promise<void> => {
  const path = `/catalog/products/${await idOf(store, '/catalog/products?sku=MUG')}/metafields`
  const known = (await send(store, 'GET', path)).find((one) => one['key'] === key)
  const row = { namespace: 'erp', key, value, permission_set: 'read' }
  await send(store, known ? 'PUT' : 'POST', known ? `${path}/${known.id}` : path, row)
}

const made = async (store: Store, name: string, value: string): Promise<void> => {
  const path = `/catalog/products/${await idOf(store, '/catalog/products?sku=MUG')}/custom-fields`
  const known = (await send(store, 'GET', path)).find((one) => one['name'] === name)
  await send(store, known ? 'PUT' : 'POST', known ? `${path}/${known.id}` : path, { name, value })
}

const asks = async (store: Store, required: boolean): Promise<void> => {
  const path = `/catalog/products/${await idOf(store, '/catalog/products?sku=MUG')}/modifiers`
  await send(store, 'PUT', `${path}/${await idOf(store, path)}`, {
    type: 'text',
    required,
    sort_order: required ? 4 : 2,
  })
}

const price = async (store: Store, currency: string, amount: number): Promise<void> => {
  const variant_id = await idOf(store, '/catalog/variants?sku=MUG')
  await send(store, 'PUT', `/pricelists/${await idOf(store, '/pricelists')}/records`, [
    { variant_id, currency, price: amount },
  ])
}

const wears = async (store: Store, name: string, value: string): Promise<void> => {
  const attributes = await send(store, 'GET', '/customers/attributes')
  await send(store, 'PUT', '/customers/attribute-values', [
    {
      customer_id: await idOf(store, '/customers?email:in=ann@example.com'),
      attribute_id: attributes.find((one) => one['name'] === name)?.id,
      value,
    },
  ])
}

/** What the new store says. */
const told = () => ({
  fields: shops.rows('new', 'SELECT name, value FROM product_custom_fields ORDER BY name'),
  notes: shops.rows('new', 'SELECT key, value FROM product_metafields ORDER BY key'),
  modifiers: shops.rows('new', 'SELECT display_name, sort_order FROM product_modifiers'),
  prices: shops.rows('new', 'SELECT currency, price FROM price_list_records ORDER BY currency'),
  values: shops.rows('new', 'SELECT attribute_value FROM customer_attribute_values ORDER BY attribute_id'),
})

describe('what somebody changed in the new store of what hangs on products and customers', () => {
  it('stays, and is asked about once the old store changes it too', async () => {
    await open()
    const change = async (store: Store, word: string, amount: number, required: boolean): Promise<void> => {
      await made(store, 'Made of', word)
      await note(store, 'a', word)
      await asks(store, required)
      await price(store, 'usd', amount)
      await wears(store, 'Shoe', word)
      await shops.clock.sleep(60_000)
    }
    await change('fresh', 'theirs', 7, true)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    const before = told()
    expect(before.prices).toEqual([{ currency: 'usd', price: 7 }])

    await change('old', 'ours', 6, false)
    const delta = await shops.migrate()
    expect(delta).toMatchObject({ state: 'partial', requests: { write: 0 } })
    const asked = delta.resources.flatMap(({ resource, conflicts }) => (conflicts ? [resource] : []))
    expect(asked.sort()).toEqual([
      'customer_attribute_values',
      'price_list_records',
      'product_custom_fields',
      'product_metafields',
      'product_modifiers',
    ])
    expect(told()).toEqual(before)
  })

  it('is no row that the migration made where it came by itself: it is left alone unless somebody says otherwise', async () => {
    await open()
    const add = async (store: Store, word: string, amount: number): Promise<void> => {
      await made(store, 'Fits', word)
      await note(store, 'b', word)
      await price(store, 'eur', amount)
      await wears(store, 'Hat', word)
      await shops.clock.sleep(60_000)
    }
    await add('fresh', 'theirs', 7)
    await add('old', 'ours', 6)
    const alone = await shops.migrate()
    expect(alone).toMatchObject({ requests: { write: 0 } })
    expect(alone.left.map(({ resource }) => resource).sort()).toEqual([
      'customer_attribute_values',
      'price_list_records',
      'product_custom_fields',
      'product_metafields',
    ])
    expect(told().prices).toContainEqual({ currency: 'eur', price: 7 })

    await shops.migrate({ existing: 'overwrite' })
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 0 } })
    expect(told()).toMatchObject({
      fields: expect.arrayContaining([{ name: 'Fits', value: 'ours' }]),
      notes: expect.arrayContaining([{ key: 'b', value: 'ours' }]),
      prices: expect.arrayContaining([{ currency: 'eur', price: 6 }]),
      values: expect.arrayContaining([{ attribute_value: 'ours' }]),
    })
  })
})

describe('what came inside a product of which the migration died before it looked at it', () => {
  it('is its own all the same, also where the old store has changed it since', async () => {
    await fill()
    const { progress } = shops
    progress.push = (one: Progress) => {
      if ('text' in one && one.text === 'copying product_custom_fields') throw new Crash()
      return 0
    }
    await expect(shops.migrate()).rejects.toThrow(Crash)
    progress.push = () => 0
    await made('old', 'Made of', 'glass')
    await shops.clock.sleep(60_000)
    expect(await shops.again()).toMatchObject({ state: 'complete', left: [] })
    expect(told().fields).toEqual([{ name: 'Made of', value: 'glass' }])
  })
})
