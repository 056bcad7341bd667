import { createEmulator, type Emulator, type Plan, type State } from '../../../src/emulator/index.ts'
import type { ProductRow } from '../../../src/emulator/state.ts'
import { catalog } from '../../../src/resources/index.ts'
import type { SimClock } from '../clock.ts'
import type { Dice } from '../dice.ts'
import type { MoveSwarm } from './swarm.ts'

export const TOKEN = 'canary00token00that00shows00now'

/** An old store with a small catalog, and a new one that may have something of it. */
export const createStores = (
  seed: number,
  swarm: MoveSwarm,
  dice: Dice,
  clock: SimClock,
): { readonly from: Emulator; readonly to: Emulator } => {
  const common = { catalog, clock, orders: 0, customers: 0, accessToken: TOKEN }
  const settings = { partialVariantBatch: dice.chance(0.5), latencyMs: dice.pick([0, 40]) }
  const from = createEmulator({ ...common, seed, products: swarm.products, plan: 'unlimited', settings })
  const plan = dice.pick<Plan>(['standard', 'pro', 'unlimited'])
  const to = createEmulator({ ...common, seed: seed + 1, products: 0, plan, settings })
  prune(from.state, swarm)
  resemble(from.state, to.state, swarm.alike, dice)
  // A reading of a moment ago finds the stores like this.
  clock.advance(60_000)
  return { from, to }
}

/** Leaves the shelves that something stands on, which makes a seed short. */
const prune = (state: State, { lists }: MoveSwarm): void => {
  const products = state.products.list()
  const used = new Set(products.flatMap(({ categories }) => categories))
  for (let before = -1; before < used.size; ) {
    before = used.size
    for (const id of used) {
      const parent = Number(state.categories.get(id)?.['parent_id'] ?? 0)
      if (parent) used.add(parent)
    }
  }
  for (const { id } of state.categories.list()) if (!used.has(id)) state.categories.delete(id)
  const brands = new Set(products.map(({ brand_id }) => brand_id))
  for (const { id } of state.brands.list()) if (!brands.has(id)) state.brands.delete(id)
  for (const { id } of state.metafields.list()) state.metafields.delete(id)
  if (lists) return
  for (const { id } of state.priceRecords.list()) state.priceRecords.delete(id)
  for (const { id } of state.priceLists.list()) state.priceLists.delete(id)
}

/** Rows of the new store that are alike to old ones: by name, by SKU, or by each to another one. */
const resemble = (from: State, to: State, alike: number, dice: Dice): void => {
  for (const brand of from.brands.list())
    if (dice.chance(alike)) to.brands.insert({ ...brand, id: brand.id + 500, meta_description: 'ours' })
  for (const category of from.categories.list())
    if (category['parent_id'] === 0 && dice.chance(alike))
      to.categories.insert({ ...category, id: category.id + 500, tree_id: 1, description: 'ours' })
  const products = from.products.list()
  for (const product of products.filter(isSimple)) {
    if (!dice.chance(alike)) continue
    const other = dice.pick(products)
    const names = dice.pick([
      { name: product.name, sku: product.sku },
      { name: product.name, sku: `OURS-${product.id}` },
      { name: `Ours ${product.id}`, sku: product.sku },
      { name: other.name, sku: product.sku },
    ])
    if (!to.products.list().some(({ name, sku }) => name === names.name || sku === names.sku))
      cloneProduct(from, to, product, { ...names, price: 99, description: 'ours' })
  }
}

export const isSimple = ({ base_variant_id }: ProductRow): boolean => base_variant_id !== null

/** A product with its one variant, with what is said of it changed; for stores that are changed behind everybody's back. */
export const cloneProduct = (from: State, to: State, product: ProductRow, facts: Partial<ProductRow>): number => {
  const base = from.variants.get(product.base_variant_id ?? 0)
  const { id: _id, ...rest } = { ...product, ...facts }
  const own = from === to ? {} : { categories: [], brand_id: 0 }
  const made = to.products.insert({
    ...rest,
    ...own,
    base_variant_id: null,
    custom_url: { url: `/made-${rest.sku.toLowerCase()}/`, is_customized: true },
  })
  if (!base) return made.id
  const { id: _old, ...variant } = base
  const child = to.variants.insert({ ...variant, product_id: made.id, sku: rest.sku })
  to.products.update(made.id, { base_variant_id: child.id })
  return made.id
}
