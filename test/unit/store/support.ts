import { seeded } from '../../../src/model/index.ts'
import { type Fetch, openStore, type Store, type StoreDeps, type StoreOptions } from '../../../src/store/index.ts'

/** A clock that stands still until everything waits, and then jumps to the next moment that somebody waits for. */
export const virtualClock = () => {
  let time = 0
  const timers: { at: number; fire: () => void }[] = []
  const later = (ms: number, fire: () => void) => {
    const timer = { at: time + ms, fire }
    timers.push(timer)
    timers.sort((a, b) => a.at - b.at)
    return () => {
      const index = timers.indexOf(timer)
      if (index >= 0) timers.splice(index, 1)
    }
  }
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = later(ms, () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
      signal?.addEventListener('abort', abort, { once: true })
    })
  /** Lets time pass until the promise settles. */
  const run = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false
    const watched = promise.finally(() => {
      settled = true
    })
    watched.catch(() => {})
    for (;;) {
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
      if (settled) return watched
      const next = timers.shift()
      if (!next) throw new Error('everything waits and nothing is due')
      time = Math.max(time, next.at)
      next.fire()
    }
  }
  const START = Date.parse('2026-01-31T08:00:00Z')
  return { now: () => START + time, elapsed: () => time, sleep, run }
}

interface Seen {
  readonly method: string
  readonly url: string
  /** Path and query below the store's root. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: unknown
  readonly redirect: string
  readonly at: number
}

export type Respond = (seen: Seen, nth: number) => Response | Promise<Response>

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export const rateHeaders = (left: number, resetMs = 30_000, quota = 150): Record<string, string> => ({
  'x-rate-limit-requests-quota': String(quota),
  'x-rate-limit-requests-left': String(left),
  'x-rate-limit-time-reset-ms': String(resetMs),
  'x-rate-limit-time-window-ms': '30000',
})

export const TOKEN = 'tokenThatNobodyMaySee1234567890'

/** A store whose answers are made up by `respond`. */
export const fakeStore = (respond: Respond, options: Partial<StoreOptions> = {}, deps: Partial<StoreDeps> = {}) => {
  const clock = virtualClock()
  const seen: Seen[] = []
  const logged: string[] = []
  const fetch: Fetch = async (url, init) => {
    const one: Seen = {
      method: init.method,
      url,
      path: url.replace(/^https?:\/\/[^/]+(\/stores\/[^/]+|\/api)/, ''),
      headers: init.headers,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      redirect: init.redirect,
      at: clock.elapsed(),
    }
    seen.push(one)
    return respond(one, seen.length)
  }
  const store: Store = openStore(
    {
      hash: 'abc123',
      origin: 'https://api.bigcommerce.com',
      auth: { accessToken: TOKEN },
      quotaShare: 1,
      ...options,
    },
    {
      clock,
      random: seeded(1),
      fetch,
      log: (message, facts) => logged.push(`${message} ${JSON.stringify(facts)}`),
      ...deps,
    },
  )
  return { store, clock, seen, logged, run: clock.run }
}

/** The error that a promise is rejected with. */
export const rejection = async (promise: Promise<unknown>): Promise<Error & { hint?: string; where?: string }> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it was not rejected with an error')
}
