import { invalid, problem, refuse } from '../answers.ts'
import { type Body, needFields, readFields, text } from '../rules.ts'
import type { ChildRow, ProductRow, State } from '../state.ts'
import { partOf } from './find.ts'

/** Adds a custom field, or changes the one with the id. @throws {Refusal} 422, 404 or, at the limit, 403. */
export const writeCustomField = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const fields = readFields(body, { name: text(250, 1), value: text(250, 1) })
  const before = id === undefined ? undefined : partOf(state.customFields, product, 'custom field', id)
  if (!before) needFields(body, ['name', 'value'])
  const others = state.customFields.where('product', product.id).filter((row) => row.id !== id)
  const after = { ...before, ...fields }
  if (others.some((row) => row['name'] === after['name'] && row['value'] === after['value'])) {
    const title = 'A custom field with this name and value already exists on the product.'
    refuse(invalid(title, { name: title }))
  }
  if (before) return state.customFields.update(before.id, fields)
  if (others.length >= MOST) refuse(problem(403, `A product can have at most ${MOST} custom fields.`))
  return state.customFields.insert({ product_id: product.id, ...fields })
}

const MOST = 200
