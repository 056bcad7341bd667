import type { Endpoint, Method } from './types.ts'

export type Match =
  | { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }
  | { readonly allowed: readonly Method[] }
  | undefined

/** Finds the endpoint of a request; `allowed` tells that only other methods exist there. A literal segment wins over a parameter. */
export const createRouter = (endpoints: readonly Endpoint[]): ((method: string, path: string) => Match) => {
  const routes = endpoints
    .map((endpoint) => ({ endpoint, segments: endpoint.path.split('/') }))
    .sort((a, b) => (rank(a.segments) < rank(b.segments) ? -1 : 1))
  return (method, path) => {
    const segments = path.split('/')
    const there = routes.filter((route) => fits(route.segments, segments))
    const best = there[0]
    if (!best) return undefined
    const samePath = there.filter((route) => rank(route.segments) === rank(best.segments))
    const found = samePath.find(({ endpoint }) => endpoint.method === method)
    if (!found) return { allowed: samePath.map(({ endpoint }) => endpoint.method) }
    return { endpoint: found.endpoint, params: paramsOf(found.segments, segments) }
  }
}

// Literals sort before parameters, segment by segment from the left.
const rank = (segments: readonly string[]): string => segments.map((one) => (one.startsWith(':') ? '1' : '0')).join('')

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((one, place) => (one.startsWith(':') ? segments[place] !== '' : one === segments[place]))

const paramsOf = (pattern: readonly string[], segments: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pattern.flatMap((one, place) =>
      one.startsWith(':') ? [[one.slice(1), decodeURIComponent(segments[place] ?? '')]] : [],
    ),
  )
