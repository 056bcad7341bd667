import type { Catalog } from '../../model/index.ts'
import { defaultsOf } from '../defaults.ts'
import type { Endpoint } from '../types.ts'
import { categoryAssignmentEndpoints } from './category-assignments.ts'
import { channelAssignmentEndpoints } from './channel-assignments.ts'
import { metafieldEndpoints } from './metafields.ts'
import { modifierValueEndpoints } from './modifier-values.ts'
import { optionEndpoints } from './options.ts'
import { partEndpoints } from './parts.ts'
import { productEndpoints } from './products.ts'
import { summaryEndpoint } from './summary.ts'
import { variantEndpoints } from './variants.ts'

export { putInCategory } from './category-assignments.ts'

/** Products and what belongs to them. */
export const catalogEndpoints = (catalog: Catalog): readonly Endpoint[] => {
  const defaults = defaultsOf(catalog)
  return [
    ...productEndpoints(defaults),
    ...variantEndpoints(defaults),
    ...optionEndpoints(defaults),
    ...partEndpoints(),
    ...modifierValueEndpoints,
    ...metafieldEndpoints(),
    ...channelAssignmentEndpoints,
    ...categoryAssignmentEndpoints,
    summaryEndpoint,
  ]
}
