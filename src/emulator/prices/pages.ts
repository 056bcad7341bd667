import { invalid, refuse } from '../answers.ts'
import { PAGING } from '../filters.ts'
import { cursorPage } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call } from '../types.ts'

/** Parameters of the lists of prices that are no filters. */
export const PRICE_PAGING = [...PAGING.filter((name) => !name.endsWith('_fields')), 'before', 'after', 'include']

/** A page by number or by cursor; here the two exclude each other (docs/bigcommerce.md, Paging). @throws {Refusal} 422. */
export const pricePage = <R extends Row>(call: Call, rows: readonly R[], shape: (row: R) => unknown): Answer => {
  const { query } = call
  if (query.has('page') && (query.has('after') || query.has('before')))
    refuse(invalid('A page and a cursor exclude each other.'))
  return cursorPage(call, rows, shape)
}
