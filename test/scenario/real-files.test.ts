import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { writes } from '../support/shop-tools.ts'

// Exports of other shops, which lie beside the project where it is developed and are no part of it.
const DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url))
const isThere = existsSync(DATA)
if (!isThere) process.stderr.write('SKIPPED: real files of other platforms are not beside the project\n')

let shop: Shop
afterEach(() => shop?.close())

const SHOPIFY = {
  store: 'main',
  resource: 'products',
  source: 'feed',
  key: { name: 'Title' },
  fields: { description: 'Body (HTML)', page_title: 'SEO Title' },
  group: {
    by: 'Handle',
    options: [1, 2, 3].map((at) => ({ name: `Option${at} Name`, value: `Option${at} Value` })),
    none: 'Default Title',
    variants: { sku: 'Variant SKU', price: 'Variant Price' },
  },
  create: true,
  createDefaults: { type: 'physical', weight: 1, is_visible: false },
  guards: { maxCreates: false },
}

const sync = () => syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })

describe.skipIf(!isThere)('real files', () => {
  it.each([['apparel.csv'], ['home-and-garden.csv']])(
    'of Shopify, %s, reach an empty store with every variant, and a second run sends nothing',
    async (file) => {
      shop = openShop({
        emulator: { products: 0, plan: 'unlimited' },
        store: { resources: ['products', 'variants'] },
        sources: { feed: { type: 'csv', path: 'feed.csv', finalNewline: 'optional' } },
      syncs: { catalog: SHOPIFY },
      })
      copyFileSync(join(DATA, 'shopify', file), join(shop.dir, 'feed.csv'))
      const report = await sync()
      expect([report.state, report.rows.filter(({ state }) => state !== 'applied')]).toEqual(['complete', []])
      expect(report.counts.applied).toBe(shop.emulator.state.products.list().length)
      expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, rejected: 0 }, requests: { write: 0 } })
      expect(writes(shop)).toHaveLength(report.counts.applied)
    },
  )
})
