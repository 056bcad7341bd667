import type { Client } from '../../../test/support/pacing/simulate.ts'

export interface Manner {
  /** Spreads what is left over what remains of the window; else it leaves as fast as the lanes let it. */
  readonly smooth: boolean
  /** Keeps what others are expected to use until the window's end. */
  readonly predicts: boolean
  /** Requests that are left alone: always so many, or only while another consumer is seen. */
  readonly reserve: number
  readonly reserves: 'always' | 'seen'
}

/**
 * The way of performance work before this bench: an interval for the window's end, the smallest left seen and the requests in
 * flight, spread over what remains of the window less 5 %; a provisional window of one quota 20 ms after the end; others' use is the
 * running mean of quota - left - mine.
 */
export const headerDriven =
  ({ smooth, predicts, reserve, reserves }: Manner): Client =>
  ({ now, later, send }) => {
    let window: Window | null = null
    let others = 0
    let closed = 0
    let flying = 0
    let mine = 0
    let lastLeft = Number.NEGATIVE_INFINITY
    let heldUntil = 0
    let waiting = false

    const byOthers = ({ quota, left }: Window): number => Math.max(0, quota - left - mine)
    const begin = (old: Window): void => {
      closed += 1
      // What was used before our first request tells nothing of others.
      if (closed > 1) others += (byOthers(old) - others) / (closed - 1)
      mine = flying
    }
    const wait = (): number => {
      if (now() < heldUntil) return heldUntil - now()
      if (!window) return flying === 0 ? 0 : 10
      if (now() >= window.last + 20) {
        begin(window)
        const end = now() + window.windowMs
        window = { ...window, first: end, last: end, left: window.quota, provisional: true, previous: window.last }
      }
      const { quota, left, first, last, windowMs } = window
      const stretch = Math.max(0, first - windowMs * 0.05 - now())
      const expected = predicts ? (others * stretch) / windowMs : 0
      const seen = others >= 1 || (closed > 0 && byOthers(window) >= 2)
      const kept = reserves === 'always' || seen ? reserve : 0
      const more = Math.min(left - flying, quota - mine) - expected - kept
      if (more < 1) return Math.max(10, Math.min(last + 20 - now(), windowMs / 100))
      return smooth && stretch > 0 ? Math.max(0, lastLeft + stretch / more - now()) : 0
    }
    const learn = (leftAt: number, told: NonNullable<Told>): void => {
      const { quota, left, windowMs, resetMs } = told
      const [first, last] = [leftAt + resetMs, now() + resetMs]
      if (!window) {
        window = { quota, left, windowMs, first, last, provisional: false, previous: Number.NEGATIVE_INFINITY }
        return
      }
      if (first < window.previous + windowMs / 2) {
        mine -= 1
        return
      }
      const isNext = !window.provisional && first > window.first + windowMs / 2
      if (isNext) begin(window)
      const previous = isNext ? window.last : window.previous
      const fresh = window.provisional || isNext || first > window.last || last < window.first
      window = {
        quota,
        windowMs,
        left: isNext ? left : Math.min(window.left, left),
        first: fresh ? first : Math.max(first, window.first),
        last: fresh ? last : Math.min(last, window.last),
        provisional: false,
        previous,
      }
    }
    const pump = (): void => {
      while (flying < 16 && !waiting) {
        const ms = wait()
        if (ms > 0) {
          waiting = true
          later(ms, () => {
            waiting = false
            pump()
          })
        } else leave()
      }
    }
    const leave = (): void => {
      flying += 1
      mine += 1
      lastLeft = now()
      send((leftAt, { facts, refusedMs }) => {
        flying -= 1
        if (facts) learn(leftAt, facts)
        if (facts && refusedMs !== null) heldUntil = Math.max(heldUntil, now() + facts.resetMs + 20)
        pump()
      })
    }
    pump()
  }

/** The last row of the table that this bench follows: the one to beat. */
export const REFERENCE: Manner = { smooth: true, predicts: true, reserve: 3, reserves: 'seen' }

type Told = Parameters<Parameters<Parameters<Client>[0]['send']>[0]>[1]['facts']

interface Window {
  readonly quota: number
  readonly left: number
  readonly windowMs: number
  readonly first: number
  readonly last: number
  readonly provisional: boolean
  /** End of the window before. */
  readonly previous: number
}
