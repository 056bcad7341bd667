import fc from 'fast-check'
import { createTask } from 'node-cron'
import { describe, expect, it } from 'vitest'
import { scheduleOf } from '../../../src/daemon/schedule.ts'
import { isoTime } from '../../../src/model/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const between = (cron: string, timezone: string, from: string, to: string): string[] => {
  const schedule = scheduleOf(cron, timezone)
  const found: string[] = []
  for (let at = schedule.next(Date.parse(from) - 1); at !== null && at < Date.parse(to); at = schedule.next(at))
    found.push(isoTime(at))
  return found
}

describe('a day on which the clocks are turned forward', () => {
  it.each([
    // New York leaves out 02:00 to 03:00 on 8 March 2026, Berlin on 29 March.
    [
      'America/New_York',
      '2026-03-07T12:00:00Z',
      '2026-03-10T00:00:00Z',
      ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
    ],
    ['Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-31T00:00:00Z', ['2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z']],
  ])('runs a time that %s leaves out as much later', (timezone, from, to, instants) => {
    expect(between('30 2 * * *', timezone, from, to)).toEqual(instants)
  })

  it('runs a job of every five minutes every five minutes', () => {
    const found = between('*/5 * * * *', 'America/New_York', '2026-03-08T00:00:00Z', '2026-03-10T00:00:00Z')
    expect(found).toHaveLength(576)
    expect(new Set(found).size).toBe(576)
  })
})

describe('a day on which the clocks are turned back', () => {
  it.each([
    // New York shows 01:00 to 02:00 twice on 1 November 2026, Berlin 02:00 to 03:00 on 25 October.
    [
      '30 1 * * *',
      'America/New_York',
      '2026-11-01T00:00:00Z',
      '2026-11-03T00:00:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
    ],
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      '2026-10-27T00:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ],
  ])('runs "%s" in %s once', (cron, timezone, from, to, instants) => {
    expect(between(cron, timezone, from, to)).toEqual(instants)
  })

  it.each([
    ['*/5 * * * *', 576],
    ['0 * * * *', 48],
  ])('runs "%s" in the repeated hour too', (cron, count) => {
    const found = between(cron, 'America/New_York', '2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z')
    expect(found).toHaveLength(count)
  })
})

describe('instants', () => {
  it('P15: come once for each day, over 400 days in four zones', () => {
    for (const timezone of ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago']) {
      const found = between('15 2 * * *', timezone, '2026-01-01T12:00:00Z', '2027-02-05T12:00:00Z')
      expect(found).toHaveLength(400)
      const gaps = found.slice(1).map((at, index) => Date.parse(at) - Date.parse(found[index] ?? ''))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(22 * HOUR)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(26 * HOUR)
    }
  })

  it('are where node-cron sees a match, on days without a change of the clocks', () => {
    const field = (most: number, least = 0) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 7 }).map((step) => `*/${step}`),
      )
    const crons = fc.tuple(field(59), field(23), field(28, 1), field(12, 1), field(6)).map((fields) => fields.join(' '))
    fc.assert(
      fc.property(crons, fc.integer({ min: 0, max: 2 * 24 * 60 }), (cron, offset) => {
        const schedule = scheduleOf(cron, 'Europe/Berlin')
        const task = createTask(cron, () => undefined, { timezone: 'Europe/Berlin' })
        const from = Date.parse('2026-06-08T00:00:00Z') + offset * MINUTE
        let expected: number | null = null
        for (let at = from + MINUTE; at <= from + 8 * HOUR && expected === null; at += MINUTE)
          if (task.match(new Date(at))) expected = at
        const next = schedule.next(from)
        if (expected === null) expect(next === null || next > from + 8 * HOUR).toBe(true)
        else expect(next).toBe(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('of a rare date are found, and of one that does not come within eight years there are none', () => {
    expect(between('0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', '2104-12-01T00:00:00Z')).toEqual([
      '2104-02-29T00:00:00Z',
    ])
    expect(scheduleOf('0 0 29 2 1', 'UTC').next(Date.parse('2026-01-01T00:00:00Z'))).toBeNull()
  })

  it('that have passed are known by their latest', () => {
    const schedule = scheduleOf('0 2 * * *', 'America/New_York')
    const last = Date.parse('2026-03-02T07:00:00Z')
    expect(schedule.latest(last, last + DAY - 1)).toBeNull()
    expect(schedule.latest(last, last + DAY)).toBe(last + DAY)
    expect(schedule.latest(last, last + 9.5 * DAY)).toBe(last + 9 * DAY - HOUR)
  })
})
