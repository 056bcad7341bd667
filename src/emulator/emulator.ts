import { type Catalog, type Clock, type Random, seeded } from '../model/index.ts'
import type { Credentials } from './auth.ts'
import { type Controls, control, isControl } from './control.ts'
import { seedCustomers } from './customers/index.ts'
import { seedStore } from './data/index.ts'
import { endpointsFor } from './endpoints.ts'
import { type Fault, Faults } from './faults.ts'
import { HourlyQuota } from './hourly-quota.ts'
import { type Incoming, incomingOf, type Reply, responseOf } from './message.ts'
import { type OtherApp, PLANS, type Plan, Quota, type Window } from './quota.ts'
import { createServer, type SeenRequest } from './server.ts'
import { createState, type State, type WriteRecord } from './state.ts'
import { DEFAULT_SETTINGS, type Endpoint, type Settings } from './types.ts'

export interface EmulatorOptions {
  /** Definitions; those without endpoints of their own get working routes derived from them. */
  readonly catalog: Catalog
  readonly clock: Clock
  /** Same seed, same store and same faults. Default 1. */
  readonly seed?: number
  /** Products to start with. Default 1000. */
  readonly products?: number
  /** Orders to start with; by default a share of the products. */
  readonly orders?: number
  /** Customers to start with. Default 12, or none in a store without products. */
  readonly customers?: number
  /** Adds SKUs with commas, quotes, Unicode and leading zeros, and products without one. */
  readonly oddSkus?: boolean
  /** Fills the store instead of the generated shop. */
  readonly data?: (state: State) => void
  readonly plan?: Plan | Window
  readonly storeHash?: string
  readonly accessToken?: string
  /** OAuth scopes of the access token; by default every one that the API asks for. */
  readonly scopes?: readonly string[]
  /** Basic auth on `/api/v2`. */
  readonly legacy?: { readonly user: string; readonly token: string }
  readonly otherApp?: OtherApp
  readonly settings?: Partial<Settings>
  readonly faults?: readonly Fault[]
}

/** An emulated BigCommerce store. */
export interface Emulator {
  /** Where its `fetch` pretends to be; any origin is served. */
  readonly origin: string
  readonly storeHash: string
  readonly accessToken: string
  /** Answers without sockets. Bound, so it can be handed over as a `fetch`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Answers a request that was read to its end; what `serve` calls. */
  answer(incoming: Incoming): Promise<Reply>
  /** What the store holds, to look at and to change behind the client's back. */
  readonly state: State
  /** Every accepted write, in order. */
  readonly log: readonly WriteRecord[]
  /** Every API request, in the order of their answers. */
  readonly requests: readonly SeenRequest[]
  readonly faults: Faults
  /** What it serves. */
  readonly endpoints: readonly Pick<Endpoint, 'method' | 'path' | 'scope' | 'concurrency'>[]
}

/** A store in one process. In memory it is deterministic: same options, clock and requests, same answers. */
export const createEmulator = (options: EmulatorOptions): Emulator => {
  const { catalog, clock, seed = 1, plan = 'standard', storeHash = `emu_${seed}`, accessToken = TOKEN } = options
  const settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const offset = { skewMs: 0 }
  const state = createState(() => clock.now() + offset.skewMs)
  const random = seeded(seed)
  const faults = new Faults(seeded(seed + 1))
  faults.set(options.faults ?? [])
  const endpoints = endpointsFor(catalog)
  const credentials: Credentials = {
    storeHash,
    accessToken,
    scopes: options.scopes ?? [...new Set(endpoints.map(({ scope }) => scope))],
    otherToken: options.otherApp?.accessToken,
    legacy: options.legacy,
  }
  const elapsed = () => clock.elapsed()
  const { requests: most, windowMs } = typeof plan === 'string' ? { requests: PLANS[plan], windowMs: 30_000 } : plan
  const quota = new Quota(most, windowMs, elapsed, options.otherApp?.requestsPerSecond)
  const legacyQuota = new HourlyQuota(elapsed)
  const server = createServer({
    endpoints,
    state,
    credentials,
    quota,
    legacyQuota,
    faults,
    settings,
    clock,
    random,
  })
  const controls: Controls = { state, faults, seen: server.seen, offset }
  fill(state, options, storeHash, random)

  const answer = async (incoming: Incoming): Promise<Reply> =>
    isControl(incoming.url.pathname) ? control(incoming, controls) : server.answer(incoming)

  return {
    origin: 'http://127.0.0.1',
    storeHash,
    accessToken,
    fetch: (input, init) =>
      untilAborted(signalOf(input, init), async () => responseOf(await answer(await incomingOf(input, init)))),
    answer,
    state,
    log: state.log,
    requests: server.seen,
    faults,
    endpoints,
  }
}

const TOKEN = 'emulatorAccessToken0000000001'

const fill = (state: State, options: EmulatorOptions, storeHash: string, random: Random): void => {
  const { data, products, orders, customers = products === 0 ? 0 : 12, oddSkus, seed = 1 } = options
  if (data) data(state)
  else {
    seedStore(state, {
      random,
      now: state.now(),
      storeHash,
      ...(products !== undefined && { products }),
      ...(orders !== undefined && { orders }),
      ...(oddSkus !== undefined && { oddSkus }),
    })
    // By a chance of their own, so that their number changes nothing else.
    seedCustomers(state, { random: seeded(seed + 2), now: state.now(), count: customers })
  }
  state.timeline.begin()
}

const signalOf = (input: string | URL | Request, init?: RequestInit): AbortSignal | undefined =>
  init?.signal ?? (input instanceof Request ? input.signal : undefined)

/** The caller stops waiting when it aborts; the store carries on with what it has received. */
const untilAborted = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
  if (!signal) return work()
  signal.throwIfAborted()
  let stop = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
