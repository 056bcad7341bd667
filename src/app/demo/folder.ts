import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../model/index.ts'

/** What the demo's files must say to reach its store. */
export interface DemoStore {
  readonly url: string
  readonly storeHash: string
  readonly accessToken: string
}

/** Files of the demo, relative to its folder. */
export const DEMO_FILES = {
  config: 'sync.config.json',
  feed: 'feeds/erp.csv',
  plan: 'plan.html',
  mirror: '.skiff/main.db',
} as const

/**
 * Makes the folder ready for a new demo. What an earlier demo left there is removed, whatever else lies beside it stays.
 * @throws {UsageError} when the folder holds something and no demo made it.
 */
export const clearDemoFolder = (dir: string): void => {
  const isOurs = existsSync(join(dir, MARK))
  if (existsSync(dir) && !isOurs && readdirSync(dir).length > 0) {
    throw new UsageError('the folder of the demo is not empty', {
      where: dir,
      hint: 'name another one with --dir; only a folder that the demo made itself is renewed',
    })
  }
  for (const name of isOurs ? OWN : []) rmSync(join(dir, name), { recursive: true, force: true })
  mkdirSync(join(dir, 'feeds'), { recursive: true })
  writeFileSync(join(dir, MARK), 'This folder was made by `skiff demo`, which renews it.\n')
}

export const writeDemoConfig = (dir: string, store: DemoStore): void => {
  writeFileSync(join(dir, '.env'), `EMULATOR_TOKEN=${store.accessToken}\n`, { mode: 0o600 })
  writeFileSync(join(dir, DEMO_FILES.config), configText(store))
}

const MARK = '.skiff-demo'
const OWN = [DEMO_FILES.config, DEMO_FILES.feed, DEMO_FILES.plan, '.skiff', '.env']

const configText = ({ url, storeHash }: DemoStore): string => `{
  // The emulated store. For a real one leave "api" and "settleMs" out, and put its hash and token here.
  "stores": {
    "main": {
      "hash": "${storeHash}",
      "accessToken": "env:EMULATOR_TOKEN", // a line of .env
      "api": "${url}",
      "settleMs": ${SETTLE_MS},
      "resources": ["store_information", "categories", "brands", "products", "variants", "orders", "order_lines"]
    }
  },
  "sources": {
    "erp": { "type": "csv", "path": "${DEMO_FILES.feed}" }
  },
  "syncs": {
    "prices": {
      "store": "main",
      "resource": "skus",
      "source": "erp",
      "key": { "sku": "SKU" }, // field of the store: column of the feed
      "fields": {
        "price": "Price",
        "cost_price": "Cost",
        "inventory_level": "Stock"
      }
    }
  }
}
`

/** The emulated store shows a new stock after half a second. */
export const SETTLE_MS = 1000
