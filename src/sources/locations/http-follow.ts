import { type Clock, SourceRefusedError } from '../../model/index.ts'
import { isInsideHost } from './address.ts'
import type { HttpAnswer, HttpRequest } from './http-request.ts'

/** What is asked for, and how far one goes for it. */
export interface Following {
  readonly url: string
  readonly method: 'GET' | 'HEAD'
  /** Sent to the host of `url` only. */
  readonly headers: () => Readonly<Record<string, string>>
  /** Sent to whoever is asked. */
  readonly everywhere: Readonly<Record<string, string>>
  /** Statuses of an answer that is handed out. */
  readonly ends: readonly number[]
  /** Whether a host that is itself written as an address inside may be asked. */
  readonly inside: boolean
  readonly request: HttpRequest
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** From the first request to `end`, ms. */
  readonly limitMs: number
}

interface Followed {
  readonly answer: HttpAnswer
  /** Ends the request and its deadline. */
  readonly end: () => void
}

/**
 * Asks, and goes where redirects lead: at most three, never from https to http.
 * @throws {SourceRefusedError} when no answer of those statuses comes.
 */
export const follow = async (options: Following): Promise<Followed> => {
  const { ends } = options
  const first = new URL(options.url)
  const deadline = startDeadline(options)
  let url = first
  try {
    for (let hop = 0; ; hop += 1) {
      const answer = await ask(url, url.origin === first.origin, options, deadline.signal)
      if (ends.includes(answer.status)) return { answer, end: deadline.end }
      if (!REDIRECTS.includes(answer.status)) throw badStatus(answer.status, shownAddress(url.href))
      await answer.discard()
      const next = nextOf(url, answer.headers.get('location'))
      if (hop >= MOST_HOPS) throw badRedirect(url, `more than ${MOST_HOPS} times`)
      if (next.protocol !== 'https:' && next.origin !== first.origin) {
        throw badRedirect(url, `to ${shownAddress(next.href)}, which is not https`)
      }
      url = next
    }
  } catch (error) {
    deadline.end()
    throw error
  }
}

/** Without what may hold a secret. */
export const shownAddress = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

const MOST_HOPS = 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** One deadline on the whole, because a server that sends a byte now and then never runs into an idle time-out. */
const startDeadline = ({ clock, signal, limitMs }: Following) => {
  const stop = new AbortController()
  const done = new AbortController()
  clock.sleep(limitMs, done.signal).then(
    () => stop.abort(new Error(`no whole answer within ${limitMs / 1000} s`)),
    // It ended in time.
    () => undefined,
  )
  return {
    signal: signal ? AbortSignal.any([stop.signal, signal]) : stop.signal,
    end: () => {
      done.abort()
      stop.abort()
    },
  }
}

const ask = async (
  url: URL,
  isOwn: boolean,
  { method, request, headers, everywhere, inside }: Following,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  const own = isOwn ? headers() : {}
  try {
    return await request(url.href, {
      method,
      headers: { ...own, ...everywhere, 'accept-encoding': 'identity' },
      signal,
      inside: inside && isOwn && isInsideHost(url.hostname),
    })
  } catch (cause) {
    throw unreachable(url, cause)
  }
}

const nextOf = (url: URL, location: string | null): URL => {
  const next = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : undefined
  if (next && /^https?:$/.test(next.protocol)) return next
  throw badRedirect(url, next ? `to ${next.protocol}` : 'to nowhere')
}

const badStatus = (status: number, address: string): SourceRefusedError =>
  new SourceRefusedError(`${address} answers with status ${status}`, {
    where: address,
    hint:
      status === 401 || status === 403
        ? 'set what the server asks for as "headers", such as { "Authorization": "env:FEED_AUTH" }'
        : 'look whether the address is right and the server is well',
  })

const badRedirect = (url: URL, where: string): SourceRefusedError =>
  new SourceRefusedError(`${shownAddress(url.href)} leads elsewhere ${where}`, {
    where: shownAddress(url.href),
    hint: 'name the address of the file itself as "path"',
  })

const unreachable = (url: URL, cause: unknown): SourceRefusedError => {
  const address = shownAddress(url.href)
  if (cause instanceof SourceRefusedError) return cause
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  if (inner instanceof SourceRefusedError) return inner
  return new SourceRefusedError(`${address} cannot be reached: ${inner instanceof Error ? inner.message : inner}`, {
    where: address,
    hint: 'look whether the address is right and the server is well',
    cause,
  })
}

/** For requests: an address that must not be connected to. */
export const refuseInside = (host: string, address: string): SourceRefusedError =>
  new SourceRefusedError(`${host} leads to ${address}, which is inside a private network`, {
    where: host,
    hint: 'a public name that leads inside is taken for an attack; if it is yours, write the address itself in "path"',
  })
