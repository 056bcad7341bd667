import type { Endpoint } from '../types.ts'
import { brandEndpoints } from './brands.ts'
import { oldCategoryEndpoints } from './old-categories.ts'
import { storeEndpoints } from './store.ts'
import { treeCategoryEndpoints } from './tree-categories.ts'
import { treeEndpoints } from './trees.ts'

export { brandNamed } from './brands.ts'

/** Categories, trees, brands, and the store itself. */
export const listingEndpoints: readonly Endpoint[] = [
  ...storeEndpoints,
  ...brandEndpoints,
  ...treeEndpoints,
  ...treeCategoryEndpoints,
  ...oldCategoryEndpoints,
]
