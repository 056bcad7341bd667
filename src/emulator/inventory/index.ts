import type { Endpoint } from '../types.ts'
import { adjustmentEndpoints } from './adjust.ts'
import { itemEndpoints } from './items.ts'
import { locationEndpoints } from './locations.ts'

export { changeStock, DEFAULT_LOCATION } from './stock.ts'

export const inventoryEndpoints: readonly Endpoint[] = [...itemEndpoints, ...adjustmentEndpoints, ...locationEndpoints]
