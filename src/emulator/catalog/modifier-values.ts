import { noContent, ok } from '../answers.ts'
import { filtered } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import { idOf, objectOf } from '../rules.ts'
import type { ModifierRow, ModifierValue } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { partOf, productOf } from './find.ts'
import { addModifierValue, changeModifierValue, modifierValue } from './modifier-value-write.ts'
import { touch } from './touch.ts'

const scope = 'store_v2_products'
const values = '/v3/catalog/products/:id/modifiers/:modifier/values'
const value = `${values}/:value`

/** Values of a modifier, below the path of the modifier. */
export const modifierValueEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: values, scope, handle: (call) => list(call) },
  { method: 'POST', path: values, scope, handle: (call) => create(call) },
  { method: 'GET', path: value, scope, handle: (call) => ok(named(call).value) },
  { method: 'PUT', path: value, scope, handle: (call) => update(call) },
  { method: 'DELETE', path: value, scope, handle: (call) => remove(call) },
]

const modifierOf = (call: Call): ModifierRow =>
  partOf(call.state.modifiers, productOf(call), 'modifier', idOf(call.params['modifier']))

const named = (call: Call): { readonly modifier: ModifierRow; readonly value: ModifierValue } => {
  const modifier = modifierOf(call)
  return { modifier, value: modifierValue(call.state, modifier, idOf(call.params['value'])) }
}

const list = (call: Call): Answer => {
  const some = narrow(call.query)
  return page(call, filtered(call.query, modifierOf(call).option_values, {}), (row) => some({ ...row }))
}

const create = (call: Call): Answer => {
  const modifier = modifierOf(call)
  const added = addModifierValue(call.state, modifier, objectOf(call.body))
  touch(call.state, modifier.product_id)
  return ok(added)
}

const update = (call: Call): Answer => {
  const found = named(call)
  const changed = changeModifierValue(call.state, found.modifier, found.value, objectOf(call.body))
  touch(call.state, found.modifier.product_id)
  return ok(changed)
}

const remove = (call: Call): Answer => {
  const { modifier, value: gone } = named(call)
  const option_values = modifier.option_values.filter(({ id }) => id !== gone.id)
  call.state.modifiers.update(modifier.id, { option_values })
  touch(call.state, modifier.product_id)
  return noContent
}
