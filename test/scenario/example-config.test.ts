import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  loadSettings,
  openWorkspace,
  planSync,
  pullStore,
  pushPlan,
  runJob,
  type Workspace,
} from '../../src/app/index.ts'
import { createEmulator, type Emulator } from '../../src/emulator/index.ts'
import { seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const PLAN = { allow: ['maxChanges'], staleOk: false, only: null }
const PERSON = { approvedBy: 'test', allow: [], only: null, typedStore: 'main' }

let dir: string
let main: Emulator
let workspace: Workspace
let ours: readonly { readonly id: number; readonly name: string; readonly price: number }[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-example-'))
  mkdirSync(join(dir, 'feeds'))
  copyFileSync('sync.config.example.json', join(dir, 'sync.config.json'))
  const clock = virtualClock()
  const emulated = { catalog, clock, products: 40 }
  main = createEmulator({ ...emulated, storeHash: 'abc123' })
  const old = createEmulator({
    ...emulated,
    storeHash: 'xyz789',
    legacy: { user: 'sync', token: 'oldTokenOfTheLegacyAccount' },
  })
  const practice = createEmulator({ ...emulated, storeHash: 'emu_practice' })
  const stores: [string, Emulator][] = [
    ['/abc123/', main],
    ['store-xyz789', old],
    ['/emu_practice/', practice],
  ]
  const fetch: Fetch = (url, init) => {
    const store = stores.find(([mark]) => url.includes(mark))?.[1]
    if (!store) throw new TypeError(`nothing listens at ${url}`)
    return (store.fetch as unknown as Fetch)(url, init)
  }
  const env = {
    BC_TOKEN: main.accessToken,
    BC_OLD_TOKEN: 'oldTokenOfTheLegacyAccount',
    EMULATOR_TOKEN: practice.accessToken,
  }
  const settings = loadSettings(join(dir, 'sync.config.json'), env, catalog)
  workspace = openWorkspace(settings, {
    signal: new AbortController().signal,
    progress: () => {},
    clock,
    random: seeded(3),
    fetch,
    catalog,
  })
  ours = nameOurs()
  writeFeeds()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** The example's filter wants SKUs of its maker; four visible simple products get them. */
const nameOurs = (): typeof ours =>
  main.state.products
    .list()
    .filter(({ base_variant_id, is_visible, price }) => base_variant_id && is_visible && Number(price) > 1)
    .slice(0, 4)
    .map((product, index) => {
      const sku = `ACME-${index}`
      const tracked = { inventory_tracking: 'product' as const, inventory_level: 9 }
      main.state.products.update(product.id, { ...product, sku, ...tracked })
      const variant = main.state.variants.get(Number(product.base_variant_id))
      if (variant) main.state.variants.update(variant.id, { ...variant, sku })
      return { id: product.id, name: String(product.name), price: Number(product.price) }
    })

const writeFeeds = (): void => {
  const prices = ours.map(
    ({ price }, index) => `ACME-${index},${(price * 1.05).toFixed(2)},,,${index ? 9 + index : 'sold out'}`,
  )
  writeFileSync(join(dir, 'feeds/erp.csv'), `${['SKU,Price,Cost,Sale,Stock', ...prices].join('\n')}\n`)
  const texts = ours.map(({ name }, index) => `ACME-${index},${name} II,A text of ours,`)
  writeFileSync(join(dir, 'feeds/content.csv'), `${['SKU,Title,Body,Page title', ...texts].join('\n')}\n`)
}

describe('the example configuration', () => {
  it('brings every store of it into its mirror', async () => {
    for (const store of ['main', 'old', 'practice']) {
      expect(await pullStore(workspace, store, {}), store).toMatchObject({ state: 'complete' })
    }
  })

  it('runs its job once a person has pushed each sync for the first time', async () => {
    await pullStore(workspace, 'main', {})
    const prices = await planSync(workspace, 'prices', PLAN)
    expect(prices.plan.summary).toMatchObject({ update: 4, rejected: 0 })
    expect(await pushPlan(workspace, prices.plan.plan, PERSON)).toMatchObject({ counts: { applied: 4 } })
    const texts = await planSync(workspace, 'texts', PLAN)
    expect(texts.plan.changes.map(({ fields }) => fields.map(({ field }) => field))).toEqual(ours.map(() => ['name']))
    expect(await runJob(workspace, 'nightly')).toMatchObject({ state: 'waiting', exit: 3 })

    const again = await planSync(workspace, 'texts', PLAN)
    expect(await pushPlan(workspace, again.plan.plan, PERSON)).toMatchObject({ counts: { applied: 4 } })
    expect(await runJob(workspace, 'nightly')).toMatchObject({ state: 'complete', exit: 0 })
    expect(ours.map(({ id }) => main.state.products.get(id)?.name)).toEqual(ours.map(({ name }) => `${name} II`))
  })
})
