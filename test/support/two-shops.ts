import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import {
  changesSinceCopy,
  loadSettings,
  migrateStore,
  openWorkspace,
  reconcileStores,
  undoMigration,
  type Workspace,
} from '../../src/app/index.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.ts'
import type { MigrateOptions, ReconcileOptions, UndoMoveOptions } from '../../src/engine/index.ts'
import type {
  Catalog,
  FreezeReport,
  MigrateReport,
  Progress,
  ReconcileReport,
  UndoMoveReport,
} from '../../src/model/index.ts'
import { seeded } from '../../src/model/index.ts'
import { catalog as everything } from '../../src/resources/index.ts'
import type { HttpRequest } from '../../src/sources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { judgeRequests } from './openapi.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

/** An old store and a new one, each with a mirror, in memory but for the files and on virtual time. */
export interface TwoShops {
  readonly dir: string
  readonly clock: VirtualClock
  readonly old: Emulator
  readonly fresh: Emulator
  readonly workspace: Workspace
  readonly progress: Progress[]
  readonly stop: AbortController
  /** A new process on the same files. */
  open(signal?: AbortSignal): Workspace
  migrate(options?: Partial<MigrateOptions>): Promise<MigrateReport>
  reconcile(options?: Partial<ReconcileOptions>): Promise<ReconcileReport>
  undo(options?: Partial<UndoMoveOptions>): Promise<UndoMoveReport>
  freeze(options?: Partial<MigrateOptions>): Promise<FreezeReport>
  /** The same by a new process that nobody has stopped. */
  again(options?: Partial<MigrateOptions> & { readonly allow?: readonly string[] }): Promise<MigrateReport>
  rows(store: 'old' | 'new', sql: string): Record<string, unknown>[]
  close(): void
}

export interface TwoShopsOptions {
  readonly old?: Partial<EmulatorOptions>
  readonly fresh?: Partial<EmulatorOptions>
  readonly resources?: readonly string[]
  readonly sources?: object
  readonly syncs?: object
  /** The old store is reached with a legacy account. */
  readonly older?: true
  readonly fetch?: (inner: Fetch) => Fetch
  readonly catalog?: Catalog
  /** Answers what is asked of the web beside the stores. */
  readonly request?: HttpRequest
  /** False leaves requests unjudged by the official files, which costs time. */
  readonly isJudged?: false
}

export const openTwoShops = (options: TwoShopsOptions = {}): TwoShops => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-two-'))
  const clock = virtualClock()
  const catalog = options.catalog ?? everything
  const old = createEmulator({
    catalog,
    clock,
    products: 40,
    ...(options.older ? { legacy: LEGACY } : {}),
    ...options.old,
  })
  const fresh = createEmulator({
    catalog,
    clock,
    seed: 99,
    products: 0,
    empty: true,
    ...options.fresh,
  } as EmulatorOptions)
  const resources = options.resources ?? ['products', 'variants', 'categories', 'brands']
  const file = join(dir, 'sync.config.json')
  const store = (emulator: Emulator, token: string) => ({
    hash: emulator.storeHash,
    accessToken: `env:${token}`,
    api: 'http://127.0.0.1:1',
    resources,
  })
  writeFileSync(
    file,
    JSON.stringify({
      stores: {
        old: options.older ? olderStore(old, resources) : store(old, 'OLD_TOKEN'),
        new: store(fresh, 'NEW_TOKEN'),
      },
      sources: options.sources ?? {},
      syncs: options.syncs ?? {},
    }),
  )
  const settings = loadSettings(
    file,
    { OLD_TOKEN: options.older ? LEGACY.token : old.accessToken, NEW_TOKEN: fresh.accessToken },
    catalog,
  )
  const progress: Progress[] = []
  const stop = new AbortController()
  const routed = (async (url: string, init: never) =>
    ((isOf(old, String(url)) ? old.fetch : fresh.fetch) as unknown as Fetch)(url, init)) as Fetch
  const served = options.fetch ? options.fetch(routed) : routed
  const plain = served as unknown as Emulator['fetch']
  const judged = options.isJudged === false ? { fetch: plain, violations: [] } : judgeRequests(plain)
  const open = (signal = stop.signal): Workspace =>
    openWorkspace(settings, {
      signal,
      progress: (one) => progress.push(one),
      clock,
      random: seeded(7),
      fetch: judged.fetch as unknown as Fetch,
      catalog,
      ...(options.request ? { request: options.request } : {}),
    })
  const workspace = open()
  return {
    dir,
    clock,
    old,
    fresh,
    workspace,
    progress,
    stop,
    open,
    migrate: (one = {}) => migrateStore(workspace, 'old', 'new', { ...USUAL, ...one }),
    reconcile: (one = {}) => reconcileStores(workspace, 'old', 'new', { ...USUAL, pictures: 5, seed: 1, ...one }),
    undo: (one = {}) =>
      undoMigration(workspace, 'old', 'new', { dry: false, typedStore: 'new', approvedBy: 'test', ...one }),
    freeze: (one = {}) => changesSinceCopy(workspace, 'old', 'new', { ...USUAL, ...one }),
    again: (one = {}) => migrateStore(open(new AbortController().signal), 'old', 'new', { ...USUAL, ...one }),
    rows: (name, sql) => {
      const db = new Database(settings.stores[name]?.mirror ?? '', { readonly: true })
      try {
        return db.prepare(sql).all() as Record<string, unknown>[]
      } finally {
        db.close()
      }
    },
    close: () => {
      rmSync(dir, { recursive: true, force: true })
      expect(judged.violations, 'requests that the official description does not allow').toEqual([])
    },
  }
}

/** As the command line asks for it where nothing else is said. */
export const USUAL: MigrateOptions = {
  existing: null,
  conflict: 'ask',
  approvedBy: 'test',
  since: null,
  names: {},
  only: null,
}

const LEGACY = { user: 'api', token: 'legacyToken0000000000000001' }

const addressOf = ({ storeHash }: Emulator): string => `https://store-${storeHash}.mybigcommerce.com`

const olderStore = (emulator: Emulator, resources: readonly string[]) => ({
  hash: emulator.storeHash,
  auth: { basic: { user: LEGACY.user, token: 'env:OLD_TOKEN' } },
  url: addressOf(emulator),
  resources,
})

const isOf = (emulator: Emulator, url: string): boolean =>
  url.includes(`/${emulator.storeHash}/`) || url.startsWith(addressOf(emulator))
