import { describe, expect, it } from 'vitest'
import { judgeStock, type StockEvidence } from '../../../src/diff/stock-age.ts'

const at = (clock: string): number => Date.parse(`2026-03-02T${clock}:00Z`)
const TWO = at('02:00')

/** A row of ten pieces that was read at one and at three, and never moved. */
const still: StockEvidence = {
  level: 10,
  base: null,
  readings: () => [],
  before: () => ({ from: at('01:00'), to: at('01:01') }),
  wasKnown: () => true,
  taken: () => null,
}
const read = (from: number, to: number, clock: string) => ({ from, to, at: at(clock), run: 'r1' })
const seen = (...readings: ReturnType<typeof read>[]): StockEvidence => ({
  ...still,
  level: readings.at(-1)?.to ?? 10,
  readings: (since) => readings.filter((one) => one.at >= since),
})
const sold = (quantity: number, clock: string, counted = clock) => ({ quantity, from: at(clock), to: at(counted) })
const orders = (...all: ReturnType<typeof sold>[]): Pick<StockEvidence, 'taken'> => ({
  taken: (since) => all.filter((one) => one.to >= since),
})
const hold = (evidence: StockEvidence) => judgeStock(TWO, 'hold', evidence)
const subtract = (evidence: StockEvidence) => judgeStock(TWO, 'subtract-orders', evidence)

describe('B17: a stock figure of two o’clock', () => {
  it('is sound where no reading found a move since', () => {
    expect(hold(still)).toEqual({ kind: 'sound', unknown: false })
  })

  it('is not known to be sound where the row was first read later', () => {
    expect(hold({ ...still, wasKnown: () => false })).toEqual({ kind: 'sound', unknown: true })
  })

  it('is sound where the move was seen well before, and not where it was seen within five minutes', () => {
    expect(hold(seen(read(12, 10, '01:54'))).kind).toBe('sound')
    expect(hold(seen(read(12, 10, '01:56')))).toMatchObject({
      kind: 'moved',
      reason: 'the store’s stock went from 12 to 10, seen at 2026-03-02T01:56:00Z',
    })
  })

  it('counts a move that a later reading found as younger, whenever it was', () => {
    expect(hold(seen(read(12, 10, '03:00'))).kind).toBe('moved')
  })

  it('does not count our own write as a move', () => {
    const base = { level: 15, at: at('01:30'), since: at('01:20'), isOurs: true }
    expect(hold({ ...seen(read(10, 15, '03:00')), base }).kind).toBe('sound')
    expect(hold({ ...seen(read(10, 14, '03:00')), base }).kind).toBe('moved')
  })

  it('counts the move that led both sides to agree, which nobody of ours made', () => {
    const base = { level: 15, at: at('03:00'), since: at('03:00'), isOurs: false }
    expect(hold({ ...seen(read(10, 15, '03:00')), base }).kind).toBe('moved')
  })

  it('is sound where a later write of ours was looked at for all the time since', () => {
    const evidence = seen(read(12, 10, '02:30'))
    expect(hold({ ...evidence, base: { level: 10, at: at('02:40'), since: at('02:00'), isOurs: true } }).kind).toBe(
      'sound',
    )
    expect(hold({ ...evidence, base: { level: 10, at: at('02:40'), since: at('02:10'), isOurs: true } }).kind).toBe(
      'moved',
    )
  })

  it('is out of date where the store moved away from what we wrote since', () => {
    expect(
      hold({ ...still, level: 9, base: { level: 10, at: at('02:40'), since: at('02:00'), isOurs: true } }),
    ).toMatchObject({
      reason: 'the store’s stock went from 10 to 9',
    })
  })

  it('is dated by orders that explain all that is missing', () => {
    const evidence = seen(read(15, 10, '03:00'))
    const both = { ...evidence, ...orders(sold(2, '01:30'), sold(3, '02:30')) }
    expect(subtract(both)).toEqual({ kind: 'less', by: 3, unknown: false })
    expect(hold(both)).toMatchObject({ kind: 'moved', reason: 'orders took 3 since' })
    expect(hold({ ...evidence, ...orders(sold(5, '01:30')) }).kind).toBe('sound')
  })

  it('is held where orders explain too little, too much, or nothing', () => {
    const evidence = seen(read(15, 10, '03:00'))
    expect(subtract({ ...evidence, ...orders(sold(4, '02:30')) }).kind).toBe('moved')
    expect(subtract({ ...evidence, ...orders(sold(6, '02:30')) }).kind).toBe('moved')
    expect(subtract({ ...evidence, ...orders() }).kind).toBe('moved')
    // Of before the reading that the move starts from: its pieces were gone then.
    expect(subtract({ ...evidence, ...orders(sold(5, '00:30')) }).kind).toBe('moved')
  })

  it('is held where the stock does not show what orders took', () => {
    expect(subtract({ ...still, ...orders(sold(2, '02:30')) })).toMatchObject({
      reason: 'orders took 2 that its stock does not show',
    })
  })

  it('is held where an order is of the minutes before, or was finished at an unknown moment around it', () => {
    const evidence = seen(read(12, 10, '03:00'))
    expect(subtract({ ...evidence, ...orders(sold(2, '01:58')) }).kind).toBe('moved')
    expect(subtract({ ...evidence, ...orders(sold(2, '01:10', '02:30')) }).kind).toBe('moved')
    expect(subtract({ ...evidence, ...orders(sold(2, '02:01')) })).toMatchObject({ kind: 'less', by: 2 })
  })

  it('has an order subtracted that our own write wiped out of the store', () => {
    const base = { level: 10, at: at('02:40'), since: at('02:00'), isOurs: true }
    expect(subtract({ ...still, base, ...orders(sold(1, '02:40')) })).toMatchObject({ kind: 'less', by: 1 })
  })

  it('has the known orders subtracted at first contact, and says that more may have happened', () => {
    const first = { ...still, wasKnown: () => false, ...orders(sold(2, '02:30')) }
    expect(subtract(first)).toEqual({ kind: 'less', by: 2, unknown: true })
    expect(hold(first).kind).toBe('moved')
  })
})
