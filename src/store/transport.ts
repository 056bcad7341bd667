import type { Clock } from '../model/index.ts'

/** What the client needs of `fetch`; undici's, the platform's and an emulator's all have it. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly redirect: 'manual'
    readonly signal: AbortSignal
    readonly body?: string | Uint8Array
  },
) => Promise<{
  readonly status: number
  readonly headers: { get(name: string): string | null }
  arrayBuffer(): Promise<ArrayBuffer>
}>

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/**
 * How one exchange ended.
 * - `answer`: the whole of it was read; `short` when it has fewer bytes than its length says.
 * - `not-sent`: no connection came about; `lasting` when another try cannot help (a certificate).
 * - `lost`: it left, and no whole answer came back.
 */
export type Reply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly header: (name: string) => string | null
      readonly text: string
      readonly short: boolean
    }
  | { readonly kind: 'not-sent'; readonly reason: string; readonly lasting: boolean }
  | { readonly kind: 'lost'; readonly reason: string }

/** Sends one request and reads its answer to the last byte, all within `timeoutMs`. Follows no redirect; never throws. */
export const exchange = async (
  { method, url, headers, body }: HttpRequest,
  { fetch, clock, timeoutMs }: { readonly fetch: Fetch; readonly clock: Clock; readonly timeoutMs: number },
): Promise<Reply> => {
  const cut = new AbortController()
  const done = new AbortController()
  // A deadline on the whole, because a server that sends a byte now and then never runs into an idle timeout.
  const deadline = clock.sleep(timeoutMs, done.signal).then((): never => {
    const late = new Error(`no whole answer within ${timeoutMs / 1000} s`)
    cut.abort(late)
    throw late
  })
  const init = { method, headers: { ...headers }, redirect: 'manual' as const, signal: cut.signal }
  const answer = async (): Promise<Reply> => {
    const response = await fetch(url, body === undefined ? init : { ...init, body })
    const bytes = await response.arrayBuffer()
    const header = (name: string) => response.headers.get(name)
    return {
      kind: 'answer',
      status: response.status,
      header,
      text: new TextDecoder().decode(bytes),
      short: isShort(bytes.byteLength, header),
    }
  }
  try {
    return await Promise.race([answer(), deadline])
  } catch (error) {
    return failure(error)
  } finally {
    done.abort()
  }
}

/** A compressed answer's length speaks of other bytes than the ones read. */
const isShort = (bytes: number, header: (name: string) => string | null): boolean => {
  const promised = header('content-length')
  return promised !== null && header('content-encoding') === null && bytes < Number(promised)
}

const failure = (error: unknown): Reply => {
  const chain = causes(error)
  // fetch wraps what happened in an error that says no more than "fetch failed".
  const told = chain.length > 1 ? chain.slice(1) : chain
  const reason = [...new Set(told.map(({ message }) => message.trim()))].join(': ')
  const codes = chain.map(({ code }) => code ?? '')
  if (codes.some((code) => CERTIFICATE.test(code))) return { kind: 'not-sent', reason, lasting: true }
  if (codes.some((code) => NO_CONNECTION.has(code)) || chain.some(({ syscall }) => CONNECTING.has(syscall ?? ''))) {
    return { kind: 'not-sent', reason, lasting: false }
  }
  return { kind: 'lost', reason }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_SSL_WRONG_VERSION|HANDSHAKE_FAILURE/
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])
const CONNECTING = new Set(['connect', 'getaddrinfo'])

interface SystemError extends Error {
  readonly code?: string
  readonly syscall?: string
}

const causes = (error: unknown): SystemError[] => {
  const chain: SystemError[] = []
  for (let one = error; one instanceof Error && chain.length < 5; one = one.cause) chain.push(one)
  return chain.length ? chain : [new Error(String(error))]
}
