import { describe, expect, it } from 'vitest'
import { createHour } from '../../../src/store/hour.ts'
import { type Scene, simulate } from '../../support/pacing/simulate.ts'
import { skiffClient, skiffPacer } from '../../support/pacing/skiff-client.ts'

const MINUTE = 60_000

const hours = (count: number, others: NonNullable<Scene['others']>, share = 1) =>
  simulate({ seed: 1, limit: 'hour', windows: 120 * count, others }, skiffClient(skiffPacer({ share, legacy: true })))

describe('a pacer of a legacy account', () => {
  it('keeps to the hour for hours, and uses nearly all of it', () => {
    const { oursRefused, usedPercent } = hours(6, 'none')
    expect(oursRefused).toBe(0)
    expect(usedPercent).toBeGreaterThanOrEqual(97.5)
  })

  it('keeps to its share of the hour', () => {
    expect(hours(3, 'none', 0.5).usedPercent).toBeLessThanOrEqual(50)
    expect(hours(3, 'none', 0.5).usedPercent).toBeGreaterThan(48)
  })

  it.each(['poisson', 'bursts'] as const)('leaves room to another user of the account: %s', (others) => {
    const { oursRefused, theirsRefused, theirs, usedPercent } = hours(5, others)
    expect(oursRefused).toBeLessThanOrEqual(5)
    expect(theirsRefused / theirs).toBeLessThan(0.01)
    expect(usedPercent).toBeGreaterThanOrEqual(97)
  })

  it('counts what the account used before, and asks once a minute when the hour is used up', () => {
    const hour = createHour(1)
    hour.leave(0)
    hour.ended({ leftAt: 0, backAt: 100, inFlight: 0 }, { facts: null, hourLeft: 0, refusedMs: 0 })
    expect(hour.quota(100)).toEqual({ quota: 20_000, left: 0, windowMs: 60 * MINUTE, resetMs: null })
    expect(hour.next(200, 0, 0)).toBe(100 + MINUTE)
    hour.leave(MINUTE + 100)
    hour.ended(
      { leftAt: MINUTE + 100, backAt: MINUTE + 200, inFlight: 0 },
      { facts: null, hourLeft: 5000, refusedMs: null },
    )
    expect(hour.next(MINUTE + 200, MINUTE + 100, 0)).toBeLessThan(MINUTE + 2000)
  })

  it('gives back what is over an hour ago, whoever tells nothing', () => {
    const hour = createHour(0.001)
    for (let nth = 0; nth < 20; nth += 1) hour.leave(0)
    expect(hour.next(MINUTE, 0, 0)).toBe(MINUTE)
    expect(hour.next(60 * MINUTE, 59.5 * MINUTE, 0)).toBeGreaterThan(60 * MINUTE)
    expect(hour.next(61 * MINUTE, 0, 0)).toBeLessThanOrEqual(61 * MINUTE)
  })
})
