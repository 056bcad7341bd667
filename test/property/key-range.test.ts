import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin, without } from '../../src/engine/key-range.ts'
import type { KeyRange } from '../../src/mirror/index.ts'

const MOST = 12
const everyKey = Array.from({ length: MOST + 2 }, (_none, at) => at)
const aSide = fc.option(fc.integer({ min: 0, max: MOST }))
const aRange = fc
  .record({ after: aSide, upTo: aSide })
  .filter(({ after, upTo }) => after === null || upTo === null || after < upTo)

const holds = ({ after, upTo }: KeyRange, key: number): boolean =>
  (after === null || key > after) && (upTo === null || key <= upTo)
const keysOf = (ranges: readonly KeyRange[]): number[] =>
  everyKey.filter((key) => ranges.some((one) => holds(one, key)))

describe('ranges of keys', () => {
  it('without another hold every key that they held and that does not, each in one range', () => {
    fc.assert(
      fc.property(fc.array(aRange, { maxLength: 6 }), (gone) => {
        let left: readonly KeyRange[] = [{ after: null, upTo: null }]
        for (const one of gone) {
          const kept = keysOf(left).filter((key) => !holds(one, key))
          left = without(left, one)
          expect(keysOf(left)).toEqual(kept)
          for (const key of kept) expect(left.filter((range) => holds(range, key))).toHaveLength(1)
        }
      }),
    )
  })

  it('hold another where every key of it is in one of them', () => {
    fc.assert(
      fc.property(aRange, aRange, (outer, inner) => {
        if (isWithin([outer], inner)) expect(keysOf([inner]).filter((key) => !holds(outer, key))).toEqual([])
      }),
    )
  })
})
