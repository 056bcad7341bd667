import { notFound, problem, refuse } from '../answers.ts'
import { anything, type Body, flag, needFields, readFields, text, whole } from '../rules.ts'
import type { ModifierRow, ModifierValue, State } from '../state.ts'
import { claimLabel, MOST_VALUES } from './option-write.ts'

/** Adds a value to a modifier. @throws {Refusal} 422, 409 on a label that it has, 403 above the limit. */
export const addModifierValue = (state: State, { id }: ModifierRow, body: Body): ModifierValue => {
  needFields(body, ['label', 'sort_order'])
  const fields = readFields(body, RULES)
  const values = valuesOf(state, id)
  claimLabel(values, String(fields['label']))
  if (values.length >= MOST_VALUES) refuse(problem(403, `A modifier can have at most ${MOST_VALUES} values.`))
  const { adjusters, ...rest } = fields
  const value = {
    id: nextId(state),
    option_id: id,
    is_default: false,
    value_data: null,
    ...rest,
    adjusters: { ...NO_ADJUSTERS, ...(adjusters as Body | undefined) },
  } as unknown as ModifierValue
  state.modifiers.update(id, { option_values: [...values, value] })
  return value
}

/** Changes what the body names of a value. @throws {Refusal} 422, or 409 on a label that another one has. */
export const changeModifierValue = (
  state: State,
  { id }: ModifierRow,
  value: ModifierValue,
  body: Body,
): ModifierValue => {
  const fields = readFields(body, RULES)
  const values = valuesOf(state, id)
  if (typeof fields['label'] === 'string') {
    claimLabel(
      values.filter((one) => one.id !== value.id),
      fields['label'],
    )
  }
  const adjusters = { ...(value.adjusters as Body), ...(fields['adjusters'] as Body | undefined) }
  const changed = { ...value, ...fields, adjusters }
  state.modifiers.update(id, { option_values: values.map((one) => (one.id === value.id ? changed : one)) })
  return changed
}

/** A value of a modifier by its id. @throws {Refusal} 404. */
export const modifierValue = (state: State, { id }: ModifierRow, wanted: number): ModifierValue =>
  valuesOf(state, id).find((one) => one.id === wanted) ??
  refuse(notFound(`A modifier value with the id of ${wanted} was not found.`))

const RULES = {
  label: text(255, 1),
  sort_order: whole(-2_147_483_648),
  value_data: anything,
  is_default: flag,
  adjusters: anything,
}

const NO_ADJUSTERS = {
  price: null,
  weight: null,
  image_url: '',
  purchasing_disabled: { status: false, message: '' },
}

const valuesOf = (state: State, id: number): readonly ModifierValue[] => state.modifiers.get(id)?.option_values ?? []

/** Ids of values are unique in the store; those that came with the data are stepped over. */
const nextId = (state: State): number => {
  const given = state.collection('modifier_value_ids')
  if (given.size) return given.insert({}).id
  const ids = state.modifiers.list().flatMap(({ option_values }) => option_values.map(({ id }) => id))
  return given.insert({ id: ids.reduce((most, id) => Math.max(most, id), 0) + 1 }).id
}
