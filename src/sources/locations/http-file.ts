import { isoTime } from '../../model/index.ts'
import type { Location } from '../location.ts'
import { bodyOf } from './http-body.ts'
import { type Following, follow, shownAddress } from './http-follow.ts'
import { MEGABYTE } from './inflation.ts'

export interface HttpFileOptions extends Pick<Following, 'url' | 'request' | 'clock' | 'signal'> {
  /** Sent to the host of `url` only. */
  readonly headers: () => Readonly<Record<string, string>>
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
  const { url, most = 2048 * MEGABYTE } = options
  const origin = shownAddress(url)
  const asked = { limitMs: 20 * 60_000, everywhere: {}, inside: true, ...options }
  return {
    origin,
    look: async () => {
      // A server that does not answer to HEAD shows nothing to compare; the reading itself decides then.
      const { answer, end } = await follow({ ...asked, method: 'HEAD', ends: [200, 405, 501] })
      end()
      return ['etag', 'last-modified', 'content-length'].map((name) => answer.headers.get(name) ?? '').join(' ')
    },
    open: async () => {
      const { answer, end } = await follow({ ...asked, method: 'GET', ends: [200] })
      const modified = Date.parse(answer.headers.get('last-modified') ?? '')
      return {
        bytes: bodyOf(answer, origin, most),
        finish: async () => (Number.isFinite(modified) ? isoTime(modified) : null),
        close: async () => end(),
      }
    },
  }
}
