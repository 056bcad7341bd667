import type { Resource } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { table } from './text.ts'

/** What work costs by the size of a catalog: requests, and minutes for both quotas. From the definitions' page and batch sizes. */
export const expectationsTable = (): string =>
  table(
    ['products, SKUs', ...WORK.map(({ what }) => what)],
    PRODUCTS.map((products) => [
      `${number(products)}, ${number(products * SKUS_EACH)}`,
      ...WORK.map(({ requests }) => cost(requests(products, products * SKUS_EACH))),
    ]),
  )

const PRODUCTS = [1000, 10_000, 40_000, 100_000, 400_000]
const SKUS_EACH = 3

const resource = (name: string): Resource => {
  const found = catalog.resources.get(name)
  if (!found) throw new Error(`no resource is called ${name}`)
  return found
}
const pages = (name: string, rows: number): number => Math.ceil(rows / (resource(name).api.list?.pageSize ?? 1))
const batches = (name: string, rows: number): number => Math.ceil(rows / (resource(name).api.update?.[0]?.batch ?? 1))

interface Work {
  readonly what: string
  requests(products: number, skus: number): number
}

/** One request more is the count that shows whether rows are gone. */
const WORK: readonly Work[] = [
  { what: 'first pull', requests: (products) => pages('products', products) },
  { what: 'pull, 1 % changed', requests: (products) => pages('products', products / 100) + 1 },
  { what: 'sweep of all variants', requests: (_products, skus) => pages('variants', skus) },
  { what: 'every stock figure', requests: (_products, skus) => batches('inventory_items', skus) },
  { what: 'every variant’s price', requests: (_products, skus) => batches('variants', skus) },
  { what: 'every simple product’s price', requests: (products) => batches('products', products) },
  { what: 'create all', requests: (products) => products },
]

/** Requests a second of a plan (docs/bigcommerce.md, Quotas: 150 and 450 in 30 s). */
const STANDARD = 5
const PRO = 15

const cost = (requests: number): string =>
  `${number(requests)}: ${minutes(requests / STANDARD)} / ${minutes(requests / PRO)} min`

const minutes = (seconds: number): string => {
  const exact = seconds / 60
  return exact < 0.1 ? '< 0.1' : number(Math.round(exact * 10) / 10)
}

const number = (value: number): string => value.toLocaleString('en-US')
