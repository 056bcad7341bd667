import { conflict, invalid, refuse } from '../answers.ts'
import { anything, arrayOf, type Body, flag, needFields, orNull, readFields, text, whole } from '../rules.ts'
import type { ChildRow, ProductRow, RuleCondition, State } from '../state.ts'
import { partOf } from './find.ts'

/**
 * Adds a complex rule, or changes the one with the id.
 * @throws {Refusal} 404, 409 where another rule has the same conditions, 422 without two conditions of different modifiers or a
 * variant and a modifier.
 */
export const writeComplexRule = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const fields = readFields(body, RULES)
  const before = id === undefined ? undefined : partOf(state.complexRules, product, 'complex rule', id)
  if (!before) needFields(body, ['conditions'])
  const row =
    before ?? state.complexRules.insert({ product_id: product.id, ...BLANK, ...fields, conditions: [] } as never)
  const wanted = body['conditions'] === undefined ? undefined : arrayOf(body['conditions']).map(conditionOf)
  if (wanted) {
    checkConditions(state, product, wanted)
    const others = state.complexRules.where('product', product.id).filter((one) => one.id !== row.id)
    if (others.some(({ conditions }) => textOf(conditions) === textOf(wanted))) refuse(conflict(DOUBLE))
  }
  const conditions = wanted?.map((one) => ({
    id: state.collection('rule conditions').insert({}).id,
    rule_id: row.id,
    ...one,
    combination_id: null,
  }))
  return state.complexRules.update(row.id, { ...fields, ...(conditions && { conditions }) })
}

const RULES = {
  sort_order: whole(-2_147_483_648),
  enabled: flag,
  stop: flag,
  purchasing_disabled: flag,
  purchasing_disabled_message: text(255),
  purchasing_hidden: flag,
  image_url: text(),
  price_adjuster: orNull(anything),
  weight_adjuster: orNull(anything),
}

const BLANK = {
  sort_order: 0,
  enabled: true,
  stop: false,
  purchasing_disabled: false,
  purchasing_disabled_message: '',
  purchasing_hidden: false,
  image_url: '',
  price_adjuster: null,
  weight_adjuster: null,
}

const DOUBLE = 'A complex rule with the same conditions exists on the product.'

const conditionOf = (body: Body): RuleCondition => {
  const idIn = (name: string): number | null => (typeof body[name] === 'number' ? body[name] : null)
  return {
    modifier_id: idIn('modifier_id'),
    modifier_value_id: idIn('modifier_value_id'),
    variant_id: idIn('variant_id'),
  }
}

const checkConditions = (state: State, product: ProductRow, conditions: readonly RuleCondition[]): void => {
  const bad = (reason: string) => refuse(invalid("The field 'conditions' is invalid.", { conditions: reason }))
  const modifiers = conditions.flatMap(({ modifier_id: id }) => (id === null ? [] : [id]))
  if (new Set(modifiers).size < modifiers.length) bad('two conditions of one modifier')
  if (conditions.length < 2 || modifiers.length === 0) bad('two modifiers, or a variant and a modifier, are needed')
  for (const { modifier_id, modifier_value_id, variant_id } of conditions) {
    if (variant_id !== null) {
      if (state.variants.get(variant_id)?.product_id !== product.id) bad(`no variant ${variant_id}`)
      continue
    }
    const modifier = state.modifiers.get(modifier_id ?? 0)
    const isThere = modifier?.option_values.some(({ id }) => id === modifier_value_id)
    if (modifier?.product_id !== product.id || !isThere) bad(`no value ${modifier_value_id} of modifier ${modifier_id}`)
  }
}

const textOf = (conditions: readonly RuleCondition[]): string =>
  conditions
    .map(({ modifier_id, modifier_value_id, variant_id }) => `${modifier_id} ${modifier_value_id} ${variant_id}`)
    .sort()
    .join()
