import { UsageError } from '../model/index.ts'
import type { StoreOptions } from './types.ts'

export interface Address {
  /** What its requests count for: the store, or the legacy account of it. */
  readonly limit: string
  /** Headers that every request carries, the credentials among them. */
  readonly headers: Readonly<Record<string, string>>
  /** @throws {UsageError} for a path of neither v2 nor v3, and for v3 on a store that is reached with Basic auth. */
  url(path: string): string
  /** The text with the store's secrets struck out. */
  redact(text: string): string
}

/**
 * Where a store's requests go. Credentials leave for BigCommerce or for this machine, and for nowhere else
 * (docs/bigcommerce.md, Transport).
 * @throws {UsageError} for any other origin, and for a hash or credentials that cannot be real.
 */
export const addressOf = ({ hash, origin, auth }: StoreOptions): Address => {
  if (!/^\w[\w-]*$/.test(hash)) {
    throw new UsageError('store hash is not one: letters and digits expected', { hint: HASH_HINT })
  }
  const basic = 'basic' in auth
  const root = checkedOrigin(origin, basic ? `https://store-${hash}.mybigcommerce.com` : 'https://api.bigcommerce.com')
  const secret = basic ? Buffer.from(`${auth.basic.user}:${auth.basic.token}`).toString('base64') : auth.accessToken
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new UsageError('access token is empty or holds characters that no token has', { hint: 'Copy it again.' })
  }
  const secrets = basic ? [secret, auth.basic.token] : [secret]
  return {
    limit: `${root} ${hash}${basic ? ` ${auth.basic.user}` : ''}`,
    headers: { ...COMMON_HEADERS, ...(basic ? { authorization: `Basic ${secret}` } : { 'x-auth-token': secret }) },
    url: (path) => {
      if (!/^\/v[23]\//.test(path)) throw new UsageError(`${path} is no path of the API`, { hint: PATH_HINT })
      return `${root}${basic ? basicPath(path) : `/stores/${hash}${path}`}`
    },
    redact: (text) => secrets.reduce((clean, one) => (one ? clean.replaceAll(one, '***') : clean), text),
  }
}

const HASH_HINT = 'It is the part of the API path after /stores/.'

const PATH_HINT = 'Paths start with /v2/ or /v3/, such as /v2/time.'

const COMMON_HEADERS = { accept: 'application/json', 'user-agent': 'skiff-sync' }

const checkedOrigin = (origin: string, home: string): string => {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  const bare = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (bare && (url.origin === home || isLoopback(url))) return url.origin
  throw new UsageError(`${url ? url.origin : 'origin'} is not a place to send credentials to`, {
    hint: `Use ${home}, or a loopback address for an emulator.`,
  })
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  (protocol === 'http:' || protocol === 'https:') &&
  (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname))

const basicPath = (path: string): string => {
  if (path.startsWith('/v2/')) return `/api${path}`
  throw new UsageError(`${path} needs an access token`, {
    hint: 'Basic auth reaches v2 of the API only; make an API account with an access token.',
  })
}
