import { arrayOf, type Body } from '../rules.ts'
import type { ProductRow, State } from '../state.ts'
import { writeBulkRule } from './bulk-rule-write.ts'
import { writeCustomField } from './custom-field-write.ts'
import { writeImage } from './image-write.ts'
import { writeVideo } from './video-write.ts'

/**
 * Writes the lists nested in a product: a row with an id changes that row, a row without is added, rows that are not named stay
 * (docs/bigcommerce.md, Products).
 */
export const writeNested = (state: State, product: ProductRow, body: Body): void => {
  for (const [name, write] of Object.entries(WRITERS)) {
    if (body[name] === undefined) continue
    for (const row of arrayOf(body[name]))
      write(state, product, row, typeof row['id'] === 'number' ? row['id'] : undefined)
  }
}

const WRITERS = {
  custom_fields: writeCustomField,
  bulk_pricing_rules: writeBulkRule,
  images: writeImage,
  videos: writeVideo,
}
