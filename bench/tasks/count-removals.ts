import { countSearch } from '../../src/engine/count-search.ts'
import { seeded } from '../../src/model/index.ts'

export interface Removals {
  readonly what: string
  /** Those that reading every key takes. */
  readonly sweep: number
  readonly requests: number
}

/** Counts the requests that finding removed products takes, while a product is created after each of them. */
export const countRemovals = async ({ scale }: { scale: number }): Promise<readonly Removals[]> => {
  const products = Math.max(PAGE * 8, Math.round(100_000 * scale))
  const random = seeded(11)
  const held = Array.from({ length: products }, (_none, at) => at * 2 + 100)
  const some = (most: number): number => Math.floor(random() * most)
  return [0, 1, 10, 100, 1000].flatMap((removed) => {
    const scattered = new Set<number>()
    while (scattered.size < removed) scattered.add(some(products))
    const inRuns = new Set<number>()
    while (inRuns.size < removed) {
      const start = some(products)
      for (let at = start; at < Math.min(products, start + RUN) && inRuns.size < removed; at += 1) inRuns.add(at)
    }
    return [
      { what: `${removed} removed of ${products} products, scattered`, ...search(held, scattered) },
      ...(removed > 1
        ? [{ what: `${removed} removed of ${products} products, in runs`, ...search(held, inRuns) }]
        : []),
    ]
  })
}

const PAGE = 250
/** Products that went together. */
const RUN = 200

const search = (held: readonly number[], gone: ReadonlySet<number>): { sweep: number; requests: number } => {
  const store = held.filter((_key, at) => !gone.has(at))
  const found = countSearch(held, store.length, PAGE)
  // The total, where no page of the newest products has told it.
  let requests = 1
  let newest = held.at(-1) ?? 0
  for (let range = found.next(); range; range = found.next()) {
    const { after, upTo } = range
    const inside = store.filter((key) => key > (after ?? 0) && key <= (upTo ?? Number.POSITIVE_INFINITY))
    found.learn(inside.slice(0, PAGE), inside.length)
    requests += 1
    newest += 2
    store.push(newest)
  }
  if (found.missing.length !== gone.size) throw new Error(`${found.missing.length} of ${gone.size} were found`)
  // The total, and the pages of all that was there by then.
  return { sweep: 1 + Math.ceil(store.length / PAGE), requests }
}
