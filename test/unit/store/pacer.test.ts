import { describe, expect, it } from 'vitest'
import { WINDOW_MS } from '../../support/pacing/limits.ts'
import { type Scene, simulate } from '../../support/pacing/simulate.ts'
import { skiffClient, skiffPacer } from '../../support/pacing/skiff-client.ts'

const QUOTA = 150

const alone = (scene: Scene, share = 1) => simulate(scene, skiffClient(skiffPacer({ share })))

describe('a pacer with rate headers', () => {
  it.each([
    ['windows by the clock', {}],
    ['windows from the first request on', { start: 'first' }],
    ['answers at once', { tripMs: [20, 20] }],
    ['slow answers', { tripMs: [400, 400], start: 'first' }],
    ['many requests and slow answers', { quota: 450, tripMs: [400, 400] }],
    ['a clock that is 1 % fast', { clockRate: 1.01, start: 'first' }],
    ['a clock that is 1 % slow', { clockRate: 0.99, start: 'first' }],
    ['a store that tells whole seconds', { resetStepMs: 1000 }],
  ] as const)('uses the whole quota without a refusal when alone: %s', (_, scene) => {
    for (const seed of [1, 2, 3]) {
      const { usedPercent, oursRefused } = alone({ seed, ...scene })
      expect(oursRefused).toBe(0)
      expect(usedPercent).toBeGreaterThanOrEqual(99)
    }
  })

  it('loses no more than half a second where windows begin with a request and times are whole seconds', () => {
    const { usedPercent, oursRefused } = alone({ seed: 1, start: 'first', resetStepMs: 1000 })
    expect(oursRefused).toBe(0)
    expect(usedPercent).toBeGreaterThanOrEqual(97)
  })

  it('gets on with another consumer that comes at random', () => {
    for (const seed of [1, 2, 3]) {
      const { usedPercent, oursRefused, theirsRefused, per100 } = alone({ seed, others: 'poisson', windows: 200 })
      expect(usedPercent).toBeGreaterThanOrEqual(98.8)
      expect(per100(oursRefused)).toBeLessThanOrEqual(3)
      expect(per100(theirsRefused)).toBeLessThanOrEqual(70)
    }
  })

  it('gets on with another consumer that comes in bursts', () => {
    const { usedPercent, oursRefused, theirsRefused, per100 } = alone({ seed: 1, others: 'bursts', windows: 400 })
    expect(usedPercent).toBeGreaterThanOrEqual(97.8)
    expect(per100(oursRefused)).toBeLessThanOrEqual(40)
    expect(per100(theirsRefused)).toBeLessThanOrEqual(400)
  })

  it.each([2, 3])('shares the quota with others of its kind that it knows nothing of: %d', (count) => {
    for (const scene of [{}, { start: 'first' }, { quota: 450 }] as const) {
      const crowd = Array.from({ length: count }, () => skiffClient())
      const { usedPercent, oursRefused } = simulate({ seed: 1, ...scene }, ...crowd)
      expect(oursRefused).toBe(0)
      expect(usedPercent).toBeGreaterThanOrEqual(97)
    }
  })

  it.each(['clock', 'first'] as const)('never goes beyond its share of the quota, windows by %s', (start) => {
    for (const others of ['none', 'poisson', 'bursts'] as const) {
      expect(alone({ seed: 4, start, others }, 0.5).mostOfOne).toBeLessThanOrEqual(75)
    }
    expect(alone({ seed: 5, start }, 0.5).usedPercent).toBeGreaterThan(49)
  })

  it('follows a quota that changes', () => {
    const shrunk = alone({ seed: 6, later: 60 })
    expect(shrunk.oursRefused).toBeLessThanOrEqual(20)
    expect(shrunk.usedPercent).toBeGreaterThan(97)
    expect(alone({ seed: 7, later: 450 })).toMatchObject({ oursRefused: 0 })
  })

  it('asks once a window where others leave nothing', () => {
    const pacer = skiffPacer()
    for (let window = 0; window < 5; window += 1) {
      const now = window * 1.1 * WINDOW_MS
      expect(pacer.wait(now)).toBe(0)
      pacer.leave(now)
      pacer.ended(now, now, { facts: facts(QUOTA - 1, WINDOW_MS), refusedMs: null })
      pacer.leave(now)
      pacer.ended(now, now, { facts: facts(0, WINDOW_MS), refusedMs: null })
      expect(pacer.wait(now)).toBeGreaterThan(0)
    }
  })

  const facts = (left: number, resetMs: number) => ({ quota: QUOTA, left, windowMs: WINDOW_MS, resetMs })

  it('lets nothing leave after a refusal before the window is over', () => {
    const pacer = skiffPacer()
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(0, 12_001), refusedMs: 0 })
    expect(pacer.wait(100)).toBeGreaterThanOrEqual(12_000)
    expect(pacer.wait(12_000)).toBeGreaterThan(0)
    expect(pacer.wait(12_400)).toBe(0)
  })

  it('waits longer than the window when the store asks for it', () => {
    const pacer = skiffPacer()
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(0, 12_000), refusedMs: 60_000 })
    expect(pacer.wait(100)).toBeGreaterThanOrEqual(60_000)
  })

  it('counts a request that was not answered as used', () => {
    const pacer = skiffPacer()
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(1, 20_000), refusedMs: null })
    pacer.leave(200)
    pacer.ended(200, 300, null)
    expect(pacer.quota(300).left).toBe(0)
    expect(pacer.wait(300)).toBeGreaterThan(0)
  })

  it('starts a full window after a long rest', () => {
    const pacer = skiffPacer()
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(2, 20_000), refusedMs: null })
    const later = 10 * WINDOW_MS
    expect(pacer.quota(later)).toMatchObject({ left: QUOTA, resetMs: 0 })
    expect(pacer.wait(later)).toBe(0)
  })

  it('hurries no store that has quota without end beyond its lanes', () => {
    const pacer = skiffPacer()
    pacer.leave(0)
    pacer.ended(0, 1600, { facts: { ...facts(6_999_999, 20_000), quota: 7_000_000 }, refusedMs: null })
    expect(pacer.wait(1700)).toBe(0)
    expect(pacer.eta(100, 1600)).toBe(10_000)
  })
})

describe('a pacer without rate headers', () => {
  it.each([
    [60, 85, 20],
    [150, 97, 0],
    [450, 32, 0],
  ])('finds a rate that a store of %d bears', (quota, leastUsed, mostRefused) => {
    const { usedPercent, oursRefused, per100 } = alone({ seed: 1, limit: 'silent', quota, windows: 200 })
    expect(usedPercent).toBeGreaterThanOrEqual(leastUsed)
    expect(per100(oursRefused)).toBeLessThanOrEqual(mostRefused)
  })

  it('keeps to its share', () => {
    expect(alone({ seed: 1, limit: 'silent' }, 0.5).usedPercent).toBeLessThanOrEqual(50)
  })

  const plain = { facts: null, refusedMs: null }

  it('stays within the smallest quota there is', () => {
    const pacer = skiffPacer()
    let now = 0
    let sent = 0
    for (; now < 600_000; sent += 1) {
      now += pacer.wait(now)
      pacer.leave(now)
      pacer.ended(now, now, plain)
    }
    expect(sent).toBeLessThanOrEqual(3000)
    expect(sent).toBeGreaterThan(2900)
  })

  it('pauses longer from refusal to refusal, up to five minutes', () => {
    const pacer = skiffPacer()
    let now = 0
    const pauses = Array.from({ length: 12 }, () => {
      pacer.leave(now)
      pacer.ended(now, now, { facts: null, refusedMs: 0 })
      const pause = pacer.wait(now)
      now += pause
      return pause
    })
    expect(pauses.slice(0, 4)).toEqual([1020, 2020, 4020, 8020])
    expect(pauses.at(-1)).toBe(300_020)
  })

  it('takes requests that are refused together for one refusal', () => {
    const pacer = skiffPacer()
    for (let nth = 0; nth < 8; nth += 1) pacer.leave(0)
    for (let nth = 0; nth < 8; nth += 1) pacer.ended(0, 10, { facts: null, refusedMs: 0 })
    expect(pacer.wait(10)).toBe(1020)
  })
})
