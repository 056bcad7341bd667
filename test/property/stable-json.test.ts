import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stableJson } from '../../src/model/index.ts'

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, inner]) => [name, shuffled(inner)] as const)
  return Object.fromEntries(entries.reverse())
}

describe('JSON with sorted keys', () => {
  it('holds the value, and is the same in whatever order its keys are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = stableJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(stableJson(shuffled(value))).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps a key that objects know another way', () => {
    expect(stableJson(JSON.parse('{"b":1,"__proto__":{"x":1},"a":2}'))).toBe('{"__proto__":{"x":1},"a":2,"b":1}')
  })
})
