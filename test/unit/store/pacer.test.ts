import { describe, expect, it } from 'vitest'
import { seeded } from '../../../src/model/index.ts'
import { createPacer } from '../../../src/store/pacer.ts'

const WINDOW_MS = 30_000
const QUOTA = 150
const LANES = 16

interface Scene {
  readonly seed: number
  readonly share?: number
  readonly others?: 'none' | 'poisson' | 'bursts'
  /** Whether a window starts by the clock or with the first request in it. */
  readonly start?: 'clock' | 'first'
  readonly windows?: number
  /** Quota from this window on. */
  readonly shrinkTo?: number
}

/** A store with fixed windows, one pacer that always has work, round trips of 100 to 320 ms of which 2 % are slow. */
const simulate = ({ seed, share = 1, others = 'none', start = 'clock', windows = 100, shrinkTo = QUOTA }: Scene) => {
  const random = seeded(seed)
  const events: { readonly at: number; readonly run: () => void }[] = []
  const tally = { ours: 0, theirs: 0, oursRefused: 0, theirsRefused: 0, mostOfOurs: 0, inWindow: 0 }
  const pacer = createPacer({ share, lanes: LANES })
  let now = 0
  let end = -1
  let used = 0
  let quota = QUOTA
  let flying = 0
  let waiting = false

  const schedule = (at: number, run: () => void) => {
    const index = events.findLastIndex((event) => event.at <= at)
    events.splice(index + 1, 0, { at, run })
  }
  const hit = (ours: boolean) => {
    if (now >= end) {
      end = start === 'clock' ? (Math.floor(now / WINDOW_MS) + 1) * WINDOW_MS : now + WINDOW_MS
      used = 0
      tally.inWindow = 0
      quota = now > (windows * WINDOW_MS) / 2 ? shrinkTo : QUOTA
    }
    const refused = used >= quota
    if (refused) tally[ours ? 'oursRefused' : 'theirsRefused'] += 1
    else {
      used += 1
      tally[ours ? 'ours' : 'theirs'] += 1
      if (ours) tally.mostOfOurs = Math.max(tally.mostOfOurs, ++tally.inWindow)
    }
    return { refused, facts: { quota, left: quota - used, windowMs: WINDOW_MS, resetMs: Math.round(end - now) } }
  }
  const pump = () => {
    while (flying < LANES) {
      const wait = pacer.wait(now)
      if (wait > 0) {
        if (!waiting) schedule(now + wait, awake)
        waiting = true
        return
      }
      send()
    }
  }
  const awake = () => {
    waiting = false
    pump()
  }
  const send = () => {
    const leftAt = now
    const trip = (random() < 0.02 ? 5 : 1) * (100 + random() * 220)
    pacer.leave(now)
    flying += 1
    schedule(now + trip * random(), () => {
      const { refused, facts } = hit(true)
      schedule(leftAt + trip, () => {
        flying -= 1
        pacer.ended(leftAt, now, { facts, refusedMs: refused ? 0 : null })
        pump()
      })
    })
  }
  const poisson = (meanMs: number, arrive: () => void) =>
    schedule(now - Math.log(1 - random()) * meanMs, () => {
      arrive()
      poisson(meanMs, arrive)
    })
  const theirMeanMs = WINDOW_MS / (0.3 * QUOTA)
  if (others === 'poisson') poisson(theirMeanMs, () => hit(false))
  if (others === 'bursts') poisson(theirMeanMs * 10, () => Array.from({ length: 10 }, () => hit(false)))
  pump()
  for (let next = events.shift(); next && next.at < windows * WINDOW_MS; next = events.shift()) {
    now = next.at
    next.run()
  }
  const offered = (windows / 2) * (QUOTA + shrinkTo) - tally.theirs
  return { ...tally, usedPercent: (100 * tally.ours) / offered, per100: (count: number) => (count * 100) / windows }
}

describe('a pacer with rate headers', () => {
  it.each(['clock', 'first'] as const)('uses the whole quota without a refusal when alone, windows by %s', (start) => {
    for (const seed of [1, 2, 3]) {
      const { usedPercent, oursRefused } = simulate({ seed, start })
      expect(oursRefused).toBe(0)
      expect(usedPercent).toBeGreaterThanOrEqual(99)
    }
  })

  it('gets on with another consumer that comes at random', () => {
    for (const seed of [1, 2, 3]) {
      const { usedPercent, oursRefused, theirsRefused, per100 } = simulate({ seed, others: 'poisson', windows: 200 })
      expect(usedPercent).toBeGreaterThanOrEqual(97)
      expect(per100(oursRefused)).toBeLessThanOrEqual(3)
      expect(per100(theirsRefused)).toBeLessThanOrEqual(70)
    }
  })

  it('gets on with another consumer that comes in bursts', () => {
    const { usedPercent, oursRefused, theirsRefused, per100 } = simulate({ seed: 1, others: 'bursts', windows: 200 })
    expect(usedPercent).toBeGreaterThanOrEqual(96)
    expect(per100(oursRefused)).toBeLessThanOrEqual(40)
    expect(per100(theirsRefused)).toBeLessThanOrEqual(700)
  })

  it.each(['clock', 'first'] as const)('never goes beyond its share of the quota, windows by %s', (start) => {
    for (const others of ['none', 'poisson', 'bursts'] as const) {
      const { mostOfOurs } = simulate({ seed: 4, share: 0.5, start, others })
      expect(mostOfOurs).toBeLessThanOrEqual(75)
    }
    expect(simulate({ seed: 5, share: 0.5, start }).usedPercent).toBeGreaterThan(49)
  })

  it('follows a quota that changes', () => {
    const shrunk = simulate({ seed: 6, shrinkTo: 60 })
    expect(shrunk.oursRefused).toBeLessThanOrEqual(20)
    expect(shrunk.usedPercent).toBeGreaterThan(97)
    expect(simulate({ seed: 7, shrinkTo: 450 })).toMatchObject({ oursRefused: 0 })
  })

  const facts = (left: number, resetMs: number) => ({ quota: QUOTA, left, windowMs: WINDOW_MS, resetMs })

  it('lets nothing leave after a refusal before the window is over', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(0, 12_000), refusedMs: 0 })
    expect(pacer.wait(100)).toBeGreaterThanOrEqual(12_000)
    expect(pacer.wait(12_000)).toBeGreaterThan(0)
    expect(pacer.wait(12_200)).toBe(0)
  })

  it('waits longer than the window when the store asks for it', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(0, 12_000), refusedMs: 60_000 })
    expect(pacer.wait(100)).toBeGreaterThanOrEqual(60_000)
  })

  it('counts a request that was not answered as used', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(1, 20_000), refusedMs: null })
    pacer.leave(200)
    pacer.ended(200, 300, null)
    expect(pacer.quota(300).left).toBe(0)
    expect(pacer.wait(300)).toBeGreaterThan(0)
  })

  it('starts a full window after a long rest', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
    pacer.leave(0)
    pacer.ended(0, 100, { facts: facts(2, 20_000), refusedMs: null })
    const later = 10 * WINDOW_MS
    expect(pacer.quota(later)).toMatchObject({ left: QUOTA, resetMs: 0 })
    expect(pacer.wait(later)).toBe(0)
  })

  it('hurries no store that has quota without end beyond its lanes', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
    pacer.leave(0)
    pacer.ended(0, 1600, { facts: { ...facts(6_999_999, 20_000), quota: 7_000_000 }, refusedMs: null })
    expect(pacer.wait(1700)).toBe(0)
    expect(pacer.eta(100, 1600)).toBe(10_000)
  })
})

describe('a pacer without rate headers', () => {
  const plain = { facts: null, refusedMs: null }

  it('stays within the smallest quota there is', () => {
    const pacer = createPacer({ share: 1, lanes: LANES })
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
    const pacer = createPacer({ share: 1, lanes: LANES })
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
    const pacer = createPacer({ share: 1, lanes: LANES })
    for (let nth = 0; nth < 8; nth += 1) pacer.leave(0)
    for (let nth = 0; nth < 8; nth += 1) pacer.ended(0, 10, { facts: null, refusedMs: 0 })
    expect(pacer.wait(10)).toBe(1020)
  })
})
