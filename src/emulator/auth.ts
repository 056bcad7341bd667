import { problem, refuse, v2Error } from './answers.ts'
import type { Answer, Endpoint } from './types.ts'

export interface Credentials {
  readonly storeHash: string
  readonly accessToken: string
  /** OAuth scopes that the token holds. */
  readonly scopes: readonly string[]
  readonly otherToken: string | undefined
  /** Basic auth on `/api/v2`; absent means that the store has no such account. */
  readonly legacy: { readonly user: string; readonly token: string } | undefined
}

export interface Caller {
  readonly who: 'client' | 'other'
  readonly legacy: boolean
  /** Below the store's root: `/v3/catalog/products`. */
  readonly path: string
}

/**
 * Who asks, and for what path below the store's root.
 * @throws {Refusal} 401 in its three forms, 403 for another store's hash, 404 outside the API (docs/bigcommerce.md, Authentication).
 */
export const authenticate = (pathname: string, headers: Headers, credentials: Credentials): Caller => {
  const legacy = /^\/api(\/v2\/.+)$/.exec(pathname)?.[1]
  if (legacy) return basic(legacy.replace(/\.json$/, ''), headers, credentials)
  const [, hash, path] = /^\/stores\/([^/]+)(\/v[23]\/.+)$/.exec(pathname) ?? []
  if (!hash || !path) return refuse(noRoute(pathname))
  const token = headers.get('x-auth-token')
  if (!token) return refuse({ status: 401, text: 'X-Auth-Token header is required' })
  if (!/^[A-Za-z0-9]{20,}$/.test(token)) {
    return refuse({ status: 401, text: 'X-Auth-Token header should have correct format' })
  }
  const who = token === credentials.accessToken ? 'client' : token === credentials.otherToken ? 'other' : undefined
  if (!who) return refuse(problem(401, 'Unauthorized'))
  if (hash !== credentials.storeHash) return refuse(forbidden(path))
  return { who, legacy: false, path }
}

/** @throws {Refusal} 403 when the token's scopes do not cover the endpoint. */
export const checkScope = ({ scope, method }: Endpoint, path: string, held: readonly string[]): void => {
  const enough = method === 'GET' ? [scope, readOnlyForm(scope)] : [scope]
  if (!enough.some((one) => held.includes(one))) refuse(forbidden(path))
}

export const noRoute = (path: string): Answer =>
  isV2(path)
    ? v2Error(404, 'The requested resource was not found.')
    : problem(404, 'The route is not found, check the URL')

export const isV2 = (path: string): boolean => path.startsWith('/v2/')

const readOnlyForm = (scope: string): string => `${scope.replace(/_manage$/, '')}_read_only`

const forbidden = (path: string): Answer => {
  const text = "You don't have a required scope to access the endpoint"
  return isV2(path) ? v2Error(403, text) : problem(403, text)
}

const basic = (path: string, headers: Headers, { legacy }: Credentials): Caller => {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(headers.get('authorization') ?? '') ?? []
  if (!legacy || atob(encoded) !== `${legacy.user}:${legacy.token}`) {
    return refuse(v2Error(401, 'No credentials were supplied in the request.'))
  }
  return { who: 'client', legacy: true, path }
}
