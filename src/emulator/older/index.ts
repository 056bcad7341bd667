import type { Endpoint } from '../types.ts'
import { olderCustomerEndpoints } from './customers.ts'
import { olderListingEndpoints } from './listings.ts'
import { olderPartEndpoints } from './parts.ts'
import { olderProductEndpoints } from './products.ts'

/** The catalog as the older API shows it, to be read: the same rows in its own shape (docs/bigcommerce.md, The older catalog). */
export const olderCatalogEndpoints: readonly Endpoint[] = [
  ...olderProductEndpoints,
  ...olderPartEndpoints,
  ...olderListingEndpoints,
  ...olderCustomerEndpoints,
]
