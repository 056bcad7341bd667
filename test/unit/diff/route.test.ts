import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOf, routeWrites, type Write } from '../../../src/diff/index.ts'
import { routeName } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const write = (resource: string, id: number, unit: number, set: Write['set']): Write => ({
  resource,
  id: resource === 'inventory_items' ? { location_id: 1, variant_id: id, product_id: unit } : { id, product_id: unit },
  set,
  unit: String(unit),
  changes: [id],
  parts: [],
  verb: 'update',
})
const many = (count: number, resource: string, set: Write['set']): Write[] =>
  Array.from({ length: count }, (_none, index) => write(resource, index + 1, index + 1, set))

describe('routeWrites', () => {
  it.each([
    ['products', { price: '1' }, 100, 10],
    ['variants', { price: '1' }, 100, 2],
    ['inventory_items', { total_inventory_onhand: 1 }, 4001, 3],
    ['variants', { mpn: 'X' }, 3, 3],
  ])('packs %s %j, %i rows, into %i requests', (resource, set, rows, requests) => {
    expect(routeWrites(catalog, many(rows, resource, set)).flat()).toHaveLength(requests)
  })

  it('fills a request with rows of one list only, those that are there and those that are made together', () => {
    const rows = Array.from({ length: 2500 }, (_none, index): Write => {
      const id = { price_list_id: 1 + (index % 2), variant_id: index, currency: 'eur' }
      const made = index % 5 === 0
      return { ...write('price_list_records', index, index, { price: '1' }), id, verb: made ? 'create' : 'update' }
    })
    const batches = routeWrites(catalog, rows).flat()
    expect(batches.map(({ rows: { length } }) => length).sort()).toEqual([1000, 1000, 250, 250])
    for (const { rows: batch } of batches) expect(new Set(batch.map(({ id }) => id['price_list_id'])).size).toBe(1)
  })

  it('sends every row once, and in each request those of one path only, however they are mixed', () => {
    const row = fc.record({ list: fc.integer({ min: 1, max: 4 }), made: fc.boolean(), field: fc.boolean() })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const writes = rows.map(
          ({ list, made, field }, index): Write => ({
            ...write('price_list_records', index, index, field ? { price: '1' } : { sale_price: '1' }),
            id: { price_list_id: list, variant_id: index, currency: 'eur' },
            verb: made ? 'create' : 'update',
          }),
        )
        const batches = routeWrites(catalog, writes).flat()
        const sent = batches.flatMap(({ rows: batch }) => batch)
        expect(new Set(sent)).toEqual(new Set(writes))
        expect(sent).toHaveLength(writes.length)
        for (const { rows: batch } of batches) expect(new Set(batch.map(({ id }) => id['price_list_id'])).size).toBe(1)
        expect(batches).toHaveLength(new Set(rows.map(({ list }) => list)).size)
      }),
    )
  })

  it('makes rows by the batch, but for those with a field of which the batch is not known to take it', () => {
    const made = (set: Write['set'], id: number): Write => ({
      ...write('variants', id, 7, { sku: `A${id}`, option_values: [], ...set }),
      verb: 'create',
    })
    const rows = [...Array(60).keys()].map((id) => made(id < 58 ? { price: '1' } : { gtin: '4006381333931' }, id))
    expect(routeWrites(catalog, rows)[0]?.map(({ route, rows: some }) => [routeName(route), some.length])).toEqual([
      ['PUT /v3/catalog/variants', 50],
      ['PUT /v3/catalog/variants', 8],
      ['POST /v3/catalog/products/{product_id}/variants', 1],
      ['POST /v3/catalog/products/{product_id}/variants', 1],
    ])
  })

  it('sends products before variants and stock last', () => {
    const stages = routeWrites(catalog, [
      ...many(1, 'inventory_items', { total_inventory_onhand: 1 }),
      ...many(1, 'variants', { price: '1' }),
      ...many(1, 'products', { name: 'A' }),
    ])
    expect(stages.map((stage) => stage.map(({ resource }) => resource.name))).toEqual([
      ['products'],
      ['variants'],
      ['inventory_items'],
    ])
  })

  it('keeps rows of one product next to each other', () => {
    const rows = Array.from({ length: 120 }, (_none, index) => write('variants', index, index % 3, { price: '1' }))
    for (const { rows: batch } of routeWrites(catalog, rows).flat()) {
      const units = batch.map(({ unit }) => unit)
      expect(units).toEqual([...units].sort())
    }
  })

  it('carries every row exactly once', () => {
    const rows = [...many(73, 'variants', { price: '1' }), ...many(31, 'products', { name: 'A' })]
    const sent = routeWrites(catalog, rows)
      .flat()
      .flatMap((batch) => batch.rows)
    expect(new Set(sent)).toEqual(new Set(rows))
    expect(sent).toHaveLength(rows.length)
  })
})

describe('costOf', () => {
  it('counts requests and rows by endpoint, and the seconds at the store’s pace', () => {
    const stages = routeWrites(catalog, many(101, 'variants', { price: '1' }))
    const [batch] = stages.flat()
    expect(costOf(stages, 5)).toEqual({
      requests: 3,
      seconds: 0.6,
      endpoints: [{ endpoint: routeName(batch!.route), requests: 3, rows: 101 }],
    })
  })
})
