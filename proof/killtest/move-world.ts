import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openMirror } from '../../src/mirror/index.ts'
import type { MigrateReport, ReconcileReport } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { type EmulatorProcess, type Folder, openFolder, startEmulator } from '../../test/support/black-box.ts'
import { type Gate, openGate } from './gate.ts'
import { pictureOf } from './move-picture.ts'
import { type Ask, askOf, fillShop } from './move-shop.ts'

/** Two emulated stores in processes of their own, with gates before them, and the built command that migrates one into the other. */
export interface MoveWorld {
  readonly folder: Folder
  readonly gates: { readonly old: Gate; readonly new: Gate }
  /** Asks the stores past the gates. */
  readonly ask: { readonly old: Ask; readonly new: Ask }
  /** Writes that each store took. */
  writes(store: 'old' | 'new'): Promise<number>
  /** What is wrong with the files that a process left; empty when all is well. */
  filesOf(): readonly string[]
  /** What is wrong once a migration came to its end. @param edited Fields that the new store may hold otherwise. */
  faults(edited: readonly string[]): Promise<readonly string[]>
  close(): Promise<void>
}

export const MIGRATE = ['migrate', 'old', 'new'] as const

export const openMoveWorld = async (size: number): Promise<MoveWorld> => {
  const folder = openFolder()
  const start = (hash: string): Promise<EmulatorProcess> =>
    startEmulator(folder, '--store', hash, '--products', '0', '--customers', '0', '--plan', 'unlimited')
  const [old, fresh] = await Promise.all([start('emu_old'), start('emu_new')])
  const gates = { old: await openGate(old.url), new: await openGate(fresh.url) }
  const ask = { old: askOf(old), new: askOf(fresh) }
  await fillShop(ask.old, size)
  folder.write('.env', `OLD_TOKEN=${old.accessToken}\nNEW_TOKEN=${fresh.accessToken}\n`)
  const store = ({ storeHash: hash }: EmulatorProcess, { url: api }: Gate, token: string) => ({
    ...{ hash, api, accessToken: `env:${token}`, settleMs: 0, resources: RESOURCES },
  })
  const stores = { old: store(old, gates.old, 'OLD_TOKEN'), new: store(fresh, gates.new, 'NEW_TOKEN') }
  folder.write('sync.config.json', JSON.stringify({ stores, sources: {}, syncs: {} }))
  const writes = async (name: 'old' | 'new'): Promise<number> => (await { old, new: fresh }[name].log()).length
  const filesOf = () => ['old', 'new'].flatMap((name) => faultsOfFile(join(folder.dir, '.skiff', `${name}.db`)))
  return {
    folder,
    gates,
    ask,
    writes,
    filesOf,
    faults: async (edited) => [
      ...(await stillFaults(folder, writes)),
      ...(await verifyFaults(folder, edited)),
      ...(await pictureFaults(ask)),
      ...filesOf(),
    ],
    close: async () => {
      await Promise.all([gates.old.close(), gates.new.close(), old.end(), fresh.end()])
      rmSync(folder.dir, { recursive: true, force: true })
    },
  }
}

const RESOURCES = [
  ...['products', 'variants', 'categories', 'brands', 'product_modifiers', 'product_modifier_values'],
  ...['product_metafields', 'brand_metafields', 'category_metafields', 'price_lists', 'price_list_records'],
  ...['customer_groups', 'customer_attributes', 'customers', 'customer_addresses', 'customer_attribute_values'],
  ...['orders', 'order_lines', 'order_addresses', 'order_shipments'],
]

const MIGRATIONS = join(import.meta.dirname, '../../migrations')

const faultsOfFile = (path: string): readonly string[] => {
  const db = new Database(path, { fileMustExist: false })
  const verdict = db.pragma('integrity_check', { simple: true })
  const hasJournal = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sync_journal'`).get() !== undefined
  db.close()
  if (verdict !== 'ok') return [`${path} is damaged: ${String(verdict)}`]
  if (!hasJournal) return []
  const mirror = openMirror({ path, catalog, migrations: MIGRATIONS })
  const broken = mirror.brokenJournal()
  mirror.close()
  return broken === null ? [] : [`the journal of ${path} is broken at ${broken}`]
}

/** A run after the one that came to its end sends nothing. */
const stillFaults = async (folder: Folder, writes: MoveWorld['writes']): Promise<readonly string[]> => {
  const before = await writes('new')
  const { exit, document } = await folder.json<MigrateReport>(...MIGRATE, '--yes')
  const sent = (await writes('new')) - before
  return [
    ...(exit === 0 ? [] : [`a further run ended with ${exit}: ${JSON.stringify(document.error ?? document.left)}`]),
    ...(sent || document.requests.write ? [`a further run wrote ${sent} times`] : []),
  ]
}

/** Both stores say the same, but for what somebody edited in the new one. */
const verifyFaults = async (folder: Folder, edited: readonly string[]): Promise<readonly string[]> => {
  const { exit, document } = await folder.json<ReconcileReport>(...MIGRATE, '--verify')
  const named = (list: ReconcileReport['agreed']) =>
    list.map(({ resource, label, field }) => `${resource} ${label} ${field}`)
  const agreed = named(document.agreed)
  return [
    ...(exit === 0 ? [] : [`verify ended with ${exit}`]),
    ...named(document.differences).map((one) => `verify finds a difference: ${one}`),
    ...agreed.filter((one) => !edited.includes(one)).map((one) => `nobody edited ${one}, and it differs`),
    ...edited.filter((one) => !agreed.includes(one)).map((one) => `an edit of the new store is gone: ${one}`),
  ]
}

/** What each of the stores itself shows, row by row. */
const pictureFaults = async (ask: MoveWorld['ask']): Promise<readonly string[]> => {
  const [old, fresh] = [await pictureOf(ask.old), await pictureOf(ask.new)]
  return [
    ...without(old, fresh).map((one) => `lacks ${one}`),
    ...without(fresh, old).map((one) => `has besides ${one}`),
  ]
}

/** What is in one list oftener than in another. */
const without = (all: readonly string[], others: readonly string[]): readonly string[] => {
  const left = new Map<string, number>()
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1)
  return all.filter((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count <= 0
  })
}
