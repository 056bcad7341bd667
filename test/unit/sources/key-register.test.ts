import { describe, expect, it } from 'vitest'
import { keyRegister } from '../../../src/sources/key-register.ts'

describe('the register of keys', () => {
  it('D12, D24: tells every line of a key that is there more than once, and no other', () => {
    const keys = keyRegister()
    for (const [index, key] of ['a', 'b', 'a', 'c', 'b', 'a'].entries()) keys.add(key, index + 2)
    expect(Object.fromEntries(keys.duplicates())).toEqual({
      2: [2, 4, 7],
      3: [3, 6],
      4: [2, 4, 7],
      6: [3, 6],
      7: [2, 4, 7],
    })
  })

  it('tells 200,000 keys that differ in one character apart', () => {
    const keys = keyRegister()
    for (let number = 0; number < 200_000; number += 1) keys.add(`SKU-${number}`, number)
    expect(keys.duplicates().size).toBe(0)
    keys.add('SKU-777', 200_000)
    expect([...keys.duplicates().keys()]).toEqual([777, 200_000])
  })

  it('is empty of duplicates when it is empty', () => {
    expect(keyRegister().duplicates().size).toBe(0)
  })
})
