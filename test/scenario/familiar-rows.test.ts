import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import {
  configHash,
  loadSettings,
  openWorkspace,
  planSync,
  pullStore,
  pushPlan,
  resolveConflicts,
  undoRun,
  type Workspace,
} from '../../src/app/index.ts'
import { parseAllow } from '../../src/diff/index.ts'
import { plan, withRun } from '../../src/engine/index.ts'
import type { Mirror } from '../../src/mirror/index.ts'
import { type Plan, seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { complexProduct, elsewhere, simpleProduct } from '../support/shop-tools.ts'

const ALLOW = [
  ...['maxChanges', 'maxPriceChange', 'priceScale', 'allChanged', 'stockToZero', 'maxConflicts', 'maxHides'],
  ...['maxSourceDrop', 'sentinels', 'columnShape', 'maxCreates'],
]
const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4', 'Tea-5', 'BOX-S', 'BOX-M', 'POT-S', 'POT-M']

interface Row {
  readonly sku: string
  readonly price: string
  readonly cost: string
  readonly stock: string
}

/** What a sync is in one life. */
const SYNCS: Readonly<Record<string, object>> = {
  skus: {
    resource: 'skus',
    fields: {
      price: 'Price',
      cost_price: { from: 'Cost', owner: 'both', writeBack: true },
      inventory_level: 'Stock',
    },
    guards: { sentinels: ['TEA-1'] },
  },
  filtered: {
    resource: 'skus',
    filter: { sku: 'TEA-*' },
    fields: { price: 'Price', inventory_level: { from: 'Stock', owner: 'store', writeBack: false } },
  },
  visible: {
    resource: 'products',
    remove: 'hide',
    filter: { is_visible: true },
    fields: { price: 'Price', cost_price: { from: 'Cost', blank: 'clear', owner: 'store', writeBack: true } },
  },
  products: {
    resource: 'products',
    remove: 'hide',
    fields: { price: 'Price', cost_price: { from: 'Cost', blank: 'clear' } },
  },
  'two-way': {
    resource: 'products',
    create: true,
    createDefaults: { type: 'physical', weight: 1, categories: [], is_visible: false, channels: 'default' },
    fields: {
      name: { from: 'SKU', owner: 'source' },
      price: { from: 'Price', owner: 'both', conflict: 'newer', writeBack: true },
    },
  },
}

const dressed = (sync: object) => ({ store: 'main', source: 'feed', key: { sku: 'SKU' }, ...sync })

/** A life of a shop that hangs on the seed alone, and every plan of it. */
const lifeOf = async (seed: number, kind: string, compareAll: boolean) => {
  const random = seeded(seed)
  const below = (number: number): number => Math.floor(random() * number)
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T
  const shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: pick([0, 120_000]) },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: { prices: dressed(SYNCS[kind] ?? {}) },
  })
  try {
    const file = join(shop.dir, 'feed.csv')
    const killed = { next: false }
    let workspace = opened(shop, killed)
    for (const sku of SKUS.filter((one) => one.toLowerCase().startsWith('tea')))
      await simpleProduct(shop, sku, 10, { inventory_tracking: 'product', inventory_level: 5, cost_price: 4 })
    await complexProduct(shop, { name: 'BOX', price: 20, sizes: ['S', 'M'], more: { inventory_tracking: 'variant' } })
    await complexProduct(shop, { name: 'POT', price: 30, sizes: ['S', 'M'], more: { inventory_tracking: 'product' } })
    let rows: Row[] = SKUS.map((sku) => ({ sku, price: '10', cost: '4', stock: '5' }))
    let style = { ending: '\n', quoted: false, order: [0, 1, 2, 3], bad: '' }
    const write = () => {
      writeFileSync(file, textOf(rows, style))
      utimesSync(file, shop.clock.now() / 1000, shop.clock.now() / 1000)
    }
    write()
    shop.clock.advance(60_000)
    await pullStore(workspace, 'main', {})

    const plans: Plan[] = []
    const passed: number[] = []
    const errors: string[] = []
    const planned = async (): Promise<Plan | undefined> => {
      const report = await workspace
        .withStore('main', 'plan', (side) => {
          const spec = workspace.sync('prices')
          const options = {
            automatic: false,
            staleOk: true,
            only: null,
            allowed: parseAllow(below(5) ? ALLOW : []),
            compareAll,
          }
          return withRun(workspace.context, side, 'plan', 'prices', (run) =>
            plan(
              workspace.context,
              side,
              spec,
              workspace.source(spec),
              { ...options, configHash: configHash(workspace.settings, spec) },
              run,
            ),
          )
        })
        .catch((error: Error) => {
          errors.push(error.message.replaceAll(shop.dir, ''))
          return undefined
        })
      if (report) plans.push(report.plan)
      passed.push(keptIn(shop))
      return report?.plan
    }
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: Error) => errors.push(error.message.replaceAll(shop.dir, '')))
    }
    const edit = (change: (row: Row) => Partial<Row>) => {
      const at = below(rows.length)
      rows = rows.map((row, index) => (index === at ? { ...row, ...change(row) } : row))
    }
    const product = () => pick(shop.emulator.state.products.list())

    const steps: readonly (() => Promise<unknown> | unknown)[] = [
      () => edit(() => ({ price: pick(['10', '11', '12.50', '9']) })),
      () => edit(() => ({ stock: pick(['0', '5', '7', '']) })),
      () => edit(() => ({ cost: pick(['4', '5', '3.5', '']) })),
      () => edit(() => ({ price: pick(['', 'x', '0', '1,5']) })),
      () => edit(({ sku }) => ({ sku: pick([sku.toLowerCase(), sku.toUpperCase()]) })),
      () => {
        rows = rows.filter((_row, index) => index !== below(rows.length) || rows.length < 5)
      },
      () => {
        rows = [...rows, { sku: pick([...SKUS, 'NEW-1', 'NEW-2']), price: '10', cost: '4', stock: '5' }]
      },
      () => {
        rows = SKUS.map((sku) => rows.find((row) => row.sku === sku) ?? { sku, price: '10', cost: '4', stock: '5' })
      },
      () => {
        rows = [...rows].reverse()
      },
      () => {
        style = { ...style, ...pick([{ ending: '\r\n' }, { ending: '\n' }, { quoted: true }, { order: [2, 1, 0, 3] }]) }
      },
      () => {
        style = { ...style, bad: pick(['', '', '"', 'TEA-1,1\n', 'a"b,1,1,1\n', 'X\rY,1,2,3\n']) }
      },
      () =>
        attempt(() => elsewhere(shop, 'PUT', `/v3/catalog/products/${product().id}`, { price: pick([10, 11, 12]) })),
      () => attempt(() => elsewhere(shop, 'PUT', `/v3/catalog/products/${product().id}`, { cost_price: pick([4, 6]) })),
      () =>
        attempt(() =>
          elsewhere(shop, 'PUT', `/v3/catalog/products/${product().id}`, { is_visible: pick([true, false]) }),
        ),
      () =>
        attempt(() =>
          elsewhere(shop, 'PUT', `/v3/catalog/products/${product().id}`, {
            sku: pick(['TEA-9', 'NEW-1', 'TEA-1', 'TEA-2']),
          }),
        ),
      () =>
        attempt(() =>
          elsewhere(shop, 'PUT', `/v3/catalog/products/${product().id}`, {
            inventory_tracking: pick(['none', 'product', 'variant']),
          }),
        ),
      () => attempt(() => simpleProduct(shop, pick(['NEW-1', 'NEW-2', 'TEA-7']), 10)),
      () => below(3) || attempt(() => elsewhere(shop, 'DELETE', `/v3/catalog/products/${product().id}`)),
      () => attempt(() => pullStore(workspace, 'main', { full: random() < 0.3 })),
      () => attempt(() => pullStore(workspace, 'main', {})),
      planned,
      planned,
      async () => {
        killed.next = true
        await planned()
        killed.next = false
      },
      async () => {
        const made = await planned()
        if (made) await attempt(() => pushPlan(workspace, made.plan, { approvedBy: 'ann', allow: ALLOW, only: null }))
      },
      async () => {
        const made = await planned()
        if (made) await attempt(() => pushPlan(workspace, made.plan, { approvedBy: 'ann', allow: ALLOW, only: null }))
        rows = readRows(file, style.order) ?? rows
      },
      () =>
        attempt(async () => {
          const undone = await undoRun(workspace, `r${1 + below(30)}`, { allow: ALLOW, store: undefined })
          await pushPlan(workspace, undone.plan.plan, { approvedBy: 'ann', allow: ALLOW, only: null })
        }),
      () =>
        attempt(() =>
          resolveConflicts(workspace, [`c${1 + below(4)}`], {
            ...{ take: pick(['store', 'source', '6']), by: 'ann', allow: ALLOW, store: undefined },
          }),
        ),
      () => {
        const settings = JSON.parse(readFileSync(join(shop.dir, 'sync.config.json'), 'utf8'))
        settings.syncs.prices.fields.price = pick(['Price', 'Cost', { from: 'Price', blank: 'reject' }])
        writeFileSync(join(shop.dir, 'sync.config.json'), JSON.stringify(settings))
        workspace = opened(shop, killed)
      },
    ]
    for (let step = 0; step < 45; step += 1) {
      shop.clock.advance(pick([1_000, 60_000, 600_000]))
      await pick(steps)()
      write()
    }
    await planned()
    return { plans, errors, passed, base: shop.rows('SELECT sync, key, entity, fields FROM sync_base') }
  } finally {
    shop.close()
  }
}

/** The same shop for another process; `killed.next` stops the next plan in its middle. */
const opened = (shop: Shop, killed: { next: boolean }): Workspace =>
  openWorkspace(loadSettings(join(shop.dir, 'sync.config.json'), { SHOP_TOKEN: shop.emulator.accessToken }, catalog), {
    signal: new AbortController().signal,
    progress: ({ kind }) => {
      if (killed.next && kind === 'advance') throw new Error('killed')
    },
    clock: shop.clock,
    random: seeded(11),
    fetch: shop.emulator.fetch as unknown as Fetch,
    catalog,
  })

const textOf = (
  rows: readonly Row[],
  { ending, quoted, order, bad }: { ending: string; quoted: boolean; order: readonly number[]; bad: string },
): string => {
  const lines = rows.map(({ sku, price, cost, stock }) => [quoted ? `"${sku}"` : sku, price, cost, stock])
  const all = [['SKU', 'Price', 'Cost', 'Stock'], ...lines].map((cells) => order.map((at) => cells[at] ?? '').join(','))
  return `${all.join(ending)}${ending}${bad}`
}

/** What a push wrote back into the file. */
const readRows = (file: string, order: readonly number[]): Row[] | undefined => {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).slice(1, -1)
  const cells = lines.map((line) => line.replaceAll('"', '').split(','))
  if (!cells.every(({ length }) => length === 4)) return undefined
  return cells.map((row) => {
    const [sku = '', price = '', cost = '', stock = ''] = [0, 1, 2, 3].map((column) => row[order.indexOf(column)] ?? '')
    return { sku, price, cost, stock }
  })
}

const keptIn = (shop: Shop): number => {
  const db = new Database(join(shop.dir, '.skiff', 'main.db'), { readonly: true })
  const bytes = db.prepare('SELECT coalesce(sum(length(rows)), 0) FROM sync_familiar_part').pluck().get() as number
  db.close()
  return bytes / 36
}

describe('a plan that passes over what it knows', () => {
  it.each(Object.keys(SYNCS).flatMap((kind) => [1, 3].map((seed) => [kind, seed] as const)))(
    'is the plan that compares every row: %s, life %i',
    async (kind, seed) => {
      const fast = await lifeOf(seed, kind, false)
      const slow = await lifeOf(seed, kind, true)
      for (const [index, made] of fast.plans.entries()) expect(made).toEqual(slow.plans[index])
      expect(fast.plans.length).toBe(slow.plans.length)
      expect(fast.errors).toEqual(slow.errors)
      expect(fast.base).toEqual(slow.base)
      expect(fast.passed.some((rows) => rows > 2)).toBe(true)
      expect(slow.passed.every((rows) => rows === 0)).toBe(true)
    },
  )
})

describe('a row that was at rest', () => {
  let shop: Shop
  afterEach(() => shop.close())

  const open = async (sync: object = {}): Promise<void> => {
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { settleMs: 0 },
      syncs: { prices: dressed({ resource: 'products', fields: { price: 'Price' }, ...sync }) },
    })
    for (const sku of ['TEA-1', 'TEA-2', 'TEA-3']) await simpleProduct(shop, sku, 10, { cost_price: 4 })
    shop.feed([['SKU', 'Price', 'Cost'], ...['TEA-1', 'TEA-2', 'TEA-3'].map((sku) => [sku, 10, 4])])
    shop.clock.advance(60_000)
    await shop.pull()
    await shop.plan()
    expect(keptIn(shop)).toBe(3)
  }
  const mirrored = (work: (mirror: Mirror) => void) =>
    shop.workspace.withStore('main', 'test', async ({ mirror }) => work(mirror))

  it('is compared again when the base of its key has changed', async () => {
    await open()
    await mirrored((mirror) => {
      const { key = '', entity = '' } = mirror.base('prices').get('tea-1') ?? {}
      mirror.saveBase(
        'prices',
        [{ key, entity, fields: { price: { store: '9', source: '9' } } }],
        '2026-03-02T00:00:00Z',
      )
    })
    await shop.plan()
    await mirrored((mirror) =>
      expect(mirror.base('prices').get('tea-1')?.fields).toEqual({ price: { store: '10', source: '10' } }),
    )
  })

  it('is compared again under other rules', async () => {
    await open()
    const file = join(shop.dir, 'sync.config.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"price":"Price"', '"price":"Cost"'))
    const workspace = opened(shop, { next: false })
    const { plan: made } = await planSync(workspace, 'prices', { allow: ALLOW, staleOk: true, only: null })
    expect([...made.changes, ...made.held]).toHaveLength(3)
  })

  it('is compared again when another row of the store came to its key', async () => {
    await open()
    const products = catalog.resources.get('products')
    if (!products) throw new Error('no products')
    await mirrored((mirror) => {
      const body = [...mirror.bodies(products)][0]
      const rows = [{ body: { ...body, id: 999, sku: 'Tea-2' } }]
      mirror.saveRows({ resource: products, children: [], rows, at: '2026-03-02T00:00:00Z', run: 'r1' })
    })
    expect((await shop.plan()).plan.rejected).toMatchObject([{ reason: 'the store has 2 rows with this key', row: 3 }])
  })

  it('is not believed at rest while what was written to it waits to be read', async () => {
    await open()
    shop.feed([
      ['SKU', 'Price', 'Cost'],
      ['TEA-1', 11, 4],
      ['TEA-2', 10, 4],
      ['TEA-3', 10, 4],
    ])
    const { plan: made } = await shop.plan({ allow: ALLOW })
    await shop.push(made.plan, { allow: ALLOW })
    await mirrored((mirror) =>
      mirror.saveUnsettled([
        {
          ...{
            resource: 'products',
            key: String(made.changes[0]?.entity['id']),
            field: 'price',
            value: '11',
            before: '11',
          },
          ...{ appliedAt: '2026-03-02T00:00:00Z', until: '2030-01-01T00:00:00Z' },
        },
      ]),
    )
    await shop.plan()
    expect(keptIn(shop)).toBe(2)
  })

  it('is judged with another one that came under its key', async () => {
    await open()
    shop.feed([
      ['SKU', 'Price', 'Cost'],
      ['TEA-1', 10, 4],
      ['TEA-2', 10, 4],
      ['TEA-3', 10, 4],
      ['tea-2', 12, 4],
    ])
    expect((await shop.plan()).plan.rejected).toMatchObject([{ row: 3 }, { row: 5 }])
  })

  it('of which nothing says anything leaves the rest to be passed over the next time', async () => {
    await open()
    const before = shop.rows('SELECT part, rows FROM sync_familiar_part')
    await shop.plan()
    expect(shop.rows('SELECT part, rows FROM sync_familiar_part')).toEqual(before)
    expect(shop.rows('SELECT * FROM sync_moved')).toEqual([])
  })
})
