import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countSearch } from '../../src/engine/count-search.ts'

const PAGE = 5

interface Asking {
  readonly missing: readonly number[]
  readonly unknown: readonly number[]
  readonly requests: number
}

/** Searches a store that holds some keys; `meanwhile` are added to it after each question, beyond the greatest. */
const search = (held: readonly number[], live: readonly number[], meanwhile = 0): Asking => {
  const store = [...live]
  const found = countSearch(held, store.length, PAGE)
  let requests = 0
  for (let range = found.next(); range; range = found.next()) {
    const { after, upTo } = range
    const inside = store.filter((key) => key > (after ?? 0) && key <= (upTo ?? Number.POSITIVE_INFINITY))
    found.learn(inside.slice(0, PAGE), inside.length)
    requests += 1
    for (let more = 0; more < meanwhile; more += 1) store.push(Math.max(0, ...store, ...held) + 1)
  }
  return { missing: found.missing, unknown: found.unknown, requests }
}

const sweep = (live: readonly number[]): number => Math.max(1, Math.ceil(live.length / PAGE))

const someKeys = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 120 })
  .map((steps) => steps.map((_step, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0)))

/** Keys with some of them gone: scattered, in a run, or both. */
const withGone = someKeys.chain((held) =>
  fc.record({
    held: fc.constant(held),
    scattered: fc.array(fc.nat({ max: Math.max(0, held.length - 1) }), { maxLength: 30 }),
    run: fc.record({ from: fc.nat({ max: held.length }), length: fc.nat({ max: 60 }) }),
    meanwhile: fc.nat({ max: 2 }),
  }),
)

describe('a search by counting', () => {
  it('finds exactly the keys that are gone, with no more requests than a sweep, also where others are added meanwhile', () => {
    fc.assert(
      fc.property(withGone, ({ held, scattered, run, meanwhile }) => {
        const gone = new Set(scattered.map((at) => held[at]))
        for (const key of held.slice(run.from, run.from + run.length)) gone.add(key)
        const live = held.filter((key) => !gone.has(key))
        const found = search(held, live, meanwhile)
        expect(found.missing).toEqual(held.filter((key) => gone.has(key)))
        const limit = sweep(
          meanwhile ? [...live, ...Array.from({ length: meanwhile * found.requests }, () => 0)] : live,
        )
        expect(found.requests).toBeLessThanOrEqual(limit)
        if (!meanwhile) expect(found.unknown).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('finds exactly the keys that the holder lacks', () => {
    fc.assert(
      fc.property(withGone, ({ held: live, scattered }) => {
        const lost = new Set(scattered.map((at) => live[at]))
        const held = live.filter((key) => !lost.has(key))
        const found = search(held, live)
        expect(found.unknown).toEqual(live.filter((key) => lost.has(key)))
        expect(found.missing).toEqual([])
        expect(found.requests).toBeLessThanOrEqual(sweep(live))
      }),
      { numRuns: 1000 },
    )
  })

  it('asks nothing where both have as many', () => {
    expect(search([1, 2, 3], [1, 2, 3])).toEqual({ missing: [], unknown: [], requests: 0 })
  })

  it('asks nothing where the store has none at all', () => {
    expect(search([1, 2, 3], [])).toEqual({ missing: [1, 2, 3], unknown: [], requests: 0 })
  })

  it('comes to an end where the store changes under it', () => {
    fc.assert(
      fc.property(someKeys, fc.array(fc.nat({ max: 40 }), { maxLength: 400 }), (held, counts) => {
        const found = countSearch(held, counts.length, PAGE)
        let requests = 0
        for (let range = found.next(); range; range = found.next()) {
          const keys = held.filter((key) => key > (range?.after ?? 0) && key <= (range?.upTo ?? 1e9))
          const count = counts[requests] ?? 0
          found.learn(keys.slice(0, Math.min(PAGE, count)), Math.max(count, Math.min(PAGE, keys.length, count)))
          requests += 1
          expect(requests).toBeLessThan(2000)
        }
      }),
    )
  })
})
