import {
  type Clock,
  InterruptedError,
  type Random,
  type Requests,
  UnavailableError,
  type Values,
} from '../model/index.ts'
import type { Address } from './address.ts'
import type { QuotaFacts, Told } from './budget.ts'
import type { Gate } from './gate.ts'
import type { Content as Sent } from './multipart.ts'
import type { Pacer } from './pacer.ts'
import { delayBefore } from './retry.ts'
import { exchange, type Fetch, type Reply } from './transport.ts'
import type { Trips } from './trips.ts'
import type { Purpose } from './types.ts'
import { type Content, judge, type Refusal, type Verdict } from './verdict.ts'

interface Call<T> {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the store's root, with the query. */
  readonly path: string
  readonly body?: Sent | undefined
  readonly purpose: Purpose
  /** Group of a write; null for reads. */
  readonly group: string | null
  readonly scope: string | null
  /** What names each row that is sent. */
  readonly sent: readonly Values[]
  /** Asked when its turn has come; a no holds it back. */
  readonly isTimely?: () => boolean
  /** @throws {UnexpectedAnswerError} when the content is not what the API promises. */
  readonly read: (content: Content) => T
}

export interface Caller {
  /** Carries a call out, trying again where that is safe. A store that is closed meanwhile makes it `not-sent`. */
  call<T>(call: Call<T>): Promise<Verdict<T>>
  requests(): Requests
}

/** Tells what a person may want to know of while it happens, such as a wait before another try. */
export type Log = (message: string, facts: Readonly<Record<string, unknown>>) => void

interface Parts {
  readonly address: Address
  readonly pacer: Pacer
  readonly trips: Trips
  readonly gate: Gate
  readonly fetch: Fetch
  readonly clock: Clock
  readonly random: Random
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly log: Log
}

export const createCaller = (parts: Parts): Caller => {
  const { address, clock, random, signal, gate, pacer, log } = parts
  const made: Record<Purpose, number> = { read: 0, write: 0, check: 0 }

  const call = async <T>(request: Call<T>): Promise<Verdict<T>> => {
    const url = address.url(request.path)
    let refusal: Refusal | null = null
    for (let tried = 1; ; tried += 1) {
      const verdict = await gate.pass(request.group, async (): Promise<Verdict<T>> => {
        const leftAt = clock.elapsed()
        let told: Told | null = null
        try {
          if (request.isTimely?.() === false) return heldBack(request.path, refusal)
          made[request.purpose] += 1
          const answered = await attempt(request, url, parts)
          told = answered.told
          return answered.verdict
        } finally {
          // Others go on with the same pacer, whatever became of this one.
          pacer.ended(leftAt, clock.elapsed(), told)
        }
      })
      const delayMs = nextDelay(request, verdict, tried, random)
      if (verdict.kind === 'yes' || delayMs === null) return verdict
      refusal = verdict.kind === 'no' ? verdict : null
      log('trying again', { path: request.path, tried, delayMs, reason: verdict.error.message })
      await clock.sleep(delayMs, signal)
    }
  }
  return {
    call: async (request) => {
      try {
        return await call(request)
      } catch (error) {
        if (error !== signal.reason || !(error instanceof InterruptedError)) throw error
        return { kind: 'not-sent', error, patience: 'none', waitMs: 0 }
      }
    },
    requests: () => ({ ...made }),
  }
}

const heldBack = <T>(path: string, refusal: Refusal | null): Verdict<T> => ({
  kind: 'held-back',
  error: new UnavailableError('its turn came too late', { where: path }),
  patience: 'none',
  waitMs: 0,
  refusal,
})

const attempt = async <T>(
  { verb, path, body, scope, sent, read }: Call<T>,
  url: string,
  { address, trips, fetch, clock, timeoutMs }: Parts,
): Promise<{ readonly verdict: Verdict<T>; readonly told: Told | null }> => {
  const leftAt = clock.elapsed()
  const bare = { method: verb, url, headers: address.headers }
  const request =
    body === undefined ? bare : { ...bare, headers: { ...bare.headers, 'content-type': body.type }, body: body.bytes }
  const reply = clean(await exchange(request, { fetch, clock, timeoutMs }), address)
  const verdict = judge({ where: `${verb} ${path.slice(0, 200)}`, scope, sent, read }, reply)
  if (reply.kind === 'answer') trips.ended(clock.elapsed() - leftAt)
  return { verdict, told: toldBy(reply, verdict) }
}

/** A write is repeated only when it was certainly not carried out, a row that is locked too; a read whenever another try may help. */
const nextDelay = <T>({ group }: Call<T>, verdict: Verdict<T>, tried: number, random: Random): number | null => {
  if (verdict.kind === 'yes') return null
  const isSafe = group === null || verdict.kind !== 'unsure'
  if (!isSafe) return null
  return delayBefore(verdict.patience, tried, verdict.kind === 'no' ? 0 : verdict.waitMs, random)
}

/** Whatever a store, a proxy or a library says may quote the request, credentials included. */
const clean = (reply: Reply, { redact }: Address): Reply =>
  reply.kind === 'answer' ? { ...reply, text: redact(reply.text) } : { ...reply, reason: redact(reply.reason) }

const toldBy = <T>(reply: Reply, verdict: Verdict<T>): Told | null => {
  if (reply.kind !== 'answer') return null
  const isRefusal = reply.status === 429 || reply.status === 509
  return {
    facts: factsOf(reply.header),
    hourLeft: number(reply.header('x-bc-apilimit-remaining')),
    refusedMs: isRefusal && 'waitMs' in verdict ? verdict.waitMs : null,
  }
}

/** The rate headers, where an answer carries them (docs/bigcommerce.md, Quotas). */
const factsOf = (header: (name: string) => string | null): QuotaFacts | null => {
  const [quota, left, resetMs, windowMs] = ['requests-quota', 'requests-left', 'time-reset-ms', 'time-window-ms'].map(
    (name) => number(header(`x-rate-limit-${name}`)),
  )
  if (resetMs === undefined || left === undefined || !quota) return null
  return { quota, left, resetMs, windowMs: windowMs || 30_000 }
}

const number = (text: string | null): number | undefined => {
  const value = text === null || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
