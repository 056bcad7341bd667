import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeStock, type StockEvidence } from '../../src/diff/stock-age.ts'

const MINUTE = 60_000

interface Story {
  readonly pulls: readonly number[]
  readonly orders: readonly { readonly at: number; readonly quantity: number }[]
  readonly hands: readonly { readonly at: number; readonly by: number }[]
  readonly asOf: number
  /** Number of the pull at which both sides agreed. */
  readonly agreed: number | null
}

// Everything happens in steps of ten minutes, each kind at a minute of its own: nothing is so close that nobody could tell.
const story: fc.Arbitrary<Story> = fc.record({
  pulls: fc
    .uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 6 })
    .map((all) => all.sort((a, b) => a - b).map((step) => (10 * step + 8) * MINUTE)),
  orders: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 12 }).map((step) => (10 * step + 3) * MINUTE),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 5 },
  ),
  hands: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 12 }).map((step) => (10 * step + 4) * MINUTE),
      by: fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0),
    }),
    { maxLength: 2 },
  ),
  asOf: fc.integer({ min: 0, max: 12 }).map((step) => 10 * step * MINUTE),
  agreed: fc.option(fc.integer({ min: 0, max: 1 })),
})

const levelAt = ({ orders, hands }: Story, at: number): number =>
  hands.reduce(
    (level, one) => (one.at <= at ? level + one.by : level),
    orders.reduce((level, one) => (one.at <= at ? level - one.quantity : level), 100),
  )

/** What a mirror knows after the pulls of a story. */
const evidenceOf = (one: Story, withOrders: boolean): StockEvidence => {
  const last = one.pulls.at(-1) ?? 0
  const readings = one.pulls.flatMap((at, index) => {
    const before = one.pulls[index - 1]
    if (before === undefined || levelAt(one, before) === levelAt(one, at)) return []
    return [{ from: levelAt(one, before), to: levelAt(one, at), at, run: String(index) }]
  })
  const agreed = one.agreed === null ? undefined : one.pulls[one.agreed]
  return {
    level: levelAt(one, last),
    base: agreed === undefined ? null : { level: levelAt(one, agreed), at: agreed, since: agreed, isOurs: false },
    readings: (since) => readings.filter(({ at }) => at >= since),
    before: ({ at }) => {
      const before = one.pulls.findLast((pull) => pull < at)
      return before === undefined ? null : { from: before, to: before }
    },
    wasKnown: (at) => one.pulls.some((pull) => pull <= at),
    taken: (since) =>
      withOrders
        ? one.orders
            .filter(({ at }) => at <= last && at >= since)
            .map(({ at, quantity }) => ({ quantity, from: at, to: at }))
        : null,
  }
}

const soldAfter = ({ orders, pulls, asOf }: Story): number =>
  orders.reduce((sum, { at, quantity }) => (at > asOf && at <= (pulls.at(-1) ?? 0) ? sum + quantity : sum), 0)

const readBefore = ({ pulls, asOf }: Story): boolean => (pulls[0] ?? 0) <= asOf

describe('B17: the age of a stock figure', () => {
  it('B17: what was sold after it, and is known, is taken off in full or holds the row', () => {
    fc.assert(
      fc.property(story, (one) => {
        const sold = soldAfter(one)
        const less = judgeStock(one.asOf, 'subtract-orders', evidenceOf(one, true))
        if (sold) expect(less.kind === 'moved' || (less.kind === 'less' && less.by === sold)).toBe(true)
        else expect(less.kind).not.toBe('less')
        if (sold) expect(judgeStock(one.asOf, 'hold', evidenceOf(one, true)).kind).toBe('moved')
      }),
    )
  })

  it('B17: where orders alone moved the stock, their dates decide, and no row is held in vain', () => {
    fc.assert(
      fc.property(story, (drawn) => {
        const one = { ...drawn, hands: [] }
        fc.pre(readBefore(one))
        const sold = soldAfter(one)
        const verdict = judgeStock(one.asOf, 'subtract-orders', evidenceOf(one, true))
        expect(verdict).toEqual(sold ? { kind: 'less', by: sold, unknown: false } : { kind: 'sound', unknown: false })
      }),
    )
  })

  it('B17: without orders, whatever a reading saw that may be younger holds the row', () => {
    fc.assert(
      fc.property(story, (one) => {
        fc.pre(readBefore(one) && one.agreed === null)
        const [last = 0, before = 0] = [one.pulls.at(-1), one.pulls.findLast((at) => at <= one.asOf)]
        const verdict = judgeStock(one.asOf, 'hold', evidenceOf(one, false))
        if (levelAt(one, last) !== levelAt(one, before)) expect(verdict.kind).toBe('moved')
      }),
    )
  })

  it('B17: a correction by hand after it holds the row, which no order explains', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 50, max: 60 }), (drawn, by) => {
        const last = drawn.pulls.at(-1) ?? 0
        fc.pre(readBefore(drawn) && drawn.asOf < last - 4 * MINUTE)
        const one = { ...drawn, hands: [{ at: last - 4 * MINUTE, by }] }
        expect(judgeStock(one.asOf, 'subtract-orders', evidenceOf(one, true)).kind).toBe('moved')
      }),
    )
  })
})
