import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { standFor } from '../../src/diff/index.ts'
import { fileAddress, unversioned, webVersion, webVersionOf } from '../../src/model/index.ts'

const HASHES = ['a', 'b'].map((one) => one.repeat(64))
const plain = fc.constantFrom('https://x/a.jpg', 'https://x/b.jpg?v=1', 'https://y/a.jpg')
const address = fc.oneof(
  plain,
  fc.tuple(plain, fc.constantFrom(...HASHES)).map(([one, hash]) => webVersion(one, hash)),
  fc.constantFrom(...HASHES).map((hash) => fileAddress('a.jpg', hash)),
)
const some = fc.uniqueArray(address, { maxLength: 6 })

describe('addresses that stand for what is remembered', () => {
  it('are the same apart from what they say of their content, and none stands for two or is stood for twice', () => {
    fc.assert(
      fc.property(some, some, (wanted, remembered) => {
        const found = standFor(wanted, remembered)
        expect(new Set(found.values()).size).toBe(found.size)
        for (const [one, same] of found) {
          expect(remembered).toContain(same)
          if (one === same) continue
          expect(unversioned(one)).toBe(unversioned(same))
          expect([one, same].filter((each) => webVersionOf(each))).toHaveLength(1)
        }
        for (const one of wanted) if (remembered.includes(one)) expect(found.get(one)).toBe(one)
      }),
    )
  })

  it('that say nothing of their content are never another picture than the one that is remembered', () => {
    fc.assert(
      fc.property(fc.uniqueArray(plain), fc.constantFrom(...HASHES), (wanted, hash) => {
        const remembered = wanted.map((one) => webVersion(one, hash))
        expect([...standFor(wanted, remembered).values()]).toEqual(remembered)
        expect([...standFor(remembered, wanted).values()]).toEqual(wanted)
      }),
    )
  })
})
