import { describe, expect, it } from 'vitest'
import { readOnly, text } from '../../../src/model/index.ts'
import { compileMapping, mapRow } from '../../../src/sources/mapping.ts'
import { rule, targetFields } from './reading.ts'

const mapping = compileMapping({
  key: { variant_id: 'Id', sku: 'SKU' },
  fields: { price: rule('Price'), cost_price: rule('Price', { blank: 'clear' }), name: rule('Title') },
  targetFields,
})

describe('a compiled mapping', () => {
  it('names each column once', () => {
    expect(mapping.columns).toEqual(['Id', 'SKU', 'Price', 'Title'])
  })

  it('makes a key in the order of the sync, and values of what the cells say', () => {
    expect(mapRow(mapping, 7, ['12', '00A', '', 'Lamp'])).toEqual({
      row: { line: 7, key: { variant_id: 12, sku: '00A' }, values: { cost_price: null, name: 'Lamp' } },
    })
  })

  it('rejects a row by its first bad cell, with the key once that is known', () => {
    expect(mapRow(mapping, 7, ['x', 'A', 'y', ''])).toEqual({
      rejection: { row: 7, column: 'Id', value: 'x', reason: 'not a number' },
    })
    expect(mapRow(mapping, 7, ['12', 'A', 'y', 'x'.repeat(21)])).toEqual({
      rejection: { row: 7, column: 'Price', value: 'y', reason: 'not a number', key: { variant_id: 12, sku: 'A' } },
    })
  })

  it('shows no more of a cell than tells it', () => {
    const item = mapRow(mapping, 7, ['12', 'A', '1', 'x'.repeat(500)])
    expect('rejection' in item && item.rejection.value).toHaveLength(200)
  })

  it('refuses a field that does not exist, and names the nearest', () => {
    const spec = { key: { sku: 'SKU' }, fields: { prise: rule('Price') }, targetFields }
    expect(() => compileMapping(spec)).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'did you mean "price"?' }),
    )
  })

  it('lets a read-only field name a row, and be written to the source, and nothing else', () => {
    const fields = { id: readOnly(text()), note: readOnly(text()) }
    const spec = (owner: 'source' | 'store') => ({
      key: { id: 'Id' },
      fields: { note: rule('Note', { owner }) },
      targetFields: fields,
    })
    expect(() => compileMapping(spec('source'))).toThrow('read-only')
    expect(mapRow(compileMapping(spec('store')), 2, ['1', 'x'])).toMatchObject({ row: { values: { note: 'x' } } })
  })
})
