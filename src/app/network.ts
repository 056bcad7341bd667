import type { Fetch } from '../store/index.ts'

/** The network, through undici; loaded by the first request, because most commands make none. */
export const systemFetch: Fetch = async (url, init) => {
  const { fetch } = await import('undici')
  return (fetch as unknown as Fetch)(url, init)
}
