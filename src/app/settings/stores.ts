import { resolve } from 'node:path'
import { type Catalog, olderCatalog } from '../../model/index.ts'
import { isLoopback } from './loopback.ts'
import type { Reading } from './reading.ts'
import type { RawStore } from './schema.ts'
import { secretOf } from './secret-reference.ts'
import type { StoreSettings } from './types.ts'

/** The store that a section describes; its faults are added to the reading. */
export const readStore = (reading: Reading, name: string, raw: RawStore): StoreSettings => {
  const at = (...path: string[]) => ['stores', name, ...path]
  const hash = hashOf(raw)
  if (raw.auth ? raw.accessToken !== undefined : raw.accessToken === undefined) {
    reading.add(at(), 'needs one of "accessToken" and "auth".', 'key')
  }
  if (raw.auth && !raw.url) reading.add(at('auth'), 'needs the store’s "url" beside it.', 'key')
  if (raw.url && !raw.auth)
    reading.add(at('url'), 'is for "auth" only; with an access token the API has one address for all stores.', 'key')
  if (raw.url && !isSafe(raw.url)) reading.add(at('url'), 'must begin with https://, or be on this machine.')
  if (!raw.hash && !raw.auth) reading.add(at(), 'needs the store’s "hash".', 'key')
  if (raw.hash && !HASH.test(hash))
    reading.add(at('hash'), 'holds no store hash; it is the part after /stores/ in the API path.')
  if (raw.api && !isLoopback(raw.api))
    reading.add(at('api'), 'must be on this machine (127.0.0.1, ::1 or localhost); access tokens go there.')
  const within = raw.auth ? olderCatalog(reading.catalog) : reading.catalog
  for (const [place, one] of (raw.resources ?? []).entries()) {
    if (!within.resources.has(one))
      reading.add(
        at('resources', String(place)),
        `is not in the older API, the only one that "auth" with "basic" reaches.`,
      )
  }
  if (raw.settleMs !== undefined && !raw.api)
    reading.add(at('settleMs'), 'is for a store with "api" only; BigCommerce takes the time it takes.', 'key')

  const secret = (reference: string, ...path: string[]) =>
    secretOf(reference, `${reading.file}, ${at(...path).join('.')}`, reading.dir, reading.env)
  return {
    name,
    hash,
    origin: originOf(raw),
    auth: raw.auth
      ? { basic: { user: raw.auth.basic.user, token: secret(raw.auth.basic.token, 'auth', 'basic', 'token') } }
      : { accessToken: secret(raw.accessToken ?? '', 'accessToken') },
    quotaShare: raw.quotaShare,
    resources: raw.resources ?? defaultResources(within),
    fullMs: raw.full.ms,
    mirror: resolve(reading.dir, raw.mirror ?? `.skiff/${name}.db`),
    production: raw.production,
    simplePrices: raw.simplePrices,
    location: raw.location ?? null,
    settleMs: raw.settleMs ?? null,
  }
}

const HASH = /^\w+$/

// A legacy store's default address names its hash; its own domain stands for itself.
const hashOf = (raw: RawStore): string => {
  if (raw.hash) return /\/stores\/(\w+)/.exec(raw.hash)?.[1] ?? raw.hash.trim()
  const host = raw.url && URL.canParse(raw.url) ? new URL(raw.url).hostname : ''
  return /^store-(\w+)\.mybigcommerce\.com$/.exec(host)?.[1] ?? host
}

const originOf = (raw: RawStore): string => {
  const address = raw.api ?? raw.url
  return address && URL.canParse(address) ? new URL(address).origin : 'https://api.bigcommerce.com'
}

const isSafe = (address: string): boolean => new URL(address).protocol === 'https:' || isLoopback(address)

// Resources that make every page of their parent small, or take requests of their own, are worth their price only when someone asks
// for them.
const defaultResources = ({ resources }: Catalog): readonly string[] =>
  [...resources.values()]
    .filter(({ api, onDemand }) => !onDemand && api.within?.pageSize === undefined)
    .map(({ name }) => name)
