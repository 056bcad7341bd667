import { type Mirror, openMirror } from '../../src/mirror/index.ts'
import type { Body, Resource } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { mirrorFile, STORE } from '../workspace.ts'

/**
 * Fills a mirror with so many SKUs, three to a product, and with orders of two years, two lines each, through its own writer: as a
 * pull does, without a store to ask.
 */
export const fillMirror = async ({ folder, skus, orders = 0 }: { folder: string; skus: number; orders?: number }) => {
  const mirror = openMirror({
    path: mirrorFile(folder),
    catalog,
    migrations: new URL('../../migrations', import.meta.url).pathname,
    writer: { host: 'bench', pid: process.pid, since: AT, work: 'fill' },
  })
  mirror.link({ hash: STORE.storeHash, domain: 'bench.example', currency: 'EUR' }, AT)
  const products = Math.ceil(skus / PER_PRODUCT)
  fill(mirror, ['products', 'variants'], products, (id) =>
    bodyOf(id, Math.min(PER_PRODUCT, skus - (id - 1) * PER_PRODUCT)),
  )
  if (orders) fill(mirror, ['orders', 'order_lines'], orders, (id) => orderOf(id, orders, products))
  mirror.close()
  return { skus, orders }
}

const fill = (mirror: Mirror, names: readonly string[], count: number, bodyOf: (id: number) => Body): void => {
  const [resource, ...children] = names.map(resourceNamed)
  if (!resource) return
  let pull = mirror.beginPull(resource, { full: true, since: null, at: AT, run: 'r1' })
  for (let first = 1; first <= count; first += PAGE) {
    const ids = Array.from({ length: Math.min(PAGE, count - first + 1) }, (_, index) => first + index)
    const page = {
      resource,
      children,
      rows: ids.map((id) => ({ body: bodyOf(id) })),
      at: AT,
      run: 'r1',
      last: first + PAGE > count,
    }
    pull = mirror.savePage(pull, page, { cursor: ids.length + first - 1 }).pull
  }
  mirror.endPull(pull, { complete: true, expected: count, watermark: AT, at: AT })
}

const resourceNamed = (name: string): Resource => {
  const found = catalog.resources.get(name)
  if (!found) throw new Error(`no resource is called ${name}`)
  return found
}

const AT = '2026-03-02T00:00:00Z'
const PER_PRODUCT = 3
const PAGE = 2500

const bodyOf = (id: number, variants: number): Body => ({
  id,
  name: `Product ${id} of the bench`,
  type: 'physical',
  sku: '',
  description: '<p>As the supplier describes it: solid, washable, and made to last for years.</p>',
  weight: 1 + (id % 400) / 100,
  price: priceOf(id),
  cost_price: priceOf(id) * (id % 20 ? 0.5 : 0.9),
  retail_price: 0,
  inventory_tracking: 'variant',
  inventory_level: 0,
  is_visible: true,
  date_modified: AT,
  base_variant_id: null,
  variants: Array.from({ length: variants }, (_, index) => variantOf(id, index)),
})

const variantOf = (product: number, index: number): Body => ({
  id: product * PER_PRODUCT + index,
  product_id: product,
  sku: `SKU-${String(product).padStart(6, '0')}-${'SML'[index]}`,
  price: index ? priceOf(product) + index : null,
  cost_price: index ? (priceOf(product) + index) / 2 : 0,
  weight: null,
  inventory_level: (product * 7 + index) % 50,
})

/** The youngest of two years of orders is of the moment of the pull. */
const orderOf = (id: number, orders: number, products: number): Body => ({
  id,
  date_created: new Date(Date.parse(AT) - Math.floor(((orders - id) / orders) * 730) * 86_400_000).toUTCString(),
  date_modified: new Date(Date.parse(AT)).toUTCString(),
  status_id: id % 40 ? 10 : 5,
  currency_code: 'EUR',
  total_inc_tax: String(20 + (id % 300)),
  items_total: 3,
  refunded_amount: '0.0000',
  is_deleted: false,
  consignments: { shipping: [{ id, line_items: [lineOf(id, 0, products), lineOf(id, 1, products)] }] },
})

const lineOf = (order: number, index: number, products: number): Body => {
  // A tenth of the products sells nine tenths of all.
  const product = 1 + ((order * 7919 + index * 104_729) % (order % 10 ? Math.ceil(products / 10) : products))
  return {
    id: order * 2 + index,
    order_id: order,
    product_id: product,
    variant_id: product * PER_PRODUCT + (order % PER_PRODUCT),
    name: `Product ${product} of the bench`,
    sku: `SKU-${String(product).padStart(6, '0')}-${'SML'[order % PER_PRODUCT]}`,
    quantity: 1 + index,
    quantity_refunded: 0,
    total_inc_tax: String(10 + (order % 150)),
  }
}

const priceOf = (id: number): number => 5 + (id % 9000) / 20
