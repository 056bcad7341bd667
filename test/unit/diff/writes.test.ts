import { describe, expect, it } from 'vitest'
import { deriveWrites, type Family, targetOf, type WriteContext } from '../../../src/diff/index.ts'
import type { Change, Value, Values } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const skus = targetOf(catalog, 'skus')

const product = (values: Values = {}): Values => ({
  id: 77,
  price: '20',
  sale_price: null,
  inventory_tracking: 'variant',
  base_variant_id: null,
  ...values,
})
const variant = (id: number, values: Values = {}): Values => ({
  id,
  product_id: 77,
  price: null,
  sale_price: null,
  ...values,
})
const simple = (parent: Values = {}, child: Values = {}): Family => ({
  parent: product({ base_variant_id: 300, ...parent }),
  children: [variant(300, child)],
})
const complex = (parent: Values = {}, ...children: Values[]): Family => ({
  parent: product(parent),
  children: children.length ? children : [variant(301), variant(302)],
})

const context = (family: Family | undefined, soleToChild = false): WriteContext => ({
  location: 1,
  soleToChild,
  row: () => undefined,
  family: () => family,
})

const change = (id: number, variantId: number, field: string, to: Value): Change => ({
  id,
  action: 'update',
  side: 'store',
  resource: 'skus',
  key: { sku: `S${id}` },
  entity: { product_id: 77, variant_id: variantId },
  label: null,
  line: id + 1,
  fields: [{ field, from: null, to, base: null, owner: 'source' }],
})

const writes = (family: Family | undefined, changes: Change[], soleToChild = false) =>
  deriveWrites(skus, changes, context(family, soleToChild)).writes.map(({ resource, id, set }) => ({
    resource,
    id: id['id'] ?? id,
    set,
  }))

describe('the price of a SKU', () => {
  it('of a simple product goes to the product', () => {
    expect(writes(simple(), [change(1, 300, 'price', '21')])).toEqual([
      { resource: 'products', id: 77, set: { price: '21' } },
    ])
  })

  it('of a simple product whose base variant holds its own price goes there', () => {
    expect(writes(simple({}, { price: '19' }), [change(1, 300, 'price', '21')])).toEqual([
      { resource: 'variants', id: 300, set: { price: '21' } },
    ])
  })

  it('of a simple product goes to the base variant where the store opted for it', () => {
    expect(writes(simple(), [change(1, 300, 'price', '21')], true)).toMatchObject([{ resource: 'variants', id: 300 }])
  })

  it('of one variant among several becomes its own and is marked', () => {
    const { writes: found, notes } = deriveWrites(skus, [change(1, 301, 'price', '21')], context(complex()))
    expect(found).toMatchObject([{ resource: 'variants', set: { price: '21' } }])
    expect(notes.get(1)).toEqual({ price: 'breaks inheritance' })
  })

  it('of all variants, when they inherit and agree, is written once to the product', () => {
    const both = [change(1, 301, 'price', '21'), change(2, 302, 'price', '21')]
    const [only, ...more] = deriveWrites(skus, both, context(complex())).writes
    expect(more).toEqual([])
    expect(only).toMatchObject({ resource: 'products', set: { price: '21' }, changes: [1, 2] })
  })

  it.each([
    ['they differ', '22', null],
    ['one has its own', '21', '18'],
  ])('of all variants is written to each when %s', (_why, second, own) => {
    const family = complex({}, variant(301), variant(302, { price: own }))
    expect(writes(family, [change(1, 301, 'price', '21'), change(2, 302, 'price', second)])).toHaveLength(2)
  })
})

describe('a sale price that is cleared', () => {
  it('is cleared on the product of a simple one', () => {
    expect(writes(simple({ sale_price: '15' }), [change(1, 300, 'sale_price', null)])).toEqual([
      { resource: 'products', id: 77, set: { sale_price: null } },
    ])
  })

  it('is cleared on the variant that has its own', () => {
    const family = complex({}, variant(301, { sale_price: '12' }), variant(302))
    expect(writes(family, [change(1, 301, 'sale_price', null)])).toMatchObject([
      { resource: 'variants', set: { sale_price: null } },
    ])
  })

  it('is refused for one variant while the product has a sale', () => {
    const { writes: found, impossible } = deriveWrites(
      skus,
      [change(1, 301, 'sale_price', null)],
      context(complex({ sale_price: '15' })),
    )
    expect(found).toEqual([])
    expect(impossible).toMatchObject([
      { change: 1, field: 'sale_price', reason: expect.stringContaining('the product has its own') },
    ])
  })

  it('is cleared on the product when all its variants clear it', () => {
    const changes = [change(1, 301, 'sale_price', null), change(2, 302, 'sale_price', null)]
    expect(writes(complex({ sale_price: '15' }), changes)).toEqual([
      { resource: 'products', id: 77, set: { sale_price: null } },
    ])
  })
})

describe('the stock of a SKU', () => {
  it.each([
    ['variant', { location_id: 1, variant_id: 301, product_id: 77 }],
    ['product', { location_id: 1, variant_id: null, product_id: 77 }],
  ])('tracked by %s is written for it', (tracking, id) => {
    const [write] = deriveWrites(
      skus,
      [change(1, 301, 'inventory_level', 5)],
      context(complex({ inventory_tracking: tracking })),
    ).writes
    expect(write).toMatchObject({ resource: 'inventory_items', id, set: { total_inventory_onhand: 5 } })
  })

  it('that is not tracked is refused', () => {
    const { impossible } = deriveWrites(
      skus,
      [change(1, 301, 'inventory_level', 5)],
      context(complex({ inventory_tracking: 'none' })),
    )
    expect(impossible).toMatchObject([{ reason: 'its stock is not tracked in the store' }])
  })

  it('of variants that share the product’s figure is refused where they disagree', () => {
    const changes = [change(1, 301, 'inventory_level', 5), change(2, 302, 'inventory_level', 6)]
    const { impossible } = deriveWrites(skus, changes, context(complex({ inventory_tracking: 'product' })))
    expect(impossible.map((one) => one.change)).toEqual([1, 2])
  })
})

describe('rows that cannot be written', () => {
  it('are those whose product is gone', () => {
    expect(deriveWrites(skus, [change(1, 301, 'price', '21')], context(undefined)).impossible).toMatchObject([
      { reason: 'gone from the store' },
    ])
  })

  it('are product fields of a variant', () => {
    expect(deriveWrites(skus, [change(1, 301, 'name', 'New')], context(complex())).impossible).toMatchObject([
      { reason: expect.stringContaining('use resource "products"') },
    ])
  })
})

it('writes every field of one row together', () => {
  const price = change(1, 301, 'price', '21')
  const weight = { ...price, fields: [...price.fields, { ...price.fields[0]!, field: 'weight', to: '2' }] }
  expect(writes(complex(), [weight])).toEqual([{ resource: 'variants', id: 301, set: { price: '21', weight: '2' } }])
})
