import type { HttpRequest } from '../../src/sources/index.ts'

/** What lies behind an address. */
export interface Page {
  readonly status?: number
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** A web of a few pages in memory, which says no more than it is told to. */
export interface Web {
  readonly pages: Map<string, Page>
  /** Every request: the address, and its conditions. */
  readonly asked: string[]
  readonly request: HttpRequest
  /** Bytes that were sent. */
  sent: number
}

export const openWeb = (): Web => {
  const pages = new Map<string, Page>()
  const asked: string[] = []
  const web: Web = {
    pages,
    asked,
    sent: 0,
    request: async (url, { method, headers }) => {
      const condition = headers['if-none-match'] ?? headers['if-modified-since']
      asked.push(`${url}${condition === undefined ? '' : ` unless ${condition}`}`)
      const page = pages.get(url)
      if (!page) throw new Error('connect ECONNREFUSED')
      const told = new Map(Object.entries(page.headers ?? {}))
      const isSame = condition !== undefined && [told.get('etag'), told.get('last-modified')].includes(condition)
      const status = isSame ? 304 : (page.status ?? 200)
      const body = status === 200 && method === 'GET' ? (page.bytes ?? new Uint8Array()) : null
      web.sent += body?.length ?? 0
      return {
        status,
        headers: { get: (name) => told.get(name) ?? null },
        body:
          body &&
          (async function* () {
            yield body
          })(),
        discard: async () => undefined,
      }
    },
  }
  return web
}

/** A file that is told to be a PNG by its first bytes. */
export const png = (text: string): Uint8Array =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.from(text)])
