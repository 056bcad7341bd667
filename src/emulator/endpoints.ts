import type { Catalog } from '../model/index.ts'
import { catalogEndpoints } from './catalog/index.ts'
import { collectionEndpoints } from './collections/index.ts'
import { customerEndpoints } from './customers/index.ts'
import { inventoryEndpoints } from './inventory/index.ts'
import { listingEndpoints } from './listings/index.ts'
import { olderCatalogEndpoints } from './older/index.ts'
import { orderEndpoints } from './orders/index.ts'
import { priceEndpoints } from './prices/index.ts'
import { storefrontEndpoints } from './storefront/index.ts'
import type { Endpoint } from './types.ts'

/** Every endpoint of the store: its own, and those derived from definitions that have none. */
export const endpointsFor = (catalog: Catalog): readonly Endpoint[] => {
  const own = [
    ...catalogEndpoints(catalog),
    ...listingEndpoints,
    ...inventoryEndpoints,
    ...orderEndpoints,
    ...olderCatalogEndpoints,
    ...priceEndpoints,
    ...storefrontEndpoints,
    ...customerEndpoints,
  ]
  return [...own, ...collectionEndpoints(catalog, own)]
}
