import type { Catalog } from '../model/index.ts'
import { catalogEndpoints } from './catalog/index.ts'
import type { Endpoint } from './types.ts'

/** Every endpoint of the store. */
export const endpointsFor = (catalog: Catalog): readonly Endpoint[] => [...catalogEndpoints(catalog)]
