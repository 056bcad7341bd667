import { conflict, invalid, problem, refuse } from '../answers.ts'
import { amount, type Body, needFields, oneOf, readFields, whole } from '../rules.ts'
import type { ChildRow, ProductRow, State } from '../state.ts'
import { partOf } from './find.ts'

/** Adds a bulk pricing rule, or changes the one with the id. @throws {Refusal} 422, 404, 409 on overlap or, at the limit, 403. */
export const writeBulkRule = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const fields = readFields(body, RULES)
  const before = id === undefined ? undefined : partOf(state.bulkRules, product, 'bulk pricing rule', id)
  if (!before) needFields(body, Object.keys(RULES))
  const others = state.bulkRules.where('product', product.id).filter((row) => row.id !== id)
  const after = rangeOf({ ...before, ...fields })
  if (after.to < after.from)
    refuse(invalid("The field 'quantity_max' is invalid.", { quantity_max: 'below quantity_min' }))
  if (others.map(rangeOf).some((other) => after.from <= other.to && other.from <= after.to)) {
    const title = 'The bulk pricing rule overlaps with another one.'
    refuse(conflict(title, { quantity_min: title }))
  }
  if (before) return state.bulkRules.update(before.id, fields)
  if (others.length >= MOST) refuse(problem(403, `A product can have at most ${MOST} bulk pricing rules.`))
  return state.bulkRules.insert({ product_id: product.id, ...fields })
}

const RULES = {
  quantity_min: whole(),
  quantity_max: whole(),
  type: oneOf('price', 'percent', 'fixed'),
  amount: amount(),
}

const MOST = 50

// A maximum of 0 is without end.
const rangeOf = (row: Body): { from: number; to: number } => ({
  from: Number(row['quantity_min']),
  to: Number(row['quantity_max']) || Number.POSITIVE_INFINITY,
})
