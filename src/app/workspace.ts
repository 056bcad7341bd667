import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Context, DEFAULT_LOCATION, migrationSync, type StoreSide } from '../engine/index.ts'
import {
  type Copies,
  copyMirror,
  type Holder,
  lockHolder,
  lockWhenFree,
  type Mirror,
  type MirrorOptions,
  OlderMirrorError,
  openMirror,
  openScratch,
  shakyPlace,
  upgradeMirror,
} from '../mirror/index.ts'
import {
  type Catalog,
  type Clock,
  isoTime,
  MirrorError,
  type OnProgress,
  olderCatalog,
  type Random,
  type Source,
  type SyncSpec,
  UsageError,
} from '../model/index.ts'
import { catalog as everything } from '../resources/index.ts'
import { type HttpRequest, nearest, pictureFiles, webPictures } from '../sources/index.ts'
import { type Fetch, openStore, type Store, type StoreOptions } from '../store/index.ts'
import { derivedSyncs } from './derived-syncs.ts'
import { copyFile, type Surroundings } from './files.ts'
import { systemFetch, systemRequest } from './network.ts'
import { isDatabase, reveal, type Settings, type SourceSettings, type StoreSettings } from './settings/index.ts'
import { openSource, type SourceParts, shareReading } from './sources.ts'
import { storeTable } from './store-table.ts'
import { systemClock, systemRandom } from './system-clock.ts'
import { VERSION } from './version.ts'

export interface WorkspaceOptions {
  readonly signal: AbortSignal
  readonly progress: OnProgress
  readonly clock?: Clock
  readonly random?: Random
  readonly fetch?: Fetch
  /** Requests for the files of sources. */
  readonly request?: HttpRequest
  readonly catalog?: Catalog
  /** How long to wait for a store that another process holds, ms; absent does not wait. */
  readonly waitMs?: number
}

/** The configuration with everything it names within reach; the only place where rooms are put together. */
export interface Workspace {
  readonly settings: Settings
  readonly context: Context
  /** The same for work on one store: with what that one can be asked for. */
  contextOf(store: string): Context
  readonly fetch: Fetch
  /** What sources need of the world. */
  readonly around: Surroundings
  /** A store for writing: locked, mirror open, API ready. Everything is closed when the work ends. */
  withStore<T>(name: string, work: string, use: (side: StoreSide) => Promise<T>, options?: StoreUse): Promise<T>
  /** A store's API alone, to look at it without its lock or its mirror. */
  withApi<T>(name: string, use: (store: Store) => Promise<T>): Promise<T>
  /** A store's lock alone, for work on the file of its mirror. */
  withLock<T>(name: string, work: string, use: (file: LockedFile) => Promise<T>): Promise<T>
  /** A store's mirror for reading, without its lock. */
  withMirror<T>(name: string, use: (mirror: Mirror) => Promise<T> | T): Promise<T>
  /** An empty mirror that leaves nothing behind. */
  withScratch<T>(use: (mirror: Mirror) => Promise<T>): Promise<T>
  /** A copy of a store's mirror to try things on, and a folder beside it; both are gone afterwards. */
  withCopy<T>(store: string, use: (mirror: Mirror, folder: string) => Promise<T>): Promise<T>
  hasMirror(store: string): boolean
  place(store: string): MirrorPlace
  /** With `folder`, the file of that folder which has the source's own name; a database then keeps nothing that is written. */
  source(spec: SyncSpec, folder?: string): Source
  /** The sources of a sync and of those that derive from it, over one reading, which is kept until the work ends. */
  withSources<T>(spec: SyncSpec, use: (sourceOf: (spec: SyncSpec) => Source) => Promise<T>): Promise<T>
  /** Puts a copy of a source's file into a folder, where `source` finds it; a database needs none. */
  copySource(spec: SyncSpec, folder: string): Promise<void>
  sync(name: string): SyncSpec
  /** What a sync of the configuration brings with it: syncs that make the names in its cells, and that keep the parts of its rows. */
  derivedSyncs(spec: SyncSpec): readonly SyncSpec[]
  holder(store: string): Holder | null
}

/** Where a store's mirror lies, and what goes with its file. */
export interface MirrorPlace {
  readonly path: string
  /** Folder of the control tables' migrations. */
  readonly migrations: string
  readonly copies: Copies
}

/** The file of a mirror, for whoever holds the store's lock. */
export interface LockedFile extends MirrorPlace {
  /** Brings it up to date, and opens it for writing; the caller closes it. */
  open(): Promise<Mirror>
}

export interface StoreUse {
  /** Leaves nothing of the quota to other apps. */
  readonly wholeQuota?: boolean
}

export const openWorkspace = (settings: Settings, options: WorkspaceOptions): Workspace => {
  const catalog = options.catalog ?? everything
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const fetch = options.fetch ?? systemFetch
  const around: Surroundings = {
    dir: settings.dir,
    clock,
    signal: options.signal,
    request: options.request ?? systemRequest,
  }
  const pictures = { files: pictureFiles(settings.dir), web: webPictures(around) }
  const context: Context = { catalog, clock, random, signal: options.signal, progress: options.progress, tool: VERSION }
  const storeOf = (name: string): StoreSettings =>
    settings.stores[name] ?? unknown('store', name, Object.keys(settings.stores))
  const sourceOf = (spec: SyncSpec): SourceSettings =>
    settings.sources[spec.source] ?? unknown('source', spec.source, Object.keys(settings.sources))
  const placeOf = ({ name, mirror }: StoreSettings): MirrorPlace => ({
    path: mirror,
    migrations: MIGRATIONS,
    copies: { folder: join(settings.dir, '.skiff', 'backups'), store: name },
  })
  const holderOf = (work: string): Holder => ({ pid: process.pid, host: hostname(), since: isoTime(clock.now()), work })
  const locked = async <T>(store: StoreSettings, work: string, use: (file: LockedFile) => Promise<T>): Promise<T> => {
    const holder = holderOf(work)
    const place = placeOf(store)
    const lock = await lockWhenFree(store.mirror, holder, {
      waitMs: options.waitMs ?? 0,
      clock,
      signal: options.signal,
      tell: (text) => options.progress({ kind: 'warning', text: `${store.name}: ${text}` }),
    })
    const upgrade = async (): Promise<void> => {
      const copy = await upgradeMirror(place, clock.now())
      if (copy === null) return
      const text = `${store.name}: the mirror was brought up to date; ${copy} holds it as it was`
      options.progress({ kind: 'step', text })
    }
    const open = () => openUpToDate({ ...place, catalog, writer: holder }, upgrade)
    try {
      return await use({ ...place, open })
    } finally {
      lock.release()
    }
  }

  const partsOf = (spec: SyncSpec, copy?: string): SourceParts => ({
    settings: sourceOf(spec),
    catalog,
    place: { ...around, copy },
    tables: (spec.tables ?? []).flatMap((name) => settings.tables[name] ?? []),
    ofStore: storeTable(catalog, spec.store, withMirror),
  })

  const apiOf = (store: StoreSettings, auth: StoreOptions['auth']): Store =>
    openStore(
      { hash: store.hash, origin: store.origin, auth, quotaShare: store.quotaShare },
      { clock, random, fetch, signal: options.signal },
    )

  const withMirror: Workspace['withMirror'] = async (name, use) => {
    const store = storeOf(name)
    if (!existsSync(store.mirror)) {
      throw new MirrorError(`store ${name} has no mirror yet`, {
        where: store.mirror,
        hint: `run \`skiff pull ${name}\` first`,
      })
    }
    const mirror = await openUpToDate({ ...placeOf(store), catalog }, () =>
      locked(store, 'bringing the mirror up to date', async ({ open }) => (await open()).close()),
    )
    try {
      return await use(mirror)
    } finally {
      mirror.close()
    }
  }

  return {
    settings,
    context,
    contextOf: (name) => ('basic' in storeOf(name).auth ? { ...context, catalog: olderCatalog(catalog) } : context),
    fetch,
    around,
    withStore: async (name, work, use, { wholeQuota = false } = {}) => {
      const store = storeOf(name)
      const auth = credentials(store)
      return locked(store, work, async ({ path, open }) => {
        const shaky = shakyPlace(path)
        if (shaky !== null) options.progress({ kind: 'warning', text: `the mirror of ${name} is not safe: ${shaky}` })
        const mirror = await open()
        const api = apiOf(wholeQuota ? { ...store, quotaShare: 1 } : store, auth)
        try {
          return await use(sideOf(store, api, mirror, pictures))
        } finally {
          await api.close()
          mirror.close()
        }
      })
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
    withLock: (name, work, use) => locked(storeOf(name), work, use),
    withMirror,
    withScratch: async (use) => {
      const mirror = openScratch({ catalog, migrations: MIGRATIONS })
      try {
        return await use(mirror)
      } finally {
        mirror.close()
      }
    },
    withCopy: async (name, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'skiff-copy-'))
      try {
        const { path } = await copyMirror(storeOf(name).mirror, join(folder, 'mirror.db'))
        const mirror = openMirror({ path, catalog, migrations: MIGRATIONS, writer: holderOf('a rehearsal') })
        try {
          return await use(mirror, folder)
        } finally {
          mirror.close()
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    hasMirror: (name) => existsSync(storeOf(name).mirror),
    place: (name) => placeOf(storeOf(name)),
    source: (spec, copy) => migrationSync(catalog, spec.name)?.source ?? openSource(spec, partsOf(spec, copy)),
    withSources: async (spec, use) => {
      const isAlone = !spec.partOf && !derivedSyncs(catalog, spec).length
      const shared = isAlone ? undefined : shareReading(spec, partsOf(spec))
      try {
        return await use((one) => openSource(one, partsOf(one), shared))
      } finally {
        await shared?.forget()
      }
    },
    copySource: async (spec, folder) => {
      const source = sourceOf(spec)
      if (!isDatabase(source)) await copyFile(source, folder, around)
    },
    sync: (name) =>
      settings.syncs.find((one) => one.name === name) ??
      settings.syncs.flatMap((one) => derivedSyncs(catalog, one)).find((one) => one.name === name) ??
      migrationSync(catalog, name)?.spec ??
      unknown(
        'sync',
        name,
        settings.syncs.map((one) => one.name),
      ),
    derivedSyncs: (spec) => derivedSyncs(catalog, spec),
    holder: (name) => lockHolder(storeOf(name).mirror),
  }
}

/** Folder of the migrations: beside `src` and beside `dist` alike. */
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** How long a request may still be carried out after nobody waits for its answer any more, ms. */
const LATE_APPLY_MS = 75_000

const sideOf = (
  store: StoreSettings,
  api: StoreSide['store'],
  mirror: Mirror,
  pictures: Pick<StoreSide, 'files' | 'web'>,
): StoreSide => ({
  name: store.name,
  hash: store.hash,
  store: api,
  mirror,
  ...pictures,
  resources: store.resources,
  location: store.location ?? DEFAULT_LOCATION,
  fullMs: store.fullMs,
  soleToChild: store.simplePrices === 'variant',
  horizonMs: store.settleMs ?? LATE_APPLY_MS,
  settleMs: store.settleMs,
})

const openUpToDate = async (options: MirrorOptions, upgrade: () => Promise<void>): Promise<Mirror> => {
  try {
    return openMirror(options)
  } catch (error) {
    if (!(error instanceof OlderMirrorError)) throw error
    await upgrade()
    return openMirror(options)
  }
}

const credentials = ({ auth }: StoreSettings) =>
  'basic' in auth
    ? { basic: { user: auth.basic.user, token: reveal(auth.basic.token) } }
    : { accessToken: reveal(auth.accessToken) }

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
