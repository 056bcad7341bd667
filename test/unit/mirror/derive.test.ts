import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogOf, type Resource, text } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { begin, folder, look, mirrorAt, page, product, products, pulled, variant, variants } from './fixture.ts'

const withField = (resource: Resource, more: Resource['fields']): typeof catalog =>
  catalogOf(
    [...catalog.resources.values()].map((one) =>
      one.name === resource.name ? { ...one, fields: { ...one.fields, ...more } } : one,
    ),
    [...catalog.derived.values()],
  )

describe('derived tables', () => {
  it('hold every field of the definition in its order, then what the mirror adds', () => {
    const mirror = mirrorAt()
    for (const [name, { fields }] of catalog.resources) {
      const columns = look<{ name: string }>(mirror, `SELECT name FROM pragma_table_info('${name}')`).map(
        (one) => one.name,
      )
      const names = Object.keys(fields)
      expect(columns.slice(0, names.length)).toEqual(names)
      expect(columns.slice(names.length, names.length + 3)).toEqual(['extra', 'synced_at', 'row_hash'])
      const removed = look<{ name: string }>(mirror, `SELECT name FROM pragma_table_info('${name}_removed')`)
      expect(removed.map((one) => one.name)).toEqual([...columns, 'removed_at', 'removed_by'])
    }
  })

  it('let SQL sum and compare amounts', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1, { price: 10.5 }), product(2, { price: 9 }), product(3, { price: '100.2500' })])
    expect(look(mirror, 'SELECT sum(price) AS total, count(*) AS dear FROM products WHERE price > 9.5')).toEqual([
      { total: 110.75, dear: 2 },
    ])
  })

  it('keep what the definition does not model', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1, { novelty: { b: 1, a: [2] } }), product(2)])
    expect(look(mirror, 'SELECT id, extra FROM products ORDER BY id')).toEqual([
      { id: 1, extra: '{"novelty":{"a":[2],"b":1}}' },
      { id: 2, extra: null },
    ])
  })

  it('stay as they are while their definition does', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    pulled(first, [product(1)])
    first.close()
    const second = mirrorAt(path)
    expect(second.freshness('products')).toMatchObject({ complete: true, rows: 1 })
  })

  it('are emptied when their definition changes, and forget how fresh they were; others stay', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    pulled(first, [product(1, { variants: [variant(11, 1)] })], { children: [variants] })
    first.close()
    const second = mirrorAt(path, withField(variants, { colour: text() }))
    expect(second.freshness('variants')).toBeNull()
    expect(look(second, 'SELECT count(*) AS n FROM variants')).toEqual([{ n: 0 }])
    expect(second.freshness('products')).toMatchObject({ complete: true, rows: 1 })
  })

  it('drop an unfinished pull that brought rows in the old shape', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    const open = begin(first)
    first.savePage(open, page([product(1, { variants: [variant(11, 1)] })], { children: [variants] }), {})
    first.close()
    const second = mirrorAt(path, withField(variants, { colour: text() }))
    expect(begin(second).cursor).toBeNull()
  })

  it('do not care how a field is described', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    pulled(first, [product(1)])
    first.close()
    const name = products.fields['name']
    const second = mirrorAt(path, withField(products, { name: { ...name, kind: 'text', about: 'Another sentence.' } }))
    expect(second.freshness('products')).toMatchObject({ rows: 1 })
  })
})
