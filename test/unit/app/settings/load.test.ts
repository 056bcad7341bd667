import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configHash, loadSettings, reveal, type Settings } from '../../../../src/app/settings/index.ts'
import { UsageError } from '../../../../src/model/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-settings-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const main = { hash: 'abc123', accessToken: 'env:BC_TOKEN' }
const feed = { type: 'csv', path: 'feeds/erp.csv' }
const prices = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'SKU' }, fields: { price: 'Price' } }
const ADDRESSES = {
  ...prices,
  resource: 'customer_addresses',
  key: { address1: 'Street' },
  fields: {
    ...{ first_name: 'First', last_name: 'Last', city: 'City' },
    ...{ state_or_province: 'State', postal_code: 'Zip', country_code: 'Country' },
  },
  create: true,
}
const config = (change: object = {}) => ({ stores: { main }, sources: { feed }, syncs: { prices }, ...change })

const load = (value: unknown, env: Record<string, string> = {}): Settings => {
  const file = join(dir, 'sync.config.json')
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return loadSettings(file, env, catalog)
}

const refusal = (value: unknown): UsageError => {
  try {
    load(value)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

const withSync = (change: object) => config({ syncs: { prices: { ...prices, ...change } } })
const withStore = (change: object) => config({ stores: { main: { ...main, ...change } } })
const withNotifier = (team: object) => config({ notify: { team } })
const withJob = (change: object) => config({ jobs: { nightly: { steps: ['pull main'], ...change } } })

describe('a sound configuration', () => {
  it('names a database by its file or by where its address is, which is looked up when it is used', () => {
    const { sources } = load(
      config({
        sources: {
          feed: { type: 'sqlite', path: 'erp.db', table: 'items', write: true },
          erp: { type: 'postgres', url: 'env:ERP_URL', query: 'SELECT 1', timeout: 9 },
        },
      }),
      { ERP_URL: 'postgres://erp:s3cret@db/erp' },
    )
    expect(sources['feed']).toMatchObject({
      from: { table: 'items' },
      write: true,
      database: { type: 'sqlite', file: join(dir, 'erp.db'), path: 'erp.db' },
    })
    expect(sources['erp']).toMatchObject({ from: { query: 'SELECT 1' }, write: false, database: { timeoutMs: 9000 } })
    expect(inspect(sources, { depth: 9 })).not.toContain('s3cret')
  })

  it('says since when stock is true by a column, its number, or the file', () => {
    const asOf = (value: unknown) =>
      load(withSync({ fields: { inventory_level: { from: 'S', asOf: value } } })).syncs[0]?.fields['inventory_level']
        ?.asOf
    expect([asOf('file'), asOf(3), asOf({ file: 'modified' })]).toEqual([{ column: 'file' }, { column: '3' }, 'file'])
  })

  it('C13: is filled in with defaults and its paths start at the file', () => {
    const { stores, sources, syncs } = load(config())
    expect(stores['main']).toMatchObject({
      hash: 'abc123',
      origin: 'https://api.bigcommerce.com',
      quotaShare: 0.85,
      mirror: join(dir, '.skiff', 'main.db'),
      simplePrices: 'product',
      location: null,
    })
    expect(sources['feed']).toMatchObject({ path: join(dir, 'feeds', 'erp.csv'), quote: '"', header: true })
    expect(syncs[0]).toMatchObject({ name: 'prices', create: false, remove: 'never', recheck: 'auto', guards: {} })
    expect(syncs[0]?.fields['price']).toEqual({
      from: 'Price',
      owner: 'source',
      conflict: 'ask',
      blank: 'keep',
      writeBack: true,
      trim: true,
    })
  })

  it('is frozen to the depth', () => {
    const { syncs } = load(config())
    expect(() => Object.assign(syncs[0]?.fields['price'] ?? {}, { from: 'Other' })).toThrow(TypeError)
  })

  it('C14: may hold comments, a byte-order mark, Windows line ends and trailing commas', () => {
    const text = `\uFEFF${JSON.stringify(config(), null, 2).replaceAll('\n', '\r\n')}`.replace('{', '{ // comment\r\n')
    expect(load(text.replace(/\}\s*$/, ',}')).syncs).toHaveLength(1)
  })

  it('cuts the hash out of a pasted API path', () => {
    expect(load(withStore({ hash: 'https://api.bigcommerce.com/stores/x1y2/v3/' })).stores['main']?.hash).toBe('x1y2')
  })

  it('takes a legacy account with the store’s own address', () => {
    const legacy = { url: 'https://store-x9.mybigcommerce.com/api/v2/', auth: { basic: { user: 'u', token: 'env:T' } } }
    const store = load(config({ stores: { main: legacy }, syncs: {} }), { T: 'k' }).stores['main']
    expect(store).toMatchObject({ hash: 'x9', origin: 'https://store-x9.mybigcommerce.com' })
    expect(store && 'basic' in store.auth && reveal(store.auth.basic.token)).toBe('k')
    // What the older API has, and nothing else.
    expect(store?.resources).toEqual(expect.arrayContaining(['products', 'variants', 'categories', 'orders']))
    expect(store?.resources).not.toContain('inventory_items')
  })

  it('pulls by default what does not make pages small', () => {
    const pulled = load(config()).stores['main']?.resources
    expect(pulled).toContain('orders')
    expect(pulled).not.toContain('product_options')
  })

  it('reads filters as canonical values, one or several', () => {
    const filter = { brand_id: [3, 4], is_visible: true, categories: 7, price: '12.50', sku: 'ACME-*' }
    expect(load(withSync({ filter })).syncs[0]?.filter).toEqual({
      equals: { brand_id: [3, 4], is_visible: [true], categories: [7], price: ['12.5'] },
      sku: 'ACME-*',
    })
  })

  it('splits job steps into verb and target', () => {
    const job = load(withJob({ steps: ['pull main', 'sync prices', 'report margins'], cron: '0 2 * * *' })).jobs[
      'nightly'
    ]
    expect(job?.steps).toEqual([
      { verb: 'pull', target: 'main' },
      { verb: 'sync', target: 'prices', store: 'main' },
      { verb: 'report', target: 'margins' },
    ])
    expect(job).toMatchObject({ timezone: 'UTC', approve: 'ask' })
  })
})

describe('C1, C2, C5, C9, S28: a fault is named with its place and what to do', () => {
  it.each([
    ['an unknown key', config({ store: {} }), /^store: is not known here. Did you mean "stores"\?/],
    [
      'an unknown key deep down',
      withSync({ fields: { price: { form: 'P', from: 'P' } } }),
      /fields\.price\.form: .*"from"/,
    ],
    [
      'a misspelt field',
      withSync({ fields: { pirce: 'P' } }),
      /fields\.pirce: is no field of skus. Did you mean "price"/,
    ],
    ['a field that the store writes', withSync({ fields: { own_price: 'P' } }), /own_price: is read-only/],
    [
      'a field that only a create sets, in a sync that makes nothing',
      config({
        stores: { main: { ...main, resources: ['orders'] } },
        syncs: {
          p: { ...prices, resource: 'orders', key: { external_order_id: 'N' }, fields: { external_source: 'S' } },
        },
      }),
      /external_source: is set by a create and by nothing else; add "create": true/,
    ],
    [
      'a field that is the key',
      config({ syncs: { p: { ...prices, resource: 'products', fields: { sku: 'A' } } } }),
      /part of the key/,
    ],
    [
      'a key that names no row',
      withSync({ key: { price: 'P' }, fields: { name: 'N' } }),
      /cannot name a row of skus. Use one of: sku/,
    ],
    ['a misspelt resource', withSync({ resource: 'sku' }), /Did you mean "skus"/],
    ['an unknown store', withSync({ store: 'mian' }), /there is no store "mian". Did you mean "main"/],
    ['an unknown source', withSync({ source: 'feeds' }), /there is no source "feeds". Did you mean "feed"/],
    ['an age of a price', withSync({ fields: { price: { from: 'P', asOf: 'T' } } }), /asOf: is for stock only/],
    [
      'what to do after nobody knows when',
      withSync({ fields: { inventory_level: { from: 'S', after: 'hold' } } }),
      /after: needs "asOf"/,
    ],
    [
      'an age of stock that the store owns',
      withSync({ fields: { inventory_level: { from: 'S', asOf: 'T', owner: 'store', writeBack: false } } }),
      /asOf: is for stock that the source owns/,
    ],
    [
      'the time of a file that is written into',
      config({
        sources: { feed: { ...feed, write: true } },
        syncs: { p: { ...prices, fields: { inventory_level: { from: 'S', asOf: { file: 'modified' } } } } },
      }),
      /the time of a file that Skiff writes into/,
    ],
    [
      'the time of a file where there is a database',
      config({
        sources: { feed: { type: 'sqlite', path: 'erp.db', table: 'items' } },
        syncs: { p: { ...prices, fields: { inventory_level: { from: 'S', asOf: { file: 'modified' } } } } },
      }),
      /asOf: is the time of a file, and the source is a database/,
    ],
    [
      'a database without a table or a query',
      config({ sources: { feed: { type: 'postgres', url: 'env:ERP_URL' } } }),
      /sources\.feed: needs one of "table" and "query"/,
    ],
    [
      'a database with a table and a query',
      config({ sources: { feed: { type: 'sqlite', path: 'erp.db', table: 'items', query: 'SELECT 1' } } }),
      /sources\.feed: needs one of "table" and "query"/,
    ],
    [
      'a query that is written to',
      config({ sources: { feed: { type: 'mysql', url: 'env:ERP_URL', query: 'SELECT 1', write: true } } }),
      /sources\.feed\.write: is for a table; a query is only read/,
    ],
    [
      'an overlap that is no time',
      config({
        sources: {
          feed: { type: 'sqlite', path: 'erp.db', table: 'items', watermark: { column: 'changed', overlap: '15m' } },
        },
      }),
      /sources\.feed\.watermark\.overlap/,
    ],
    [
      'rows that a file is to get',
      withSync({ insert: true }),
      /syncs\.prices\.insert: adds rows to source "feed", which has to be a table/,
    ],
    [
      'a column for outcomes in a table that is not written',
      config({ sources: { feed: { type: 'sqlite', path: 'erp.db', table: 'items', outcome: 'status' } } }),
      /sources\.feed\.outcome: is written into the table; add "write": true/,
    ],
    [
      'an address of a database that stands in the configuration',
      config({ sources: { feed: { type: 'postgres', url: 'postgres://erp:s3cret@db/erp', table: 'items' } } }),
      /sources\.feed\.url: must say where the secret is/,
    ],
    [
      'a field that the store owns where a database is only read',
      config({
        sources: { feed: { type: 'sqlite', path: 'erp.db', table: 'items' } },
        syncs: { p: { ...prices, fields: { price: { from: 'P', owner: 'store' } } } },
      }),
      /would write the store’s value back to source "feed", which is only read/,
    ],
    [
      'orders to be subtracted that are not pulled',
      config({
        stores: { main: { ...main, resources: ['products', 'variants'] } },
        syncs: { p: { ...prices, fields: { inventory_level: { from: 'S', asOf: 'T', after: 'subtract-orders' } } } },
      }),
      /after: needs orders in stores\.main\.resources/,
    ],
    [
      'orders to be subtracted from what they do not name',
      config({
        stores: { main: { ...main, resources: ['inventory_items', 'orders'] } },
        syncs: {
          p: {
            ...prices,
            resource: 'inventory_items',
            fields: { total_inventory_onhand: { from: 'S', asOf: 'T', after: 'subtract-orders' } },
          },
        },
      }),
      /orders do not name these rows. Use resource "skus"/,
    ],
    ['write-back to a file', withSync({ fields: { name: { from: 'N', owner: 'both' } } }), /"writeBack": false/],
    ['a misspelt guard', withSync({ guards: { maxChange: 1 } }), /Did you mean "maxChanges"/],
    ['a bare number for a guard of shares', withSync({ guards: { maxPriceChange: 50 } }), /a share such as "30%"/],
    ['a limit for a guard that has none', withSync({ guards: { priceScale: '50%' } }), /has no limit/],
    ['a guard that is no figure', withSync({ guards: { maxChanges: 'many' } }), /a share such as "30%"/],
    [
      'creates without required fields',
      config({ syncs: { p: { ...prices, resource: 'products', create: true } } }),
      /needs name, type, weight/,
    ],
    [
      'creates that would be sold at once',
      config({
        syncs: {
          p: {
            ...prices,
            resource: 'products',
            create: true,
            createDefaults: { name: 'N', type: 'physical', weight: 1 },
          },
        },
      }),
      /a new row of products needs categories, is_visible, channels; .*such as "createDefaults": \{ "categories": \[\], "is_visible": false, "channels": "default" \}/,
    ],
    [
      'new shelves that would be shown at once',
      config({
        stores: { main: { ...main, resources: ['categories'] } },
        syncs: {
          p: {
            ...prices,
            resource: 'categories',
            key: { name: 'Shelf' },
            fields: { description: 'About' },
            create: true,
          },
        },
      }),
      /a new row of categories needs is_visible; .*"createDefaults": \{ "is_visible": false \}/,
    ],
    [
      'a default that the field cannot hold',
      config({ syncs: { p: { ...prices, resource: 'products', createDefaults: { type: 'liquid' } } } }),
      /is none of physical, digital/,
    ],
    [
      'a default of no field',
      config({ syncs: { p: { ...prices, resource: 'products', createDefaults: { is_visble: false } } } }),
      /is no field of products.*is_visible/s,
    ],
    [
      'names for a field that refers to nothing',
      withSync({ fields: { price: { from: 'Price', names: true } } }),
      /is for fields that refer to something with a name/,
    ],
    [
      'names that would be written back',
      withSync({ fields: { brand_id: { from: 'Brand', names: true, owner: 'both' } } }),
      /cannot be written back; add "writeBack": false/,
    ],
    [
      'a list of names for a field that holds one',
      withSync({ fields: { brand_id: { from: 'Brand', names: { list: ',' } } } }),
      /is for fields that hold several/,
    ],
    [
      'a group of rows that are made with nothing inside',
      withSync({ group: { by: 'Handle', options: [{ called: 'Size', value: 'Size' }] } }),
      /is for resources whose rows are made with others inside, such as products/,
    ],
    [
      'a group that is told in two ways',
      config({
        syncs: {
          p: { ...prices, resource: 'products', group: { by: 'A', list: 'B', options: [{ called: 'S', value: 'S' }] } },
        },
      }),
      /needs one of "by" .*, "parent" .* and "list"/,
    ],
    [
      'an option without a name',
      config({ syncs: { p: { ...prices, resource: 'products', group: { by: 'A', options: [{ value: 'S' }] } } } }),
      /needs either "name" .* or "called"/,
    ],
    [
      'a field that no new variant can have',
      config({
        syncs: {
          p: {
            ...prices,
            resource: 'products',
            group: { by: 'A', options: [{ called: 'S', value: 'S' }], variants: { skew: 'S' } },
          },
        },
      }),
      /is no field that a new one can have.*sku/s,
    ],
    [
      'options for a key that is no row of a product',
      withSync({ key: { sku: { of: { name: 'Title' }, options: ['Size'] } } }),
      /is a product and its options, which stands alone for variant_id/,
    ],
    [
      'options for rows that choose nothing',
      withSync({ resource: 'brands', key: { id: { of: { name: 'Title' }, options: ['Size'] } } }),
      /is a product and its options, which is for skus and variants/,
    ],
    [
      'options of a product by a field that names none',
      withSync({ key: { variant_id: { of: { weight: 'Kg' }, options: ['Size'] } } }),
      /cannot name a row of products. Use one of: id, sku, name/,
    ],
    [
      'write-back by options',
      withSync({
        key: { variant_id: { of: { name: 'Title' }, options: ['Size'] } },
        fields: { price: { from: 'Price', owner: 'both' } },
      }),
      /is no plain column, so nothing can be written back/,
    ],
    [
      'parts of rows that are named by what they choose',
      config({
        stores: { main: { ...main, resources: ['products', 'variants', 'variant_metafields'] } },
        syncs: {
          p: {
            ...prices,
            resource: 'variants',
            key: { id: { of: { name: 'Title' }, options: ['Size'] } },
            fields: { 'meta:erp.bin': 'Bin' },
          },
        },
      }),
      /needs a key of plain columns/,
    ],
    ['creates of a derived resource', withSync({ create: true }), /cannot be created by themselves; create products/],
    [
      'creates of rows that belong to others',
      withSync({ resource: 'variants', create: true }),
      /rows of variants cannot be created by themselves; create products/,
    ],
    [
      'creates of rows that belong to others, by a key that does not say to which',
      config({
        stores: { main: { ...main, resources: ['customers', 'customer_addresses'] } },
        syncs: { p: ADDRESSES },
      }),
      /a new row of customer_addresses is named by customer_id; put it into "key"/,
    ],
    [
      'people who are made because they are named',
      config({
        stores: { main: { ...main, resources: ['customers', 'customer_attribute_values'] } },
        syncs: {
          p: {
            ...prices,
            resource: 'customer_attribute_values',
            key: { id: 'Id' },
            fields: { customer_id: { from: 'Email', names: { missing: 'create' } } },
          },
        },
      }),
      /is for things that a name is enough to make, such as brands/,
    ],
    [
      'creates of rows that belong to others, without what they belong to',
      withSync({
        resource: 'product_reviews',
        key: { title: 'Title' },
        fields: { date_reviewed: 'Day' },
        create: true,
      }),
      /a new row of product_reviews is named by product_id; put it into "key"/,
    ],
    [
      'deletes that the API does not have',
      config({
        syncs: {
          p: { ...prices, resource: 'categories', key: { name: 'N' }, fields: { description: 'D' }, remove: 'delete' },
        },
      }),
      /cannot be deleted/,
    ],
    ['a filter of the wrong kind', withSync({ filter: { price: 'cheap' } }), /"cheap" is not a number/],
    [
      'a resource that is not pulled',
      withStore({ resources: ['orders'] }),
      /needs products and variants in stores\.main\.resources/,
    ],
    ['a foreign api address', withStore({ api: 'https://example.com' }), /must be on this machine/],
    [
      'both kinds of credentials',
      withStore({ url: 'https://x.com', auth: { basic: { user: 'u', token: 'env:T' } } }),
      /one of "accessToken" and "auth"/,
    ],
    ['a quota share of nothing', withStore({ quotaShare: 0 }), /above 0 and at most 1/],
    ['a settle time of a real store', withStore({ settleMs: 1 }), /is for a store with "api" only/],
    ['a circuit of no runs', withSync({ circuit: 0 }), /must be at least 1/],
    ['a notifier that tells nobody', withNotifier({}), /needs one of "command", "webhook" and "mail"/],
    [
      'a notifier of two ways',
      withNotifier({ command: ['x'], webhook: 'env:HOOK' }),
      /needs one of "command", "webhook" and "mail"/,
    ],
    ['the address of a webhook', withNotifier({ webhook: 'https://hooks.example/T0' }), /must say where the secret is/],
    [
      'a notifier about nothing',
      withNotifier({ command: ['x'], about: ['price'] }),
      /there is no job or sync "price". Did you mean "prices"/,
    ],
    ['an unknown event', withNotifier({ command: ['x'], events: ['blockd'] }), /Did you mean "blocked"/],
    ['seconds in a schedule', withJob({ cron: '* * * * * *' }), /needs 5/],
    ['a schedule that never fires', withJob({ cron: '61 2 * * *' }), /is no schedule/],
    ['an unknown time zone', withJob({ timezone: 'Mars/Olympus' }), /is no time zone/],
    ['a step with an unknown verb', withJob({ steps: ['pul main'] }), /Did you mean "pull"/],
    [
      'a step with an unknown target',
      withJob({ steps: ['sync price'] }),
      /there is no sync "price". Did you mean "prices"/,
    ],
    ['a name with a blank', config({ stores: { 'my store': main }, syncs: {} }), /a name is letters/],
    ['a word where a list belongs', withStore({ resources: 'products' }), /must be a list, not text/],
  ])('%s', (_title, value, message) => {
    expect(refusal(value).message).toMatch(message)
  })

  it('with line and column', () => {
    const error = refusal(
      '{\n  "stores": {\n    "main": { "hash": "a", "accessToken": "env:T", "quotashare": 1 }\n  }\n}',
    )
    expect(error.where).toBe(`${join(dir, 'sync.config.json')}:3:52`)
    expect(error.exit).toBe(2)
  })

  it('and all of them at once, in the order of the file', () => {
    const { message } = refusal({
      ...withSync({ store: 'x', fields: { pirce: 'P' } }),
      jobs: { j: { steps: ['go'] } },
      more: 1,
    })
    expect(message).toMatch(
      /^sync\.config\.json has 4 faults:\n.*syncs\.prices\.store.*\n.*pirce.*\n.*steps\[0\].*\n.*more/,
    )
  })

  it('C2: when a name stands twice in one object', () => {
    expect(refusal('{ "stores": {},\n "stores": {} }')).toMatchObject({
      message: expect.stringContaining('stands twice'),
      where: expect.stringMatching(/:2:2$/),
    })
  })

  it('when it is not JSON', () => {
    const error = refusal('{ "stores": { "a": }')
    expect(error.message).toContain('a value is expected here')
  })

  it('when there is no file', () => {
    expect(() => loadSettings(join(dir, 'none.json'), {}, catalog)).toThrow('there is no none.json')
  })
})

describe('C3: two syncs that write one field', () => {
  const both = (second: object, third: object = {}) =>
    config({ syncs: { prices, second: { ...prices, ...second, ...third } } })

  it('are refused, both named', () => {
    expect(refusal(both({})).message).toMatch(/syncs "prices" and "second" both write this field of store "main"/)
  })

  it('are refused also when one of them goes through the derived resource', () => {
    expect(refusal(both({ resource: 'variants' })).message).toContain('"prices" and "second"')
  })

  it('are fine when they write to different stores or leave the field to the store', () => {
    const left = { fields: { price: { from: 'P', owner: 'store', writeBack: false } } }
    expect(load(both(left)).syncs).toHaveLength(2)
    expect(load({ ...both({ store: 'other' }), stores: { main, other: main } }).syncs).toHaveLength(2)
  })
})

describe('B18: prices of price lists', () => {
  const shop = { ...main, resources: ['products', 'variants', 'price_lists', 'price_list_records'] }
  const trade = { value: 'Trade', names: true }
  const list = (more: object = {}, key: object = {}) => ({
    store: 'main',
    resource: 'price_list_records',
    source: 'feed',
    key: { price_list_id: trade, sku: 'SKU', currency: { value: 'EUR' }, ...key },
    fields: { price: 'Price' },
    ...more,
  })
  const lists = (syncs: object) => ({ stores: { main: shop }, sources: { feed }, syncs })
  const two = (second: object) => refusal(lists({ one: list(), two: second })).message

  it('B18: have owners of their own, apart from the product’s and one for each list and currency', () => {
    const syncs = {
      prices,
      one: list(),
      two: list({}, { price_list_id: { value: 'Export', names: true } }),
      three: list({}, { currency: { value: 'usd' } }),
    }
    expect(load(lists(syncs)).syncs).toHaveLength(4)
  })

  it('B18: are refused to a second sync that may meet the same row', () => {
    const both = /syncs "one" and "two" both write this field/
    expect(two(list())).toMatch(both)
    expect(two(list({}, { price_list_id: { value: ' trade', names: true } }))).toMatch(both)
    expect(two(list({}, { price_list_id: { from: 'List', names: true } }))).toMatch(both)
    // The list of that id may be the one of that name.
    expect(two(list({}, { price_list_id: { value: 7 } }))).toMatch(both)
  })

  it('B18: count a filter on the key, which new rows would slip through', () => {
    const only = (id: number, create = false) =>
      list({ create, filter: { price_list_id: id } }, { price_list_id: 'List' })
    expect(load(lists({ one: only(1), two: only(2) })).syncs).toHaveLength(2)
    expect(refusal(lists({ one: only(1), two: only(2, true) })).message).toMatch(/both write this field/)
  })

  it('are found by constants and names in the key', () => {
    const [sync] = load(lists({ one: list() })).syncs
    expect(sync).toMatchObject({
      key: { price_list_id: 'price_list_id', sku: 'SKU', currency: 'currency' },
      keyRules: { price_list_id: { value: 'Trade', names: {} }, currency: { value: 'EUR' } },
    })
  })

  it('are refused with a key that cannot be', () => {
    expect(refusal(lists({ one: list({}, { sku: { value: 'A', from: 'B' } }) })).message).toMatch(
      /needs one of "from".*"value".*and "expr"/,
    )
    expect(refusal(lists({ one: list({}, { currency: { value: 'EUR', names: true } }) })).message).toMatch(
      /is for fields that refer to something with a name/,
    )
    expect(refusal(lists({ one: list({}, { price_list_id: { value: 'Trade' } }) })).message).toContain(
      'not a whole number',
    )
    expect(refusal(lists({ one: list({ create: true, key: { price_list_id: trade, sku: 'SKU' } }) })).message).toMatch(
      /a new row of price_list_records is named by currency; put it into "key"/,
    )
    const writing = { ...feed, write: true }
    const back = list({ fields: { price: { from: 'Price', owner: 'both' } } })
    expect(refusal({ ...lists({ one: back }), sources: { feed: writing } }).message).toMatch(/is no plain column/)
    const unpulled = { ...shop, resources: ['price_list_records'] }
    expect(refusal({ ...lists({ one: list() }), stores: { main: unpulled } }).message).toMatch(
      /needs price_lists in stores.main/,
    )
  })
})

describe('assignments of price lists', () => {
  const shop = { ...main, resources: ['products', 'variants', 'price_lists', 'price_list_assignments'] }
  const sync = (key: object, resource = 'price_list_assignments') => ({
    stores: { main: shop },
    sources: { feed },
    syncs: { groups: { store: 'main', resource, source: 'feed', key, fields: { price_list_id: 'List' } } },
  })

  it('are found by a group and a channel, of which one may be none', () => {
    const [found] = load(
      sync({ customer_group_id: { from: 'Group', blank: 'none' }, channel_id: { value: null } }),
    ).syncs
    expect(found).toMatchObject({
      key: { customer_group_id: 'Group', channel_id: 'channel_id' },
      keyRules: { customer_group_id: { blank: 'none' }, channel_id: { value: '', blank: 'none' } },
    })
  })

  it('are refused where none is said of what every row holds', () => {
    const none = { sku: { from: 'SKU', blank: 'none' } }
    expect(refusal(sync(none, 'products')).message).toMatch(/every row of products holds a value/)
  })
})

describe('rows that are all key', () => {
  const sync = (resource: string, key: object) => ({
    stores: { main: { ...main, resources: ['products', 'variants', 'categories', 'product_category_assignments'] } },
    sources: { feed },
    syncs: { listed: { store: 'main', resource, source: 'feed', key, fields: {} } },
  })

  it('need no fields: a part of the key stands for the row', () => {
    const key = { product_id: 'Product', category_id: { value: 'Sale', names: true } }
    const [found] = load(sync('product_category_assignments', key)).syncs
    expect(found).toMatchObject({
      key: { product_id: 'Product', category_id: 'category_id' },
      fields: { category_id: { value: 'Sale', names: {}, owner: 'source' } },
    })
  })

  it('are those whose whole key is given, and of no other resource', () => {
    const none = /listed.fields: must name at least one field/
    expect(refusal(sync('product_category_assignments', { product_id: 'Product' })).message).toMatch(none)
    expect(refusal(sync('products', { sku: 'SKU' })).message).toMatch(none)
  })
})

describe('secrets', () => {
  const token = (settings: Settings) => {
    const auth = settings.stores['main']?.auth
    if (!(auth && 'accessToken' in auth)) throw new Error('no access token')
    return auth.accessToken
  }

  it('come from the environment and show nowhere', () => {
    const settings = load(config(), { BC_TOKEN: 'canary-secret' })
    expect(reveal(token(settings))).toBe('canary-secret')
    expect(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}${token(settings)}`).not.toContain('canary')
  })

  it('come from .env beside the configuration, where the real environment wins', () => {
    const file = join(dir, '.env')
    writeFileSync(file, 'BC_TOKEN="from file"\n', { mode: 0o600 })
    expect(reveal(token(load(config())))).toBe('from file')
    expect(reveal(token(load(config(), { BC_TOKEN: 'from shell' })))).toBe('from shell')
    expect(load(config()).warnings).toEqual([])
    if (process.platform !== 'win32') {
      chmodSync(file, 0o644)
      expect(load(config()).warnings).toEqual([expect.stringContaining('chmod 600')])
    }
    rmSync(file)
  })

  it('come from a file relative to the configuration', () => {
    writeFileSync(join(dir, 'token'), 'in a file\n')
    expect(reveal(token(load(withStore({ accessToken: 'file:token' }))))).toBe('in a file')
  })

  it('C11: are asked for only when used; a missing one names its variable and place', () => {
    const secret = token(load(config()))
    expect(() => reveal(secret)).toThrow('the environment variable BC_TOKEN is not set')
    expect(() => reveal(secret)).toThrow(
      expect.objectContaining({ where: expect.stringContaining('stores.main.accessToken') }),
    )
  })

  it('C10, S18: are refused when written down, without being repeated', () => {
    const { message } = refusal(withStore({ accessToken: 'kq2x9canary7f' }))
    expect(message).toContain('"env:NAME"')
    expect(message).not.toContain('canary')
  })
})

describe('what a plan is bound to', () => {
  const hash = (value: unknown) => {
    const settings = load(value)
    const sync = settings.syncs.find(({ name }) => name === 'prices')
    if (!sync) throw new Error('no sync')
    return configHash(settings, sync)
  }

  it('C7: moves with the sync and with what decides a plan in its store', () => {
    const before = hash(config())
    expect(hash(withSync({ guards: { maxChanges: '30%' } }))).not.toBe(before)
    expect(hash(withStore({ simplePrices: 'variant' }))).not.toBe(before)
    expect(hash(withStore({ hash: 'other' }))).not.toBe(before)
  })

  it('stays with other sections, quota and credentials', () => {
    const before = hash(config())
    expect(hash(withJob({}))).toBe(before)
    expect(hash(withStore({ quotaShare: 0.5, accessToken: 'env:OTHER', mirror: 'x.db' }))).toBe(before)
  })
})
