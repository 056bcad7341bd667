import { catalog } from '../../src/resources/index.ts'
import { openShop } from '../../test/support/shop.ts'
import { type Cost, measured } from '../measured.ts'

/** Pushes so many prices of variants into an emulated store in its own time: intents, requests, answers, journal and base. */
export const pushRows = async ({ rows }: { rows: number }): Promise<Cost> => {
  const guards = {
    maxChanges: false,
    allChanged: false,
    maxSourceDrop: false,
    priceFloor: false,
    maxPriceChange: false,
  }
  const shop = openShop({
    // Not judged by the official files, which costs time.
    catalog,
    emulator: { products: Math.ceil(rows / 2), orders: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants'] },
    syncs: {
      prices: {
        store: 'main',
        resource: 'skus',
        source: 'feed',
        key: { variant_id: 'id' },
        fields: { price: 'price' },
        guards: { ...guards, priceScale: false, canary: false },
      },
    },
  })
  try {
    await shop.pull()
    const found = shop.rows(`SELECT variant_id, price FROM skus ORDER BY variant_id LIMIT ${rows}`)
    const feed = found.map(({ variant_id, price }, at) => [
      Number(variant_id),
      (Number(price) * 1.03 + (at % 7)).toFixed(2),
    ])
    shop.feed([['id', 'price'], ...feed])
    const { plan } = await shop.plan()
    return await measured(async () => {
      const { counts } = await shop.push(plan.plan)
      if (counts.applied !== plan.summary.update) throw new Error(`${counts.applied} of ${rows} rows were applied`)
    })
  } finally {
    shop.close()
  }
}
