import PQueue from 'p-queue'
import { type Clock, type PictureWeight, SourceRefusedError } from '../model/index.ts'
import { bodyOf } from './locations/http-body.ts'
import { follow, shownAddress } from './locations/http-follow.ts'
import type { HttpRequest } from './locations/http-request.ts'
import { pictureBytes, pictureFacts, type Unfit } from './picture-bytes.ts'

/** What lay behind an address of the web. */
export interface Looked {
  /** Hash of the bytes, in hex. */
  readonly sha256: string
  /** What the server calls this version of it, to be asked for another one only; null where it does not say. */
  readonly etag: string | null
  readonly modified: string | null
}

/** Pictures behind addresses of the web. */
export interface WebPictures {
  /**
   * What lies behind an address now. Or why nobody can tell: not to be reached, not within half a minute, no picture, or inside a
   * private network, wherever the address came from.
   * @param before What lay there the last time: the server then need not send it again.
   */
  look(address: string, before: Looked | undefined): Promise<Looked | { readonly reason: string }>
  /** Type and size of the picture that lies behind an address, told by its bytes; or why nobody can tell, as above. */
  weigh(address: string): Promise<PictureWeight>
}

/** Looks are few at once. A host that did not answer several times running is left alone for ten minutes. */
export const webPictures = (options: {
  readonly request: HttpRequest
  readonly clock: Clock
  readonly signal: AbortSignal
}): WebPictures => {
  const { clock, signal } = options
  const queue = new PQueue({ concurrency: AT_ONCE })
  const silent = new Map<string, { readonly times: number; readonly last: number }>()
  const isSilent = (host: string): boolean => {
    const { times, last } = silent.get(host) ?? NEVER
    return times >= MOST_SILENCES && clock.elapsed() - last < REST_MS
  }
  const heard = async <T>(address: string, ask: () => Promise<T>): Promise<T | Unfit> => {
    const { host } = new URL(address)
    if (isSilent(host)) return { reason: `${host} did not answer ${MOST_SILENCES} times running` }
    try {
      const looked = await ask()
      silent.delete(host)
      return looked
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceRefusedError)) throw error
      if (error.cause === undefined) silent.delete(host)
      else silent.set(host, { times: (silent.get(host)?.times ?? 0) + 1, last: clock.elapsed() })
      return { reason: error.message }
    }
  }
  return {
    look: (address, before) => queue.add(() => heard(address, () => lookOnce(options, address, before))),
    weigh: (address) => queue.add(() => heard(address, () => weighOnce(options, address))),
  }
}

const AT_ONCE = 6
const MOST_SILENCES = 5
const REST_MS = 600_000
const LIMIT_MS = 30_000
const NEVER = { times: 0, last: 0 }

type Around = Parameters<typeof webPictures>[0]

const lookOnce = async (
  around: Around,
  address: string,
  before: Looked | undefined,
): ReturnType<WebPictures['look']> => {
  const { answer, end } = await ask(around, address, before ? conditionsOf(before) : {}, before ? [200, 304] : [200])
  try {
    if (answer.status === 304 && before) return before
    const bytes = await pictureBytes(bodyOf(answer, shownAddress(address), Number.POSITIVE_INFINITY))
    if (!(bytes instanceof Uint8Array)) return bytes
    const facts = pictureFacts(bytes)
    if ('reason' in facts) return facts
    return { sha256: facts.sha256, etag: answer.headers.get('etag'), modified: answer.headers.get('last-modified') }
  } finally {
    end()
  }
}

const weighOnce = async (around: Around, address: string): Promise<PictureWeight> => {
  const { answer, end } = await ask(around, address, {}, [200])
  try {
    const bytes = await pictureBytes(bodyOf(answer, shownAddress(address), Number.POSITIVE_INFINITY))
    if (!(bytes instanceof Uint8Array)) return bytes
    const facts = pictureFacts(bytes)
    return 'reason' in facts ? facts : { type: facts.type, bytes: bytes.length }
  } finally {
    end()
  }
}

const ask = (around: Around, address: string, everywhere: Readonly<Record<string, string>>, ends: readonly number[]) =>
  follow({
    ...around,
    url: address,
    method: 'GET',
    headers: () => ({}),
    inside: false,
    limitMs: LIMIT_MS,
    everywhere,
    ends,
  })

const conditionsOf = ({ etag, modified }: Looked): Readonly<Record<string, string>> => ({
  ...(etag === null ? {} : { 'if-none-match': etag }),
  ...(modified === null ? {} : { 'if-modified-since': modified }),
})
