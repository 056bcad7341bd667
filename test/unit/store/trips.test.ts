import { describe, expect, it } from 'vitest'
import { createTrips } from '../../../src/store/trips.ts'

describe('round trips', () => {
  it('tell nothing before the first answer', () => {
    expect(createTrips().latency()).toBeNull()
  })

  it('have a median and a figure that 19 of 20 keep within', () => {
    const trips = createTrips()
    for (let ms = 100; ms >= 1; ms -= 1) trips.ended(ms)
    expect(trips.latency()).toEqual({ requests: 100, medianMs: 50, p95Ms: 95 })
  })

  it('count the last ones of a long run', () => {
    const trips = createTrips()
    for (let n = 0; n < 2000; n += 1) trips.ended(1000)
    for (let n = 0; n < 2000; n += 1) trips.ended(10)
    expect(trips.latency()).toEqual({ requests: 4000, medianMs: 10, p95Ms: 10 })
  })
})
