import type { Catalog } from '../../model/index.ts'
import type { Endpoint } from '../types.ts'

/** Products and what belongs to them. */
export const catalogEndpoints = (_catalog: Catalog): readonly Endpoint[] => []
