import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passesFilter } from '../../../src/engine/filter.ts'

const matches = (pattern: string, sku: string): boolean => passesFilter({ equals: {}, sku: pattern }, { sku })

describe('a pattern over SKUs', () => {
  it.each([
    ['MUG-*', 'mug-12', true],
    ['*-12', 'MUG-12', true],
    ['M?G-12', 'MUG-12', true],
    ['MUG', 'MUG-12', false],
    ['?', '', false],
    ['*', '', true],
    ['**a*', 'xxa', true],
    ['a.c', 'abc', false],
    ['[a-z]+', 'abc', false],
    ['*a*b', 'aab-ab', true],
    ['?', '\u{1f600}', true],
  ])('%s against %s is %s', (pattern, sku, is) => {
    expect(matches(pattern, sku)).toBe(is)
  })

  it('means what the same regular expression means', () => {
    const letters = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((all) => all.join(''))
    const patterns = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((all) => all.join(''))
    fc.assert(
      fc.property(patterns, letters, (pattern, sku) => {
        const same = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matches(pattern, sku)).toBe(same.test(sku))
      }),
      { numRuns: 2000 },
    )
  })

  it('S23: of many stars is done at once, however it fails', () => {
    const from = performance.now()
    expect(matches(`${'*a'.repeat(100)}*b`, 'a'.repeat(255))).toBe(false)
    expect(performance.now() - from).toBeLessThan(1000)
  })
})
