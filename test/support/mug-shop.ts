import { readStatus, type Status, syncOne } from '../../src/app/index.ts'
import { outlook } from '../../src/daemon/index.ts'
import type { SyncReport } from '../../src/model/index.ts'
import { type JobShop, openJobShop } from './job-shop.ts'
import type { ShopOptions } from './shop.ts'
import { simpleProduct } from './shop-tools.ts'

const SKUS = Array.from({ length: 40 }, (_, index) => `MUG-${String(index + 1).padStart(2, '0')}`)

/** A store of forty mugs at 10 each, pulled, with a sync `prices` that may change all of them at once. */
export const openMugShop = async (jobs: object, options: ShopOptions = {}, sync: object = {}): Promise<JobShop> => {
  const shop = openJobShop(jobs, {
    ...options,
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { price: 'price' },
        guards: { maxChanges: false, allChanged: false },
        ...sync,
      },
    },
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  await shop.pull()
  return shop
}

/** A feed with every mug at a price, some of them at another. */
export const feedMugs = (shop: JobShop, price: number | string, others: Record<string, number | string> = {}): void =>
  shop.feed([['sku', 'price'], ...SKUS.map((sku) => [sku, others[sku] ?? price])])

/** A sync as cron calls it. */
export const syncMugs = (shop: JobShop, options: Partial<Parameters<typeof syncOne>[2]> = {}): Promise<SyncReport> =>
  syncOne(shop.open(), 'prices', { approvedBy: '--yes', dryRun: false, allow: [], ...options })

export const statusOf = (shop: JobShop): Promise<Status> => {
  const workspace = shop.open()
  return readStatus(workspace, ['main'], outlook(workspace.settings, shop.clock.now()))
}
