import type { Body, Embedded, Requests, Resource, Route, SkiffError, Values } from '../model/index.ts'
import type { Latency } from './trips.ts'

/** What a request is for: counted apart, because only reading and writing are the work itself. */
export type Purpose = keyof Requests

export interface PageRequest {
  /** Of a listing `per` something: the key of the row whose list is meant. */
  readonly of?: number
  /** Keyset paging: the last key seen; rows beyond it are asked for. */
  readonly after?: number
  /** Keys up to this one; only with a listing that can be bounded. */
  readonly upTo?: number
  /** The rows changed last come first, instead of in the order of their keys. */
  readonly newest?: true
  /** Cursor paging: where the last page said that it ended. */
  readonly cursor?: string
  /** Page-number paging, from 1. */
  readonly page?: number
  /** Rows changed at or after this moment, UTC ISO-8601. */
  readonly since?: string
  /** Only rows with these keys, through the listing's `ids` parameter; the caller keeps to one page of them. */
  readonly ids?: readonly number[]
  /** Children to bring along. */
  readonly include?: readonly Embedded[]
  /** Fields to narrow the answer to (API names); the whole rows come where the listing cannot narrow. */
  readonly only?: readonly string[]
  /** Rows a page; the listing's page size, or the smallest of the includes, when absent. */
  readonly limit?: number
  readonly purpose?: Purpose
}

export interface Page {
  /** Elements of the answer, unparsed. */
  readonly bodies: readonly Body[]
  /** Each element as it was written; absent where the answer does not begin with the list. */
  readonly texts?: readonly string[]
  /** How many rows match in all, where the store tells it with the page. */
  readonly total: number | null
  /** No further page follows. */
  readonly last: boolean
  /** Cursor paging: where this page ended, to be asked on from. */
  readonly cursor?: string
  /** `Date` of the answer, UTC ISO-8601; null when the header is missing. */
  readonly serverTime: string | null
}

/** One row of a write: what names it, and what it sets (canonical values by field name of the resource). */
export interface WriteRow {
  readonly id: Values
  readonly set: Values
  /** What the row holds beside, for a route that clears what is left out. */
  readonly along?: Values
  /** What rides inside beside its fields, as it is sent, by its name in the body. */
  readonly nested?: Body
  /** A file that goes along; the request is a form then. */
  readonly upload?: Upload
}

/** A file as a field of a form. */
export interface Upload {
  readonly field: string
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * What became of one write request. Retries that are safe have already happened.
 * - `yes`: carried out; `echo` holds the saved rows in the order of the answer, or null where the route has no echo.
 * - `partial`: a 207; rows in `echo` were saved but a side part failed, `message` says which.
 * - `no`: refused, nothing was carried out; `rows` names the refused rows by index where the answer tells.
 * - `not-sent`: it never left (no connection, quota not coming back, aborted while waiting).
 * - `held-back`: its turn came, and `isTimely` said no.
 * - `unknown`: it left, and nothing tells what became of it.
 */
export type Outcome =
  | { readonly kind: 'yes'; readonly status: number; readonly echo: readonly Body[] | null }
  | { readonly kind: 'partial'; readonly status: number; readonly echo: readonly Body[]; readonly message: string }
  | Refusal
  | { readonly kind: 'not-sent'; readonly error: SkiffError }
  | {
      readonly kind: 'held-back'
      /** What the store said to an earlier try of the same request; null where it was the first. */
      readonly refusal: Refusal | null
    }
  | { readonly kind: 'unknown'; readonly error: SkiffError }

interface Refusal {
  readonly kind: 'no'
  readonly status: number
  readonly error: SkiffError
  readonly rows: ReadonlyMap<number, string>
}

/** Quota as the last answers told it; nulls while no answer carried the headers. */
export interface Quota {
  /** Requests a window. */
  readonly quota: number | null
  readonly left: number | null
  readonly windowMs: number | null
  readonly resetMs: number | null
}

export interface StoreOptions {
  readonly hash: string
  /**
   * `https://api.bigcommerce.com`, or a loopback origin. With Basic auth, which reaches v2 only, the store's own host instead:
   * `https://store-HASH.mybigcommerce.com`.
   */
  readonly origin: string
  readonly auth:
    | { readonly accessToken: string }
    | { readonly basic: { readonly user: string; readonly token: string } }
  /** Share of the quota that Skiff may use, above 0 and up to 1. */
  readonly quotaShare: number
  /** Longest time for one request from first byte sent to last byte read, ms. */
  readonly timeoutMs?: number
}

/** A BigCommerce store reached over HTTP; it knows definitions, and no resource by name. */
export interface Store {
  /** One page of a listing. @throws {SkiffError} typed by what went wrong, after the retries that help. */
  page(resource: Resource, request: PageRequest): Promise<Page>
  /** How many rows there are (with the same filters); null where the API does not tell. */
  total(resource: Resource, request?: Pick<PageRequest, 'of' | 'since' | 'purpose'>): Promise<number | null>
  /**
   * Carries out one write request of at most `route.batch` rows. Never throws for what the store answers.
   * @param isTimely asked right before it leaves, after all waiting; a no holds it back
   * @throws {UsageError} before anything is sent, when the rows do not fit the route
   */
  send(resource: Resource, route: Route, rows: readonly WriteRow[], isTimely?: () => boolean): Promise<Outcome>
  /** GET of any path under the store's root, parsed JSON (null on 204), for probes. */
  get(path: string, purpose?: Purpose): Promise<unknown>
  /** Requests made since it was opened. */
  requests(): Requests
  quota(): Quota
  /** Share of the quota that may be used. */
  readonly quotaShare: number
  /** Round trips since it was opened; null before the first answer. */
  latency(): Latency | null
  /** Milliseconds that this many further requests will take at the present pace; null while unknown. */
  eta(requests: number): number | null
  /**
   * Resolves when the requests in flight are answered. Those that still wait for their turn, and all later ones, do not leave:
   * reads throw an `InterruptedError`, writes are `not-sent`.
   */
  close(): Promise<void>
}
