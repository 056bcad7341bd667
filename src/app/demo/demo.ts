import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEmulator, serve } from '../../emulator/index.ts'
import { runQuery } from '../../mirror/index.ts'
import {
  type Clock,
  type OnProgress,
  type Plan,
  type PlanReport,
  type PullReport,
  type PushReport,
  seeded,
} from '../../model/index.ts'
import { catalog } from '../../resources/index.ts'
import { type Report, runReport } from '../reports.ts'
import { loadSettings } from '../settings/index.ts'
import { systemClock } from '../system-clock.ts'
import { planSync, pullStore, pushPlan } from '../verbs.ts'
import { openWorkspace, type Workspace } from '../workspace.ts'
import { type DemoFeed, demoFeed, type SkuRow } from './feed.ts'
import { clearDemoFolder, DEMO_FILES, SETTLE_MS, writeDemoConfig } from './folder.ts'

/** The emulated store of the demo; the same figures start the same one again. */
export const DEMO_STORE = { seed: 1, products: 1000, orders: 500, plan: 'pro' } as const

/** What has just happened, for whoever shows it. */
export type DemoStep =
  | { readonly step: 'serving'; readonly url: string }
  | { readonly step: 'pulled'; readonly report: PullReport; readonly skus: number }
  | { readonly step: 'fed'; readonly feed: DemoFeed }
  | { readonly step: 'planned'; readonly report: PlanReport }
  | { readonly step: 'pushed'; readonly report: PushReport }
  | { readonly step: 'pulled-again'; readonly report: PullReport }
  | { readonly step: 'planned-again'; readonly report: PlanReport }
  | { readonly step: 'sold'; readonly report: Report }

export interface DemoOptions {
  /** Absolute. */
  readonly dir: string
  readonly signal: AbortSignal
  readonly progress: OnProgress
  readonly tell: (step: DemoStep) => void
  readonly clock?: Clock
}

/** The end of the demo: what a person can go on with. */
export interface DemoEnd {
  readonly port: number
  readonly plan: Plan
  /** Nothing is left to change after the push. */
  readonly settled: boolean
}

/**
 * The main job end to end against an emulated store over HTTP: pull, a feed with faults, plan, push, and the proof that a second
 * run finds nothing to do. Leaves its files in the folder; the store ends with it.
 * @throws {UsageError} when the folder holds something that no demo made.
 */
export const runDemo = async (options: DemoOptions): Promise<DemoEnd> => {
  const { dir, signal, progress, tell, clock = systemClock } = options
  clearDemoFolder(dir)
  const emulator = createEmulator({ catalog, clock, ...DEMO_STORE })
  const server = await serve(emulator)
  try {
    const { storeHash, accessToken } = emulator
    writeDemoConfig(dir, { url: server.url, storeHash, accessToken })
    tell({ step: 'serving', url: server.url })
    const settings = loadSettings(join(dir, DEMO_FILES.config), {}, catalog)
    const workspace = openWorkspace(settings, { signal, progress, clock })
    const end = await mainJob(workspace, dir, tell)
    return { ...end, port: Number(new URL(server.url).port) }
  } finally {
    await server.close()
  }
}

const mainJob = async (
  workspace: Workspace,
  dir: string,
  tell: DemoOptions['tell'],
): Promise<Omit<DemoEnd, 'port'>> => {
  const { clock, signal, progress } = workspace.context
  const pulled = await pullStore(workspace, 'main', {})
  const skus = await readSkus(workspace, dir)
  tell({ step: 'pulled', report: pulled, skus: skus.length })

  const feed = demoFeed(skus, seeded(DEMO_STORE.seed))
  writeFileSync(join(dir, DEMO_FILES.feed), feed.csv)
  tell({ step: 'fed', feed })

  const planned = await planSync(workspace, 'prices', PLAN)
  tell({ step: 'planned', report: planned })
  const pushed = await pushPlan(workspace, planned.plan.plan, { approvedBy: 'demo', allow: [], only: null })
  tell({ step: 'pushed', report: pushed })

  progress({ kind: 'step', text: 'waiting until the store shows its new stock' })
  await clock.sleep(2.5 * SETTLE_MS, signal)
  tell({ step: 'pulled-again', report: await pullStore(workspace, 'main', {}) })
  const again = await planSync(workspace, 'prices', PLAN)
  tell({ step: 'planned-again', report: again })
  tell({ step: 'sold', report: await runReport(workspace, 'sales-per-day', { store: 'main', days: 10 }) })
  return { plan: planned.plan, settled: again.plan.changes.length === 0 }
}

const PLAN = { allow: [], staleOk: false, only: null } as const

const readSkus = async ({ context }: Workspace, dir: string): Promise<readonly SkuRow[]> => {
  const sql = `SELECT sku, price, cost_price, inventory_level, is_simple OR inventory_tracking = 'variant' AS own_stock
    FROM skus WHERE sku IS NOT NULL ORDER BY sku`
  const rows: SkuRow[] = []
  for await (const batch of runQuery({ path: join(dir, DEMO_FILES.mirror), sql, signal: context.signal })) {
    for (const row of batch.rows) {
      const values = Object.fromEntries(batch.columns.map((name, index) => [name, row[index]]))
      rows.push({
        ...(values as unknown as SkuRow),
        own_stock: values['inventory_level'] !== null && values['own_stock'] === 1,
      })
    }
  }
  return rows
}
