import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { findSql, shapeOf } from '../../../src/mirror/lookup.ts'
import type { Shape } from '../../../src/mirror/shape.ts'
import { tableOf } from '../../../src/mirror/table.ts'
import { type Body, type Derived, type Resource, UsageError, type Value } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { folder, mirrorAt, product, products, pulled, resource, skus, variant, variants } from './fixture.ts'

const children = [variants]
const shop = (...bodies: Body[]) => {
  const mirror = mirrorAt()
  pulled(mirror, bodies, { children })
  return mirror
}
const found = (mirror: ReturnType<typeof mirrorAt>, sku: string, target: Resource | Derived = skus) =>
  mirror
    .lookup(target, ['sku'])
    .find({ sku })
    .map(({ values }) => values['sku'])

const complex = product(1, {
  price: 20,
  sale_price: 15,
  weight: 2,
  inventory_tracking: 'variant',
  variants: [variant(11, 1), variant(12, 1, { price: 25.5, sale_price: 22, weight: 3, inventory_level: 8 })],
})
const simple = product(2, {
  base_variant_id: 21,
  inventory_level: 5,
  upc: 'on the product',
  variants: [variant(21, 2, { inventory_level: 0, upc: 'on the variant' })],
})
const untracked = product(3, { inventory_tracking: 'none', base_variant_id: 31, variants: [variant(31, 3)] })

describe('a derived row', () => {
  const mirror = () => shop(complex, simple, untracked)
  const row = (sku: string) => mirror().lookup(skus, ['sku']).find({ sku })[0]

  it('inherits what its own does not say', () => {
    expect(row('V-11')?.values).toMatchObject({
      price: '20',
      own_price: null,
      sale_price: '15',
      weight: '2',
      is_simple: false,
    })
    expect(row('V-12')?.values).toMatchObject({ price: '25.5', own_price: '25.5', sale_price: '22', weight: '3' })
  })

  it('stands for its parent when it is the only one', () => {
    expect(row('V-21')?.values).toMatchObject({ upc: 'on the product', name: 'Product 2', is_simple: true })
  })

  it('has the stock of whoever holds it', () => {
    expect(row('V-12')?.values['inventory_level']).toBe(8)
    expect(row('V-21')?.values['inventory_level']).toBe(5)
    expect(row('V-31')?.values['inventory_level']).toBeNull()
  })

  it('names the store rows it is made of', () => {
    expect(row('V-12')?.entity).toEqual({ product_id: 1, variant_id: 12 })
  })

  it('is none for the parent of several', () => {
    expect(row('P-1')).toBeUndefined()
  })

  it('is found by a field that is the parent’s for some and the child’s for others', () => {
    const by = (upc: string) =>
      mirror()
        .lookup(skus, ['upc'])
        .find({ upc })
        .map(({ entity }) => entity['variant_id'])
    expect(by('ON THE PRODUCT')).toEqual([21])
    expect(by('on the variant')).toEqual([])
  })
})

describe('finding', () => {
  it('ignores case, in every script and form of writing', () => {
    const mirror = shop(
      product(1, { sku: 'ÄÖ-Straße' }),
      product(2, { sku: 'plain-K' }),
      product(3, { sku: 'PLAIN-\u212A' }),
      product(4, { sku: 'ЖУК' }),
    )
    expect(found(mirror, 'äö-STRAßE', products)).toEqual(['ÄÖ-Straße'])
    expect(found(mirror, 'a\u0308o\u0308-strasse', products)).toEqual([])
    expect(found(mirror, 'A\u0308O\u0308-straße', products)).toEqual(['ÄÖ-Straße'])
    expect(found(mirror, 'жук', products)).toEqual(['ЖУК'])
    expect(found(mirror, 'PLAIN-k', products)).toEqual(['plain-K', 'PLAIN-\u212A'])
  })

  it('tells every row of a duplicate key', () => {
    expect(found(shop(product(1, { sku: 'same' }), product(2, { sku: 'SAME' })), 'Same', products)).toHaveLength(2)
  })

  it('finds a row by its new key and no longer by the old one', () => {
    const mirror = shop(product(1, { sku: 'Öl' }))
    pulled(mirror, [product(1, { sku: 'Oil' })])
    expect(found(mirror, 'öl', products)).toEqual([])
    expect(found(mirror, 'OIL', products)).toEqual(['Oil'])
  })

  it('finds a row that holds nothing in a part of its key by nothing, and by no value', () => {
    const assignments = resource('price_list_assignments')
    const mirror = mirrorAt()
    const places = [
      [1, 3, 1],
      [2, 3, null],
      [3, null, 1],
    ] as const
    const bodies = places.map(([id, customer_group_id, channel_id]) => ({
      id,
      price_list_id: 7,
      customer_group_id,
      channel_id,
    }))
    pulled(mirror, bodies, { resource: assignments })
    const lookup = mirror.lookup(assignments, ['customer_group_id', 'channel_id'])
    const at = (group: Value, channel: Value) =>
      lookup.find({ customer_group_id: group, channel_id: channel }).map(({ entity }) => entity['id'])
    expect(at(3, 1)).toEqual([1])
    expect(at(3, null)).toEqual([2])
    expect(at(null, 1)).toEqual([3])
    expect(at(null, null)).toEqual([])
    expect(at(3, 'x')).toEqual([])
  })

  it('finds a text that may be nothing whatever its case, and the row without it by nothing', () => {
    const reviews = resource('product_reviews')
    const mirror = mirrorAt()
    const rows = [
      [1, 'Ann@Example.com'],
      [2, 'ÖZGE@example.com'],
      [3, null],
    ].map(([id, email]) => ({
      body: { id, title: 'Fine', email, date_reviewed: '2026-01-01T00:00:00Z' },
      enclosing: [{ identity: { id: 7 } }],
    }))
    mirror.saveRows({ resource: reviews, children: [], rows, at: '2026-03-02T00:00:00Z', run: 'r1' })
    const lookup = mirror.lookup(reviews, ['title', 'email'])
    const at = (email: Value) => lookup.find({ title: 'fine', email }).map(({ entity }) => entity['id'])
    expect(at('ann@example.COM')).toEqual([1])
    expect(at('özge@example.com')).toEqual([2])
    expect(at(null)).toEqual([3])
  })

  it('finds nothing by a key that says nothing or cannot be', () => {
    const mirror = shop(product(1, { sku: '' }))
    expect(mirror.lookup(products, ['sku']).find({ sku: null })).toEqual([])
    expect(mirror.lookup(products, ['sku']).find({})).toEqual([])
    expect(mirror.lookup(products, ['id']).find({ id: 'x' })).toEqual([])
    expect(mirror.lookup(products, ['id']).find({ id: '1' })).toHaveLength(1)
  })

  it('takes several fields together', () => {
    const lookup = shop(complex, simple).lookup(skus, ['product_id', 'sku'])
    expect(lookup.find({ product_id: 1, sku: 'v-12' })).toHaveLength(1)
    expect(lookup.find({ product_id: 2, sku: 'v-12' })).toHaveLength(0)
  })

  it('brings only what is asked for, with the key and the entity', () => {
    const [row] = shop(simple).lookup(skus, ['sku'], ['price']).find({ sku: 'V-21' })
    expect(row?.values).toEqual({ sku: 'V-21', product_id: 2, variant_id: 21, price: '10' })
  })

  it('sees what was written after it was made', () => {
    const mirror = shop(product(1))
    const lookup = mirror.lookup(products, ['sku'])
    pulled(mirror, [product(1, { sku: 'later' })])
    expect(lookup.find({ sku: 'later' })).toHaveLength(1)
  })

  it('refuses a field that is not there or that nothing is matched by, and names a near one', () => {
    const mirror = shop()
    expect(() => mirror.lookup(skus, ['skuu'])).toThrow(UsageError)
    expect(() => mirror.lookup(skus, ['skuu'])).toThrow(/"sku"/)
    expect(() => mirror.lookup(products, ['description'])).toThrow(/cannot be looked up/)
  })
})

describe('every row', () => {
  it('comes once, in key order, while others read and write', () => {
    const mirror = shop(...Array.from({ length: 2500 }, (_, at) => product(2500 - at)))
    const lookup = mirror.lookup(products, ['sku'], ['id'])
    const seen: unknown[] = []
    for (const { entity } of lookup.all()) {
      seen.push(entity['id'])
      if (seen.length === 1) mirror.remove(products, [{ id: 2000 }], 'r2', '2026-03-02T00:00:00Z')
    }
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1).filter((id) => id !== 2000))
    expect(lookup.count()).toBe(2499)
  })

  it('comes in order of a compound key', () => {
    const mirror = mirrorAt()
    const items = resource('inventory_items')
    const rows = [
      [2, 5],
      [1, 9],
      [1, 7],
    ].map(([location, variantId]) => ({
      body: { location_id: location },
      enclosing: [{ identity: { product_id: 1, variant_id: variantId, sku: 's' } }],
    }))
    mirror.saveRows({ resource: items, children: [], rows, at: '2026-03-02T00:00:00Z', run: 'r1' })
    const order = [...mirror.lookup(items, ['sku']).all()].map(({ entity }) => Object.values(entity))
    expect(order).toEqual([
      [1, 1, 7],
      [1, 1, 9],
      [2, 1, 5],
    ])
  })
})

describe('at ten thousand rows', () => {
  const path = () => {
    const mirror = mirrorAt(join(folder(), 'store.db'))
    const bodies = Array.from({ length: 5000 }, (_, at) =>
      product(at + 1, { upc: `${at}`, variants: [variant(2 * at + 1, at + 1), variant(2 * at + 2, at + 1)] }),
    )
    pulled(mirror, bodies, { children })
    mirror.close()
    return mirror.path
  }
  const tables = new Map([...catalog.resources].map(([name, one]) => [name, tableOf(one, catalog)]))
  const plan = (db: Database.Database, target: Resource | Derived, field: string): string[] => {
    const shape: Shape = shapeOf(tables, target)
    const key = shape.columns.filter(({ name }) => name === field)
    const rows = db.prepare(`EXPLAIN QUERY PLAN ${findSql(`SELECT 1 FROM ${shape.from}`, key)}`).all({ key0: 'x' })
    return (rows as { detail: string }[]).map(({ detail }) => detail)
  }

  it('no look-up by a match field reads a whole table', () => {
    const db = new Database(path(), { readonly: true })
    for (const target of [...catalog.resources.values(), ...catalog.derived.values()]) {
      for (const field of target.match) {
        const details = plan(db, target, field)
        const ways = new Set(details.map((detail) => detail.split(' ')[0]))
        expect([target.name, field, ways.has('SEARCH'), ways.has('SCAN')]).toEqual([target.name, field, true, false])
      }
    }
    const plain = db.prepare("EXPLAIN QUERY PLAN SELECT price FROM skus WHERE sku = 'v-1'").all() as {
      detail: string
    }[]
    expect(plain.filter(({ detail }) => detail.startsWith('SCAN'))).toEqual([])
    db.close()
  })
})
