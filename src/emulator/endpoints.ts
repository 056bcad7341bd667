import type { Catalog } from '../model/index.ts'
import { catalogEndpoints } from './catalog/index.ts'
import { inventoryEndpoints } from './inventory/index.ts'
import { listingEndpoints } from './listings/index.ts'
import { orderEndpoints } from './orders/index.ts'
import type { Endpoint } from './types.ts'

/** Every endpoint of the store. */
export const endpointsFor = (catalog: Catalog): readonly Endpoint[] => [
  ...catalogEndpoints(catalog),
  ...listingEndpoints,
  ...inventoryEndpoints,
  ...orderEndpoints,
]
