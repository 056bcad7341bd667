import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  AT,
  begin,
  categories,
  customFields,
  EVERY_KEY,
  folder,
  look,
  mirrorAt,
  page,
  product,
  products,
  pulled,
  resource,
  variant,
  variants,
} from './fixture.ts'

const LATER = '2026-03-02T12:00:00Z'
const later = { at: LATER, run: 'r2' }
const counts = (name: string, rows: number, added = 0, changed = 0, removed = 0) => ({
  resource: name,
  rows,
  added,
  changed,
  removed,
})
const MARKS = 'SELECT id, synced_at, view_count FROM products ORDER BY id'

describe('a page', () => {
  it('adds, changes and leaves alone, and counts each', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1), product(2)])
    const pull = pulled(mirror, [product(1), product(2, { name: 'New name' }), product(3)], later)
    expect(pull.counts).toEqual([counts('products', 3, 1, 1)])
    expect(mirror.row(products, { id: 2 })).toMatchObject({ name: 'New name' })
  })

  it('writes nothing where a row is as it was', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1), product(2)])
    pulled(mirror, [product(1), product(2, { price: 11 })], later)
    expect(look(mirror, MARKS)).toMatchObject([{ synced_at: AT }, { synced_at: LATER }])
  })

  it('takes up statistics without counting or logging them', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)])
    const pull = pulled(mirror, [product(1, { view_count: 9 })], later)
    expect(pull.counts).toEqual([counts('products', 1)])
    expect(look(mirror, MARKS)).toEqual([{ id: 1, synced_at: LATER, view_count: 9 }])
    expect(mirror.history('products', '1', 10)).toEqual([])
  })

  it('logs each changed field of a row that was there, newest first', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)])
    pulled(mirror, [product(1, { price: 12.5, is_visible: true })], later)
    pulled(mirror, [product(1, { price: 12.5, is_visible: true, sale_price: 3 })], { at: LATER, run: 'r3' })
    expect(mirror.history('products', '1', 10)).toEqual([
      { field: 'sale_price', from: null, to: '3', at: LATER, run: 'r3' },
      { field: 'is_visible', from: null, to: true, at: LATER, run: 'r2' },
      { field: 'price', from: '10', to: '12.5', at: LATER, run: 'r2' },
    ])
    expect(mirror.history('products', '1', 1)).toHaveLength(1)
  })

  it('N17: keeps an unreadable row out, says why, and takes the others', () => {
    const mirror = mirrorAt()
    const write = page([product(1), product(2, { price: 'ten' }), product(3, { id: 'x' }), product(4)])
    const { bad, pull } = mirror.savePage(begin(mirror), write, {})
    expect(bad).toEqual([
      { resource: 'products', key: '2', reason: 'products.price is not a number' },
      { resource: 'products', key: '', reason: 'products.id is not a whole number' },
    ])
    expect(pull.counts).toEqual([counts('products', 4, 2)])
    expect(look(mirror, 'SELECT id FROM products')).toEqual([{ id: 1 }, { id: 4 }])
  })

  it('N18: refuses an amount that it could not give back exactly', () => {
    const mirror = mirrorAt()
    const { bad } = mirror.savePage(begin(mirror), page([product(1, { price: '123456789012345.6789' })]), {})
    expect(bad).toMatchObject([{ key: '1', reason: expect.stringMatching(/too large to be exact/) }])
  })

  it('N29: ignores a reading that is older than what is stored, with the rows inside it', () => {
    const mirror = mirrorAt()
    const children = [variants]
    const now = product(1, { price: 12, date_modified: '2026-02-02T00:00:00+00:00', variants: [variant(11, 1)] })
    const stale = product(1, { price: 9, date_modified: '2026-02-01T00:00:00+00:00', variants: [] })
    pulled(mirror, [now], { children })
    pulled(mirror, [stale], { children, ...later })
    expect(mirror.row(products, { id: 1 })).toMatchObject({ price: '12' })
    expect(mirror.rowsWhere(variants, 'product_id', 1)).toHaveLength(1)
  })

  it('believes a reading of the same second', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)])
    pulled(mirror, [product(1, { price: 9 })], later)
    expect(mirror.row(products, { id: 1 })).toMatchObject({ price: '9' })
  })
})

describe('rows that ride inside others', () => {
  const children = [variants, customFields]
  const full = (id: number, inner: object) => product(id, { custom_fields: [], ...inner })

  it('are a complete list: those that left are removed, those that came are added', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(1, { variants: [variant(11, 1), variant(12, 1)] })], { children })
    const pull = pulled(mirror, [full(1, { variants: [variant(12, 1), variant(13, 1)] })], { children, ...later })
    expect(pull.counts).toEqual([
      counts('products', 1),
      counts('variants', 2, 1, 0, 1),
      counts('product_custom_fields', 0),
    ])
    expect(look(mirror, 'SELECT id FROM variants ORDER BY id')).toEqual([{ id: 12 }, { id: 13 }])
    expect(look(mirror, 'SELECT id, removed_at, removed_by FROM variants_removed')).toEqual([
      { id: 11, removed_at: LATER, removed_by: 'r2' },
    ])
  })

  it('are left alone by a body that does not speak of them', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(1, { variants: [variant(11, 1)] })], { children })
    pulled(mirror, [product(1, { custom_fields: null })], { children, ...later })
    expect(look(mirror, 'SELECT id FROM variants')).toEqual([{ id: 11 }])
  })

  it('carry their parent’s key where the API leaves it out', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(7, { variants: [], custom_fields: [{ id: 1, name: 'Colour', value: 'Red' }] })], { children })
    expect(mirror.rowsWhere(customFields, 'product_id', 7)).toMatchObject([{ id: 1, value: 'Red' }])
  })

  it('are not taken for removed while one of them cannot be read', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(1, { variants: [variant(11, 1), variant(12, 1)] })], { children })
    const write = page([full(1, { variants: [variant(11, 1, { price: 'free' })] })], { children, ...later })
    const { bad } = mirror.savePage(begin(mirror), write, {})
    expect(bad).toMatchObject([{ resource: 'variants', key: '11' }])
    expect(look(mirror, 'SELECT id FROM variants ORDER BY id')).toEqual([{ id: 11 }, { id: 12 }])
  })

  it('are found at every depth', () => {
    const mirror = mirrorAt()
    const [orders, lines, addresses] = ['orders', 'order_lines', 'order_addresses'].map(resource)
    const order = {
      id: 100,
      status_id: 11,
      consignments: {
        shipping: [
          { id: 5, city: 'Oslo', line_items: [{ id: 51, sku: 'A', quantity: 2, price_ex_tax: '12.5000' }] },
          { id: 6, city: 'Rome', line_items: [{ id: 61, sku: 'B', quantity: 1 }] },
        ],
      },
    }
    pulled(mirror, [order], { resource: orders!, children: [lines!, addresses!] })
    expect(look(mirror, 'SELECT id, order_id, order_address_id, price_ex_tax FROM order_lines ORDER BY id')).toEqual([
      { id: 51, order_id: 100, order_address_id: 5, price_ex_tax: 12.5 },
      { id: 61, order_id: 100, order_address_id: 6, price_ex_tax: null },
    ])
    expect(look(mirror, 'SELECT id, order_id, city, extra FROM order_addresses')).toMatchObject([
      { id: 5, order_id: 100, city: 'Oslo', extra: null },
      { id: 6, city: 'Rome' },
    ])
    expect(look(mirror, 'SELECT extra FROM orders')).toEqual([{ extra: null }])
  })

  it('leave with their parent', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(1, { variants: [variant(11, 1)] }), full(2, { variants: [variant(21, 2)] })], { children })
    expect(mirror.remove(products, [{ id: 1 }, { id: 99 }], 'r2', LATER)).toBe(1)
    expect(look(mirror, 'SELECT id FROM variants')).toEqual([{ id: 21 }])
    expect(look(mirror, 'SELECT id, removed_by FROM products_removed')).toEqual([{ id: 1, removed_by: 'r2' }])
    expect(look(mirror, 'SELECT id FROM variants_removed')).toEqual([{ id: 11 }])
  })

  it('are no longer among the removed once they are back', () => {
    const mirror = mirrorAt()
    pulled(mirror, [full(1, { variants: [variant(11, 1)] })], { children })
    mirror.remove(products, [{ id: 1 }], 'r2', LATER)
    const pull = pulled(mirror, [full(1, { variants: [variant(11, 1)] })], { children, ...later })
    expect(pull.counts.slice(0, 2)).toEqual([counts('products', 1, 1), counts('variants', 1, 1)])
    expect(look(mirror, 'SELECT id FROM products_removed UNION ALL SELECT id FROM variants_removed')).toEqual([])
  })
})

const BEYOND_2 = [{ after: 2, upTo: null }]

describe('a pull', () => {
  it('goes on from its last page after the process died', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    first.savePage(begin(first), page([product(1), product(2)]), { open: BEYOND_2 })
    first.close()
    const second = mirrorAt(path)
    const pull = begin(second)
    expect(pull).toMatchObject({ open: BEYOND_2, full: true, counts: [counts('products', 2, 2)] })
    expect(second.savePage(pull, page([product(3)]), {}).pull.counts).toEqual([counts('products', 3, 3)])
  })

  it('is one of its kind: full and incremental ones do not mix, and numbers grow', () => {
    const mirror = mirrorAt()
    const full = begin(mirror)
    const incremental = begin(mirror, products, false, AT)
    expect(incremental).toMatchObject({ full: false, since: AT, cursor: null })
    expect(incremental.pull).toBeGreaterThan(full.pull)
    expect(begin(mirror).pull).toBe(full.pull)
  })

  it('keeps nothing of a page when its cursor cannot be kept', () => {
    const mirror = mirrorAt()
    const pull = begin(mirror)
    mirror.endPull(pull, { complete: false, expected: null, watermark: null, at: AT })
    expect(() => mirror.savePage(pull, page([product(1)]), {})).toThrow(/not open/)
    expect(look(mirror, 'SELECT id FROM products')).toEqual([])
  })

  it('makes a resource fresh only when it proved itself complete', () => {
    const mirror = mirrorAt()
    expect(mirror.freshness('products')).toBeNull()
    const cut = begin(mirror)
    expect(mirror.freshness('products')).toMatchObject({ complete: false, asOf: null })
    mirror.endPull(cut, { complete: false, expected: 9, watermark: null, at: AT })
    expect(mirror.freshness('products')).toMatchObject({ complete: false, asOf: null, watermark: null })
    const { pull } = pulled(mirror, [product(1)])
    expect(mirror.freshness('products')).toEqual({
      resource: 'products',
      complete: true,
      asOf: AT,
      fullAsOf: AT,
      watermark: AT,
      rows: 1,
      pull,
    })
  })

  it('tells when everything was last read, which an incremental pull does not do', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)])
    const begun = mirror.beginPull(products, { full: false, since: AT, at: LATER, run: 'r2' })
    mirror.endPull(begun, { complete: true, expected: null, watermark: LATER, at: LATER })
    expect(mirror.freshness('products')).toMatchObject({ asOf: LATER, fullAsOf: AT })
  })

  it('takes freshness away while the next one is under way, and keeps the watermark', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)])
    begin(mirror, products, false, AT)
    expect(mirror.freshness('products')).toMatchObject({ complete: false, asOf: AT, watermark: AT })
  })

  it('proves what rode along too, but an incremental one nothing that was not complete before', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1, { variants: [variant(11, 1)] })], { children: [variants] })
    expect(mirror.freshness('variants')).toMatchObject({ complete: true, rows: 1 })
    const begun = begin(mirror, products, false, AT)
    const write = page([product(1, { variants: [], custom_fields: [] })], {
      children: [variants, customFields],
      ...later,
    })
    const { pull } = mirror.savePage(begun, write, {})
    mirror.endPull(pull, { complete: true, expected: 1, watermark: LATER, at: LATER })
    expect(mirror.freshness('variants')).toMatchObject({ complete: true, watermark: LATER })
    expect(mirror.freshness('product_custom_fields')).toMatchObject({ complete: false, asOf: null })
  })
})

describe('missing rows', () => {
  const ids = (mirror: ReturnType<typeof mirrorAt>, pull: Parameters<typeof mirror.missing>[0]) =>
    mirror.missing(pull).map((key) => key['id'] ?? key['category_id'])
  const all = (many: readonly number[]) => many.map((id) => product(id))

  it('are those that a full pull by keys passed over, the ones behind its last page included', () => {
    const mirror = mirrorAt()
    pulled(mirror, all([1, 2, 3, 4, 5, 10, 11]))
    let pull = mirror.savePage(begin(mirror), page(all([1, 3]), { covers: { after: null, upTo: 3 } }), {}).pull
    expect(ids(mirror, pull)).toEqual([2])
    pull = mirror.savePage(pull, page(all([5]), { covers: { after: 3, upTo: null } }), {}).pull
    expect(ids(mirror, pull)).toEqual([2, 4, 10, 11])
    expect(look(mirror, 'SELECT count(*) AS n FROM products')).toEqual([{ n: 7 }])
  })

  it('stay on the list until they are removed or turn up', () => {
    const mirror = mirrorAt()
    pulled(mirror, all([1, 2, 3]))
    const { pull } = mirror.savePage(begin(mirror), page([], { covers: EVERY_KEY }), {})
    mirror.endPull(pull, { complete: true, expected: 0, watermark: AT, at: AT })
    expect(ids(mirror, pull)).toEqual([1, 2, 3])
    mirror.saveRows(page(all([2])))
    mirror.remove(products, [{ id: 3 }], 'r2', LATER)
    expect(ids(mirror, pull)).toEqual([1])
  })

  it('are never those that came but could not be read', () => {
    const mirror = mirrorAt()
    pulled(mirror, all([1, 2]))
    const { pull } = mirror.savePage(begin(mirror), page([product(1, { price: 'x' })], { covers: EVERY_KEY }), {})
    expect(ids(mirror, pull)).toEqual([2])
  })

  it('are none for an incremental pull, nor for one that ended incomplete', () => {
    const mirror = mirrorAt()
    pulled(mirror, all([1, 2, 3]))
    const some = mirror.savePage(begin(mirror, products, false, AT), page(all([3]), { covers: EVERY_KEY }), {}).pull
    expect(ids(mirror, some)).toEqual([])
    const { pull } = mirror.savePage(begin(mirror), page(all([3]), { covers: EVERY_KEY }), {})
    mirror.endPull(pull, { complete: false, expected: 3, watermark: null, at: AT })
    expect(ids(mirror, pull)).toEqual([])
  })

  it('show only at the end where pages are numbered', () => {
    const mirror = mirrorAt()
    const bodies = (many: readonly number[]) => many.map((id) => ({ category_id: id, name: `C ${id}` }))
    const write = (many: readonly number[]) => page(bodies(many), { resource: categories })
    pulled(mirror, bodies([1, 2, 3, 4, 12]), { resource: categories })
    let { pull } = mirror.savePage(begin(mirror, categories), write([3, 1]), { cursor: 1 })
    pull = mirror.savePage(pull, write([4]), { cursor: 2 }).pull
    expect(ids(mirror, pull)).toEqual([2, 12])
    mirror.endPull(pull, { complete: true, expected: 3, watermark: null, at: AT })
    expect(ids(mirror, pull)).toEqual([2, 12])
    expect(look(mirror, 'SELECT count(*) AS n FROM sync_seen')).toEqual([{ n: 0 }])
  })

  it('have every part of a compound key', () => {
    const mirror = mirrorAt()
    const items = resource('inventory_items')
    const item = (variantId: number) => ({
      body: { location_id: 1, total_inventory_onhand: 4 },
      enclosing: [{ identity: { product_id: 7, variant_id: variantId, sku: `S-${variantId}` } }],
    })
    const write = (rows: ReturnType<typeof item>[]) => page([], { resource: items, rows })
    const first = mirror.savePage(begin(mirror, items), write([item(71), item(72)]), { cursor: 1 }).pull
    mirror.endPull(first, { complete: true, expected: 2, watermark: null, at: AT })
    const { pull } = mirror.savePage(begin(mirror, items), write([item(72)]), { cursor: 1 })
    expect(mirror.missing(pull)).toEqual([{ location_id: 1, product_id: 7, variant_id: 71 }])
    expect(mirror.remove(items, mirror.missing(pull), 'r2', LATER)).toBe(1)
    expect(look(mirror, 'SELECT sku FROM inventory_items')).toEqual([{ sku: 'S-72' }])
  })
})

describe('rows saved outside a pull', () => {
  it('keep what the body leaves out, inside other rows as well', () => {
    const mirror = mirrorAt()
    const children = [variants]
    pulled(mirror, [product(1, { novelty: 1, variants: [variant(11, 1, { price: 4 })] })], { children })
    const bad = mirror.saveRows(
      page([{ id: 1, price: 12, variants: [{ id: 11, upc: '123' }] }], { children, ...later }),
    )
    expect(bad).toEqual([])
    expect(mirror.row(products, { id: 1 })).toMatchObject({ name: 'Product 1', price: '12', sku: 'P-1' })
    expect(mirror.row(variants, { id: 11 })).toMatchObject({ product_id: 1, price: '4', upc: '123', sku: 'V-11' })
    expect(look(mirror, 'SELECT extra FROM products')).toEqual([{ extra: '{"novelty":1}' }])
    expect(mirror.history('products', '1', 9)).toMatchObject([{ field: 'price', from: '10', to: '12', run: 'r2' }])
  })

  it('move no cursor and no freshness', () => {
    const mirror = mirrorAt()
    mirror.saveRows(page([product(5)]))
    expect(mirror.freshness('products')).toBeNull()
    expect(begin(mirror).cursor).toBeNull()
  })
})
