import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withSync } from '../../src/app/add-sync.ts'
import { addSync, loadSettings, type MappingProposal, sectionOf } from '../../src/app/index.ts'
import { askMapping } from '../../src/cli/map-questions.ts'
import type { Prompts } from '../../src/cli/prompts.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, reopened } from '../support/shop-tools.ts'

const CONFIG = `{
    // our shop
    "stores": {
        "main": { "hash": "HASH", "accessToken": "env:SHOP_TOKEN", "api": "http://127.0.0.1:1", "resources": ["products", "variants"] }
    },
    "sources": { "erp": { "type": "csv", "path": "feed.csv", "delimiter": ";" } }, // from the ERP
    "syncs": {
        "texts": { "store": "main", "resource": "skus", "source": "erp", "key": { "sku": "Art-Nr" }, "fields": { "name": "Bezeichnung" } }
    }
}
`

const FEED = `Art-Nr;Bezeichnung;Preis;Lager;EAN;Einkauf;Farbe
${Array.from({ length: 12 }, (_, at) => `MUG-${at};Tasse ${at};1.0${10 + at},50;${30 + at};400638133393${at % 10};${5 + at},25;rot`).join('\n')}
`

let shop: Shop
let file: string
beforeEach(() => {
  shop = openShop({ emulator: { products: 0 }, syncs: {} })
  file = join(shop.dir, 'sync.config.json')
  writeFileSync(file, CONFIG.replace('HASH', shop.emulator.storeHash))
  writeFileSync(join(shop.dir, 'feed.csv'), FEED)
})
afterEach(() => shop.close())

const stockUp = async (): Promise<void> => {
  for (let at = 0; at < 12; at += 1)
    await elsewhere(shop, 'POST', '/v3/catalog/products', {
      ...{
        name: `Mug ${at}`,
        type: 'physical',
        weight: 1,
        price: 1010.5 + at,
        cost_price: 5.25 + at,
        sku: `MUG-${at}`,
      },
      ...{ inventory_tracking: 'product', inventory_level: 30 + at },
    })
  shop.clock.advance(60_000)
  await shop.pull()
}

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: shop.dir, env: { SHOP_TOKEN: shop.emulator.accessToken }, columns: 140 })
  return { exit: await run(argv, io, verbs), out: io.out(), err: io.err() }
}
const config = (): string => readFileSync(file, 'utf8')
const load = () => loadSettings(file, {}, catalog)

describe('a proposed mapping', () => {
  it('is shown with reasons from names and from the store’s values, and as what may be pasted', async () => {
    await stockUp()
    const before = config()
    const { exit, out, err } = await skiff('map', 'erp')
    expect(exit, err).toBe(0)
    await expect(out.replaceAll(shop.dir, 'FOLDER')).toMatchFileSnapshot('golden/map.txt')
    expect(config()).toBe(before)
  })

  it('goes by names alone without a mirror, and says so', async () => {
    const { out } = await skiff('map', 'erp', '--json')
    const proposal = JSON.parse(out)
    expect(proposal.notes).toContain(
      'store main has no complete mirror, so no value was compared; `skiff pull main` makes one',
    )
    const sure = proposal.columns.filter(({ certainty }: { certainty: string }) => certainty === 'sure')
    expect(sure.map(({ column, field }: { column: string; field: string }) => [column, field])).toEqual([
      ['Art-Nr', 'sku'],
      ['Preis', 'price'],
      ['EAN', 'upc'],
    ])
    expect(proposal.written).toBeNull()
  })

  it('is added with --yes as far as it is sure, and nothing else in the file changes', async () => {
    await stockUp()
    const before = config()
    const { exit, out, err } = await skiff('map', 'erp', '--yes')
    expect(exit, err).toBe(0)
    expect(out).toContain('Added sync erp to ')
    expect(load().syncs.map(({ name }) => name)).toEqual(['texts', 'erp'])
    expect(load().syncs[1]).toMatchObject({ store: 'main', resource: 'skus', source: 'erp', key: { sku: 'Art-Nr' } })
    expect(config().startsWith(before.slice(0, before.lastIndexOf('}', before.length - 7) + 1))).toBe(true)
    expect(config()).toContain('    // our shop\n')
    expect(config()).toContain('// from the ERP\n')
    await shop.pull()
    const again = await skiff('map', 'erp', '--json')
    expect(JSON.parse(again.out)).toMatchObject({ sync: 'erp-2', section: null })
    expect((await skiff('map', 'erp', '--yes')).exit).toBe(2)
  })

  it('writes prices that are read as they are written', async () => {
    await stockUp()
    await skiff('map', 'erp', '--yes')
    const workspace = reopened(shop)
    for await (const items of workspace.source(workspace.sync('erp')).read())
      expect(items[0]).toMatchObject({ row: { values: { price: '1010.5', cost_price: '5.25', inventory_level: 30 } } })
  })

  it('is chosen by a person, who may take a guess and leave what is sure', async () => {
    const columns: MappingProposal['columns'] = [
      { column: 'No', field: 'sku', isKey: true, certainty: 'guess', why: '', examples: [] },
      { column: 'A', field: 'price', isKey: false, certainty: 'sure', why: '', examples: [] },
      { column: 'B', field: 'upc', isKey: false, certainty: 'guess', why: '', examples: [] },
      { column: 'C', field: null, isKey: false, certainty: null, why: '', examples: [] },
    ]
    const mapping: MappingProposal = { source: 'erp', store: 'main', resource: 'skus', sync: 'erp', columns, notes: [] }
    const asked: string[] = []
    const prompts = (take: readonly string[], key: string, yes: boolean): Prompts => ({
      text: () => Promise.reject(new Error('not asked for')),
      secret: () => Promise.reject(new Error('not asked for')),
      tell: () => undefined,
      choose: async (message) => {
        asked.push(message)
        return key
      },
      chooseMany: async (_message, choices, initial) => {
        asked.push(`${choices.map(({ label }) => label).join(', ')}; ${initial.join()}`)
        return take
      },
      confirm: async () => yes,
    })
    const chosen = await askMapping(prompts(['B'], 'C', true), mapping)
    expect(asked).toEqual(['Which column holds the SKU?', 'A → price, B → upc; A'])
    expect(sectionOf(mapping, chosen ?? [])).toMatchObject({ key: { sku: 'C' }, fields: { upc: 'B' } })
    expect(await askMapping(prompts(['B'], 'No', false), mapping)).toBeNull()
    expect(await askMapping(prompts([], 'No', true), mapping)).toBeNull()
  })

  it('is one document with --json, also at a terminal', async () => {
    const io = fakeIo({ cwd: shop.dir, ask: async () => true })
    expect(await run(['map', 'erp', '--json'], io, verbs)).toBe(0)
    expect(JSON.parse(io.out())).toMatchObject({ sync: 'erp', written: null })
  })

  it('never takes the place of a sync, and leaves a configuration that would not be sound', async () => {
    const section = {
      store: 'main',
      resource: 'skus',
      source: 'erp',
      key: { sku: 'Art-Nr' },
      fields: { price: 'Preis' },
    }
    const before = config()
    const room = { env: {}, catalog }
    expect(() => addSync(file, 'texts', section, room)).toThrow('there is a sync called texts already')
    expect(() => addSync(file, 'other', { ...section, fields: { prize: 'Preis' } }, room)).toThrow('price')
    expect(config()).toBe(before)
    writeFileSync(file, before.replaceAll('\n', '\r\n').replaceAll('    ', '\t'))
    addSync(file, 'prices', section, room)
    expect(config().replaceAll('\r\n', '')).not.toContain('\n')
    expect(config()).toContain('\r\n\t\t"prices": {\r\n\t\t\t"store": "main"')
  })

  it.each([
    ['no "syncs"', '{\n  "sources": {} // none\n}\n', '{\n  "sources": {}, // none\n  "syncs": {\n    "x": {'],
    ['no sync', '{\n  "syncs": {}\n}\n', '{\n  "syncs": {\n    "x": {'],
    [
      'a remark behind the last',
      '{\n  "syncs": {\n    "a": {"b": 1} // mine\n  }\n}\n',
      '    "a": {"b": 1}, // mine\n    "x": {',
    ],
    ['a comma behind the last', '{\n  "syncs": {\n    "a": {"b": 1},\n  }\n}\n', '    "a": {"b": 1},\n    "x": {'],
    ['all in one line', '{ "syncs": { "a": { "b": 1 } } }', '{ "syncs": { "a": { "b": 1 },\n    "x": {'],
  ])('is laid out where there is %s', (_what, text, wanted) => {
    const section = { store: 'main', resource: 'skus', source: 'erp', key: { sku: 'A' }, fields: { price: 'B' } }
    const after = withSync(text, 'x', section)
    expect(after).toContain(wanted)
    expect(parse(after, [], { allowTrailingComma: true })).toMatchObject({ syncs: { x: section } })
  })

  it('proposes fields of products too', async () => {
    const { out } = await skiff('map', 'erp', '--resource', 'products', '--json')
    expect(JSON.parse(out)).toMatchObject({
      resource: 'products',
      section: { key: { sku: 'Art-Nr' }, fields: { name: 'Bezeichnung' } },
    })
    expect((await skiff('map', 'erp', '--resource', 'prodcts')).exit).toBe(2)
  })
})
