import { conflict, problem, refuse } from '../answers.ts'
import { anything, arrayOf, type Body, flag, needFields, oneOf, readFields, text, whole } from '../rules.ts'
import type { ChildRow, ModifierRow, ProductRow, State } from '../state.ts'
import { partOf } from './find.ts'
import { addModifierValue, changeModifierValue, modifierValue } from './modifier-value-write.ts'

/**
 * Adds a modifier, or changes the one with the id (docs/bigcommerce.md, Modifiers).
 * @throws {Refusal} 422, 404, 409 on a name that the product has, 500 where a date is limited without its limits.
 */
export const writeModifier = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const fields = readFields(body, RULES)
  const before = id === undefined ? undefined : partOf(state.modifiers, product, 'modifier', id)
  needFields(body, before ? ['type', 'required'] : ['type', 'required', 'display_name'])
  const others = state.modifiers.where('product', product.id).filter((row) => row.id !== id)
  claimName(others, fields['display_name'])
  checkDates({ ...before, ...fields })
  if (before) state.modifiers.update(before.id, fields)
  const row = before ?? insert(state, product, fields, others.length)
  for (const value of body['option_values'] === undefined ? [] : arrayOf(body['option_values'])) {
    if (value['id'] !== undefined)
      changeModifierValue(state, row, modifierValue(state, row, Number(value['id'])), value)
    // Those of a checkbox are the store's own.
    else if (row.type !== 'checkbox') addModifierValue(state, row, value)
  }
  return state.modifiers.get(row.id) as ModifierRow
}

const insert = (
  state: State,
  product: ProductRow,
  fields: Readonly<Record<string, unknown>>,
  sort_order: number,
): ModifierRow => {
  const row = state.modifiers.insert({
    product_id: product.id,
    // The server's own name for it, made of what it is shown as, the time and the product.
    name: `${fields['display_name']}${Math.floor(state.now() / 1000)}-${product.id}`,
    sort_order,
    config: {},
    ...fields,
    option_values: [],
  } as unknown as ModifierRow)
  if (row.type === 'checkbox') {
    addModifierValue(state, row, { label: 'Yes', sort_order: 0, value_data: { checked_value: true } })
    addModifierValue(state, row, { label: 'No', sort_order: 1, value_data: { checked_value: false } })
  }
  return row
}

const RULES = {
  display_name: text(255, 1),
  type: oneOf(
    ...['date', 'checkbox', 'file', 'text', 'multi_line_text', 'numbers_only_text'],
    ...['radio_buttons', 'rectangles', 'dropdown', 'product_list', 'product_list_with_images', 'swatch'],
  ),
  required: flag,
  sort_order: whole(-2_147_483_648),
  config: anything,
}

const claimName = (others: readonly ModifierRow[], wish: unknown): void => {
  const taken = others.some(({ display_name }) => display_name.toLowerCase() === String(wish).toLowerCase())
  const title = 'The display name is already used on this product.'
  if (taken) refuse(conflict(title, { display_name: title }))
}

/** The limits that a mode of limiting dates needs. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  earliest: ['date_earliest_value'],
  latest: ['date_latest_value'],
  range: ['date_earliest_value', 'date_latest_value'],
}

/** A limit that is left out is no refusal, but breaks the server. */
const checkDates = ({ type, config }: Body): void => {
  const said = (config ?? {}) as Body
  if (type !== 'date' || said['date_limited'] !== true) return
  const needed = LIMITS[String(said['date_limit_mode'])] ?? []
  if (needed.some((name) => said[name] === undefined)) refuse(problem(500, 'Internal Server Error'))
}
