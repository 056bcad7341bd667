import { describe, expect, it } from 'vitest'
import { PrintIndex } from '../../../src/engine/print-index.ts'
import { PrintSet } from '../../../src/engine/print-set.ts'
import { Fingerprint } from '../../../src/model/index.ts'

const print = new Fingerprint()

describe('a set of fingerprints', () => {
  it('holds each of 100,000 once and no other', () => {
    const set = new PrintSet()
    for (let number = 0; number < 100_000; number += 1) {
      const { a, b } = print.ofKey(`sku-${number}`)
      expect(set.add(a, b)).toBe(true)
      if (number % 10 === 0) expect(set.add(a, b)).toBe(false)
    }
    expect(set.size).toBe(100_000)
    const { a, b } = print.ofKey('sku-100000')
    expect([set.has(a, b), set.has(0, 0)]).toEqual([false, false])
  })
})

describe('an index of fingerprints', () => {
  it('finds the row of each, also where halves are shared', () => {
    const words = Uint32Array.from([7, 1, 0, 7, 2, 0, 0, 0, 0, 8, 1, 0])
    const index = new PrintIndex(words, 3, 0)
    expect([index.find(7, 1), index.find(7, 2), index.find(8, 1)]).toEqual([0, 1, 3])
    expect([index.find(8, 2), index.find(0, 0)]).toEqual([-1, -1])
  })
})

describe('a fingerprint', () => {
  it('tells texts apart by where they end, and bytes by every one of them', () => {
    const texts = (...all: string[]) => {
      print.begin()
      for (const text of all) print.text(text)
      const { a, b } = print.end()
      return `${a} ${b}`
    }
    expect(new Set([texts('ab', 'c'), texts('a', 'bc'), texts('abc'), texts('abc', ''), texts('', 'abc')]).size).toBe(5)
    const bytes = new Uint8Array(64)
    const of = (to: number): string => {
      const { a, b } = print.begin().bytes(new DataView(bytes.buffer), 0, to).end()
      return `${a} ${b}`
    }
    const found = new Set<string>()
    for (let to = 0; to <= 64; to += 1) found.add(of(to))
    for (let at = 0; at < 64; at += 1) {
      bytes[at] = 1
      found.add(of(64))
      bytes[at] = 0
    }
    expect(found.size).toBe(65 + 64)
  })
})
