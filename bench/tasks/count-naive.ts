import { join } from 'node:path'
import { serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../../test/support/shop.ts'
import { naivePipeline } from '../baselines/naive-pipeline.ts'

/** Requests of a nightly price feed with one changed row in a hundred: by Skiff, and by a script over an equal store. */
export const countNaive = async ({ products }: { products: number }): Promise<{ skiff: number; naive: number }> => {
  const emulator = { products, orders: 0, plan: 'unlimited' as const }
  const counts = { skiff: 0, naive: 0 }
  for (const who of ['skiff', 'naive'] as const) {
    // Not judged: it costs time, and the script is not to be examined.
    const shop = openShop({ catalog, emulator, store: { resources: ['products', 'variants'] } })
    try {
      await shop.pull()
      const changed = feedOf(shop)
      shop.clock.advance(DAY)
      const before = shop.emulator.requests.length
      const done = who === 'skiff' ? await nightly(shop) : await script(shop)
      if (done !== changed) throw new Error(`${who} changed ${done} of ${changed} prices`)
      counts[who] = shop.emulator.requests.length - before
    } finally {
      shop.close()
    }
  }
  return counts
}

const DAY = 86_400_000

const feedOf = (shop: Shop): number => {
  const rows = shop.rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY variant_id')
  const feed = rows.map(({ sku, price }, at) => [
    String(sku),
    at % 100 === 50 ? Math.round(Number(price) * 105) / 100 : Number(price),
  ])
  shop.feed([['sku', 'price'], ...feed])
  return feed.filter(([, price], at) => price !== rows[at]?.['price']).length
}

const nightly = async (shop: Shop): Promise<number> => {
  await shop.pull()
  const { plan } = await shop.plan()
  return (await shop.push(plan.plan)).counts.applied
}

const script = async ({ emulator, dir }: Shop): Promise<number> => {
  const { url, close } = await serve(emulator)
  try {
    const { storeHash, accessToken } = emulator
    const shop = { port: Number(new URL(url).port), storeHash, accessToken }
    return (await naivePipeline(shop, join(dir, 'feed.csv'))).changed
  } finally {
    await close()
  }
}
