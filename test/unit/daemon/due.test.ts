import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueNow } from '../../../src/daemon/due.ts'
import { scheduleOf } from '../../../src/daemon/schedule.ts'

const HOUR = 3_600_000
const hourly = scheduleOf('0 * * * *', 'UTC')
const at = (time: string) => Date.parse(`2026-03-02T${time}:00Z`)

describe('a job', () => {
  it('is due from its instant on, until that was run', () => {
    expect(dueNow(hourly, at('09:00'), at('09:59'))).toEqual({ kind: 'not-yet' })
    expect(dueNow(hourly, at('09:00'), at('10:00'))).toEqual({ kind: 'due', instant: at('10:00') })
    expect(dueNow(hourly, at('10:00'), at('10:01'))).toEqual({ kind: 'not-yet' })
  })

  it('P16: that missed many instants is due for the latest only', () => {
    expect(dueNow(hourly, at('09:00') - 300 * HOUR, at('09:30'))).toEqual({ kind: 'due', instant: at('09:00') })
  })

  it('is not due again when the clock is set back', () => {
    expect(dueNow(hourly, at('09:00'), at('08:30'))).toEqual({ kind: 'not-yet' })
    expect(dueNow(hourly, at('09:00'), at('09:00') - 24 * HOUR)).toEqual({ kind: 'not-yet' })
  })

  it('is not lost for years when the clock once was', () => {
    expect(dueNow(hourly, Date.parse('2040-01-01T00:00:00Z'), at('09:00'))).toEqual({ kind: 'clock-was-ahead' })
  })

  it('is run once for an instant, however the clock jumps by a day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -12 * 60, max: 12 * 60 }), { maxLength: 60 }), (offsets) => {
        let last = at('09:00')
        const ran: number[] = []
        for (const [step, minutes] of offsets.entries()) {
          const now = at('09:00') + step * 20 * 60_000 + minutes * 60_000
          const due = dueNow(hourly, last, now)
          if (due.kind === 'not-yet') continue
          if (due.kind !== 'due') throw new Error('the clock was never that far ahead')
          last = due.instant
          ran.push(due.instant)
          expect(now - due.instant).toBeLessThan(HOUR)
          expect(due.instant).toBeLessThanOrEqual(now)
        }
        expect(ran).toEqual([...new Set(ran)].sort((a, b) => a - b))
      }),
    )
  })
})
