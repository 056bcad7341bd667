import type { Random } from '../model/index.ts'
import type { State } from './state.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One operation of the store's API. Handlers run to their end without waiting, so each request is one atomic step. */
export interface Endpoint {
  readonly method: Method
  /** Below the store's root, parameters by colon: `/v3/catalog/products/:id`. A literal segment wins over a parameter. */
  readonly path: string
  /** OAuth scope that allows it; a GET is also allowed by the scope's `_read_only` form. */
  readonly scope: string
  /** Most requests in flight at once; absent is without limit (docs/bigcommerce.md, Concurrency). */
  readonly concurrency?: number
  /**
   * Answers the call. What it changed is undone when it throws a `Refusal`, which is then the answer, or when it answers 400
   * and above without a `data` in the body (a partial success has one) and without `partial`, so a handler may change first and refuse later.
   */
  handle(call: Call): Answer
}

export interface Call {
  readonly method: Method
  /** Below the store's root, without the query. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Parsed JSON; a `FormData` where the request was multipart; undefined without a body. */
  readonly body: unknown
  readonly state: State
  readonly settings: Settings
  readonly random: Random
  /** The store's time, ms since 1970. */
  now(): number
}

export interface Answer {
  readonly status: number
  /** Sent as JSON. */
  readonly body?: unknown
  /** With a status of 400 and above: what was changed stays, because only a part was refused. */
  readonly partial?: true
  /** Sent as plain text instead of a JSON body. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** How the store behaves where the documentation is silent or the platform is known to differ. */
export interface Settings {
  /** Time until a stock change shows, ms. */
  readonly stockDelayMs: number
  /** A stock change counts as a change of its product. */
  readonly stockTouchesProduct: boolean
  /** `PUT /v3/catalog/variants` saves the good rows of a batch that holds bad ones. */
  readonly partialVariantBatch: boolean
  /** With options or modifiers included, `total_pages` is reckoned from the limit that was asked for, not from the 10 rows given. */
  readonly wrongTotalPages: boolean
  /** A `limit` above the maximum: served as the maximum, or refused with 413. */
  readonly overLimit: 'clamp' | 'refuse'
  /** Time that each request takes, ms. */
  readonly latencyMs: number
}

export const DEFAULT_SETTINGS: Settings = {
  stockDelayMs: 500,
  stockTouchesProduct: true,
  partialVariantBatch: false,
  wrongTotalPages: false,
  overLimit: 'clamp',
  latencyMs: 0,
}
