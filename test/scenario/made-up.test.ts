import { afterEach, describe, expect, it } from 'vitest'
import {
  catalogOf,
  defineResource,
  flag,
  integer,
  money,
  noise,
  type Resource,
  readOnly,
  text,
  timestamp,
} from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const route = { lanes: 2, names: [], group: 'catalog' } as const

/** A resource that BigCommerce does not have: everything that Skiff does with it comes from here. */
const hampers: Resource = defineResource({
  name: 'gift_hampers',
  about: 'Made up.',
  source: 'Nowhere',
  scope: 'store_v2_products',
  settleMs: 1000,
  key: ['id'],
  match: ['id', 'code'],
  fields: {
    id: readOnly(integer()),
    code: text({ required: true, max: 20, unique: 'nocase' }),
    title: text({ max: 50, fill: '' }),
    fee: money({ min: 0, fill: 0, role: 'price', at: 'pricing.fee' }),
    is_shown: flag({ fill: true }),
    changed_at: noise(timestamp()),
  },
  api: {
    list: {
      path: '/v3/gifts/hampers',
      paging: 'keyset',
      pageSize: 50,
      query: { sort: 'id', direction: 'asc' },
      keyset: { param: 'id:greater', upTo: 'id:max' },
      since: { param: 'changed_at:min', field: 'changed_at' },
      ids: 'id:in',
      only: 'include_fields',
      total: 'pagination',
    },
    create: { ...route, verb: 'POST', path: '/v3/gifts/hampers', batch: 1, body: 'row', echo: 'row' },
    update: [
      { ...route, verb: 'PUT', path: '/v3/gifts/hampers', batch: 25, body: 'rows', names: ['id'], echo: 'rows' },
    ],
    delete: { ...route, verb: 'DELETE', path: '/v3/gifts/hampers/{id}', batch: 1, body: 'none', echo: 'none' },
  },
})

const CODES = Array.from({ length: 120 }, (_, index) => `H${1000 + index}`)

const open = async (): Promise<void> => {
  shop = openShop({
    catalog: catalogOf([...catalog.resources.values(), hampers], [...catalog.derived.values()]),
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'gift_hampers'] },
    syncs: {
      gifts: {
        store: 'main',
        resource: 'gift_hampers',
        source: 'feed',
        key: { code: 'Code' },
        fields: { title: 'Title', fee: 'Fee' },
        create: true,
        remove: 'delete',
        guards: { maxChanges: '60%', canary: false },
      },
    },
  })
  for (const code of CODES) {
    await elsewhere(shop, 'POST', '/v3/gifts/hampers', { code, title: `Hamper ${code}`, pricing: { fee: 5 } })
  }
}

const rows = (fee: (index: number) => string | number, codes = CODES): (string | number)[][] => [
  ['Code', 'Title', 'Fee'],
  ...codes.map((code, index) => [code, `Hamper ${code}`, fee(index)]),
]
const plan = (allow: string[] = []) => shop.plan({ sync: 'gifts', allow }).then(({ plan: made }) => made)
const push = (id: string, allow: string[] = []) => shop.push(id, { sync: 'gifts', allow })

describe('a resource that is one definition', () => {
  it('is pulled page by page, planned, pushed in batches, and settles', async () => {
    await open()
    const pulled = await shop.pull()
    expect(pulled.resources.find(({ resource }) => resource === 'gift_hampers')).toMatchObject({
      rows: 120,
      added: 120,
      complete: true,
      expected: 120,
    })
    expect(shop.rows("SELECT code, title, fee FROM gift_hampers WHERE code = 'H1007'")).toEqual([
      { code: 'H1007', title: 'Hamper H1007', fee: 5 },
    ])

    shop.feed(rows((index) => (index < 60 ? 5.5 : '5.00')))
    const made = await plan()
    expect(made.summary).toMatchObject({ update: 60, unchanged: 60 })
    expect(made.cost.endpoints).toEqual([{ endpoint: 'PUT /v3/gifts/hampers', requests: 3, rows: 60 }])
    const from = shop.emulator.log.length
    expect(ends(await push(made.plan))).toEqual({ applied: 60 })
    expect(writes(shop, from)).toHaveLength(3)
    expect(writes(shop, from)[0]?.body[0]).toEqual({ id: expect.any(Number), pricing: { fee: 5.5 } })
    await shop.pull()
    expect((await plan()).summary).toMatchObject({ update: 0, unchanged: 120 })
  })

  it('is created and deleted, with the guards of every other one', async () => {
    await open()
    await shop.pull()
    shop.feed(rows(() => 5))
    expect((await plan()).summary.unchanged).toBe(120)
    shop.feed(rows(() => 5, [...CODES.slice(0, 118), 'NEW-1', 'NEW-2']))
    const blocked = await plan()
    expect(blocked.summary).toMatchObject({ create: 2, remove: 2 })
    await expect(push(blocked.plan)).rejects.toMatchObject({ exit: 4 })
    const allowed = await plan(['maxDeletes'])
    expect(ends(await push(allowed.plan, ['maxDeletes']))).toEqual({ applied: 4 })
    await shop.pull()
    expect(shop.rows("SELECT code FROM gift_hampers WHERE code LIKE 'NEW%' ORDER BY code")).toEqual([
      { code: 'NEW-1' },
      { code: 'NEW-2' },
    ])
    expect((await plan(['maxDeletes'])).summary).toMatchObject({ create: 0, update: 0, remove: 0, unchanged: 120 })
  })

  it('is pulled incrementally, and a removed row is noticed', async () => {
    await open()
    shop.clock.advance(3_600_000)
    await shop.pull()
    const [first, second] = shop.rows('SELECT id FROM gift_hampers ORDER BY id LIMIT 2').map(({ id }) => Number(id))
    await elsewhere(shop, 'PUT', '/v3/gifts/hampers', [{ id: first, title: 'Renamed' }])
    await elsewhere(shop, 'DELETE', `/v3/gifts/hampers/${second}`)
    const pulled = await shop.pull()
    expect(pulled.resources.find(({ resource }) => resource === 'gift_hampers')).toMatchObject({
      rows: 1,
      changed: 1,
      removed: 1,
      complete: true,
    })
    expect(shop.rows(`SELECT title FROM gift_hampers WHERE id IN (${first}, ${second})`)).toEqual([
      { title: 'Renamed' },
    ])
  })
})
