import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameValue, says, type Value } from '../../src/model/index.ts'

const value = fc
  .jsonValue({ maxDepth: 3 })
  .filter((one) => !JSON.stringify(one).includes('__proto__')) as fc.Arbitrary<Value>
const object = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), value)

it('a value says all that it says itself', () => {
  fc.assert(fc.property(value, (one) => says(one, one)))
})

it('members that are added to an object, at any depth, take nothing away', () => {
  fc.assert(
    fc.property(object, object, (told, more) => {
      const fuller = { ...more, ...told, inner: [{ ...more, ...told }] }
      expect(says(fuller, { ...told, inner: [told] })).toBe(true)
    }),
  )
})

it('a member that is missing or another one is not said', () => {
  fc.assert(
    fc.property(object, value, value, (rest, one, other) => {
      fc.pre(!says(other, one))
      expect(says(rest, { ...rest, missing: one })).toBe(one === undefined)
      expect(says({ ...rest, member: other }, { ...rest, member: one })).toBe(false)
    }),
  )
})

it('of values that are no objects or lists, only the same one says it', () => {
  const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  fc.assert(fc.property(plain, plain, (a, b) => says(a, b) === sameValue(a, b)))
})
