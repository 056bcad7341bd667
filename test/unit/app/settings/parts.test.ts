import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings, type Settings } from '../../../../src/app/settings/index.ts'
import { UsageError } from '../../../../src/model/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-parts-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const load = (fields: object, more: object = {}, store: object = {}): Settings => {
  const file = join(dir, 'sync.config.json')
  const main = { hash: 'abc123', accessToken: 'env:BC_TOKEN', ...store }
  const catalogSync = { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields, ...more }
  const config = {
    stores: { main },
    sources: { feed: { type: 'csv', path: 'f.csv' } },
    syncs: { catalog: catalogSync },
  }
  writeFileSync(file, JSON.stringify(config))
  return loadSettings(file, {}, catalog)
}

const faults = (...config: Parameters<typeof load>): string => {
  try {
    load(...config)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('a column that is a row of its own', () => {
  it('is known by its name, which tells the row and what is the same in all of them', () => {
    const [sync] = load({
      name: 'Name',
      'custom:Made in: town': 'Town',
      'bulk:10-49': 'P10',
      'bulk:50 price': 'Off',
    }).syncs
    expect(Object.keys(sync?.fields ?? {})).toEqual(['name'])
    expect(sync?.parts).toMatchObject({
      product_custom_fields: [{ key: { name: 'Made in: town' }, fixed: {}, field: 'value', rule: { from: 'Town' } }],
      product_bulk_prices: [
        { key: { quantity_min: 10 }, fixed: { quantity_max: 49, type: 'fixed' }, field: 'amount' },
        { key: { quantity_min: 50 }, fixed: { quantity_max: 0, type: 'price' }, field: 'amount' },
      ],
    })
  })

  it.each([
    [{ 'bulk:10 percent': 'P' }, 'is not written as "bulk:FROM-TO"'],
    [{ 'bulk:1-9': 'P' }, 'is not written as "bulk:FROM-TO"'],
    [{ 'meta:erp': 'Bin' }, 'is not written as "meta:NAMESPACE.KEY"'],
    [{ [`custom:${'x'.repeat(251)}`]: 'P' }, 'is not written as "custom:NAME"'],
    [{ 'custom:Material': 'A', 'custom:material': 'B' }, 'is the same row as "custom:Material"'],
    [{ 'custom:Material': { from: 'M', owner: 'both' } }, 'goes from the source to the store'],
    [{ 'custom:Material': { from: 'M', names: true } }, 'is not for this field'],
    [{ 'costum:Material': 'M' }, 'What belongs to a row is written custom:NAME, bulk:FROM-TO, meta:NAMESPACE.KEY'],
    [{ 'meta:erp.bin': 'Bin' }, 'needs product_metafields in stores.main.resources'],
  ])('is refused where %j cannot be meant', (fields, text) => {
    expect(faults({ name: 'Name', ...fields })).toContain(text)
  })

  it('is of products only, and of a resource that is pulled', () => {
    expect(faults({ price: 'Price', 'custom:Material': 'M' }, { resource: 'skus' })).toContain('is no field of skus')
    const pulled = { resources: ['products', 'variants'] }
    expect(faults({ name: 'Name', 'custom:Material': 'M' }, {}, pulled)).toContain('needs product_custom_fields')
  })
})

describe('a column of commands', () => {
  it('is a column, or a column with the meaning of its words', () => {
    expect(load({ name: 'Name' }, { command: 'Action' }).syncs[0]?.command).toEqual({ from: 'Action' })
    const command = { from: 'Action', map: { D: 'delete', N: '' } }
    expect(load({ name: 'Name' }, { command }).syncs[0]?.command).toEqual(command)
    const computed = { expr: "Status == 'draft' ? 'skip' : ''" }
    expect(load({ name: 'Name' }, { command: computed }).syncs[0]?.command).toEqual(computed)
    expect(faults({ name: 'Name' }, { command: { expr: 'Status ==' } })).toContain('syncs.catalog.command.expr')
    expect(faults({ name: 'Name' }, { command: { ...computed, from: 'Action' } })).toContain('needs either "from"')
    expect(faults({ name: 'Name' }, { command: { from: 'Action', map: { D: 'remove' } } })).toContain(
      'syncs.catalog.command',
    )
  })
})
