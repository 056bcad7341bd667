import { openMirror } from '../../src/mirror/index.ts'
import type { Body } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { mirrorFile, STORE } from '../workspace.ts'

/** Fills a mirror with so many SKUs, three to a product, through its own writer: as a pull does, without a store to ask. */
export const fillMirror = async ({ folder, skus }: { folder: string; skus: number }) => {
  const [products, variants] = ['products', 'variants'].map((name) => catalog.resources.get(name))
  if (!products || !variants) throw new Error('the catalog has no products with variants')
  const mirror = openMirror({
    path: mirrorFile(folder),
    catalog,
    migrations: new URL('../../migrations', import.meta.url).pathname,
    writer: { host: 'bench', pid: process.pid, since: AT, work: 'fill' },
  })
  mirror.link({ hash: STORE.storeHash, domain: 'bench.example', currency: 'EUR' }, AT)
  let pull = mirror.beginPull(products, { full: true, since: null, at: AT, run: 'r1' })
  const count = Math.ceil(skus / PER_PRODUCT)
  for (let first = 1; first <= count; first += PAGE) {
    const ids = Array.from({ length: Math.min(PAGE, count - first + 1) }, (_, index) => first + index)
    const rows = ids.map((id) => ({ body: bodyOf(id, Math.min(PER_PRODUCT, skus - (id - 1) * PER_PRODUCT)) }))
    const page = { resource: products, children: [variants], rows, at: AT, run: 'r1', last: first + PAGE > count }
    pull = mirror.savePage(pull, page, { cursor: rows.length + first - 1 }).pull
  }
  mirror.endPull(pull, { complete: true, expected: count, watermark: AT, at: AT })
  mirror.close()
  return { skus }
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
  cost_price: priceOf(id) / 2,
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

const priceOf = (id: number): number => 5 + (id % 9000) / 20
