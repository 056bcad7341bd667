import { type Clock, UsageError } from '../../model/index.ts'
import { exchange, type Fetch } from '../../store/index.ts'
import { isLoopback, reveal, type WebhookWay } from '../settings/index.ts'
import type { Notice } from './notice.ts'

/**
 * Posts the notice as JSON, once more where that may help. Neither the address nor what comes back is repeated to anybody: whoever
 * knows the address of a webhook can post there.
 * @returns what went wrong, or null.
 * @throws {UsageError} when the address is not where it should be, or none that a notice may go to.
 */
export const postNotice = async (
  { url }: WebhookWay,
  notice: Notice,
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: Clock },
): Promise<string | null> => {
  const headers = { 'content-type': 'application/json', 'user-agent': 'skiff' }
  const request = { method: 'POST', url: webhookAddress(url).href, headers, body: JSON.stringify(notice) }
  for (let left = TRIES - 1; ; left -= 1) {
    const reply = await exchange(request, { fetch, clock, timeoutMs: LIMIT_MS })
    if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300) return null
    const isFinal = reply.kind === 'answer' && reply.status < 500 && reply.status !== 429
    if (left === 0 || isFinal) return reply.kind === 'answer' ? `it answered ${reply.status}` : WHY[reply.kind]
    await clock.sleep(PAUSE_MS)
  }
}

const TRIES = 2
const LIMIT_MS = 10_000
const PAUSE_MS = 2000

const WHY = {
  'not-sent': 'no connection came about',
  lost: `no whole answer came within ${LIMIT_MS / 1000} s`,
} as const

/** @throws {UsageError} when it is none that a notice may go to. */
export const webhookAddress = (url: WebhookWay['url']): URL => {
  const text = reveal(url)
  const address = URL.canParse(text) ? new URL(text) : null
  if (address?.protocol === 'https:' || (address?.protocol === 'http:' && isLoopback(text))) return address
  throw new UsageError('the address of the webhook must begin with https://, or be on this machine')
}
