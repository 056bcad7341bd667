import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import { filesAbsent, MAGENTO, realFile, SHOPIFY } from '../support/real-files.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

const absence = filesAbsent()
if (absence) process.stderr.write(`SKIPPED: real files of other platforms, from store to store: ${absence}\n`)

let shops: TwoShops
afterEach(() => shops?.close())

/** What a catalog is, told without ids. */
const CATALOG = [
  'SELECT name, sku, description, price, weight, is_visible, page_title FROM products ORDER BY name',
  "SELECT p.name, v.sku, v.price, v.weight, v.inventory_level, (SELECT json_group_array(json_array(o.option_display_name, o.label)) FROM (SELECT value ->> 'option_display_name' AS option_display_name, value ->> 'label' AS label FROM json_each(v.option_values) ORDER BY 1) o) AS chosen FROM variants v JOIN products p ON p.id = v.product_id ORDER BY 1, 2, 6",
  "WITH RECURSIVE tree (id, path) AS (SELECT category_id, name FROM categories WHERE parent_id = 0 UNION ALL SELECT c.category_id, path || '/' || c.name FROM categories c JOIN tree ON c.parent_id = tree.id) SELECT p.name, tree.path FROM products p, json_each(p.categories) j JOIN tree ON tree.id = j.value ORDER BY 1, 2",
]

describe.skipIf(absence)('a catalog of another platform', () => {
  it.each([
    ['shopify/apparel.csv', SHOPIFY, { finalNewline: 'optional' }],
    ['shopify/home-and-garden.csv', SHOPIFY, { finalNewline: 'optional' }],
    ['magento/configurable-products.csv', MAGENTO, {}],
  ])(
    'reaches a second store through the first, %s, and is the same there',
    async (file, sync, format) => {
      shops = openTwoShops({
        old: { products: 0, plan: 'unlimited' },
        fresh: { plan: 'unlimited' },
        resources: ['products', 'variants', 'categories', 'product_images'],
        sources: { feed: { type: 'csv', path: 'feed.csv', ...format } },
        syncs: { catalog: { ...sync, store: 'old' } },
      })
      copyFileSync(realFile(file), join(shops.dir, 'feed.csv'))
      await syncOne(shops.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
      await shops.clock.sleep(60_000)
      expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
      for (const sql of CATALOG) {
        expect(shops.rows('new', sql)).toEqual(shops.rows('old', sql))
      }
      expect(shops.rows('new', 'SELECT * FROM variants').length).toBe(shops.old.state.variants.size)
      expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
    },
    60_000,
  )
})
