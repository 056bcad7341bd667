import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { fetch as undiciFetch } from 'undici'
import { fieldsOf, targetOf } from '../diff/index.ts'
import { type Context, DEFAULT_LOCATION, type StoreSide } from '../engine/index.ts'
import { type Holder, lockHolder, lockStore, type Mirror, openMirror } from '../mirror/index.ts'
import {
  type Catalog,
  type Clock,
  isoTime,
  MirrorError,
  type OnProgress,
  type Random,
  type Source,
  type SyncSpec,
  UsageError,
} from '../model/index.ts'
import { catalog as everything } from '../resources/index.ts'
import { compileMapping, nearest, openCsvSource } from '../sources/index.ts'
import { type Fetch, openStore, type Store, type StoreOptions } from '../store/index.ts'
import { reveal, type Settings, type StoreSettings } from './settings/index.ts'
import { systemClock, systemRandom } from './system-clock.ts'
import { VERSION } from './version.ts'

export interface WorkspaceOptions {
  readonly signal: AbortSignal
  readonly progress: OnProgress
  readonly clock?: Clock
  readonly random?: Random
  readonly fetch?: Fetch
  readonly catalog?: Catalog
}

/** The configuration with everything it names within reach; the only place where rooms are put together. */
export interface Workspace {
  readonly settings: Settings
  readonly context: Context
  readonly fetch: Fetch
  /** A store for writing: locked, mirror open, API ready. Everything is closed when the work ends. */
  withStore<T>(name: string, work: string, use: (side: StoreSide) => Promise<T>, options?: StoreUse): Promise<T>
  /** A store's API alone, to look at it without its lock or its mirror. */
  withApi<T>(name: string, use: (store: Store) => Promise<T>): Promise<T>
  /** A store's mirror for reading, without its lock. */
  withMirror<T>(name: string, use: (mirror: Mirror) => Promise<T> | T): Promise<T>
  hasMirror(store: string): boolean
  source(spec: SyncSpec): Source
  sync(name: string): SyncSpec
  holder(store: string): Holder | null
}

export interface StoreUse {
  /** Leaves nothing of the quota to other apps. */
  readonly wholeQuota?: boolean
}

export const openWorkspace = (settings: Settings, options: WorkspaceOptions): Workspace => {
  const catalog = options.catalog ?? everything
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const fetch = options.fetch ?? (undiciFetch as unknown as Fetch)
  const context: Context = { catalog, clock, random, signal: options.signal, progress: options.progress, tool: VERSION }
  const storeOf = (name: string): StoreSettings =>
    settings.stores[name] ?? unknown('store', name, Object.keys(settings.stores))
  const mirrorOf = (store: StoreSettings): Mirror => openMirror({ path: store.mirror, catalog, migrations: MIGRATIONS })

  const apiOf = (store: StoreSettings, auth: StoreOptions['auth']): Store =>
    openStore(
      { hash: store.hash, origin: store.origin, auth, quotaShare: store.quotaShare },
      { clock, random, fetch, signal: options.signal },
    )

  return {
    settings,
    context,
    fetch,
    withStore: async (name, work, use, { wholeQuota = false } = {}) => {
      const store = storeOf(name)
      const auth = credentials(store)
      const lock = lockStore(store.mirror, { pid: process.pid, host: hostname(), since: isoTime(clock.now()), work })
      try {
        const mirror = mirrorOf(store)
        const api = apiOf(wholeQuota ? { ...store, quotaShare: 1 } : store, auth)
        try {
          return await use(sideOf(store, api, mirror))
        } finally {
          await api.close()
          mirror.close()
        }
      } finally {
        lock.release()
      }
    },
    withApi: async (name, use) => {
      const store = storeOf(name)
      const api = apiOf(store, credentials(store))
      try {
        return await use(api)
      } finally {
        await api.close()
      }
    },
    withMirror: async (name, use) => {
      const store = storeOf(name)
      if (!existsSync(store.mirror)) {
        throw new MirrorError(`store ${name} has no mirror yet`, {
          where: store.mirror,
          hint: `run \`skiff pull ${name}\` first`,
        })
      }
      const mirror = mirrorOf(store)
      try {
        return await use(mirror)
      } finally {
        mirror.close()
      }
    },
    hasMirror: (name) => existsSync(storeOf(name).mirror),
    source: (spec) => sourceOf(settings, catalog, spec),
    sync: (name) =>
      settings.syncs.find((one) => one.name === name) ??
      unknown(
        'sync',
        name,
        settings.syncs.map((one) => one.name),
      ),
    holder: (name) => lockHolder(storeOf(name).mirror),
  }
}

/** Folder of the migrations: beside `src` and beside `dist` alike. */
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** How long a request may still be carried out after nobody waits for its answer any more, ms. */
const LATE_APPLY_MS = 75_000

const sideOf = (store: StoreSettings, api: StoreSide['store'], mirror: Mirror): StoreSide => ({
  name: store.name,
  hash: store.hash,
  store: api,
  mirror,
  resources: store.resources,
  location: store.location ?? DEFAULT_LOCATION,
  soleToChild: store.simplePrices === 'variant',
  horizonMs: store.settleMs ?? LATE_APPLY_MS,
  settleMs: store.settleMs,
})

const credentials = ({ auth }: StoreSettings) =>
  'basic' in auth
    ? { basic: { user: auth.basic.user, token: reveal(auth.basic.token) } }
    : { accessToken: reveal(auth.accessToken) }

const sourceOf = (settings: Settings, catalog: Catalog, spec: SyncSpec): Source => {
  const source = settings.sources[spec.source] ?? unknown('source', spec.source, Object.keys(settings.sources))
  const mapping = compileMapping({
    key: spec.key,
    fields: spec.fields,
    targetFields: fieldsOf(targetOf(catalog, spec.resource)),
  })
  const { name, path, type: _type, write, ...options } = source
  return openCsvSource({ name, path, folder: settings.dir, options, mapping, writable: write })
}

const unknown = (kind: string, name: string, known: readonly string[]): never => {
  const close = nearest(name, known)
  throw new UsageError(`there is no ${kind} called ${JSON.stringify(name)}`, {
    hint: close
      ? `did you mean ${close}?`
      : known.length
        ? `known: ${known.join(', ')}`
        : `the config names no ${kind}`,
  })
}
