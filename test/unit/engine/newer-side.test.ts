import { expect, it } from 'vitest'
import { targetOf } from '../../../src/diff/index.ts'
import { modifiedField, newerSide } from '../../../src/engine/newer-side.ts'
import { catalogOf, type Resource } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

it.each([
  ['2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z', 'source'],
  ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 'store'],
  ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z', undefined],
  [null, '2026-03-01T00:00:00Z', undefined],
  ['2026-03-01T00:00:00Z', null, undefined],
])('of a source of %s and a row of %s the newer one is %s', (source, store, side) => {
  expect(newerSide(source, store)).toBe(side)
})

it('a row’s date is the field that its listing is asked by, its parent’s where it has two', () => {
  const products = catalog.resources.get('products') as Resource
  const list = { ...products.api.list, since: { param: 'changed:min', field: 'changed_at' } }
  const other = catalogOf([{ ...products, api: { ...products.api, list } } as Resource])
  expect(modifiedField(targetOf(other, 'products'))).toBe('changed_at')
  expect(modifiedField(targetOf(catalog, 'skus'))).toBe('date_modified')
  expect(modifiedField(targetOf(catalog, 'brands'))).toBeUndefined()
})
