import { describe, expect, it } from 'vitest'
import { afterTelling, type Happened, type Memory, NOTHING_YET, ration } from '../../../src/app/notices/ration.ts'
import { isoTime } from '../../../src/model/index.ts'

const START = Date.parse('2026-03-02T09:00:00Z')
const HOUR = 3_600_000

/** What is told of a story of ends, one an hour, when every notice arrives. */
const story = (
  events: readonly (Happened['event'] | Partial<Happened>)[],
  hours = 1,
  delivered = true,
): { told: (string | null)[]; memory: Memory } => {
  let memory = NOTHING_YET
  const told = events.map((one, index) => {
    const facts = typeof one === 'string' ? { event: one } : one
    const happened = {
      event: 'failed',
      isCircuitOpen: false,
      isByCircuit: false,
      ...facts,
      at: START + index * hours * HOUR,
    } as const
    const { tell, memory: next } = ration(memory, happened)
    memory = tell && delivered ? afterTelling(next, tell, happened) : next
    return tell
  })
  return { told, memory }
}

describe('of what happens again and again', () => {
  it('a person is told once in six hours, and how often it happened is counted', () => {
    const { told, memory } = story(Array.from({ length: 8 }, () => 'failed' as const))
    expect(told).toEqual(['failed', null, null, null, null, null, 'failed', null])
    expect(memory.bad).toEqual({ since: isoTime(START), times: 8, isTold: true })
  })

  it('another event is told at once', () => {
    expect(story(['failed', 'blocked', 'partial', 'blocked']).told).toEqual(['failed', 'blocked', 'partial', null])
  })

  it('nobody is told that all is well unless something was not', () => {
    expect(story(['well', 'well', 'failed', 'well', 'well']).told).toEqual([null, null, 'failed', 'recovered', null])
  })

  it('a sync that goes to and fro says so once in six hours', () => {
    expect(story(['failed', 'well', 'failed', 'well']).told).toEqual(['failed', 'recovered', null, null])
  })

  it('waiting is no bad end, and told once in six hours', () => {
    expect(story(['waiting', 'waiting', 'well']).told).toEqual(['waiting', null, null])
  })

  it('what did not arrive is told at the next time', () => {
    expect(story(['failed', 'failed'], 1, false).told).toEqual(['failed', 'failed'])
  })

  it('that a circuit opened is told at once, and what it keeps back is not, until it was closed', () => {
    const open = { event: 'blocked', isCircuitOpen: true } as const
    const kept = { ...open, isByCircuit: true } as const
    expect(story(['blocked', 'blocked', open, kept, kept, kept, 'well', 'blocked'], 24).told).toEqual([
      'blocked',
      'blocked',
      'blocked',
      null,
      null,
      null,
      'recovered',
      'blocked',
    ])
    expect(story(['blocked', 'blocked', open, open]).told).toEqual(['blocked', null, 'blocked', null])
  })
})
