import type { Told } from '../../../src/store/budget.ts'

/** How a store counts requests: takes one or refuses it, and says what its answer tells of the limit. */
export interface Limit {
  take(now: number): boolean
  /** Rate headers as of now. */
  told(now: number): Pick<Told, 'facts' | 'hourLeft'>
  /** Which window the last request fell into, from 1. */
  window(): number
}

/** @param quotaAt quota of a window that begins at that moment */
export const fixedWindow = (
  start: 'clock' | 'first',
  quotaAt: (now: number) => number,
  { resetStepMs = 1 }: { readonly resetStepMs?: number | undefined } = {},
): Limit => {
  let end = -1
  let used = 0
  let quota = 0
  let nth = 0
  return {
    window: () => nth,
    take: (now) => {
      if (now >= end) {
        nth += 1
        end = start === 'clock' ? (Math.floor(now / WINDOW_MS) + 1) * WINDOW_MS : now + WINDOW_MS
        used = 0
        quota = quotaAt(now)
      }
      if (used >= quota) return false
      used += 1
      return true
    },
    told: (now) => {
      const resetMs = Math.round((end - now) / resetStepMs) * resetStepMs
      return { facts: { quota, left: quota - used, windowMs: WINDOW_MS, resetMs } }
    },
  }
}

/** As a legacy account is counted: so many in the last sixty minutes, of which the present one has only begun. */
export const rollingHour = (): Limit => {
  const minutes = new Map<number, number>()
  let used = 0
  const forget = (now: number): void => {
    for (const [minute, count] of minutes) {
      if (minute > Math.floor(now / 60_000) - 60) return
      minutes.delete(minute)
      used -= count
    }
  }
  return {
    take: (now) => {
      forget(now)
      if (used >= HOURLY) return false
      const minute = Math.floor(now / 60_000)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
      used += 1
      return true
    },
    told: () => ({ facts: null, hourLeft: HOURLY - used }),
    window: () => 1,
  }
}

export const silent = (limit: Limit): Limit => ({ ...limit, told: () => ({ facts: null }) })

export const WINDOW_MS = 30_000

/** Requests that a legacy account has in an hour. */
const HOURLY = 20_000

/** The same as a quota of a window. */
export const HOURLY_IN_WINDOW = (HOURLY * WINDOW_MS) / 3_600_000
