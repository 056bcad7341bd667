import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../../tools/docs/fault-list.ts'
import { testsById } from '../../../tools/docs/faults.ts'

/** Ids whose tests are being written. */
const PENDING: readonly string[] = []

const all = FAULTS.flatMap(([, faults]) => faults)
const tests = testsById()

describe('the list of faults', () => {
  it('numbers every family from 1 without a gap', () => {
    for (const [, faults] of FAULTS) {
      const letter = faults[0]?.id.charAt(0)
      expect(faults.map(({ id }) => id)).toEqual(faults.map((_, index) => `${letter}${index + 1}`))
    }
  })

  it('gives every fault a test that carries its id, or the reason why there is none', () => {
    const bare = all.filter(({ id, later }) => !tests.has(id) && later === undefined).map(({ id }) => id)
    expect(bare.filter((id) => !PENDING.includes(id))).toEqual([])
  })

  it('names no reason for a missing test where there is one', () => {
    expect(all.filter(({ id, later }) => tests.has(id) && later !== undefined).map(({ id }) => id)).toEqual([])
  })

  it('knows every id that a test carries', () => {
    const known = new Set(all.map(({ id }) => id))
    expect([...tests.keys()].filter((id) => !known.has(id))).toEqual([])
  })
})
