import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { configHash, loadSettings, openWorkspace, type Workspace } from '../../src/app/index.ts'
import { type Allowed, parseAllow } from '../../src/diff/index.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.ts'
import { plan, pull, push, withRun } from '../../src/engine/index.ts'
import type { Catalog, PlanReport, Progress, PullReport, PushReport } from '../../src/model/index.ts'
import { seeded } from '../../src/model/index.ts'
import { catalog as everything } from '../../src/resources/index.ts'
import type { HttpRequest } from '../../src/sources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { judgeRequests } from './openapi.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

export interface Shop {
  readonly dir: string
  readonly clock: VirtualClock
  readonly emulator: Emulator
  readonly workspace: Workspace
  readonly progress: Progress[]
  readonly stop: AbortController
  /** Writes the feed that the sync reads. */
  feed(rows: readonly (readonly (string | number)[])[]): void
  pull(options?: { full?: boolean; only?: string[] }): Promise<PullReport>
  plan(options?: {
    sync?: string
    allow?: string[]
    automatic?: boolean
    only?: string[]
    compareAll?: boolean
  }): Promise<PlanReport>
  push(planId: string, options?: { sync?: string; allow?: string[]; only?: string[] }): Promise<PushReport>
  rows(sql: string): Record<string, unknown>[]
  close(): void
}

export interface ShopOptions {
  readonly emulator?: Partial<EmulatorOptions>
  readonly catalog?: Catalog
  readonly store?: object
  readonly sources?: object
  readonly tables?: object
  readonly syncs?: object
  readonly fetch?: (inner: Fetch) => Fetch
  /** The web that sources and pictures lie in. */
  readonly request?: HttpRequest
  /** Secret behind SHOP_TOKEN; the emulator's access token when absent. */
  readonly token?: string
}

/** A store, its mirror and a feed in a folder of their own; in memory but for the two files, on virtual time. */
export const openShop = (options: ShopOptions = {}): Shop => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-shop-'))
  const clock = virtualClock()
  const catalog = options.catalog ?? everything
  const emulator = createEmulator({ catalog, clock, products: 60, ...options.emulator })
  const file = join(dir, 'sync.config.json')
  writeFileSync(
    file,
    JSON.stringify({
      stores: {
        main: {
          hash: emulator.storeHash,
          accessToken: 'env:SHOP_TOKEN',
          api: 'http://127.0.0.1:1',
          resources: ['products', 'variants', 'categories', 'brands', 'orders'],
          ...options.store,
        },
      },
      sources: options.sources ?? { feed: { type: 'csv', path: 'feed.csv' } },
      ...(options.tables ? { tables: options.tables } : {}),
      syncs: options.syncs ?? {
        prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: { price: 'price' } },
      },
    }),
  )
  const settings = loadSettings(file, { SHOP_TOKEN: options.token ?? emulator.accessToken }, catalog)
  const progress: Progress[] = []
  const stop = new AbortController()
  const inner = emulator.fetch as unknown as Fetch
  const served = (options.fetch ? options.fetch(inner) : inner) as unknown as Emulator['fetch']
  // A resource that the official files do not know cannot be held against them.
  const judged = options.catalog ? { fetch: served, violations: [] } : judgeRequests(served)
  const workspace = openWorkspace(settings, {
    signal: stop.signal,
    progress: (one) => progress.push(one),
    clock,
    random: seeded(7),
    ...(options.request ? { request: options.request } : {}),
    fetch: judged.fetch as unknown as Fetch,
    catalog,
  })
  const context = workspace.contextOf('main')
  // A small shop of which much changes is one of which everything does.
  const allowed = (texts: readonly string[] = []): Allowed =>
    parseAllow(texts.flatMap((text) => (text.startsWith('maxChanges') ? [text, 'allChanged'] : [text])))
  return {
    dir,
    clock,
    emulator,
    workspace,
    progress,
    stop,
    feed: (rows) =>
      writeFileSync(join(dir, 'feed.csv'), `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`),
    pull: (pullOptions = {}) =>
      workspace.withStore('main', 'pull', (side) =>
        withRun(context, side, 'pull', 'main', (run) => pull(context, side, pullOptions, run)),
      ),
    plan: ({ sync = 'prices', allow, automatic = false, only, compareAll = false } = {}) =>
      workspace.withStore('main', 'plan', (side) => {
        const spec = workspace.sync(sync)
        const planOptions = {
          allowed: allowed(allow),
          automatic,
          staleOk: false,
          only: only ?? null,
          configHash: configHash(settings, spec),
          compareAll,
        }
        return withRun(workspace.context, side, 'plan', sync, (run) =>
          plan(workspace.context, side, spec, workspace.source(spec), planOptions, run),
        )
      }),
    push: (planId, { sync = 'prices', allow, only } = {}) =>
      workspace.withStore('main', 'push', (side) => {
        const spec = workspace.sync(sync)
        const pushOptions = {
          approvedBy: 'test',
          allowed: allowed(allow),
          only: only ?? null,
          source: workspace.source(spec),
          configHash: configHash(settings, spec),
        }
        return withRun(workspace.context, side, 'push', planId, (run) =>
          push(workspace.context, side, spec, planId, pushOptions, run),
        )
      }),
    rows: (sql) => readRows(settings.stores['main']?.mirror ?? '', sql),
    close: () => {
      rmSync(dir, { recursive: true, force: true })
      expect(judged.violations, 'requests that the official description does not allow').toEqual([])
    },
  }
}

const quoted = (cell: string | number): string => {
  const text = String(cell)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const readRows = (path: string, sql: string): Record<string, unknown>[] => {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    db.close()
  }
}
