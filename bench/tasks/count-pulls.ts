import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../../test/support/shop.ts'
import { elsewhere } from '../../test/support/shop-tools.ts'
import type { Counted } from '../counted.ts'

/** Counts the requests of pulls against an emulated store, in its own time. */
export const countPulls = async ({ scale }: { scale: number }): Promise<readonly Counted[]> => {
  const size = (full: number): number => Math.max(10, Math.round(full * scale))
  // Not judged by the official files, which costs time.
  const emulator = { products: size(4000), orders: 0, plan: 'pro' as const }
  const shop = openShop({ catalog, store: { resources: ['products', 'variants'] }, emulator })
  try {
    return [await firstPull(shop), await quietPull(shop), await changedPull(shop, size(40))]
  } finally {
    shop.close()
  }
}

/** Rows in one request (docs/bigcommerce.md, Batches). */
const PAGE = 250

/** How many rows there are: what tells that some are gone. A page of the newest rows tells it along with them. */
const TOTAL = 1

const firstPull = async (shop: Shop): Promise<Counted> => {
  const { requests } = await shop.pull()
  const pages = Math.ceil(shop.emulator.state.products.size / PAGE)
  return { what: 'first pull', kind: 'pull', minimum: pages, requests }
}

const quietPull = async (shop: Shop): Promise<Counted> => {
  shop.clock.advance(HOUR)
  const { requests } = await shop.pull()
  return { what: 'pull of nothing new', kind: 'pull', minimum: 1, requests }
}

const changedPull = async (shop: Shop, changed: number): Promise<Counted> => {
  shop.clock.advance(HOUR)
  for (const { id } of shop.emulator.state.products.list().slice(0, changed)) {
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { sort_order: 7 })
  }
  const { requests } = await shop.pull()
  const minimum = Math.ceil(changed / PAGE) + (changed < PAGE ? 0 : TOTAL)
  return { what: 'pull with 1 % of the products changed', kind: 'pull', minimum, requests }
}

const HOUR = 3_600_000
