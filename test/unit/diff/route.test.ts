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
