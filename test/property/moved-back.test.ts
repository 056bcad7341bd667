import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movedValues, type StandsFor } from '../../src/diff/index.ts'
import { ids, integer, json, type Value, type Values } from '../../src/model/index.ts'

const FIELDS = {
  brand: integer({ ref: 'brands' }),
  related: ids({ ref: 'products' }),
  chosen: json({
    required: true,
    sends: ['modifier', 'value', 'variant'],
    refs: { '[].modifier': 'modifiers', '[].value': 'values', '[].variant': 'variants' },
  }),
  data: json({ refs: { product: 'products', 'inner.list[]': 'products' } }),
}
const NAMES = Object.keys(FIELDS)

const id = fc.integer({ min: 1, max: 40 })
const row = fc.record({
  brand: fc.option(fc.oneof(fc.constant(0), id)),
  related: fc.array(id),
  chosen: fc.array(
    fc.record(
      { modifier: fc.option(id), value: fc.option(id), variant: fc.option(id), rule: id },
      { requiredKeys: [] },
    ),
  ),
  data: fc.option(
    fc.record(
      { product: id, colours: fc.array(fc.string()), inner: fc.record({ list: fc.array(id), other: id }) },
      { requiredKeys: [] },
    ),
  ),
}) as fc.Arbitrary<Values>

const FAR = 1000
const shifted =
  (by: number): StandsFor =>
  (_resource, key) =>
    Number(key) + by

/** Every number in a value. */
const numbersIn = (value: Value | undefined): readonly number[] => {
  if (typeof value === 'number') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : []
}

describe('the values of a row in another store', () => {
  it('are its own again when they are carried back', () => {
    fc.assert(
      fc.property(row, (values) => {
        const there = movedValues(FIELDS, NAMES, values, shifted(FAR))
        expect(there.lost).toEqual([])
        const sent = movedValues(FIELDS, NAMES, values, (_resource, key) => key).values
        expect(movedValues(FIELDS, NAMES, there.values, shifted(-FAR)).values).toEqual(sent)
      }),
    )
  })

  it('hold no key of the old store: a lost one is told, and what it stands in goes with it', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 0, max: 40 }), (values, known) => {
        const find: StandsFor = (_resource, key) => (Number(key) <= known ? Number(key) + FAR : undefined)
        const { values: there, lost } = movedValues(FIELDS, NAMES, values, find)
        const told = { ...there, data: withoutOther(there['data']) }
        expect(numbersIn(told).filter((key) => key > 0 && key < FAR)).toEqual([])
        expect(lost.every(({ key }) => Number(key) > known)).toBe(true)
        for (const { field } of lost) expect(there[field]).not.toEqual(values[field])
      }),
    )
  })
})

/** A number that is no reference. */
const withoutOther = (data: Value | undefined): Value => {
  const { inner, ...rest } = (data ?? {}) as Record<string, Values>
  const { other: _other, ...kept } = inner ?? {}
  return { ...rest, ...kept }
}
