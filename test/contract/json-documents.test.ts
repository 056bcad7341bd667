import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type {
  BackupReport,
  Check,
  DoctorReport,
  ExportReport,
  JobReport,
  Notice,
  OpenConflict,
  Report,
  RestoreReport,
} from '../../src/app/index.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import type { MapDocument } from '../../src/cli/views/map-text.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import type {
  FreezeReport,
  MigrateReport,
  MigrationPlanReport,
  Plan,
  PlanReport,
  PullReport,
  PushReport,
  ReconcileReport,
  RehearsalReport,
  ResolveReport,
  SyncReport,
  UndoMoveReport,
  Value,
  VerifyReport,
} from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { jsonDocuments } from '../../tools/docs/json-documents.ts'
import { fakeIo } from '../support/cli.ts'
import { virtualClock } from '../support/virtual-clock.ts'

// What the command prints is held against the schemas that are published for it.

type Name = keyof typeof jsonDocuments

const emulator = createEmulator({ catalog, clock: virtualClock(), products: 40, plan: 'unlimited' })
const published = JSON.parse(readFileSync('docs/reference/json.schema.json', 'utf8')) as { $defs: Record<Name, object> }
const ajv = new Ajv2020({ strict: false })
const fresh = createEmulator({ catalog, clock: virtualClock(), products: 0, storeHash: 'emu_fresh', plan: 'unlimited' })
let server: Awaited<ReturnType<typeof serve>>
let freshServer: Awaited<ReturnType<typeof serve>>
let dir: string

const skiff = async (...argv: string[]): Promise<unknown> => {
  const io = fakeIo({ cwd: dir, env: { TOKEN: emulator.accessToken } })
  await run([...argv, '--json'], io, verbs)
  return JSON.parse(io.out())
}

/** The strict form knows no key that is not described; the published one lets readers meet later ones. */
const expectDocument = (name: Name, document: unknown): void => {
  expect(
    jsonDocuments[name].schema.safeParse(document).error?.issues ?? [],
    JSON.stringify(document).slice(0, 500),
  ).toEqual([])
  const valid = ajv.compile(published.$defs[name])
  expect(valid(document) || valid.errors).toBe(true)
}

/** Some prices changed, one to nothing, one that is no number. */
const writeFeed = (): void => {
  const rows = emulator.state.variants
    .list()
    .filter(({ sku }) => sku)
    .slice(0, 60)
  const cells = rows.map(({ sku, price }, index) => {
    if (index === 0) return [sku, '0']
    if (index === 1) return [sku, 'ten']
    return [sku, ((price ?? 20) * (index < 10 ? 1.1 : 1)).toFixed(2)]
  })
  writeFileSync(join(dir, 'feed.csv'), `sku,price\n${cells.map((row) => row.join(',')).join('\n')}\n`)
}

beforeAll(async () => {
  server = await serve(emulator)
  freshServer = await serve(fresh)
  dir = mkdtempSync(join(tmpdir(), 'skiff-json-'))
  const main = { hash: emulator.storeHash, accessToken: 'env:TOKEN', api: server.url, settleMs: 0 }
  const sync = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' } }
  const guards = { maxPriceChange: false, maxChanges: false, allChanged: false, priceFloor: false, priceScale: false }
  const config = {
    stores: { main },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: {
      prices: { ...sync, guards, fields: { price: 'price' } },
      mine: {
        ...sync,
        guards: { ...guards, maxConflicts: false },
        fields: { cost_price: { from: 'price', owner: 'both' } },
      },
      retail: { ...sync, guards, fields: { retail_price: 'price' } },
    },
    jobs: { nightly: { steps: ['pull main', 'sync prices', 'report sales-per-day'] } },
  }
  writeFileSync(join(dir, 'sync.config.json'), JSON.stringify(config))
  writeFeed()
})
afterAll(async () => {
  await server.close()
  await freshServer.close()
  rmSync(dir, { recursive: true })
})

// Each command goes on from the one before, so they stand in one story.
describe('documents of --json', () => {
  it('are as their schemas say, and no key is left undescribed', async () => {
    expectDocument('pull', await skiff('pull', 'main'))
    const plan = (await skiff('plan', 'prices')) as {
      held: unknown[]
      rejected: unknown[]
      changes: { key: { sku: string } }[]
    }
    expectDocument('plan', plan)
    expect([plan.held.length, plan.rejected.length, plan.changes.length > 0]).toEqual([1, 1, true])
    expectDocument('stored', await skiff('show', 'p1'))
    expectDocument('rehearsal', await skiff('rehearse', 'p1'))
    const pushed = (await skiff('push', 'p1', '--yes')) as { run: string }
    expectDocument('push', pushed)
    expectDocument('sync', await skiff('sync', 'prices', '--yes'))
    expectDocument('check', await skiff('check'))
    expectDocument('map', await skiff('map', 'feed'))
    expectDocument('doctor', await skiff('doctor', 'feed', '--fix', 'fixed.csv'))
    const verified = (await skiff('verify', 'retail')) as { rows: unknown[] }
    expectDocument('verify', verified)
    expect(verified.rows.length).toBeGreaterThan(0)
    expectDocument('report', await skiff('report', 'low-stock'))
    expectDocument('export', await skiff('export', 'skus', '--to', join(dir, 'skus.jsonl')))
    expectDocument('job', await skiff('run', 'nightly'))
    expectDocument('error', await skiff('push', 'p1', '--yes'))
    expectDocument('error', await skiff('plan', 'prics'))
    expectDocument('plan', await skiff('undo', pushed.run, '--allow', 'priceScale'))
    await skiff('plan', 'mine')
    expectDocument('conflicts', await skiff('conflicts'))
    expectDocument('resolve', await skiff('resolve', 'c1', '--take', '12.50'))
    expectDocument('conflicts', await skiff('conflicts', 'mine'))
    expectDocument('explain', await skiff('explain', String(plan.changes[0]?.key.sku)))
    const backup = (await skiff('backup')) as { path: string }
    expectDocument('backup', backup)
    expectDocument('restore', await skiff('restore', backup.path, '--yes'))
    for (const one of (await skiff('plan')) as readonly unknown[]) expectDocument('plan', one)
  })

  it('of a migration are as their schemas say', async () => {
    const main = { hash: emulator.storeHash, accessToken: 'env:TOKEN', api: server.url, settleMs: 0 }
    const next = { ...main, hash: fresh.storeHash, api: freshServer.url }
    writeFileSync(join(dir, 'two.json'), JSON.stringify({ stores: { old: { ...main, mirror: 'old.db' }, next } }))
    const migrate = (...argv: string[]) => skiff('migrate', 'old', 'next', '--config', 'two.json', ...argv)
    expectDocument('migrationPlan', await migrate('--plan'))
    expectDocument('migration', await migrate('--yes'))
  })

  it('have schemas that agree with the types of the reports', () => {
    // The compiler refuses this where they drift apart.
    const agreement: readonly [
      Same<PullReport, Described<'pull'>>,
      Same<Plan, Described<'stored'>>,
      Same<Plan & Omit<PlanReport, 'plan'>, Described<'plan'>>,
      Same<PushReport, Described<'push'>>,
      Same<SyncReport, Described<'sync'>>,
      Same<readonly OpenConflict[], Described<'conflicts'>>,
      Same<Omit<ResolveReport, 'plan'> & { plan: string | null }, Described<'resolve'>>,
      Same<JobReport, Described<'job'>>,
      Same<Check, Described<'check'>>,
      Same<MapDocument, Described<'map'>>,
      Same<DoctorReport, Described<'doctor'>>,
      Same<RehearsalReport, Described<'rehearsal'>>,
      Same<VerifyReport, Described<'verify'>>,
      Same<ReconcileReport, Described<'reconcile'>>,
      Same<FreezeReport, Described<'freeze'>>,
      Same<UndoMoveReport, Described<'migrationUndo'>>,
      Same<MigrateReport, Described<'migration'>>,
      Same<MigrationPlanReport, Described<'migrationPlan'>>,
      Same<Report, Described<'report'>>,
      Same<ExportReport, Described<'export'>>,
      Same<BackupReport, Described<'backup'>>,
      Same<RestoreReport, Described<'restore'>>,
      Same<Notice, Described<'notice'>>,
    ] = [
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      true,
    ]
    expect(agreement).not.toContain(false)
  })
})

type Described<N extends Name> = Deep<z.output<(typeof jsonDocuments)[N]['schema']>>
type Deep<T> = [Value] extends [T]
  ? T
  : T extends readonly (infer E)[]
    ? readonly Deep<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Deep<T[K]> }
      : T
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
