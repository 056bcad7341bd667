import { type Clock, isoTime, SourceRefusedError } from '../../model/index.ts'
import type { Location } from '../location.ts'
import { UnfinishedError } from '../unfinished.ts'
import { isInsideHost } from './address.ts'
import { MEGABYTE } from './inflation.ts'

/** One request. A connection to an address that is not `permits`-ted must fail before anything is sent. */
export type HttpRequest = (
  url: string,
  init: {
    readonly method: 'GET' | 'HEAD'
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
    /** Whether addresses of this machine and of private networks may be connected to. */
    readonly inside: boolean
  },
) => Promise<HttpAnswer>

export interface HttpAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
  /** Leaves the body unread. */
  discard(): Promise<void>
}

export interface HttpFileOptions {
  readonly url: string
  /** Sent to the host of `url` only. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly request: HttpRequest
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Bytes at most; 2 GB when absent. */
  readonly most?: number
  /** From the first request to the last byte, ms; 20 minutes when absent. */
  readonly limitMs?: number
}

/**
 * A file behind an address. Redirects are followed by hand, at most three, never from https to http, and without the headers when
 * they lead to another host. An address inside a private network is connected to only when its host is the one that was written, and itself says so.
 */
export const httpFile = (options: HttpFileOptions): Location => {
  const origin = shown(options.url)
  return {
    origin,
    look: async () => {
      const { answer, end } = await follow(options, 'HEAD')
      end()
      return ['etag', 'last-modified', 'content-length'].map((name) => answer.headers.get(name) ?? '').join(' ')
    },
    open: async () => {
      const { answer, end } = await follow(options, 'GET')
      const { headers } = answer
      const modified = Date.parse(headers.get('last-modified') ?? '')
      return {
        bytes: body(answer, origin, options.most),
        finish: async () => (Number.isFinite(modified) ? isoTime(modified) : null),
        close: async () => end(),
      }
    },
  }
}

/** Without what may hold a secret. */
const shown = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

const MOST_HOPS = 3

interface Followed {
  readonly answer: HttpAnswer
  /** Ends the request and its deadline. */
  readonly end: () => void
}

const follow = async (options: HttpFileOptions, method: 'GET' | 'HEAD'): Promise<Followed> => {
  const first = new URL(options.url)
  const deadline = startDeadline(options)
  let url = first
  try {
    for (let hop = 0; ; hop += 1) {
      const answer = await ask(url, url.origin === first.origin, method, options, deadline.signal)
      if (answer.status === 200 || (method === 'HEAD' && NO_HEAD.includes(answer.status))) {
        return { answer, end: deadline.end }
      }
      if (!REDIRECTS.includes(answer.status)) throw badStatus(answer.status, shown(url.href))
      await answer.discard()
      const next = nextOf(url, answer.headers.get('location'))
      if (hop >= MOST_HOPS) throw badRedirect(url, `more than ${MOST_HOPS} times`)
      if (next.protocol !== 'https:' && next.origin !== first.origin) {
        throw badRedirect(url, `to ${shown(next.href)}, which is not https`)
      }
      url = next
    }
  } catch (error) {
    deadline.end()
    throw error
  }
}

/** A server that does not answer to HEAD shows nothing to compare; the reading itself decides then. */
const NO_HEAD: readonly number[] = [405, 501]
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** One deadline on the whole, because a server that sends a byte now and then never runs into an idle time-out. */
const startDeadline = ({ clock, signal, limitMs = 20 * 60_000 }: HttpFileOptions) => {
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
  method: 'GET' | 'HEAD',
  { request, headers }: HttpFileOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  const own = isOwn ? headers() : {}
  try {
    return await request(url.href, {
      method,
      headers: { ...own, 'accept-encoding': 'identity' },
      signal,
      inside: isOwn && isInsideHost(url.hostname),
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

async function* body(answer: HttpAnswer, origin: string, most = 2048 * MEGABYTE): AsyncGenerator<Uint8Array> {
  const packed = answer.headers.get('content-encoding')
  if (packed !== null && packed !== 'identity') {
    throw new SourceRefusedError(`${origin} was sent as ${packed}, which was not asked for`, {
      where: origin,
      hint: 'switch off "Content-Encoding" for this file at the server',
    })
  }
  const length = answer.headers.get('content-length')
  let size = 0
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length
      if (size > most) throw tooLarge(origin, most)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof SourceRefusedError ? cause : cut(origin, size, length, cause)
  }
  if (length !== null && size !== Number(length)) throw cut(origin, size, length)
}

const cut = (origin: string, size: number, length: string | null, cause?: unknown): UnfinishedError =>
  new UnfinishedError(`${origin} is cut: ${size}${length === null ? '' : ` of ${length}`} bytes came`, {
    where: `${origin}, byte ${size}`,
    hint: 'run again; if it stays so, look at the server and at what lies between',
    cause,
  })

const tooLarge = (origin: string, most: number): SourceRefusedError =>
  new SourceRefusedError(`${origin} is larger than ${most / MEGABYTE} MB`, {
    where: origin,
    hint: 'let its program write less at once, or pack it with gzip',
  })

const badStatus = (status: number, address: string): SourceRefusedError =>
  new SourceRefusedError(`${address} answers with status ${status}`, {
    where: address,
    hint:
      status === 401 || status === 403
        ? 'set what the server asks for as "headers", such as { "Authorization": "env:FEED_AUTH" }'
        : 'look whether the address is right and the server is well',
  })

const badRedirect = (url: URL, where: string): SourceRefusedError =>
  new SourceRefusedError(`${shown(url.href)} leads elsewhere ${where}`, {
    where: shown(url.href),
    hint: 'name the address of the file itself as "path"',
  })

const unreachable = (url: URL, cause: unknown): SourceRefusedError => {
  const address = shown(url.href)
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
