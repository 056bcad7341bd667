/** One request. One to an address that must not be connected to fails before anything is sent. */
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
