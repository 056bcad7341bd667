import { foretellMigration } from '../../src/app/index.ts'
import { openTwoShops, USUAL } from '../../test/support/two-shops.ts'

/** What the plan of a migration says of a whole catalog. */
export interface CatalogForecast {
  readonly products: number
  readonly variants: number
  readonly requests: number
  readonly seconds: number
}

/** Plans to copy a store of that many products, with variants, pictures and custom fields, into an empty one on the smallest plan. */
export const foretellCatalog = async ({ products }: { products: number }): Promise<CatalogForecast> => {
  const shops = openTwoShops({
    old: { products, orders: 0, customers: 0, plan: 'standard' },
    fresh: { plan: 'standard' },
    resources: ['products', 'variants', 'categories', 'brands', 'product_images', 'product_custom_fields'],
    isJudged: false,
  })
  try {
    const { cost } = await foretellMigration(shops.workspace, 'old', 'new', USUAL)
    return { products, variants: shops.old.state.variants.size, ...cost }
  } finally {
    shops.close()
  }
}
