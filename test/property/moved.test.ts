import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movedValues } from '../../src/diff/index.ts'
import { ids, integer, json, type Value } from '../../src/model/index.ts'

const fields = {
  rules: json({ refs: { '[].list_id': 'lists', '[].category_id': 'categories' } }),
  access: json({ refs: { 'categories[]': 'categories' } }),
  deep: json({ refs: { 'config.target.id': 'lists' } }),
  pieces: json({ refs: { '[].line_id': 'lines' }, sends: ['line_id', 'quantity'] }),
  to: integer({ refBy: { field: 'kind', of: { list: 'lists' } } }),
  many: ids({ ref: 'categories' }),
}
/** Even keys stand for something: the same with 1000 more. */
const standsFor = (_resource: string, key: Value) => (Number(key) % 2 ? undefined : Number(key) + 1000)
const moved = (row: Readonly<Record<string, Value>>) => movedValues(fields, Object.keys(row), row, standsFor)
const key = fc.integer({ min: 1, max: 50 })

describe('references inside a value', () => {
  it('are replaced wherever they lie, and take the element of their list along when they are lost', () => {
    const rule = fc.oneof(
      key.map((list_id) => ({ type: 'list', list_id })),
      key.map((category_id) => ({ type: 'category', category_id, amount: '1.0000' })),
      fc.constant({ type: 'all', amount: '5.0000' }),
    )
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        const idOf = (one: object) => Object.entries(one).find(([name]) => name.endsWith('_id'))?.[1] as number
        const { values, lost } = moved({ rules })
        const kept = rules.filter((one) => !(idOf(one) % 2))
        expect(values['rules']).toEqual(
          kept.map((one) =>
            Object.fromEntries(
              Object.entries(one).map(([name, of]) => [name, name.endsWith('_id') ? Number(of) + 1000 : of]),
            ),
          ),
        )
        expect(lost).toHaveLength(rules.length - kept.length)
      }),
    )
  })

  it('in a list of bare keys are like a field of keys', () => {
    fc.assert(
      fc.property(fc.array(key), (categories) => {
        const { values } = moved({ access: { type: 'specific', categories }, many: categories })
        expect((values['access'] as { categories: Value }).categories).toEqual(values['many'])
      }),
    )
  })

  it('that no list is around leave the field without an opinion when they are lost', () => {
    fc.assert(
      fc.property(key, (id) => {
        const { values, lost } = moved({ deep: { config: { target: { id, name: 'x' } } } })
        const there = { config: { target: { id: id + 1000, name: 'x' } } }
        expect(values).toEqual(id % 2 ? {} : { deep: there })
        expect(lost).toEqual(id % 2 ? [{ field: 'deep', resource: 'lists', key: id }] : [])
      }),
    )
  })

  it('go without what the store adds to the elements by itself', () => {
    fc.assert(
      fc.property(key, fc.dictionary(fc.string(), fc.integer()), (id, added) => {
        const { values } = moved({ pieces: [{ ...added, line_id: id * 2, quantity: 3 }] })
        expect(values['pieces']).toEqual([{ line_id: id * 2 + 1000, quantity: 3 }])
      }),
    )
  })

  it('leave a value as it is that has nothing at their path', () => {
    for (const value of [null, 'text', 4, [], {}, [1, 'a', null], { categories: 'all' }, { config: [] }] as Value[])
      expect(moved({ rules: value, access: value, deep: value }).values).toEqual({
        rules: value,
        access: value,
        deep: value,
      })
  })
})

describe('a reference whose kind another field tells', () => {
  it('is one of that kind, and lost where nobody knows the kind', () => {
    expect(moved({ kind: 'list', to: 4 })).toEqual({ values: { kind: 'list', to: 1004 }, lost: [] })
    expect(moved({ kind: 'url', to: null })).toEqual({ values: { kind: 'url', to: null }, lost: [] })
    const page = movedValues(fields, ['kind', 'to'], { kind: 'page', to: 4 }, (name, id) =>
      name === 'lists' ? id : undefined,
    )
    expect(page).toEqual({ values: { kind: 'page' }, lost: [{ field: 'to', resource: 'page', key: 4 }] })
  })
})
