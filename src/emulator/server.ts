import type { Clock, Random } from '../model/index.ts'
import { problem, Refusal, refuse, v2Error } from './answers.ts'
import { authenticate, type Caller, type Credentials, checkScope, isV2, noRoute } from './auth.ts'
import { type Faults, type Strike, strikesFirst } from './faults.ts'
import type { HourlyQuota } from './hourly-quota.ts'
import type { Incoming, Reply } from './message.ts'
import type { Quota } from './quota.ts'
import { createRouter } from './router.ts'
import type { State } from './state.ts'
import type { Answer, Endpoint, Method, Settings } from './types.ts'

export interface ServerParts {
  readonly endpoints: readonly Endpoint[]
  readonly state: State
  readonly credentials: Credentials
  readonly quota: Quota
  /** Of Basic auth, which counts by the hour. */
  readonly legacyQuota: HourlyQuota
  readonly faults: Faults
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
}

/** A request that the store saw, for tests that count. */
export interface SeenRequest {
  /** ms since 1970. */
  readonly at: number
  readonly method: string
  /** Below the store's root, with the query. */
  readonly path: string
  /** 0 when the connection was dropped. */
  readonly status: number
}

export interface Server {
  answer(incoming: Incoming): Promise<Reply>
  /** Every API request in the order of their answers. */
  readonly seen: readonly SeenRequest[]
}

/** The store's front: who asks, may he, is there quota, what is asked, and what goes wrong on the way. */
export const createServer = (parts: ServerParts): Server => {
  const route = createRouter(parts.endpoints)
  const inFlight = new Map<Endpoint, number>()
  const seen: SeenRequest[] = []

  const answer = async (incoming: Incoming): Promise<Reply> => {
    const { method, url, headers } = incoming
    parts.state.timeline.catchUp()
    let quota: Quota | HourlyQuota = parts.quota
    let path = url.pathname
    const finish = (given: Answer, strike?: Strike): Reply => {
      const reply = replyOf(given, quota.headers(), parts.state.now(), strike)
      seen.push({
        at: parts.state.now(),
        method,
        path: path + url.search,
        status: reply.cut === 'whole' ? 0 : reply.status,
      })
      return reply
    }
    try {
      const caller = authenticate(url.pathname, headers, parts.credentials)
      path = caller.path
      if (caller.legacy) quota = parts.legacyQuota
      if (!quota.take()) return finish(overQuota(caller))
      const strike = parts.faults.strike(method, path)
      return await carryOut(incoming, caller, strike, finish)
    } catch (error) {
      if (error instanceof Refusal) return finish(error.answer)
      throw error
    }
  }

  const carryOut = async (
    incoming: Incoming,
    caller: Caller,
    strike: Strike,
    finish: (given: Answer, strike?: Strike) => Reply,
  ): Promise<Reply> => {
    const { clock, settings } = parts
    const { endpoint, params } = find(incoming.method, caller.path)
    checkScope(endpoint, caller.path, caller.legacy ? [endpoint.scope] : parts.credentials.scopes)
    const others = inFlight.get(endpoint) ?? 0
    if (endpoint.concurrency !== undefined && others >= endpoint.concurrency) return finish(tooMany(caller.path))
    inFlight.set(endpoint, others + 1)
    try {
      const before = settings.latencyMs + strike.slowBeforeMs
      if (before) await clock.sleep(before)
      // Yields even without latency, so that requests sent together are in flight together.
      else await Promise.resolve()
      parts.state.timeline.catchUp()
      const early = strike.end && strikesFirst(strike.end)
      const given = early ? NOTHING_DONE : handle(endpoint, params, incoming, caller, strike)
      if (strike.slowAfterMs) await clock.sleep(strike.slowAfterMs)
      return finish(given, strike)
    } finally {
      inFlight.set(endpoint, (inFlight.get(endpoint) ?? 1) - 1)
    }
  }

  const find = (method: string, path: string) => {
    const match = route(method, path)
    if (!match) return refuse(noRoute(path))
    if ('endpoint' in match) return match
    const text = 'Method Not Allowed'
    const given = isV2(path) ? v2Error(405, text) : problem(405, text)
    return refuse({ ...given, headers: { Allow: match.allowed.join(', ') } })
  }

  const handle = (
    endpoint: Endpoint,
    params: Readonly<Record<string, string>>,
    incoming: Incoming,
    { path, who }: Caller,
    { staleMs }: Strike,
  ): Answer => {
    const { state, settings, random } = parts
    const { timeline } = state
    const method = incoming.method as Method
    try {
      checkMedia(incoming, path)
      const body = bodyOf(incoming, path)
      const call = {
        method,
        path,
        params,
        query: queryOf(incoming.url, path),
        body,
        state,
        settings,
        random,
        now: () => state.now(),
      }
      const given = timeline.atomically(() => {
        const result = timeline.reading(staleMs ? state.now() - staleMs : undefined, () => endpoint.handle(call))
        return failed(result) ? refuse(result) : result
      })
      if (method !== 'GET') {
        state.log.push({ at: state.now(), method, path: path + incoming.url.search, body, status: given.status, who })
      }
      return given
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      throw error
    }
  }

  return { answer, seen }
}

const NOTHING_DONE: Answer = { status: 500, body: {} }

const failed = ({ status, body, partial }: Answer): boolean =>
  status >= 400 && !partial && !(body !== null && typeof body === 'object' && 'data' in body)

const overQuota = ({ legacy, path }: Caller): Answer =>
  legacy ? v2Error(509, 'The requests-per-hour limit has been reached.') : tooMany(path)

const tooMany = (path: string): Answer =>
  isV2(path) ? v2Error(429, 'Too many requests') : problem(429, 'Too many requests', {})

const checkMedia = ({ method, headers, body }: Incoming, path: string): void => {
  const accept = headers.get('accept') ?? '*/*'
  const refuseWith = (status: number, text: string) =>
    refuse(isV2(path) ? v2Error(status, text) : problem(status, text))
  if (!/\*\/\*|application\/(json|\*)/.test(accept)) refuseWith(406, 'Not Acceptable')
  if (method === 'GET' || body === '') return
  const type = headers.get('content-type') ?? ''
  if (!/^application\/json\b|^multipart\/form-data\b/.test(type)) refuseWith(415, 'Unsupported Media Type')
}

const bodyOf = ({ body }: Incoming, path: string): unknown => {
  if (typeof body !== 'string') return body
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    const v3 = problem(400, 'Input is invalid')
    return refuse(
      isV2(path)
        ? v2Error(400, 'Input is invalid')
        : { ...v3, body: { ...(v3.body as object), detail: 'Syntax error' } },
    )
  }
}

const queryOf = ({ search, searchParams }: URL, path: string): URLSearchParams => {
  const pieces = search.length > 1 ? search.slice(1).split('&') : []
  if (!isV2(path) && pieces.some((piece) => piece === '' || piece.startsWith('='))) {
    refuse(problem(422, 'The filter(s):  are not valid filter parameter(s).', {}))
  }
  return searchParams
}

const replyOf = (given: Answer, rate: Record<string, string>, now: number, strike?: Strike): Reply => {
  const fault = strike?.end
  const common = { Date: new Date(now).toUTCString(), 'X-BC-Store-Version': '7.6.0' }
  const json = { 'Content-Type': 'application/json' }
  const text = given.text ?? (given.body === undefined ? '' : JSON.stringify(given.body))
  const type = given.text === undefined ? (text ? json : {}) : { 'Content-Type': 'text/plain; charset=utf-8' }
  const usual: Reply = { status: given.status, headers: { ...common, ...type, ...rate, ...given.headers }, body: text }
  switch (fault?.kind) {
    case undefined:
      return usual
    case 'drop':
      return { ...usual, cut: 'whole' }
    case 'truncate':
      return { ...usual, cut: text ? 'half' : 'whole' }
    case 'html200':
      return { status: 200, headers: { ...common, 'Content-Type': 'text/html; charset=utf-8' }, body: HTML_PAGE }
    case 'empty200':
      return { status: 200, headers: { ...common, ...json, ...rate }, body: '' }
    case 'status': {
      const headers = { ...common, ...json, ...(fault.rateHeaders === false ? {} : rate), ...fault.headers }
      const { status, body = JSON.stringify(problem(status, TITLES[status] ?? 'Error').body) } = fault
      return { status, headers, body }
    }
  }
}

const HTML_PAGE = '<!DOCTYPE html><html><head><title>One moment</title></head><body>Please wait.</body></html>'

const TITLES: Readonly<Record<number, string>> = {
  423: 'Locked',
  429: 'Too many requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
