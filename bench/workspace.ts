import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../src/app/index.ts'
import type { Fetch } from '../src/store/index.ts'
import { catalog, loadSettings, openWorkspace } from './product.ts'

/** A store of products and variants, a feed and a sync of prices, as a user's folder would have them; real time. */
export const benchWorkspace = (folder: string, fetch: Fetch, api = 'http://127.0.0.1:1'): Workspace => {
  const file = join(folder, 'sync.config.json')
  writeFileSync(
    file,
    JSON.stringify({
      stores: {
        main: {
          hash: STORE.storeHash,
          accessToken: 'env:BENCH_TOKEN',
          api,
          resources: ['products', 'variants'],
        },
      },
      sources: { feed: { type: 'csv', path: 'feed.csv' } },
      syncs: {
        prices: {
          store: 'main',
          resource: 'skus',
          source: 'feed',
          key: { sku: 'SKU' },
          fields: { price: 'Price', cost_price: 'Cost', weight: 'Weight' },
        },
      },
    }),
  )
  return openWorkspace(loadSettings(file, { BENCH_TOKEN: STORE.accessToken }, catalog), {
    signal: new AbortController().signal,
    progress: () => undefined,
    fetch,
    catalog,
  })
}

/** The emulated store that recordings are made of. */
export const STORE = { storeHash: 'emu_bench', accessToken: 'benchAccessToken000000000001x' }

export const mirrorFile = (folder: string): string => join(folder, '.skiff', 'main.db')
