import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import type { SyncReport } from '../../src/model/index.ts'
import type { HttpAnswer, HttpRequest } from '../../src/sources/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
let file = ''
/** Paths that were read of the store. */
let reads: string[] = []
let openings = 0
let written = 0
afterEach(() => shop.close())

const serve: HttpRequest = async (_url, { method }): Promise<HttpAnswer> => {
  if (method === 'GET') openings += 1
  const bytes = Buffer.from(file)
  return {
    status: 200,
    headers: { get: (name) => (name.toLowerCase() === 'content-length' ? String(bytes.length) : null) },
    body: (async function* () {
      yield bytes
    })(),
    discard: async () => {},
  }
}

const open = (sync: object = {}, onWrite: (path: string) => void = () => {}, more: ShopOptions = {}): void => {
  reads = []
  openings = 0
  written = 0
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'categories', 'product_custom_fields', 'product_images'] },
    sources: { feed: { type: 'csv', path: 'http://127.0.0.1/feed.csv' } },
    request: serve,
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { name: 'Title' },
        fields: {
          description: 'Body',
          categories: { from: 'Type', names: { path: '/', missing: 'create' } },
          'custom:Material': 'Material',
        },
        group: {
          by: 'Handle',
          options: [{ name: 'Option1 Name', value: 'Option1 Value' }],
          none: 'Default Title',
          variants: { sku: 'SKU', price: 'Price' },
        },
        images: { from: 'Image Src', position: 'Image Position' },
        create: true,
        createDefaults: { type: 'physical', weight: 1, is_visible: false, channels: 'default' },
        guards: { maxCreates: false, maxChanges: false, allChanged: false },
        ...sync,
      },
    },
    fetch: (inner) => (url, init) => {
      const path = new URL(String(url)).pathname.replace(/^.*\/v[23]/, '')
      if ((init as RequestInit).method === 'GET') reads.push(path)
      else onWrite(path)
      return inner(url, init)
    },
    ...more,
  })
}

const HEAD = 'Handle,Title,Body,Type,Material,Option1 Name,Option1 Value,SKU,Price,Image Src,Image Position'
const shirt = (size: string, title = '', image = '') => [
  'shirt',
  title,
  title && 'A shirt',
  title && 'Men/Tops',
  title && 'Wool',
  'Size',
  size,
  `SH-${size}`,
  '20',
  image,
  image && '1',
]
const FIRST = [
  shirt('S', 'Shirt', 'https://shop.test/shirt.jpg'),
  shirt('M'),
  'mug,Mug,A mug,Kitchen,Clay,Title,Default Title,MUG,9,https://shop.test/mug.jpg,1'.split(','),
]
const feed = (rows: readonly (readonly string[])[]): void => {
  file = `${[HEAD.split(','), ...rows].map((row) => row.join(',')).join('\n')}\n`
}

const sync = async (): Promise<SyncReport> => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
}
/** What was asked of the source and the store since it was last told. */
const cost = () => {
  const told = { openings, reads: {} as Record<string, number>, writes: writes(shop, written).map(lastWord) }
  for (const path of reads) told.reads[path] = (told.reads[path] ?? 0) + 1
  written = shop.emulator.log.length
  openings = 0
  reads = []
  return told
}
const lastWord = ({ path }: { readonly path: string }): string => path.split('/').at(-1) ?? ''

describe('a sync with what hangs on it', () => {
  it('opens its source once and reads no listing twice, also where it makes products, their values, fields and pictures', async () => {
    open()
    feed(FIRST)
    const report = await sync()
    expect(report).toMatchObject({ state: 'complete', counts: { applied: 2 }, pull: { state: 'complete' } })
    expect(report.parts?.map(({ sync: name, counts, pull }) => [name, counts.applied, pull])).toEqual([
      ['catalog.product_option_values', 0, null],
      ['catalog.variants', 0, null],
      ['catalog.product_custom_fields', 0, null],
      ['catalog.product_images', 2, null],
    ])
    const first = cost()
    // Whoever writes asks first who answers: twice for a level of categories, then for the products, then for the pictures.
    expect(first).toEqual({
      openings: 1,
      reads: { '/store': 5, '/catalog/trees/categories': 1, '/catalog/products': 2 },
      writes: ['categories', 'categories', 'products', 'products', 'images', 'images'],
    })
    expect(shop.emulator.state.customFields.list().map(({ value }) => value)).toEqual(['Wool', 'Clay'])
  })

  it('sends nothing and costs what one sync costs when there is nothing to do', async () => {
    open()
    feed(FIRST)
    await sync()
    cost()
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 2 } })
    expect(cost()).toEqual({
      openings: 1,
      reads: { '/store': 1, '/catalog/trees/categories': 1, '/catalog/products': 2 },
      writes: [],
    })
  })

  it('asks for the values of a product once, for the values that it lacks and for the variants that need them', async () => {
    open()
    feed(FIRST)
    await sync()
    cost()
    feed([...FIRST.slice(0, 2), shirt('L'), ...FIRST.slice(2)])
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ counts: { applied: 1 } }, { counts: { applied: 1 } }, {}, {}],
    })
    // The listing and its total, the values, and the product once more before each of the two writes.
    expect(cost()).toMatchObject({
      openings: 1,
      reads: { '/store': 3, '/catalog/products': 5 },
      writes: ['values', 'variants'],
    })
    expect(shop.emulator.state.variants.list().map(({ sku }) => sku)).toEqual(['SH-S', 'SH-M', 'MUG', 'SH-L'])
  })

  it('shows all that hangs on it the snapshot that it read itself, whatever takes its place meanwhile', async () => {
    open({}, (path) => {
      if (path === '/catalog/products') feed([])
    })
    feed(FIRST)
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{}, {}, {}, { counts: { applied: 2 } }] })
    const [hash, ...others] = new Set(shop.rows('SELECT sha256 FROM sync_snapshot').map(({ sha256 }) => String(sha256)))
    expect([hash?.length, others]).toEqual([64, []])
    await expect(sync()).rejects.toThrow('has a header and no rows')
  })

  it('asks its source for the columns of all of them, also where the first needs only the names in one', async () => {
    open({ group: undefined, images: undefined, key: { sku: 'SKU' }, create: false, createDefaults: {} }, undefined, {
      sources: { feed: { type: 'sqlite', path: 'erp.db', table: 'items' } },
    })
    await simpleProduct(shop, 'MUG', 9)
    const erp = new Database(join(shop.dir, 'erp.db'))
    erp.exec(`create table items (SKU text, Body text, Type text, Material text);
      insert into items values ('MUG', 'A mug', 'Kitchen/Cups', 'Clay')`)
    erp.close()
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 1 } }] })
    expect(shop.emulator.state.customFields.list()).toMatchObject([{ value: 'Clay' }])
    expect(shop.emulator.state.products.list()).toMatchObject([{ description: 'A mug' }])
  })

  it('takes its parts from the source as it is once a value was written back into it', async () => {
    open(
      {
        key: { sku: 'SKU' },
        fields: { description: { from: 'Body', owner: 'both', conflict: 'ask' }, 'custom:Text': 'Body' },
        group: undefined,
        images: undefined,
        create: false,
        createDefaults: {},
      },
      undefined,
      { sources: { feed: { type: 'csv', path: 'feed.csv', write: true } } },
    )
    const { id } = await simpleProduct(shop, 'MUG', 9, { description: 'A mug' })
    shop.feed([
      ['SKU', 'Body'],
      ['MUG', 'A mug'],
    ])
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ counts: { applied: 1 } }] })
    shop.clock.advance(60_000)
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { description: 'The mug' })
    expect(await sync()).toMatchObject({ summary: { writeBack: 1 }, parts: [{ counts: { applied: 1 } }] })
    expect(shop.emulator.state.customFields.list().map(({ value }) => value)).toEqual(['The mug'])
  })
})
