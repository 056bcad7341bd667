import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, it } from 'vitest'
import { syncOne } from '../../src/app/index.ts'
import type { SyncReport } from '../../src/model/index.ts'
import { filesAbsent, MAGENTO, realFile, SHOPIFY } from '../support/real-files.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, writes } from '../support/shop-tools.ts'

// Exports of other shops, which lie beside the project where it is developed and are no part of it.
const absence = filesAbsent()
if (absence) process.stderr.write(`SKIPPED: real files of other platforms: ${absence}\n`)

let shop: Shop
afterEach(() => shop?.close())

type Row = Readonly<Record<'Handle' | 'Image Src', string>>

/** What became of the pictures, which are a sync of their own. */
const picturesOf = ({ parts }: SyncReport) => parts?.find(({ sync: name }) => name === 'catalog.product_images')

const sync = () => syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })

describe.skipIf(absence)('real files', () => {
  it.each([['apparel.csv'], ['home-and-garden.csv']])(
    'of Shopify, %s, reach an empty store with every variant and picture, and a second run sends nothing',
    async (file) => {
      shop = openShop({
        emulator: { products: 0, plan: 'unlimited' },
        store: { resources: ['products', 'variants', 'product_images'] },
        sources: { feed: { type: 'csv', path: 'feed.csv', finalNewline: 'optional' } },
        syncs: { catalog: SHOPIFY },
      })
      copyFileSync(realFile(`shopify/${file}`), join(shop.dir, 'feed.csv'))
      const report = await sync()
      expect([report.state, report.rows.filter(({ state }) => state !== 'applied')]).toEqual(['complete', []])
      expect(report.counts.applied).toBe(shop.emulator.state.products.list().length)
      const pictures = parse(readFileSync(realFile(`shopify/${file}`), 'utf8'), { columns: true }) as Row[]
      const addresses = new Set(
        pictures.flatMap((row) => (row['Image Src'] ? `${row.Handle} ${row['Image Src']}` : [])),
      )
      expect(picturesOf(report)).toMatchObject({ state: 'complete', counts: { applied: addresses.size } })
      expect(writes(shop)).toHaveLength(report.counts.applied + addresses.size)
      shop.clock.advance(60_000)
      const again = await sync()
      expect(again).toMatchObject({ summary: { create: 0, update: 0, rejected: 0 }, requests: { write: 0 } })
      expect(again.parts?.map(({ requests }) => requests.write)).toEqual([0, 0, 0])
      expect(picturesOf(again)).toMatchObject({ summary: { unchanged: addresses.size } })
    },
  )

  it.each([['apparel.csv'], ['home-and-garden.csv']])(
    'of Shopify, %s, name every variant by product and options, and a changed price plans its row',
    async (file) => {
      const { options, none } = SHOPIFY.group
      const prices = {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { variant_id: { of: SHOPIFY.key, by: SHOPIFY.group.by, none, options } },
        fields: { price: 'Variant Price' },
      }
      shop = openShop({
        emulator: { products: 0, plan: 'unlimited' },
        store: { resources: ['products', 'variants', 'product_images'] },
        sources: { feed: { type: 'csv', path: 'feed.csv', finalNewline: 'optional' } },
        syncs: { catalog: SHOPIFY, prices },
      })
      const feed = join(shop.dir, 'feed.csv')
      copyFileSync(realFile(`shopify/${file}`), feed)
      await sync()
      shop.clock.advance(60_000)
      await shop.pull()
      expect((await shop.plan({ sync: 'prices' })).plan.summary).toMatchObject({
        update: 0,
        unchanged: shop.emulator.state.variants.list().length,
        rejected: 0,
      })
      const lines = readFileSync(feed, 'utf8').split('\n')
      const last = lines.findLastIndex((line) => line.includes(',deny,manual,'))
      const dearer = (line: string) =>
        line.replace(/,deny,manual,([0-9]+)/, (_all, price) => `,deny,manual,${Number(price) + 1}`)
      writeFileSync(feed, lines.map((line, at) => (at === last ? dearer(line) : line)).join('\n'))
      const { plan } = await shop.plan({ sync: 'prices' })
      expect(plan.changes.map(({ fields }) => fields.map(({ field }) => field))).toEqual([['price']])
    },
  )

  it('of Magento, the whole catalog, reach an empty store: 147 products with 1,847 variants, and a second run sends nothing', async () => {
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { resources: ['products', 'variants', 'categories'] },
      syncs: { catalog: MAGENTO },
    })
    copyFileSync(realFile('magento/configurable-products.csv'), join(shop.dir, 'feed.csv'))
    const report = await sync()
    expect([report.state, report.summary.rejected, report.rows.filter(({ state }) => state !== 'applied')]).toEqual([
      'complete',
      0,
      [],
    ])
    const { products, variants } = shop.emulator.state
    expect([products.list().length, variants.list().length]).toEqual([147, 1847])
    expect(writes(shop).filter(({ path }) => path === '/v3/catalog/products')).toHaveLength(147)
    const hoodie = products.list().find(({ sku }) => sku === 'MH01')
    const names = shop.rows('SELECT category_id AS id, name FROM categories') as { id: number; name: string }[]
    const shelves = ((hoodie?.['categories'] ?? []) as number[]).map((id) => names.find((one) => one.id === id)?.name)
    expect(new Set(shelves)).toEqual(new Set(['Default Category', 'Eco Friendly', 'Hoodies & Sweatshirts']))
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 147 }, requests: { write: 0 } })
  })

  it('of Magento: a changed price plans exactly its row, and a text that was changed in the store comes back to the file', async () => {
    const feed = { type: 'csv', path: 'feed.csv', write: true }
    const merged = { from: 'description', owner: 'both', conflict: 'ask' }
    shop = openShop({
      emulator: { products: 0, plan: 'unlimited' },
      store: { resources: ['products', 'variants', 'categories'] },
      sources: { feed },
      syncs: {
        catalog: { ...MAGENTO, fields: { ...MAGENTO.fields, description: merged } },
        prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: { price: 'price' } },
      },
    })
    const file = join(shop.dir, 'feed.csv')
    copyFileSync(realFile('magento/configurable-products.csv'), file)
    await sync()
    shop.clock.advance(600_000)
    await shop.pull()

    const before = readFileSync(file, 'utf8')
    const [first] = shop.emulator.state.products.list()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${first?.id}`, { description: '<p>Said in the store.</p>' })
    shop.clock.advance(600_000)
    expect(await sync()).toMatchObject({ state: 'complete', summary: { writeBack: 1, update: 0 } })
    const after = readFileSync(file, 'utf8').split('\n')
    const changed = before.split('\n').filter((line) => !after.includes(line))
    expect(after.join('\n')).toContain('<p>Said in the store.</p>')
    expect(changed.length).toBeLessThan(12)

    const row = after.findIndex((line) => line.startsWith('MH01-XS-Gray,'))
    const price = after.findIndex((line, at) => at > row && /,52,/.test(line))
    writeFileSync(file, after.map((line, at) => (at === price ? line.replace(',52,', ',53,') : line)).join('\n'))
    const { plan } = await shop.plan({ sync: 'prices' })
    expect(plan.changes.map(({ key, fields }) => [key, fields[0]?.from, fields[0]?.to])).toEqual([
      [{ sku: 'MH01-XS-Gray' }, '52', '53'],
    ])
  })
})
