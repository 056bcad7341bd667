import { setMaxListeners } from 'node:events'
import { AmbiguousError, type Clock, InterruptedError, type Random, UsageError } from '../model/index.ts'
import { addressOf } from './address.ts'
import { type Caller, createCaller, type Log } from './caller.ts'
import { inOneLine, readComplaint } from './complaint.ts'
import { createGate, LANES } from './gate.ts'
import { listingOf, pageRequest, totalRequest } from './listing.ts'
import { createPacer } from './pacer.ts'
import { readPage, readTotal } from './page.ts'
import type { Fetch } from './transport.ts'
import type { Outcome, Page, Store, StoreOptions } from './types.ts'
import type { Verdict } from './verdict.ts'
import { readWritten, writeRequest } from './write.ts'

export interface StoreDeps {
  readonly clock: Clock
  readonly random: Random
  readonly fetch: Fetch
  readonly log?: Log
}

/**
 * Opens a store; nothing is sent yet.
 * @throws {UsageError} for an origin, hash, credentials or share that cannot be
 */
export const openStore = (options: StoreOptions, { clock, random, fetch, log = () => {} }: StoreDeps): Store => {
  const { quotaShare, timeoutMs = 60_000 } = options
  if (!(quotaShare > 0 && quotaShare <= 1)) throw new UsageError('quotaShare is not above 0 and up to 1')
  const address = addressOf(options)
  const pacer = createPacer({ share: quotaShare, lanes: LANES })
  const closing = new AbortController()
  const { signal } = closing
  // Every request that waits listens to it.
  setMaxListeners(0, signal)
  const gate = createGate(pacer, clock, signal)
  const caller = createCaller({ address, pacer, gate, fetch, clock, random, timeoutMs, signal, log })

  return {
    ...reads(caller),
    send: async (resource, route, rows) => {
      const { path, body } = writeRequest(resource, route, rows)
      const verdict = await gate.lane(route, () =>
        caller.call({
          verb: route.verb,
          path,
          body,
          purpose: 'write',
          group: route.group,
          scope: resource.scope,
          sent: rows.map(({ id }) => id),
          read: (content) => readWritten(route, rows.length, inOneLine(readComplaint(content.json, '')), content),
        }),
      )
      return outcomeOf(verdict)
    },
    requests: () => caller.requests(),
    quota: () => pacer.quota(clock.elapsed()),
    eta: (requests) => pacer.eta(requests, clock.elapsed()),
    close: async () => {
      closing.abort(new InterruptedError('the store was closed', { hint: 'Run it again to go on.' }))
      await gate.idle()
    },
  }
}

const reads = (caller: Caller): Pick<Store, 'page' | 'total' | 'get'> => {
  const get = { verb: 'GET', group: null, sent: [] } as const
  return {
    page: async (resource, request) => {
      // No key asked for is no row; the same request without the filter would bring every row.
      if (request.ids?.length === 0) return EMPTY
      const { path, limit } = pageRequest(resource, request)
      const scope = `${resource.scope}_read_only`
      const purpose = request.purpose ?? 'read'
      const read = readPage.bind(null, resource, request, limit)
      return unwrap(await caller.call({ ...get, path, purpose, scope, read }))
    },
    total: async (resource, { since, purpose = 'read' } = {}) => {
      const path = totalRequest(resource, since)
      if (path === null) return listingOf(resource).paging === 'single' ? 1 : null
      const scope = `${resource.scope}_read_only`
      return unwrap(await caller.call({ ...get, path, purpose, scope, read: readTotal.bind(null, resource) }))
    },
    get: async (path, purpose = 'read') =>
      unwrap(await caller.call({ ...get, path, purpose, scope: null, read: ({ json }) => json ?? null })),
  }
}

const EMPTY: Page = { bodies: [], total: 0, last: true, serverTime: null }

const unwrap = <T>(verdict: Verdict<T>): T => {
  if (verdict.kind === 'yes') return verdict.value
  throw verdict.error
}

const outcomeOf = (verdict: Verdict<Outcome>): Outcome => {
  if (verdict.kind === 'yes') return verdict.value
  const { error } = verdict
  if (verdict.kind === 'no') return { kind: 'no', status: verdict.status, error, rows: verdict.rows }
  if (verdict.kind !== 'unsure') return { kind: 'not-sent', error }
  const facts = { where: error.where, cause: error, hint: 'It is read again before anything else is sent.' }
  return { kind: 'unknown', error: new AmbiguousError(`${error.message}; it may have been carried out`, facts) }
}
