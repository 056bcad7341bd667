import type { Endpoint } from '../types.ts'
import { assignmentEndpoints } from './assignments.ts'
import { listEndpoints } from './lists.ts'
import { recordEndpoints } from './records.ts'

export { seedPrices } from './seed.ts'

export const priceEndpoints: readonly Endpoint[] = [...listEndpoints, ...recordEndpoints, ...assignmentEndpoints]
