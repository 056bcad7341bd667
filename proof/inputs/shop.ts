import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { fieldsOf, targetOf } from '../../src/diff/index.ts'
import { createEmulator, type Emulator } from '../../src/emulator/index.ts'
import { type Context, DEFAULT_LOCATION, plan, pull, push, type StoreSide, withRun } from '../../src/engine/index.ts'
import { openMirror } from '../../src/mirror/index.ts'
import {
  blockedBy,
  type FieldRule,
  type Plan,
  pushable,
  type Source,
  SourceRefusedError,
  type SyncSpec,
  seeded,
} from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { csvFormat } from '../../src/sources/csv-format.ts'
import { fileSource } from '../../src/sources/file-source.ts'
import { compileMapping, pictureFiles } from '../../src/sources/index.ts'
import type { Location } from '../../src/sources/location.ts'
import { openStore } from '../../src/store/index.ts'
import { simClock } from '../simulation/clock.ts'
import { memorySpool } from '../simulation/memory-spool.ts'
import { fileOf, GOODS, type Good, type Input, type Written } from './goods.ts'

/** What became of one file. */
export interface Outcome {
  readonly says: string
  /** What the store says that it was written. */
  readonly writes: Written
}

/** Takes any file as the next feed of a shop that has met the merchant's feed once before. */
export type TakeFile = (input: Pick<Input, 'file' | 'options' | 'format'>) => Promise<Outcome>

/** Every file is read, planned and pushed as by a person who approves whatever is not blocked. Each meets the same shop. */
export const openInputShop = async (): Promise<TakeFile> => {
  const first = await open(undefined)
  await first.pull()
  await first.take({ file: fileOf(GOODS) })
  const mirror = await first.close()
  let shop = await open(mirror)
  return async (input) => {
    const outcome = await shop.take(input)
    // A refused file leaves nothing behind but the record of its run.
    if (!outcome.says.startsWith('refused') || Object.keys(outcome.writes).length) {
      await shop.close()
      shop = await open(mirror)
    }
    return outcome
  }
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const HOUR_MS = 3_600_000

const open = async (bytes: Buffer | undefined) => {
  const clock = simClock()
  const emulator = createEmulator({ catalog, clock, products: 0, plan: 'unlimited' })
  for (const good of GOODS) await clock.drive(stock(emulator, good), HOUR_MS)
  clock.advance(HOUR_MS)
  const mark = emulator.log.length
  const database = bytes ? new Database(bytes) : new Database(':memory:')
  database.pragma('foreign_keys = ON')
  database.pragma('recursive_triggers = ON')
  const mirror = openMirror({ path: ':memory:', catalog, migrations: MIGRATIONS, database })
  const random = seeded(1)
  const signal = new AbortController().signal
  const { storeHash: hash, accessToken, origin, fetch } = emulator
  const store = openStore({ hash, origin, auth: { accessToken }, quotaShare: 0.85 }, { clock, random, fetch, signal })
  const context: Context = { catalog, clock, random, signal, progress: () => undefined, tool: '1.0.0' }
  const side: StoreSide = {
    name: 'main',
    hash,
    store,
    mirror,
    files: pictureFiles('.'),
    web: {
      look: async () => ({ reason: 'there is no web here' }),
      weigh: async () => ({ reason: 'there is no web here' }),
    },
    resources: ['products', 'variants'],
    location: DEFAULT_LOCATION,
    fullMs: 23 * 3_600_000,
    soleToChild: false,
    horizonMs: 75_000,
    settleMs: null,
  }
  const carry = async (spec: SyncSpec, source: Source): Promise<string> => {
    const configHash = JSON.stringify(spec)
    const asked = { allowed: new Map(), only: null, configHash, staleOk: false, automatic: false }
    const { plan: made } = await withRun(context, side, 'plan', spec.name, (run) =>
      plan(context, side, spec, source, asked, run),
    )
    const said = told(made)
    if (blockedBy(made).length || !pushable(made).length) return said
    const pushed = await withRun(context, side, 'push', made.plan, (run) =>
      push(context, side, spec, made.plan, { ...asked, approvedBy: 'a person', source }, run),
    )
    if (pushed.counts.applied !== pushable(made).length) throw new Error(JSON.stringify(pushed.rows))
    return said
  }
  return {
    pull: () =>
      clock.drive(
        withRun(context, side, 'pull', 'main', (run) => pull(context, side, {}, run)),
        HOUR_MS,
      ),
    /** The mirror's bytes as they are at last. */
    close: async (): Promise<Buffer> => {
      await store.close()
      const last = database.serialize()
      mirror.close()
      return last
    },
    take: async (input: Parameters<TakeFile>[0]): Promise<Outcome> => {
      const spec = specOf(input)
      const says = await clock.drive(carry(spec, sourceOf(spec, input)), HOUR_MS).catch((error: unknown) => {
        if (error instanceof SourceRefusedError) return `refused: ${error.message}`
        throw error
      })
      return { says, writes: written(emulator, mark) }
    },
  }
}

const stock = async (emulator: Emulator, { sku, name, price, cost, stock: level }: Good): Promise<void> => {
  const response = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/catalog/products`, {
    method: 'POST',
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...{ sku, name, type: 'physical', weight: 1, price: Number(price), cost_price: Number(cost) },
      ...{ inventory_tracking: 'product', inventory_level: Number(level) },
    }),
  })
  if (!response.ok) throw new Error(await response.text())
}

const specOf = ({ format, options }: Parameters<TakeFile>[0]): SyncSpec => {
  const named = options?.header !== false
  const rule = (name: string, number: string, more: Partial<FieldRule> = {}): FieldRule => ({
    from: named ? name : number,
    owner: 'source',
    conflict: 'ask',
    blank: 'keep',
    writeBack: true,
    trim: false,
    ...more,
  })
  return {
    name: 'feed',
    store: 'main',
    resource: 'skus',
    source: 'feed',
    key: { sku: named ? 'SKU' : '1' },
    fields: {
      name: rule('Name', '2'),
      price: rule('Price', '3', format ? { format } : {}),
      cost_price: rule('Cost', '4', format ? { format } : {}),
      inventory_level: rule('Stock', '5', format ? { format } : {}),
    },
    create: false,
    createDefaults: {},
    remove: 'never',
    guards: {},
    recheck: 'auto',
    filter: { equals: {} },
    insert: false,
    circuit: false,
  }
}

const sourceOf = ({ name, key, fields, resource }: SyncSpec, { file, options = {} }: Parameters<TakeFile>[0]): Source =>
  fileSource({
    name,
    location: memory(typeof file === 'string' ? Buffer.from(file) : file),
    format: csvFormat(options),
    mapping: compileMapping({ key, fields, targetFields: fieldsOf(targetOf(catalog, resource)) }),
    spool: memorySpool,
  })

const memory = (bytes: Uint8Array): Location => ({
  origin: 'feed.csv',
  open: async () => ({
    bytes: (async function* () {
      if (bytes.length) yield bytes
    })(),
    finish: async () => '2026-03-02T08:00:00Z',
    close: async () => undefined,
  }),
})

const told = (made: Plan): string => {
  const blocking = blockedBy(made)
  if (blocking.length) return `blocked: ${blocking.map(({ guard }) => guard).join(', ')}`
  const rejected = made.rejected.map(({ row, column, reason }) => `${row}${column && ` ${column}`}: ${reason}`)
  return [...rejected, ...made.held.map(({ line, guard }) => `${line}: held by ${guard}`)].join(' | ')
}

/** The store's own record of what it accepted, by SKU. */
const written = ({ state, log }: Emulator, mark: number): Written => {
  const found: Record<string, Record<string, string | number>> = {}
  const keep = (id: number, values: object): void => {
    const sku = state.products.get(id)?.sku ?? `product ${id}`
    found[sku] = { ...found[sku], ...values }
  }
  for (const { method, path, body } of log.slice(mark)) {
    const asked = `${method} ${path}`
    if (asked === 'PUT /v3/catalog/products') for (const { id, ...values } of body as { id: number }[]) keep(id, values)
    else if (asked === 'PUT /v3/inventory/adjustments/absolute') {
      const { items } = body as { items: { product_id: number; quantity: number }[] }
      for (const { product_id, quantity } of items) keep(product_id, { inventory_level: quantity })
    } else found[asked] = { ...found[asked], body: JSON.stringify(body) }
  }
  return found
}
