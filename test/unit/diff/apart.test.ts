import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whyApart } from '../../../src/diff/index.ts'

describe('why a value of two stores is not the same', () => {
  it('is told by who moved away from what both last held', () => {
    const base = { source: 'a', store: 'b' }
    expect(whyApart(base, 'a', 'b')).toEqual({ agreed: true, why: 'left as it is at the last copy' })
    expect(whyApart(base, 'a', 'c')).toEqual({ agreed: false, why: 'changed in the new store since' })
    expect(whyApart(base, 'c', 'b')).toEqual({ agreed: false, why: 'changed in the old store since' })
    expect(whyApart(base, 'c', 'd')).toEqual({ agreed: false, why: 'changed in both stores since' })
    expect(whyApart(undefined, 'a', 'b')).toEqual({ agreed: false, why: 'the two were never compared' })
  })

  it('counts as agreed exactly where both still hold what they were left with', () => {
    const value = fc.constantFrom('a', 'b', null)
    fc.assert(
      fc.property(value, value, value, value, (source, store, old, now) => {
        expect(whyApart({ source, store }, old, now).agreed).toBe(old === source && now === store)
      }),
    )
  })
})
