import { seeded } from '../../../src/model/index.ts'
import { type Fetch, openStore } from '../../../src/store/index.ts'
import { virtualClock } from '../virtual-clock.ts'
import { fixedWindow, WINDOW_MS } from './limits.ts'

export interface Work {
  readonly seed: number
  readonly requests: number
  /** How many are under way at once: a pull follows one listing, a push has as many as its route's lanes. */
  readonly atOnce: number
  readonly quota: number
  readonly tripMs: readonly [number, number]
  /** Another consumer takes 30 % of the quota, one by one. */
  readonly others?: boolean
}

export interface Errors {
  /** Largest difference between the foretold and the true end from a tenth of the work on, in parts of the whole time. */
  readonly ofAll: number
  /** The same in parts of the time that remained, as long as a tenth of it did. */
  readonly ofRest: number
  readonly seconds: number
}

/** Does so many requests against a store of that quota in virtual time, and holds what was foretold after each against what came. */
export const etaErrors = async ({ seed, requests, atOnce, quota, tripMs, others = false }: Work): Promise<Errors> => {
  const random = seeded(seed)
  const clock = virtualClock()
  const limit = fixedWindow('clock', () => quota)
  // The work begins somewhere in a window.
  const offset = random() * WINDOW_MS
  let arrival = 0
  const theyCome = (now: number): void => {
    for (; others && arrival < now; arrival -= Math.log(1 - random()) * (WINDOW_MS / (0.3 * quota))) limit.take(arrival)
  }
  const fetch: Fetch = async () => {
    const trip = tripMs[0] + random() * (tripMs[1] - tripMs[0])
    const there = trip * random()
    await clock.sleep(there)
    const now = clock.elapsed() + offset
    theyCome(now)
    const status = limit.take(now) ? 200 : 429
    const { facts } = limit.told(now)
    await clock.sleep(trip - there)
    return new Response('{}', {
      status,
      headers: {
        'x-rate-limit-requests-quota': String(facts?.quota),
        'x-rate-limit-requests-left': String(facts?.left),
        'x-rate-limit-time-reset-ms': String(facts?.resetMs),
        'x-rate-limit-time-window-ms': String(facts?.windowMs),
      },
    })
  }
  const store = openStore(
    { hash: 'abc', origin: 'http://127.0.0.1', auth: { accessToken: 'token' }, quotaShare: 1 },
    { clock, random, fetch },
  )
  const told: { readonly done: number; readonly at: number; readonly eta: number }[] = []
  let begun = 0
  const lane = async (): Promise<void> => {
    while (begun < requests) {
      begun += 1
      await store.get('/v2/time')
      const done = told.length + 1
      told.push({ done, at: clock.elapsed(), eta: store.eta(requests - done) ?? Number.POSITIVE_INFINITY })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  const total = clock.elapsed()
  const judged = told.filter(({ done }) => done >= requests / 10)
  const off = ({ at, eta }: (typeof told)[number]): number => Math.abs(at + eta - total)
  const early = judged.filter(({ at }) => at <= total * 0.9)
  return {
    ofAll: Math.max(...judged.map((one) => off(one) / total)),
    ofRest: Math.max(...early.map((one) => off(one) / (total - one.at))),
    seconds: total / 1000,
  }
}
