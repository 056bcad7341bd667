import { noContent, notFound, ok, refuse } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { filtered } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import { arrayOf, idOf, needFields, objectOf } from '../rules.ts'
import type { OptionRow, OptionValue, ProductRow } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { partOf, productOf } from './find.ts'
import { addOption, addValue, changeOption, changeValue } from './option-write.ts'
import { touch } from './touch.ts'
import { removeVariants } from './variant-write.ts'

const scope = 'store_v2_products'
const options = '/v3/catalog/products/:id/options'
const option = `${options}/:option`
const values = `${option}/values`
const value = `${values}/:value`

/** Options of a product and their values. */
export const optionEndpoints = (defaults: Defaults): readonly Endpoint[] => [
  { method: 'GET', path: options, scope, handle: list },
  { method: 'POST', path: options, scope, handle: (call) => create(call, defaults) },
  { method: 'GET', path: option, scope, handle: (call) => ok(narrow(call.query)(named(call).option)) },
  { method: 'PUT', path: option, scope, handle: update },
  { method: 'DELETE', path: option, scope, handle: (call) => remove(call, defaults) },
  { method: 'GET', path: values, scope, handle: listValues },
  { method: 'POST', path: values, scope, handle: createValue },
  { method: 'GET', path: value, scope, handle: (call) => ok(namedValue(call).value) },
  { method: 'PUT', path: value, scope, handle: updateValue },
  { method: 'DELETE', path: value, scope, handle: (call) => removeValue(call, defaults) },
]

const named = (call: Call): { product: ProductRow; option: OptionRow } => {
  const product = productOf(call)
  return { product, option: partOf(call.state.options, product, 'option', idOf(call.params['option'])) }
}

const namedValue = (call: Call): { product: ProductRow; option: OptionRow; value: OptionValue } => {
  const { product, option } = named(call)
  const id = call.params['value']
  const value = option.option_values.find((one) => one.id === idOf(id))
  return { product, option, value: value ?? refuse(notFound(`An option value with the id of ${id} was not found.`)) }
}

const list = (call: Call): Answer => {
  const some = narrow(call.query)
  return page(call, filtered(call.query, call.state.options.where('product', productOf(call).id), {}), some)
}

const create = (call: Call, defaults: Defaults): Answer => {
  const { state } = call
  const product = productOf(call)
  const body = objectOf(call.body)
  needFields(body, ['option_values'])
  const option = addOption(state, product, body, defaults)
  for (const row of arrayOf(body['option_values'])) addValue(state, option, row)
  touch(state, product.id)
  return ok(state.options.get(option.id))
}

const update = (call: Call): Answer => {
  const { product, option } = named(call)
  const changed = changeOption(call.state, option, objectOf(call.body))
  touch(call.state, product.id)
  return ok(changed)
}

/** With an option go the variants that were chosen by it. */
const remove = (call: Call, defaults: Defaults): Answer => {
  const { state } = call
  const { product, option } = named(call)
  state.options.delete(option.id)
  const variants = state.variants.where('product', product.id)
  const gone = variants.filter(({ option_values }) => option_values.some((choice) => choice.option_id === option.id))
  removeVariants(state, product, gone, defaults)
  return noContent
}

const listValues = (call: Call): Answer => {
  const some = narrow(call.query)
  return page(call, filtered(call.query, named(call).option.option_values, {}), (row) => some({ ...row }))
}

const createValue = (call: Call): Answer => {
  const { product, option } = named(call)
  const body = objectOf(call.body)
  needFields(body, ['label', 'sort_order'])
  const added = addValue(call.state, option, body)
  touch(call.state, product.id)
  return ok(added)
}

const updateValue = (call: Call): Answer => {
  const { product, option, value } = namedValue(call)
  const changed = changeValue(call.state, option, value, objectOf(call.body))
  touch(call.state, product.id)
  return ok(changed)
}

const removeValue = (call: Call, defaults: Defaults): Answer => {
  const { state } = call
  const { product, option, value } = namedValue(call)
  state.options.update(option.id, { option_values: option.option_values.filter(({ id }) => id !== value.id) })
  const variants = state.variants.where('product', product.id)
  const gone = variants.filter(({ option_values }) => option_values.some(({ id }) => id === value.id))
  removeVariants(state, product, gone, defaults)
  return noContent
}
