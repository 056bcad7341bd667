import { refuse, v2Error } from '../answers.ts'
import { anything, type Body } from '../rules.ts'

/** The writable fields of a group's body. @throws {Refusal} 400. */
export const groupFields = (body: Body): Record<string, unknown> => {
  const fields: Record<string, unknown> = {}
  for (const [name, isFine] of Object.entries(FINE)) {
    const value = body[name]
    if (value === undefined) continue
    if (!isFine(value)) refuse(v2Error(400, `The field '${name}' is invalid.`))
    fields[name] = anything(value)
  }
  return fields
}

const isFlag = (value: unknown): boolean => typeof value === 'boolean'

const isAccess = (value: unknown): boolean => {
  const { type, categories } = (value ?? {}) as Body
  if (type !== 'specific') return type === 'all' || type === 'none'
  return Array.isArray(categories) && categories.every(Number.isInteger)
}

/** A price list stands alone, and one rule at most is for everything (docs/bigcommerce.md, Customer groups). */
const areRules = (value: unknown): boolean => {
  if (!Array.isArray(value) || !value.every(isRule)) return false
  const types = value.map(({ type }: Body) => type)
  return (types.length === 1 || !types.includes('price_list')) && types.filter((type) => type === 'all').length < 2
}

const isRule = (rule: unknown): boolean => {
  const { type, method, amount, ...rest } = (rule ?? {}) as Body
  if (type === 'price_list') return Number.isInteger(rest['price_list_id'])
  if (type !== 'all' && !Number.isInteger(rest[`${type}_id`])) return false
  return ['all', 'category', 'product'].includes(String(type)) && METHODS.includes(String(method)) && isAmount(amount)
}

const METHODS = ['percent', 'fixed', 'price']

/** Told as text; numbers are taken too. */
const isAmount = (amount: unknown): boolean =>
  (typeof amount === 'string' || typeof amount === 'number') && amount !== '' && Number.isFinite(Number(amount))

const FINE: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => typeof value === 'string' && value !== '',
  is_default: isFlag,
  is_group_for_guests: isFlag,
  category_access: isAccess,
  discount_rules: areRules,
}
