import {
  AuthError,
  NotFoundError,
  RateLimitedError,
  ScopeError,
  type SkiffError,
  UnavailableError,
  UnexpectedAnswerError,
  ValidationError,
  type Values,
} from '../model/index.ts'
import { type Complaint, inOneLine, readComplaint } from './complaint.ts'
import type { Patience } from './retry.ts'
import type { Reply } from './transport.ts'

/** The content of an answer that says the request was carried out. */
export interface Content {
  readonly status: number
  /** Parsed; undefined when the answer has no body. */
  readonly json: unknown
  readonly text: string
  readonly header: (name: string) => string | null
}

/** What is asked, as far as judging the answer needs to know. */
export interface Question<T> {
  /** `PUT /v3/catalog/variants`, for messages. */
  readonly where: string
  /** Scope that the request needs, where it is known. */
  readonly scope: string | null
  /** What names each row that is sent. */
  readonly sent: readonly Values[]
  /** @throws {UnexpectedAnswerError} when the content is not what the API promises. */
  readonly read: (content: Content) => T
}

/**
 * What an exchange means.
 * - `yes`: carried out, with what the answer says.
 * - `no`: refused, nothing was carried out.
 * - `throttled`: refused for the quota, nothing was carried out; the pace knows how long to wait.
 * - `not-sent`: it never left.
 * - `held-back`: its turn came too late for who asked.
 * - `unsure`: nothing tells whether it was carried out; `error` is what a reader sees.
 * `patience` says how often another try makes sense, `waitMs` how long the store asks to wait.
 */
export type Verdict<T> =
  | { readonly kind: 'yes'; readonly value: T }
  | Refusal
  | (Unmet & { readonly kind: 'throttled' | 'not-sent' | 'unsure' })
  | (Unmet & {
      readonly kind: 'held-back'
      /** What was said to the try before it. */
      readonly refusal: Refusal | null
    })

export interface Refusal {
  readonly kind: 'no'
  readonly status: number
  readonly error: SkiffError
  readonly rows: ReadonlyMap<number, string>
  readonly patience: Patience
}

interface Unmet {
  readonly error: SkiffError
  readonly patience: Patience
  readonly waitMs: number
}

/** Judges an exchange by the outcome classes of docs/bigcommerce.md, Status codes. */
export const judge = <T>(question: Question<T>, reply: Reply): Verdict<T> => {
  const { where } = question
  if (reply.kind === 'not-sent') {
    const hint = reply.lasting ? 'The certificate is not trusted: check the clock, the proxy and the CA.' : OFFLINE
    const error = new UnavailableError(`${where} could not be sent: ${reply.reason}`, { where, hint })
    return { kind: 'not-sent', error, patience: reply.lasting ? 'none' : 'usual', waitMs: 0 }
  }
  if (reply.kind === 'lost') {
    const error = new UnavailableError(`${where} was not answered: ${reply.reason}`, { where, hint: OFFLINE })
    return { kind: 'unsure', error, patience: 'usual', waitMs: 0 }
  }
  const { status, header } = reply
  const json = reply.short ? undefined : parsed(reply.text)
  if (status < 200 || (status >= 300 && status < 400)) return redirected(question, status, header('location'))
  const complaint = readComplaint(json, reply.text, question.sent)
  const waitMs = askedWait(header, json)
  if (status < 300 || savedSome(json)) return carriedOut(question, reply, json)
  const reason = inOneLine(complaint)
  const said = `${where} answered ${status}${reason && `: ${reason}`}`
  if (status === 429 || status === 509) {
    const error = new RateLimitedError(said, { where, hint: 'Other apps share the store’s quota; try again later.' })
    const told = (header('x-rate-limit-time-reset-ms') ?? header('x-bc-apilimit-remaining')) !== null
    return { kind: told ? 'throttled' : 'unsure', error, patience: told ? 'throttled' : 'long', waitMs }
  }
  if (isDefiniteNo(status, json, reply.text)) return refused(question, status, said, complaint)
  return { kind: 'unsure', ...trouble(status, json === undefined, said, where), waitMs }
}

const OFFLINE = 'Check the network and status.bigcommerce.com, then run it again.'

const parsed = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    // Whoever reads the content says what was expected instead.
    return undefined
  }
}

const redirected = <T>({ where }: Question<T>, status: number, location: string | null): Verdict<T> => {
  const error = new UnexpectedAnswerError(
    `${where} answered ${status}, a redirect to ${location && URL.canParse(location) ? new URL(location).origin : 'elsewhere'}`,
    {
      where,
      hint: 'Redirects are not followed: credentials stay with the configured origin.',
    },
  )
  return { kind: 'unsure', error, patience: 'none', waitMs: 0 }
}

/** A batch that is refused in part says in `meta` how many rows went through, by one of two names. */
const savedSome = (json: unknown): boolean => {
  const meta = (json as { meta?: Readonly<Record<string, unknown>> | null } | null | undefined)?.meta
  return [meta?.['success'], meta?.['saved_records']].some((count) => typeof count === 'number' && count > 0)
}

const carriedOut = <T>(question: Question<T>, reply: Reply & { kind: 'answer' }, json: unknown): Verdict<T> => {
  const { where } = question
  try {
    if (reply.short || (json === undefined && reply.text !== '')) {
      const what = reply.short ? 'fewer bytes than its length says' : readComplaint(undefined, reply.text).title
      throw new UnexpectedAnswerError(`${where} answered ${reply.status} with ${what.slice(0, 80)}`, { where })
    }
    return { kind: 'yes', value: question.read({ status: reply.status, json, text: reply.text, header: reply.header }) }
  } catch (error) {
    if (!(error instanceof UnexpectedAnswerError)) throw error
    return { kind: 'unsure', error, patience: 'few', waitMs: 0 }
  }
}

const isDefiniteNo = (status: number, json: unknown, text: string): boolean => {
  if (status === 401) return true
  if (!DEFINITE.has(status)) return false
  // v2 answers some 404 in plain text.
  return (json !== null && typeof json === 'object') || (status === 404 && /^[^<]/.test(text))
}

const DEFINITE = new Set([400, 403, 404, 405, 406, 409, 413, 415, 422, 423, 507])
const OF_ROWS = new Set([400, 404, 409, 422])

const refused = <T>(
  { where, scope, sent }: Question<T>,
  status: number,
  said: string,
  complaint: Complaint,
): Verdict<T> => {
  // Of a single row there is no doubt whom the refusal means.
  const sole = sent.length === 1 && OF_ROWS.has(status)
  return {
    kind: 'no',
    status,
    error: refusalOf(status, said, where, scope, complaint),
    rows: sole ? new Map([[0, inOneLine(complaint)]]) : complaint.rows,
    patience: status === 423 ? 'usual' : 'none',
  }
}

const refusalOf = (
  status: number,
  said: string,
  where: string,
  scope: string | null,
  { fields }: Complaint,
): SkiffError => {
  if (status === 401) {
    const hint = 'The store does not accept the access token: check it, or make a new API account.'
    return new AuthError(said, { where, hint })
  }
  if (status === 403) {
    const lacking = scope ? `Give the API account the scope ${scope}` : 'Give the API account the scope of this path'
    return new ScopeError(said, {
      where,
      hint: `${lacking}. If it has it, check the store hash and the limits of the store’s plan.`,
    })
  }
  if (status === 404) return new NotFoundError(said, { where })
  if (status === 423) return new UnavailableError(said, { where, hint: 'The store has it locked; try again later.' })
  if (status === 507) {
    return new UnavailableError(said, { where, hint: 'The plan of the store allows no more of these.' })
  }
  return new ValidationError(said, { where, fields })
}

const trouble = (
  status: number,
  foreign: boolean,
  said: string,
  where: string,
): { readonly error: SkiffError; readonly patience: Patience } => {
  if (status === 503) {
    const hint = 'The store may be in maintenance or suspended; run it again when it is back.'
    return { error: new UnavailableError(said, { where, hint }), patience: 'long' }
  }
  if (status === 501 || status === 505) return { error: new UnexpectedAnswerError(said, { where }), patience: 'none' }
  if (status >= 500 || status === 408 || status === 499) {
    return { error: new UnavailableError(said, { where, hint: OFFLINE }), patience: 'usual' }
  }
  const hint = foreign ? 'The answer is not BigCommerce’s: look for a proxy or a firewall between.' : undefined
  return { error: new UnexpectedAnswerError(said, { where, hint }), patience: foreign ? 'few' : 'none' }
}

/** The longest wait that the answer asks for, ms (docs/bigcommerce.md, 429). */
const askedWait = (header: (name: string) => string | null, json: unknown): number => {
  const inBody = (json as { error?: { retry_after_seconds?: unknown } } | null | undefined)?.error?.retry_after_seconds
  const seconds = [header('x-retry-after'), header('retry-after'), inBody].map((one) => Number(one ?? 0))
  return Math.max(0, ...seconds.filter(Number.isFinite)) * 1000
}
