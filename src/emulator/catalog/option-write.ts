import { conflict, invalid, problem, refuse } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { anything, arrayOf, type Body, flag, needFields, oneOf, readFields, text, whole } from '../rules.ts'
import type { OptionRow, OptionValue, ProductRow, State } from '../state.ts'

/** A new option without values. @throws {Refusal} 422, or 409 when the product has one of that name. */
export const addOption = (state: State, product: ProductRow, body: Body, defaults: Defaults): OptionRow => {
  needFields(body, ['display_name', 'type'])
  const fields = readFields(body, OPTION_RULES)
  const display_name = String(fields['display_name'])
  const others = state.options.where('product', product.id)
  claimOptionName(others, display_name)
  return state.options.insert({
    ...defaults('product_options'),
    product_id: product.id,
    // The server's own name for it, made of what it is shown as, the time and the product.
    name: `${display_name}${Math.floor(state.now() / 1000)}-${product.id}`,
    sort_order: others.length,
    config: [],
    ...fields,
    option_values: [],
  } as unknown as OptionRow)
}

/** @throws {Refusal} 422, or 409 when the product has another option of that name. */
export const changeOption = (state: State, option: OptionRow, body: Body): OptionRow => {
  const fields = readFields(body, OPTION_RULES)
  const others = state.options.where('product', option.product_id).filter(({ id }) => id !== option.id)
  if (typeof fields['display_name'] === 'string') claimOptionName(others, fields['display_name'])
  state.options.update(option.id, fields)
  for (const row of body['option_values'] === undefined ? [] : arrayOf(body['option_values']))
    writeValue(state, option.id, row)
  relabel(state, option.id)
  return current(state, option.id)
}

/** Adds a value. @throws {Refusal} 422, 409 on a label that the option has, 403 above the limit. */
export const addValue = (state: State, { id }: OptionRow, body: Body): OptionValue => {
  const { option_values: values } = current(state, id)
  needFields(body, ['label'])
  const fields = readFields(body, VALUE_RULES)
  claimLabel(values, String(fields['label']))
  if (values.length >= MOST_VALUES) refuse(problem(403, `An option can have at most ${MOST_VALUES} values.`))
  const value = {
    ...VALUE_DEFAULTS,
    sort_order: values.length,
    ...fields,
    id: nextValueId(state),
  } as unknown as OptionValue
  state.options.update(id, { option_values: [...values, value] })
  return value
}

/** Changes a value, and its label on the variants that stand for it. */
export const changeValue = (state: State, { id }: OptionRow, value: OptionValue, body: Body): OptionValue => {
  const { option_values: values } = current(state, id)
  const fields = readFields(body, VALUE_RULES)
  if (typeof fields['label'] === 'string') {
    claimLabel(
      values.filter((one) => one.id !== value.id),
      fields['label'],
    )
  }
  const changed = { ...value, ...fields }
  state.options.update(id, { option_values: values.map((one) => (one.id === value.id ? changed : one)) })
  relabel(state, id)
  return changed
}

const OPTION_RULES = {
  display_name: text(255, 1),
  type: oneOf('radio_buttons', 'rectangles', 'dropdown', 'product_list', 'product_list_with_images', 'swatch'),
  sort_order: whole(-2_147_483_648),
  config: anything,
  image_url: text(),
}

const VALUE_RULES = {
  label: text(255, 1),
  sort_order: whole(-2_147_483_648),
  value_data: anything,
  is_default: flag,
}
const VALUE_DEFAULTS = { id: 0, label: '', sort_order: 0, value_data: null, is_default: false }

/** Values of one option, at most (docs/bigcommerce.md, Catalog limits). */
export const MOST_VALUES = 250

const claimOptionName = (others: readonly OptionRow[], name: string): void => {
  const taken = others.some(({ display_name }) => display_name.toLowerCase() === name.toLowerCase())
  const title = 'The display name is already used on this product.'
  if (taken) refuse(conflict(title, { display_name: title }))
}

/** @throws {Refusal} 409 when one of the others has that label. */
export const claimLabel = (others: readonly OptionValue[], wish: string): void => {
  const taken = others.some(({ label }) => label.toLowerCase() === wish.toLowerCase())
  const title = 'There is a value of this label already.'
  if (taken) refuse(conflict(title, { label: title }))
}

const writeValue = (state: State, optionId: number, row: Body): void => {
  const option = current(state, optionId)
  if (row['id'] === undefined) addValue(state, option, row)
  else {
    const value = option.option_values.find(({ id }) => id === row['id'])
    if (!value)
      refuse(invalid("The field 'option_values' is invalid.", { option_values: `no value with id ${row['id']}` }))
    else changeValue(state, option, value, row)
  }
}

const current = (state: State, id: number): OptionRow => state.options.get(id) as OptionRow

const relabel = (state: State, optionId: number): void => {
  const option = current(state, optionId)
  const labels = new Map(option.option_values.map(({ id, label }) => [id, label]))
  for (const variant of state.variants.where('product', option.product_id)) {
    const option_values = variant.option_values.map((choice) =>
      choice.option_id === optionId
        ? { ...choice, label: labels.get(choice.id) ?? choice.label, option_display_name: option.display_name }
        : choice,
    )
    state.variants.update(variant.id, { option_values })
  }
}

/** Ids of values are unique in the store; those of the start-up data are stepped over. */
const nextValueId = (state: State): number => {
  const given = state.collection('option_value_ids')
  if (given.size) return given.insert({}).id
  const ids = state.options.list().flatMap(({ option_values }) => option_values.map(({ id }) => id))
  return given.insert({ id: ids.reduce((most, id) => Math.max(most, id), 0) + 1 }).id
}
