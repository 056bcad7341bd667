import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSettings, openWorkspace, type Workspace } from '../../src/app/index.ts'
import { type OnProgress, type Progress, seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop, type ShopOptions } from './shop.ts'

export interface JobShop extends Shop {
  /** The configuration as a new process meets it. */
  open(options?: { progress?: OnProgress; signal?: AbortSignal; env?: Record<string, string> }): Workspace
  /** Changes the configuration on disk. */
  configure(change: (config: Config) => void): void
}

// biome-ignore lint/suspicious/noExplicitAny: tests write configurations of every shape.
type Config = any

/** A shop whose configuration has jobs. */
export const openJobShop = (jobs: object, options: ShopOptions = {}): JobShop => {
  const shop = openShop(options)
  const file = join(shop.dir, 'sync.config.json')
  const configure = (change: (config: Config) => void) => {
    const config = JSON.parse(readFileSync(file, 'utf8'))
    change(config)
    writeFileSync(file, JSON.stringify(config))
  }
  configure((config) => {
    config.jobs = jobs
  })
  const inner = shop.emulator.fetch as unknown as Fetch
  return {
    ...shop,
    configure,
    open: ({ progress = (one: Progress) => shop.progress.push(one), signal = shop.stop.signal, env } = {}) =>
      openWorkspace(loadSettings(file, env ?? { SHOP_TOKEN: shop.emulator.accessToken }, catalog), {
        signal,
        progress,
        clock: shop.clock,
        random: seeded(11),
        fetch: options.fetch ? options.fetch(inner) : inner,
        catalog,
      }),
  }
}

/** Every SKU of the shop at a price. */
export const pricesOf = (shop: Shop, factor = 1): (string | number)[][] => [
  ['sku', 'price'],
  ...shop
    .rows('SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku')
    .map(({ sku, price }, index) => [
      String(sku),
      index % 20 === 0 ? (Number(price) * factor).toFixed(2) : Number(price),
    ]),
]
