import type { Emulator } from '../../src/emulator/index.ts'
import type { MigrateOptions } from '../../src/engine/index.ts'
import type { MigrateReport, Requests } from '../../src/model/index.ts'
import { openTwoShops, type TwoShops } from '../../test/support/two-shops.ts'
import { fillUp, RESOURCES, sizesOf } from './full-store.ts'
import { writesByResource } from './writes-by-resource.ts'

/** Requests a second at the smallest plan's quota of 150 in 30 s, of which 85 % are used where nobody says otherwise. */
export const A_SECOND = Math.floor(150 * 0.85) / 30

/** A full store and an empty one, both on the smallest plan, whose answers take some time. */
export const openStores = async (scale: number): Promise<TwoShops> => {
  const sizes = sizesOf(scale)
  const store = { plan: 'standard', settings: { latencyMs: 150 } } as const
  const { products, orders, customers } = sizes
  const shops = openTwoShops({
    old: { ...store, products, orders, customers },
    fresh: store,
    resources: RESOURCES,
    isJudged: false,
  })
  await fillUp({ emulator: shops.old, clock: shops.clock }, sizes)
  return shops
}

/** What one run took of both stores. */
export interface Took {
  /** Requests that wrote to the new store, by resource. */
  readonly writes: Readonly<Record<string, number>>
  /** Of the new store, as the report counts. */
  readonly requests: Requests
  /** Of the old store. */
  readonly reads: Requests
  /** Of the stores' time. */
  readonly seconds: number
}

/** Migrates, and counts what that takes of both stores. */
export const counted = async (
  { clock, fresh, migrate }: TwoShops,
  options: Partial<MigrateOptions> = {},
): Promise<{ readonly report: MigrateReport; readonly took: Took }> => {
  const begun = clock.elapsed()
  const from = fresh.requests.length
  const report = await migrate(options)
  if (report.error) throw new Error(report.error.message)
  const { requests, reads } = report
  const writes = writesByResource(fresh.requests.slice(from))
  return { report, took: { writes, requests, reads, seconds: (clock.elapsed() - begun) / 1000 } }
}

/** Rows of one kind that are there twice. */
export const doubled = ({ state }: Emulator): number => {
  const names = state.products.list().map(({ name }) => name.toLowerCase())
  const skus = state.variants.list().flatMap(({ sku }) => (sku === '' ? [] : [sku.toLowerCase()]))
  return names.length + skus.length - new Set(names).size - new Set(skus).size
}
