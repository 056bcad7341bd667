import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveWrites, type Family, routeWrites, targetOf } from '../../src/diff/index.ts'
import { type Catalog, type Change, catalogOf, type Resource, type Route, type Values } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'

/** Rows in one request: as in the API's proportions, and so few that a small set of changes fills several. */
const PER_REQUEST = { products: 2, variants: 4, inventory_items: 5 }

const small: Catalog = catalogOf(
  [...catalog.resources.values()].map((resource): Resource => {
    const batch = PER_REQUEST[resource.name as keyof typeof PER_REQUEST]
    const [first, ...others] = resource.api.update ?? []
    return batch && first
      ? { ...resource, api: { ...resource.api, update: [{ ...first, batch }, ...others] } }
      : resource
  }),
  [...catalog.derived.values()],
)
const skus = targetOf(small, 'skus')

/** Fields of a feed by where they live: inherited, the product's or the variant's, outside the variants' batch, stock. */
const FIELDS = ['price', 'cost_price', 'upc', 'mpn', 'inventory_level'] as const
type Name = (typeof FIELDS)[number]

interface Sku {
  readonly product: number
  readonly variant: number
  readonly isSimple: boolean
  readonly hasOwnPrice: boolean
  readonly fields: readonly Name[]
}

const fields = fc.subarray([...FIELDS], { minLength: 1 })
const skusOfProduct = fc.oneof(
  fc.record({ hasOwnPrice: fc.boolean(), fields }).map((one) => [{ ...one, isSimple: true }]),
  fc
    .array(fields, { minLength: 2, maxLength: 3 })
    .map((all) => all.map((each) => ({ hasOwnPrice: false, fields: each, isSimple: false }))),
)
const shop = fc
  .array(skusOfProduct, { minLength: 1, maxLength: 5 })
  .map((products) =>
    products.flatMap((rows, at) =>
      rows.map((row, inside): Sku => ({ ...row, product: at + 1, variant: 100 * (at + 1) + inside })),
    ),
  )

/** Every price differs, so that no product price stands for several variants. */
const changesOf = (rows: readonly Sku[]): readonly Change[] =>
  rows.map(({ product, variant, fields: names }, at) => ({
    id: at + 1,
    action: 'update',
    side: 'store',
    resource: 'skus',
    key: { sku: `S${variant}` },
    entity: { product_id: product, variant_id: variant },
    label: null,
    line: at + 1,
    fields: names.map((field) => ({ field, from: null, to: `${at + 1}`, base: null, owner: 'source' })),
  }))

const familyOf = (rows: readonly Sku[], product: number): Family => {
  const own = rows.filter((row) => row.product === product)
  const [first] = own
  const parent: Values = {
    id: product,
    price: '5',
    cost_price: null,
    inventory_tracking: first?.isSimple ? 'product' : 'variant',
    base_variant_id: first?.isSimple ? first.variant : null,
  }
  const children = own.map(({ variant, hasOwnPrice }) => ({
    id: variant,
    product_id: product,
    price: hasOwnPrice ? '6' : null,
    cost_price: null,
  }))
  return { parent, children }
}

const sent = (rows: readonly Sku[], soleToChild: boolean): number => {
  const context = {
    location: 1,
    soleToChild,
    row: () => undefined,
    family: (key: unknown) => familyOf(rows, Number(key)),
  }
  return routeWrites(small, deriveWrites(skus, changesOf(rows), context).writes).flat().length
}

/**
 * What the API allows, tried out: each value at each row that it may be written to, each row by each route that carries it, whole
 * or in two. Stated from docs/bigcommerce.md and not from the definitions.
 */
const least = (rows: readonly Sku[], soleToChild: boolean): number => {
  const places = rows.flatMap((row) => row.fields.map((field) => ({ field, rows: allowed(row, field, soleToChild) })))
  const free = places.filter((place) => place.rows.length > 1)
  let best = Number.POSITIVE_INFINITY
  for (let bits = 0; bits < 2 ** free.length; bits += 1) {
    const written = new Map<string, Set<Name>>()
    for (const place of places) {
      const choice = free.indexOf(place)
      const row = place.rows[choice >= 0 && bits & (2 ** choice) ? 1 : 0] ?? ''
      written.set(row, (written.get(row) ?? new Set()).add(place.field))
    }
    best = Math.min(best, requestsFor(written))
  }
  return best
}

const allowed = ({ product, variant, isSimple, hasOwnPrice }: Sku, field: Name, soleToChild: boolean): string[] => {
  if (field === 'inventory_level') return [`stock ${variant}`]
  if (!isSimple) return [`variant ${variant}`]
  if (field === 'upc' || field === 'mpn') return [`product ${product}`]
  if (field === 'price' && hasOwnPrice) return [`variant ${variant}`]
  return soleToChild ? [`product ${product}`, `variant ${variant}`] : [`product ${product}`]
}

/** A variant's mpn goes alone and takes the row's other values along; to send those apart would only add to a request. */
const requestsFor = (written: ReadonlyMap<string, ReadonlySet<Name>>): number => {
  const rows = [...written]
  const alone = rows.filter(([row, names]) => row.startsWith('variant') && names.has('mpn')).length
  const of = (kind: string): number => rows.filter(([row]) => row.startsWith(kind)).length
  return (
    Math.ceil(of('product') / PER_REQUEST.products) +
    Math.ceil((of('variant') - alone) / PER_REQUEST.variants) +
    alone +
    Math.ceil(of('stock') / PER_REQUEST.inventory_items)
  )
}

describe('the requests for any small set of changes', () => {
  it.each([false, true])(
    'are as few as trying everything out finds (prices of simple products to variants: %s)',
    (to) => {
      fc.assert(
        fc.property(shop, (rows) => {
          expect(sent(rows, to)).toBe(least(rows, to))
        }),
        { numRuns: 2000 },
      )
    },
  )

  it('of every resource cannot be fewer by another route', () => {
    const routes = [...catalog.resources.values()].flatMap(({ name, api }) =>
      (api.update ?? []).slice(1).map((route: Route) => ({ name, batch: route.batch })),
    )
    // A route that takes one row never has room for another one, so the first that carries a row is the cheapest.
    for (const { name, batch } of routes) expect({ name, batch }).toEqual({ name, batch: 1 })
  })
})
