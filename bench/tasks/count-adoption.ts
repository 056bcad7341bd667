import { call, every } from '../migration/call.ts'
import { leastBeside } from '../migration/least-writes.ts'
import { A_SECOND, counted, doubled, openStores, type Took } from '../migration/two-stores.ts'

/** What a migration took into a store that has a third of the products, made by hand and with prices of its own. */
export interface Adopted extends Took {
  readonly least: Readonly<Record<string, number>>
  /** Products and variants that were there, and those that were taken for the old ones. */
  readonly held: number
  readonly adopted: number
  /** Products and SKUs that are there twice afterwards. */
  readonly doubled: number
  /** Rows that stay behind. */
  readonly left: number
  /** Of prices of their own, those that were written over. */
  readonly overwritten: number
  /** Seconds that the quotas of the stores ask for, each alone. */
  readonly quotas: { readonly old: number; readonly fresh: number }
}

/** Migrates with `--existing adopt`; nothing was read before, so both stores are read in it. */
export const countAdoption = async ({ scale }: { scale: number }): Promise<Adopted> => {
  const shops = await openStores(scale)
  try {
    const { products, variants } = shops.old.state
    const held = every(3, products.list())
    let skus = 0
    for (const { id, name, sku, type, weight } of held as readonly (typeof held)[number][]) {
      const chosen = variants.where('product', id).filter(({ option_values }) => option_values.length)
      skus += Math.max(1, chosen.length)
      await call({ emulator: shops.fresh, clock: shops.clock }, 'POST', '/v3/catalog/products', {
        ...{ name, sku, type, weight, price: OWN_PRICE },
        variants: chosen.map((variant) => ({
          sku: variant.sku,
          option_values: variant.option_values.map(({ label, option_display_name }) => ({
            label,
            option_display_name,
          })),
        })),
      })
    }
    const { report, took } = await counted(shops, { existing: 'adopt' })
    const prices = shops.fresh.state.products.list().filter(({ price }) => price === OWN_PRICE)
    const asked = ({ read, write, check }: Took['requests']) => (read + write + check) / A_SECOND
    return {
      ...took,
      least: leastBeside(shops.old, new Set(held.map(({ id }) => id))),
      held: held.length + skus,
      adopted: report.resources
        .filter(({ resource }) => resource === 'products' || resource === 'variants')
        .reduce((sum, { adopted }) => sum + adopted, 0),
      doubled: doubled(shops.fresh),
      left: report.left.length,
      overwritten: held.length - prices.length,
      quotas: { old: asked(took.reads), fresh: asked(took.requests) },
    }
  } finally {
    shops.close()
  }
}

const OWN_PRICE = 1.25
