import type { Endpoint } from '../types.ts'
import { addressEndpoints } from './addresses.ts'
import { attributeValueEndpoints } from './attribute-values.ts'
import { attributeEndpoints } from './attributes.ts'
import { wholeCustomerEndpoints } from './customers.ts'
import { groupEndpoints } from './groups.ts'

export { seedCustomers } from './seed.ts'

export const customerEndpoints: readonly Endpoint[] = [
  ...wholeCustomerEndpoints,
  ...addressEndpoints,
  ...attributeEndpoints,
  ...attributeValueEndpoints,
  ...groupEndpoints,
]
