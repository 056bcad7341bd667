import { setMaxListeners } from 'node:events'
import { AmbiguousError, type Body, type Clock, InterruptedError, type Random, UsageError } from '../model/index.ts'
import { addressOf } from './address.ts'
import { createCaller, type Log } from './caller.ts'
import { inOneLine, readComplaint } from './complaint.ts'
import { createGate, LANES } from './gate.ts'
import { jsonContent, multipart } from './multipart.ts'
import { paceOf } from './paces.ts'
import { createReads } from './reads.ts'
import type { Fetch } from './transport.ts'
import { createTrips } from './trips.ts'
import type { Outcome, Store, StoreOptions } from './types.ts'
import type { Refusal, Verdict } from './verdict.ts'
import { namesOfRows, readWritten, writeRequest } from './write.ts'

export interface StoreDeps {
  readonly clock: Clock
  readonly random: Random
  readonly fetch: Fetch
  readonly log?: Log
  /** When it is aborted, requests that wait for their turn do not leave any more; those in flight are answered. */
  readonly signal?: AbortSignal
}

/**
 * Opens a store; nothing is sent yet.
 * @throws {UsageError} for an origin, hash, credentials or share that cannot be
 */
export const openStore = (options: StoreOptions, deps: StoreDeps): Store => {
  const { clock, random, fetch, log = () => {} } = deps
  const { quotaShare, timeoutMs = 60_000 } = options
  if (!(quotaShare > 0 && quotaShare <= 1)) throw new UsageError('quotaShare is not above 0 and up to 1')
  const address = addressOf(options)
  const pacer = paceOf(clock, address.limit, { share: quotaShare, lanes: LANES, legacy: 'basic' in options.auth })
  const closing = new AbortController()
  const { signal } = closing
  // Every request that waits listens to it.
  setMaxListeners(0, signal)
  const interrupt = () => closing.abort(interruption(deps.signal?.reason))
  deps.signal?.addEventListener('abort', interrupt, { once: true })
  if (deps.signal?.aborted) interrupt()
  const gate = createGate(pacer, clock, signal)
  const trips = createTrips()
  const caller = createCaller({ address, pacer, trips, gate, fetch, clock, random, timeoutMs, signal, log })

  return {
    ...createReads(caller),
    send: async (resource, route, rows, isTimely) => {
      const { path, body, upload } = writeRequest(resource, route, rows)
      const verdict = await gate.lane(route, () =>
        caller.call({
          verb: route.verb,
          path,
          body: body === undefined ? undefined : upload ? multipart(body as Body, upload) : jsonContent(body),
          purpose: 'write',
          group: route.group,
          scope: resource.scope,
          sent: namesOfRows(route, rows),
          ...(isTimely ? { isTimely } : {}),
          read: (content) => readWritten(route, rows.length, inOneLine(readComplaint(content.json, '')), content),
        }),
      )
      return outcomeOf(verdict)
    },
    requests: () => caller.requests(),
    quota: () => pacer.quota(clock.elapsed()),
    quotaShare,
    latency: () => trips.latency(),
    eta: (requests) => pacer.eta(requests, clock.elapsed()),
    close: async () => {
      deps.signal?.removeEventListener('abort', interrupt)
      closing.abort(new InterruptedError('the store was closed', { hint: GO_ON }))
      await gate.idle()
    },
  }
}

const interruption = (reason: unknown): InterruptedError =>
  reason instanceof InterruptedError
    ? reason
    : new InterruptedError('the run was interrupted', { hint: GO_ON, cause: reason })

const GO_ON = 'Run it again to go on.'

const outcomeOf = (verdict: Verdict<Outcome>): Outcome => {
  if (verdict.kind === 'yes') return verdict.value
  if (verdict.kind === 'no') return refusalOf(verdict)
  if (verdict.kind === 'held-back') {
    return { kind: 'held-back', refusal: verdict.refusal && refusalOf(verdict.refusal) }
  }
  const { error } = verdict
  if (verdict.kind !== 'unsure') return { kind: 'not-sent', error }
  const facts = { where: error.where, cause: error, hint: 'It is read again before anything else is sent.' }
  return { kind: 'unknown', error: new AmbiguousError(`${error.message}; it may have been carried out`, facts) }
}

const refusalOf = ({ status, error, rows }: Refusal) => ({ kind: 'no' as const, status, error, rows })
