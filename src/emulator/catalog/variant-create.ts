import { conflict, invalid, problem, refuse } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { arrayOf, type Body, needFields, readFields, text } from '../rules.ts'
import type { OptionChoice, ProductRow, State, VariantRow } from '../state.ts'
import { addOption, addValue } from './option-write.ts'
import { claimSku } from './uniqueness.ts'
import { VARIANT_RULES } from './variant-rules.ts'

/** The one variant that stands for a simple product. */
export const insertBaseVariant = (state: State, product: ProductRow, defaults: Defaults): void => {
  const variant = insert(state, product, { sku: product.sku, inventory_level: product.inventory_level }, [], defaults)
  state.products.update(product.id, { base_variant_id: variant.id })
}

/**
 * Variants that come with a new product: their options and values are named by label and made on the way.
 * @throws {Refusal} 422 or 409, 403 above the limit.
 */
export const insertInlineVariants = (
  state: State,
  product: ProductRow,
  variants: readonly unknown[],
  defaults: Defaults,
): void => {
  for (const body of arrayOf(variants)) {
    needFields(body, ['sku', 'option_values'])
    const choices = arrayOf(body['option_values']).map((choice) => labelled(state, product, choice, defaults))
    createVariant(state, product, body, choices, defaults)
  }
  sumStock(state, product)
}

/**
 * A variant of existing option values; the first one makes its product complex.
 * @throws {Refusal} 422, 409 when the SKU or the combination is taken, 403 above the limit.
 */
export const insertVariant = (state: State, product: ProductRow, body: Body, defaults: Defaults): VariantRow => {
  needFields(body, ['sku', 'option_values'])
  const options = state.options.where('product', product.id)
  const choices = arrayOf(body['option_values']).map((choice): OptionChoice => {
    const option = options.find(({ id }) => id === choice['option_id'])
    const value = option?.option_values.find(({ id }) => id === choice['id'])
    if (!option || !value) return refuse(noSuchChoice())
    return { id: value.id, label: value.label, option_id: option.id, option_display_name: option.display_name }
  })
  if (choices.length === 0 || new Set(choices.map((one) => one.option_id)).size !== options.length) {
    refuse(noSuchChoice())
  }
  const variant = createVariant(state, product, body, choices, defaults)
  if (product.base_variant_id !== null) {
    state.variants.delete(product.base_variant_id)
    state.products.update(product.id, { base_variant_id: null })
  }
  sumStock(state, product)
  return variant
}

const sumStock = (state: State, { id, inventory_tracking }: ProductRow): void => {
  if (inventory_tracking !== 'variant') return
  const levels = state.variants.where('product', id).map(({ inventory_level }) => inventory_level)
  state.products.update(id, { inventory_level: levels.reduce((sum, level) => sum + level, 0) })
}

/** Variants of one product, at most (docs/bigcommerce.md, Catalog limits). */
const MOST = 600

const createVariant = (
  state: State,
  product: ProductRow,
  body: Body,
  choices: readonly OptionChoice[],
  defaults: Defaults,
): VariantRow => {
  const fields = readFields(body, { ...VARIANT_RULES, sku: text(255, 1) })
  const others = state.variants.where('product', product.id)
  if (others.length >= MOST) refuse(problem(403, `A product can have at most ${MOST} variants.`))
  const set = setOf(choices)
  if (choices.length === 0) refuse(noSuchChoice())
  if (others.some(({ option_values }) => setOf(option_values) === set)) {
    refuse(conflict('Variant with the same option values set exists'))
  }
  claimSku(state, String(fields['sku']))
  return insert(state, product, fields, choices, defaults)
}

const insert = (
  state: State,
  product: ProductRow,
  fields: Body,
  option_values: readonly OptionChoice[],
  defaults: Defaults,
): VariantRow => {
  const { inventory_level = 0, ...rest } = fields
  const variant = state.variants.insert({
    ...defaults('variants'),
    product_id: product.id,
    ...rest,
    inventory_level,
    option_values,
  } as unknown as VariantRow)
  return option_values.length ? state.variants.update(variant.id, { sku_id: variant.id }) : variant
}

const labelled = (state: State, product: ProductRow, choice: Body, defaults: Defaults): OptionChoice => {
  needFields(choice, ['option_display_name', 'label'])
  const [name, label] = [String(choice['option_display_name']), String(choice['label'])]
  const known = state.options.where('product', product.id).find(({ display_name }) => display_name === name)
  const option = known ?? addOption(state, product, { display_name: name, type: 'rectangles' }, defaults)
  const value = option.option_values.find((one) => one.label === label) ?? addValue(state, option, { label })
  return { id: value.id, label, option_id: option.id, option_display_name: name }
}

const setOf = (choices: readonly OptionChoice[]): string =>
  choices
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join()

const noSuchChoice = () => invalid("A variant option values should correspond to product's existing option values")
