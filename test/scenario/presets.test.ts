import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examineSource, loadSettings, presetOf, presets, targetFields } from '../../src/app/index.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import type { SyncReport } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { filesAbsent, realFile } from '../support/real-files.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { virtualClock } from '../support/virtual-clock.ts'

/** The first columns of each program's files, and those that a preset reads. */
const HEADERS: Readonly<Record<string, string>> = {
  'bigcommerce-v3':
    'Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Low Stock,Price,Cost Price,Retail Price,Sale Price,' +
    'Brand ID,Channels,Categories,Description,Custom Fields,Page Title,Product URL,Meta Description,Search Keywords,' +
    'Meta Keywords,Bin Picking Number,UPC/EAN,Global Trade Number,Manufacturer Part Number,Free Shipping,' +
    'Fixed Shipping Cost,Weight,Width,Height,Depth,Is Visible,Is Featured,Warranty,Tax Class,Product Condition',
  'bigcommerce-v2':
    'Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Bin Picking Number,Brand Name,Option Set,' +
    'Option Set Align,Product Description,Price,Cost Price,Retail Price,Sale Price,Fixed Shipping Cost,Free Shipping,' +
    'Product Warranty,Product Weight,Product Width,Product Height,Product Depth,Allow Purchases?,Product Visible?,' +
    'Product Availability,Track Inventory,Current Stock Level,Low Stock Level,Category,Product UPC/EAN,' +
    'Global Trade Item Number,Manufacturer Part Number',
  shopify:
    'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,' +
    'Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,' +
    'Variant Barcode,Image Src,Cost per item,Status',
  woocommerce:
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,Short description,' +
    'Description,Tax status,In stock?,Stock,Low stock amount,Backorders allowed?,Weight (kg),Sale price,Regular price,' +
    'Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s)',
  magento2:
    'sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,weight,' +
    'product_online,visibility,price,special_price,msrp_price,qty,is_in_stock,configurable_variations',
}

const columnsOf = (header: string): readonly string[] => (parse(header) as string[][])[0] ?? []

/** A row of a program's file, by its columns; cells as they stand in the file. */
const row = (name: string, cells: Readonly<Record<string, string | number>>): string =>
  columnsOf(HEADERS[name] ?? '')
    .map((column) => cells[column] ?? '')
    .join(',')

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-presets-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const init = async (file: string, ...more: string[]) => {
  const io = fakeIo({ cwd: dir })
  const argv = ['init', '--yes', '--hash', 'abc', '--token-env', 'UNSET', '--from', file, ...more]
  return { exit: await run(argv, io, verbs), err: io.err() }
}

describe('a preset', () => {
  it('is there for each of the programs', () => {
    expect(presets().map(({ name }) => name)).toEqual(Object.keys(HEADERS).sort())
  })

  it.each(Object.entries(HEADERS))('%s knows the files of its program, and no other does', (name, header) => {
    const columns = columnsOf(header)
    const knowing = presets().filter((one) => one.header.every((column) => columns.includes(column)))
    expect(knowing.map((one) => one.name)).toEqual([name])
  })

  it.each(Object.entries(HEADERS))(
    '%s reads columns that the program writes into fields that can be written',
    (name, header) => {
      const preset = presets().find((one) => one.name === name)
      const fields = targetFields(catalog, 'skus')
      const columns = columnsOf(header)
      for (const [field, rule] of Object.entries(preset?.fields ?? {})) {
        for (const one of [rule].flat())
          expect(columns).toEqual(
            expect.arrayContaining([...(typeof one === 'string' ? [one] : (one.reads ?? [one.from ?? '']))]),
          )
        expect(fields.get(field), field).toMatchObject({ readOnly: false })
      }
    },
  )

  it.each(Object.entries(HEADERS))('%s becomes a configuration that loads', async (name, header) => {
    writeFileSync(join(dir, 'export.csv'), `${header}\n`)
    const made = await init('export.csv')
    expect(made.exit, made.err).toBe(0)
    const { sources, syncs } = loadSettings(join(dir, 'sync.config.json'), {}, catalog)
    const preset = presetOf(columnsOf(header))
    const prices = syncs.find((one) => one.name === 'prices')
    expect({ ...prices?.key, ...prices?.keyRules }).toEqual(preset?.key)
    expect(Object.keys(prices?.fields ?? {})).toEqual(Object.keys(preset?.fields ?? {}))
    expect(sources['feed']).toMatchObject({ finalNewline: name === 'shopify' ? 'optional' : 'required' })
    expect(readFileSync(join(dir, 'sync.config.json'), 'utf8')).toContain(
      `// The columns are those of a ${preset?.about}.`,
    )
  })

  it.skipIf(filesAbsent()).each([
    ['shopify', 'shopify/apparel.csv', 20, 20, ['ocean-blue-shirt,', ',50,', ',51,']],
    ['shopify', 'shopify/home-and-garden.csv', 20, 21, ['Large,', ',15.99,', ',16.49,']],
    ['magento2', 'magento/configurable-products.csv', 147, 675, ['MH01-XS-Black,', ',52,', ',53,']],
  ] as const)(
    '%s makes whole products with their pictures, prices and stock of %s in a store that has none, without an edit by hand',
    async (name, file, products, pictures, [row, price, other]) => {
      const feed = join(dir, 'export.csv')
      writeFileSync(feed, readFileSync(realFile(file)))
      const emulator = createEmulator({ catalog, clock: virtualClock(), products: 0, plan: 'unlimited' })
      const server = await serve(emulator)
      try {
        const env = { TOKEN: emulator.accessToken }
        const skiff = async (...argv: string[]) => {
          const io = fakeIo({ cwd: dir, env })
          expect(await run(argv, io, verbs), io.err() + io.out()).toBe(0)
          return io.out()
        }
        const asked = ['init', '--yes', '--hash', emulator.storeHash, '--api', server.url, '--token-env', 'TOKEN']
        const media = name === 'magento2' ? ['--media', 'https://old-shop.example.com/'] : []
        await skiff(...asked, '--from', 'export.csv', ...media)
        const sync = async () => {
          const reports = JSON.parse(await skiff('sync', '--yes', '--json')) as SyncReport[]
          return reports.flatMap((one) => [one, ...(one.parts ?? [])])
        }
        const changed = (reports: readonly SyncReport[]) =>
          reports.filter(({ summary }) => summary.create + summary.update + summary.rejected).map((one) => one.sync)
        expect(changed(await sync())).toEqual(['catalog', 'catalog.product_images'])
        expect([emulator.state.products.list().length, emulator.state.images.list().length]).toEqual([
          products,
          pictures,
        ])
        const again = await sync()
        expect([changed(again), again.map(({ requests }) => requests.write)]).toEqual([[], again.map(() => 0)])

        const text = readFileSync(feed, 'utf8')
        const at = text.indexOf(price, text.indexOf(row))
        writeFileSync(feed, `${text.slice(0, at)}${other}${text.slice(at + price.length)}`)
        const last = await sync()
        expect(changed(last)).toEqual(['prices'])
        expect(last.find((one) => one.sync === 'prices')).toMatchObject({
          summary: { update: 1 },
          counts: { applied: 1 },
        })
        const io = fakeIo({ cwd: dir, env })
        await run(['doctor', 'feed'], io, verbs)
        expect(io.out()).not.toContain('a blank key')
      } finally {
        await server.close()
      }
    },
    120_000,
  )

  it('of Magento asks where the pictures lie: the shop, a folder, or later', async () => {
    writeFileSync(join(dir, 'export.csv'), `${HEADERS['magento2']},meta_title,meta_description,base_image\n`)
    mkdirSync(join(dir, 'media'))
    const bases = {
      'https://old.example.com': 'https://old.example.com/media/catalog/product',
      'https://cdn.example.com/pictures': 'https://cdn.example.com/pictures',
      media: 'media',
    }
    for (const [said, base] of Object.entries(bases)) {
      const made = await init('export.csv', '--force', '--media', said)
      expect(made.exit, made.err).toBe(0)
      expect(loadSettings(join(dir, 'sync.config.json'), {}, catalog).syncs[0]?.images).toMatchObject({ base })
    }
    expect(await init('export.csv', '--force', '--media', 'old.example.com')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('neither an address that begins with https:// nor a folder'),
    })
    expect((await init('export.csv', '--force')).exit).toBe(0)
    const file = join(dir, 'sync.config.json')
    expect(loadSettings(file, {}, catalog).syncs[0]?.images).toBeUndefined()
    const text = readFileSync(file, 'utf8')
    const open = text.replace(/^(\s*)\/\/ (?=[" }])/gm, '$1').replaceAll('OLD-SHOP', 'old.example.com')
    writeFileSync(file, open)
    expect(loadSettings(file, {}, catalog).syncs[0]?.images?.base).toBe('https://old.example.com/media/catalog/product')
  })

  it('of another program asks nothing of the kind', async () => {
    writeFileSync(join(dir, 'export.csv'), `${HEADERS['shopify']}\n`)
    expect(await init('export.csv', '--media', 'https://old.example.com')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('leave --media out'),
    })
  })

  it('leaves out what a file has not', async () => {
    writeFileSync(join(dir, 'export.csv'), 'Handle,Title,Variant SKU,Variant Price\n')
    expect((await init('export.csv')).exit).toBe(0)
    const { syncs } = loadSettings(join(dir, 'sync.config.json'), {}, catalog)
    expect(Object.keys(syncs[0]?.fields ?? {})).toEqual(['price'])
  })

  it('is none for columns that nobody knows, and nothing is written', async () => {
    writeFileSync(join(dir, 'export.csv'), 'a,b\n1,2\n')
    expect(await init('export.csv')).toMatchObject({ exit: 2, err: expect.stringContaining('woocommerce') })
    expect(() => readFileSync(join(dir, 'sync.config.json'))).toThrow()
  })
})

const WOO = `${HEADERS['woocommerce']}
7,variable,HOOD,,Hoodie,1,0,visible,,,taxable,1,,,0,,,45,Clothing,,,,Color,"Blue, Green"
8,variation,HOOD-B,,Hoodie - Blue,1,0,visible,,,taxable,1,12,,0,,42,45,,,,HOOD,Color,Blue
9,variation,HOOD-G,,Hoodie - Green,1,0,visible,,,taxable,1,n/a,,0,,,45,,,,HOOD,Color,Green
10,simple,,,Album,1,0,visible,,,taxable,1,,,0,,,15,Music,,,,,
`

const WHOLE = `${HEADERS['woocommerce']},Attribute 2 name,Attribute 2 value(s)
9,variation,HOOD-G,,Hoodie - Green,1,0,visible,,,taxable,1,n/a,,0,,,48,,,,HOOD,Color,Green,,
7,variable,HOOD,,Hoodie,1,0,visible,,<p>Warm.</p>,taxable,1,,,0,,,,"Clothing, Clothing > Hoodies",,"https://shop.example/hood.jpg, https://shop.example/back.jpg",,Brand,Ours,Color,"Blue, Green"
10,simple,,,Album,0,0,visible,,,taxable,1,,,0,,,15,Music,,,,,,,
8,variation,HOOD-B,,Hoodie - Blue,1,0,visible,,,taxable,1,12,,0,,42,45,,,,HOOD,Color,Blue,,
12,variation,CAP-S,,Cap - S,1,0,visible,,,taxable,1,,,0,,,9,,,,id:11,Size,S,,
11,variable,,,Cap,1,0,visible,,,taxable,1,,,0,,,,Clothing,,,,Size,S,,
14,variation,LOST,,Lost - S,1,0,visible,,,taxable,1,,,0,,,9,,,,id:99,Size,S,,
21,variation,SOCK-1,,Sock - 1,1,0,visible,,,taxable,1,,,0,,,5,,,,SOCK,Size,1,,
22,variation,SOCK-2,,Sock - 2,1,0,visible,,,taxable,1,,,0,,,5,,,,SOCK,Color,Red,,
20,variable,SOCK,,Sock,1,0,visible,,,taxable,1,,,0,,,,Clothing,,,,Size,1,,
`

const V3 = `${HEADERS['bigcommerce-v3']}
${row('bigcommerce-v3', { Item: 'Product', ID: 7, Name: 'Hoodie', Type: 'physical', SKU: 'HOOD', Price: 45, Weight: 1.5, Description: '<p>Warm.</p>', 'Is Visible': 'TRUE' })}
${row('bigcommerce-v3', { Item: 'Variant', ID: 8, SKU: 'HOOD-B', Price: 45, Options: 'Type=Swatch|Name=Color|Value=BlueType=Rectangle|Name=Size|Value=S' })}
${row('bigcommerce-v3', { Item: 'Variant', ID: 9, SKU: 'HOOD-G', Price: 48, Options: 'Type=Swatch|Name=Color|Value=Green|Type=Rectangle|Name=Size|Value=S' })}
${row('bigcommerce-v3', { Item: 'Image', ID: 3 })}
${row('bigcommerce-v3', { Item: 'Product', ID: 10, Name: 'Album', Type: 'digital', SKU: 'ALB', Price: 15, Weight: 0, 'Is Visible': 'FALSE' })}
${row('bigcommerce-v3', { Item: 'Product', ID: 11, Name: 'Cap', Type: 'physical', SKU: 'CAP', Price: 9, Weight: 1, 'Is Visible': 'TRUE' })}
${row('bigcommerce-v3', { Item: 'Variant', ID: 12, SKU: 'CAP-S', Price: 9, Options: 'Size: S' })}
`
const V2 = `${HEADERS['bigcommerce-v2']}
${row('bigcommerce-v2', { 'Item Type': 'Product', 'Product Name': 'Hoodie', 'Product Type': 'P', 'Product Code/SKU': 'HOOD', 'Brand Name': 'Kiln', 'Product Description': '<p>Warm.</p>', Price: 45, 'Product Weight': 1.5, 'Product Visible?': 'Y', Category: '"Clothing;Clothing/Hoodies"' })}
${row('bigcommerce-v2', { 'Item Type': '  SKU', 'Product Name': '"[CS]Color=Blue:#0000FF,[RT]Size=S"', 'Product Code/SKU': 'HOOD-B' })}
${row('bigcommerce-v2', { 'Item Type': '  SKU', 'Product Name': '"[CS]Color=Green:#00FF00,[RT]Size=S"', 'Product Code/SKU': 'HOOD-G' })}
${row('bigcommerce-v2', { 'Item Type': 'Product', 'Product Name': 'Album', 'Product Type': 'D', 'Product Code/SKU': 'ALB', Price: 15, 'Product Weight': 0, 'Product Visible?': 'N' })}
${row('bigcommerce-v2', { 'Item Type': 'Product', 'Product Name': 'Cap', 'Product Type': 'P', 'Product Code/SKU': 'CAP', Price: 9, 'Product Weight': 1, 'Product Visible?': 'Y' })}
${row('bigcommerce-v2', { 'Item Type': '  SKU', 'Product Name': '[RT]Size=S', 'Product Code/SKU': 'CAP-S' })}
${row('bigcommerce-v2', { 'Item Type': '  Rule', 'Product Code/SKU': 'CAP-S', Price: '[ADD]4' })}
`

describe('whole products of an export of BigCommerce', () => {
  it.each([
    ['the present one', V3, 48, [8, 'Options', 'not what a variant chooses']],
    [
      'the one for bulk edits',
      V2,
      null,
      [8, 'Item Type', 'a row that changes its variants in a manner that is not read'],
    ],
  ])(
    '%s are made of a product and the variants below it',
    async (_name, text, price, refused) => {
      writeFileSync(join(dir, 'export.csv'), text)
      const emulator = createEmulator({ catalog, clock: virtualClock(), products: 0, plan: 'unlimited' })
      const server = await serve(emulator)
      try {
        const env = { TOKEN: emulator.accessToken }
        const skiff = async (...argv: string[]) => {
          const io = fakeIo({ cwd: dir, env })
          const exit = await run(argv, io, verbs)
          return { exit, out: io.out(), err: io.err() }
        }
        const asked = ['init', '--yes', '--hash', emulator.storeHash, '--api', server.url, '--token-env', 'TOKEN']
        expect((await skiff(...asked, '--from', 'export.csv')).exit).toBe(0)
        const made = await skiff('sync', 'catalog', '--yes', '--json', '--allow', 'maxCreates')
        expect(made.exit, made.err + made.out).toBe(0)
        const { products, variants } = emulator.state
        const shown = products
          .list()
          .map(({ id, name, type, weight, is_visible }) => [
            ...[name, type, weight, is_visible],
            variants
              .where('product', id)
              .map(({ sku, price: own, option_values }) => [sku, own, ...option_values.map(({ label }) => label)]),
          ])
        const blue = price === null ? null : 45
        expect(shown.sort()).toEqual([
          ['Album', 'digital', 0, false, [['ALB', null]]],
          [
            ...['Hoodie', 'physical', 1.5, true],
            [
              ['HOOD-B', blue, 'Blue', 'S'],
              ['HOOD-G', price, 'Green', 'S'],
            ],
          ],
        ])
        const { summary, rejected } = JSON.parse((await skiff('plan', 'catalog', '--json')).out)
        expect(summary).toMatchObject({ create: 0, update: 0, unchanged: 2 })
        expect(
          rejected.map(({ row: line, column, reason }: Record<string, unknown>) => [line, column, reason]),
        ).toEqual([refused])
      } finally {
        await server.close()
      }
    },
    60_000,
  )
})

const v3 = (cells: Readonly<Record<string, string | number>>): string => row('bigcommerce-v3', cells)
const v2 = (cells: Readonly<Record<string, string | number>>): string => row('bigcommerce-v2', cells)
const sold = { Type: 'physical', Price: 9, 'Sale Price': '0.00', Weight: 1, 'Is Visible': 'TRUE', 'Current Stock': 0 }
const soldOnce = {
  'Item Type': 'Product',
  'Product Type': 'P',
  Price: 9,
  'Sale Price': '0.00',
  'Product Weight': 1,
  'Product Visible?': 'Y',
}
const chosen = (size: string) => `Type=Rectangle|Name=Size|Value=${size}`
const images = (id: number) => [v3({ Item: 'Image', ID: id }), v3({ Item: 'Image', ID: id + 1 })]

/** A product with variants, one whose stock is counted as a whole, and one whose stock nobody counts. */
const STOCKED: Readonly<Record<string, readonly string[]>> = {
  'bigcommerce-v3': [
    v3({ ...sold, Item: 'Product', ID: 7, Name: 'Hoodie', SKU: 'HOOD', 'Inventory Tracking': 'variant' }),
    v3({ Item: 'Variant', ID: 8, SKU: 'HOOD-S', Price: 9, Options: chosen('S'), 'Current Stock': 4 }),
    v3({ Item: 'Variant', ID: 9, SKU: 'HOOD-M', Price: 9, Options: chosen('M'), 'Current Stock': 0 }),
    ...images(20),
    v3({
      ...sold,
      Item: 'Product',
      ID: 10,
      Name: 'Cap',
      SKU: 'CAP',
      'Sale Price': 8,
      'UPC/EAN': '036000291452',
      'Inventory Tracking': 'product',
      'Current Stock': 7,
    }),
    ...images(30),
    v3({ ...sold, Item: 'Product', ID: 11, Name: 'Album', SKU: 'ALB', 'Inventory Tracking': 'none' }),
    ...images(40),
  ],
  'bigcommerce-v2': [
    v2({
      ...soldOnce,
      'Product Name': 'Hoodie',
      'Product Code/SKU': 'HOOD',
      'Track Inventory': 'by option',
      'Current Stock Level': 0,
    }),
    v2({ 'Item Type': '  SKU', 'Product Name': '[RT]Size=S', 'Product Code/SKU': 'HOOD-S', 'Current Stock Level': 4 }),
    v2({ 'Item Type': '  SKU', 'Product Name': '[RT]Size=M', 'Product Code/SKU': 'HOOD-M', 'Current Stock Level': 0 }),
    v2({
      ...soldOnce,
      'Product Name': 'Cap',
      'Product Code/SKU': 'CAP',
      'Sale Price': 8,
      'Product UPC/EAN': '036000291452',
      'Track Inventory': 'by product',
      'Current Stock Level': 7,
    }),
    v2({
      ...soldOnce,
      'Product Name': 'Album',
      'Product Code/SKU': 'ALB',
      'Track Inventory': 'none',
      'Current Stock Level': 0,
    }),
  ],
  woocommerce: [
    '7,variable,HOOD,,Hoodie,1,0,visible,,,taxable,1,,,0,,,,Clothing,,,,Size,"S, M"',
    '8,variation,HOOD-S,,Hoodie - S,1,0,visible,,,taxable,1,,,0,,,9,,,,HOOD,Size,S',
    '9,variation,HOOD-M,,Hoodie - M,1,0,visible,,,taxable,1,,,0,,,9,,,,HOOD,Size,M',
    '10,simple,CAP,036000291452,Cap,1,0,visible,,,taxable,1,7,2,0,,8,9,Clothing,,,,,',
    '11,simple,ALB,,Album,1,0,visible,,,taxable,1,,,0,,,9,Music,,,,,',
  ],
}

describe('prices and stock of an export', () => {
  it.each(Object.entries(STOCKED))(
    '%s: every row that can be bought keeps them, and no other row stands in the way',
    async (name, rows) => {
      const feed = join(dir, 'export.csv')
      writeFileSync(feed, `${[HEADERS[name], ...rows].join('\n')}\n`)
      const emulator = createEmulator({ catalog, clock: virtualClock(), products: 0, plan: 'unlimited' })
      const server = await serve(emulator)
      try {
        const env = { TOKEN: emulator.accessToken }
        const skiff = async (...argv: string[]) => {
          const io = fakeIo({ cwd: dir, env })
          expect(await run(argv, io, verbs), io.err() + io.out()).toBe(0)
          return io.out()
        }
        await skiff(
          'init',
          '--yes',
          '--hash',
          emulator.storeHash,
          '--api',
          server.url,
          '--token-env',
          'TOKEN',
          '--from',
          feed,
        )
        const prices = async (...more: string[]) => {
          const reports = JSON.parse(await skiff('sync', '--yes', '--json', ...more)) as SyncReport[]
          return reports.find((one) => one.sync === 'prices')
        }
        const calm = { state: 'complete', summary: { update: 0, rejected: 0, held: 0 } }
        expect(await prices()).toMatchObject(calm)
        expect(await prices()).toMatchObject(calm)
        const stock = emulator.state.products
          .list()
          .map((one) => [one.name, one.inventory_tracking, one.inventory_level])
        expect(stock.sort()).toEqual([
          ['Album', 'none', 0],
          ['Cap', 'product', 7],
          name === 'woocommerce' ? ['Hoodie', 'none', 0] : ['Hoodie', 'variant', 4],
        ])
        writeFileSync(feed, readFileSync(feed, 'utf8').replace(/(CAP.*)\b9\b/, '$110'))
        const after = await prices('--allow', 'maxChanges', '--allow', 'allChanged')
        expect(after).toMatchObject({ state: 'complete', summary: { update: 1, rejected: 0 } })
      } finally {
        await server.close()
      }
    },
    60_000,
  )
})

describe('whole products of a WooCommerce export', () => {
  it('are made of a product and the variations that name it by SKU or id, wherever these stand', async () => {
    writeFileSync(join(dir, 'export.csv'), WHOLE)
    const emulator = createEmulator({ catalog, clock: virtualClock(), products: 0, plan: 'unlimited' })
    const server = await serve(emulator)
    try {
      const env = { TOKEN: emulator.accessToken }
      const io = fakeIo({ cwd: dir, env })
      const asked = ['init', '--yes', '--hash', emulator.storeHash, '--api', server.url, '--token-env', 'TOKEN']
      expect(await run([...asked, '--from', 'export.csv'], io, verbs), io.err()).toBe(0)
      const sync = async () => {
        const again = fakeIo({ cwd: dir, env })
        const exit = await run(['sync', 'catalog', '--yes', '--json', '--allow', 'maxCreates'], again, verbs)
        expect(exit, again.err() + again.out()).toBe(0)
        return JSON.parse(again.out())
      }
      const first = await sync()
      expect(first.counts).toMatchObject({ applied: 3, failed: 0 })
      const { products, variants, categories, images } = emulator.state
      expect(images.list().map(({ sort_order, is_thumbnail }) => [sort_order, is_thumbnail])).toEqual([
        [0, true],
        [1, false],
      ])
      const shown = products
        .list()
        .map(({ id, name, is_visible, description, categories: ids }) => [
          name,
          is_visible,
          description,
          ids.map((one) => categories.get(one)?.name),
          variants
            .where('product', id)
            .map(({ sku, price, option_values }) => [sku, price, ...option_values.map(({ label }) => label)]),
        ])
      expect(shown.sort()).toEqual([
        ['Album', false, '', ['Music'], [['', null]]],
        ['Cap', true, '', ['Clothing'], [['CAP-S', 9, 'S']]],
        [
          'Hoodie',
          true,
          '<p>Warm.</p>',
          ['Clothing', 'Hoodies'],
          [
            ['HOOD-G', 48, 'Green'],
            ['HOOD-B', 45, 'Blue'],
          ],
        ],
      ])
      const plan = fakeIo({ cwd: dir, env })
      await run(['plan', 'catalog', '--json'], plan, verbs)
      const { summary, rejected } = JSON.parse(plan.out())
      expect(summary).toMatchObject({ create: 0, update: 0, unchanged: 3 })
      expect(
        rejected.map(({ row, column, value, reason }: Record<string, unknown>) => [row, column, value, reason]),
      ).toEqual([
        [8, 'Parent', 'id:99', 'the parent of a variant, and no row of the source'],
        [10, 'Attribute 1 value(s)', 'Color', 'other options than those of line 9 (Size)'],
      ])
    } finally {
      await server.close()
    }
  }, 60_000)
})

describe('a plan from the export of another program', () => {
  let shop: Shop
  const open = async (file: string): Promise<void> => {
    const columns = columnsOf(readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '')
    const preset = presetOf(columns)
    shop = openShop({
      emulator: { products: 0 },
      sources: { export: { type: 'csv', path: file, ...preset?.source } },
      syncs: {
        prices: { store: 'main', resource: 'skus', source: 'export', key: preset?.key, fields: preset?.fields },
      },
    })
  }
  afterEach(() => shop.close())

  const tracked = (sku: string) =>
    elsewhere(shop, 'POST', '/v3/catalog/products', {
      ...{ name: sku, type: 'physical', weight: 1, price: 40, sku },
      ...{ inventory_tracking: 'product', inventory_level: 3 },
    })
  /** Every row is in the plan, unknown to the store, or refused with a reason. */
  const planned = async () => {
    shop.clock.advance(60_000)
    await shop.pull()
    const { plan } = await shop.plan()
    expect(plan.rejected.every(({ row, reason }) => row > 1 && reason.length > 3)).toBe(true)
    expect(plan.summary.rejected).toBe(plan.rejected.length)
    return plan
  }
  const reasons = (rejected: readonly { readonly column: string; readonly reason: string }[]) => [
    ...new Set(rejected.map(({ column, reason }) => `${column}: ${reason}`)),
  ]

  it('takes the variations of WooCommerce, and says why it refuses the others', async () => {
    const file = join(dir, 'woo.csv')
    writeFileSync(file, WOO)
    await open(file)
    await tracked('HOOD-B')
    const plan = await planned()
    expect(plan.rejected.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [4, 'Stock', 'not a number'],
      [5, 'SKU', 'a blank key'],
    ])
    expect(plan.changes.map(({ key, fields }) => [key['sku'], fields.map(({ field }) => field)])).toEqual([
      ['HOOD-B', expect.arrayContaining(['price', 'sale_price'])],
    ])
  })

  describe.skipIf(filesAbsent())('of a real shop', () => {
    it.each(['apparel', 'home-and-garden'])(
      'refuses every row of Shopify’s %s, because none has a SKU',
      async (name) => {
        await open(realFile(`shopify/${name}.csv`))
        const plan = await planned()
        expect(reasons(plan.rejected)).toEqual(['Variant SKU: a blank key'])
        expect(plan.changes).toEqual([])
      },
    )

    it('takes prices and stock of Magento’s sample catalog', async () => {
      await open(realFile('magento/configurable-products.csv'))
      for (const sku of ['MH01-XS-Black', 'MH01-XS-Gray', 'WS12-XS-Blue']) await tracked(sku)
      const plan = await planned()
      expect(reasons(plan.rejected)).toEqual([])
      expect([...plan.changes, ...plan.held].map(({ key }) => key['sku'])).toContain('MH01-XS-Black')
    })

    it('is preceded by the doctor, who finds in each file only what is there', async () => {
      await open(realFile('magento/configurable-products.csv'))
      const { exit, counts } = await examineSource(shop.workspace, 'export', null)
      expect([exit, counts]).toEqual([0, {}])
      shop.close()
      await open(realFile('shopify/apparel.csv'))
      const blank = await examineSource(shop.workspace, 'export', null)
      expect([blank.exit, Object.keys(blank.counts), blank.counts.value]).toEqual([5, ['value'], blank.rows])
    })
  })
})

afterAll(() => {
  const why = filesAbsent()
  if (why) console.warn(`the exports of real shops were not tried: ${why}`)
})
